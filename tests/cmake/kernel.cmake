# The kernel library, compiled by the host compiler through c0.h, against independent oracles.
file(GLOB kernel_modules CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/kernel/lib/*.c0)
set_source_files_properties(${kernel_modules} PROPERTIES LANGUAGE C)
set(kernel_selftest ${CMAKE_SOURCE_DIR}/kernel/lib/selftest.c0)
list(REMOVE_ITEM kernel_modules ${kernel_selftest})

# C0 as C: the options under which both agree, and C0's own way of writing "no parameters".
add_library(kernel_lib STATIC ${kernel_modules})
target_compile_options(kernel_lib PRIVATE -x c -fwrapv -fno-strict-aliasing -Wno-strict-prototypes)
target_include_directories(kernel_lib SYSTEM INTERFACE ${CMAKE_SOURCE_DIR}/include
                                                      ${CMAKE_SOURCE_DIR}/kernel/lib)
target_include_directories(kernel_lib PRIVATE ${CMAKE_SOURCE_DIR}/include)

file(GLOB kernel_tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/kernel/*.c)
unit_program(kernel SOURCES ${kernel_tests} LIBRARIES kernel_lib m)

add_executable(kernel_selftest ${kernel_selftest})
set_source_files_properties(${kernel_selftest} PROPERTIES COMPILE_OPTIONS
                            "-x;c;-fwrapv;-fno-strict-aliasing;-Wno-strict-prototypes")
target_link_libraries(kernel_selftest kernel_lib)
add_test(NAME kernel_selftest COMMAND kernel_selftest)
add_test(NAME kernel_selftest_machines
         COMMAND ${PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/scripts/kernel_selftest.py
                 ${VOUCH_RELEASE_BIN} ${CMAKE_SOURCE_DIR})
# The C0 heap only grows: what `new` gave is never freed.
set_tests_properties(unit_kernel kernel_selftest PROPERTIES ENVIRONMENT ASAN_OPTIONS=detect_leaks=0)
