# The abstract kernel, compiled by the host compiler through c0.h and with small tables, on a plain
# model of the CVM's primitives that stops at a call outside its precondition.
set(abstract_kernel ${CMAKE_SOURCE_DIR}/kernel)
file(GLOB abstract_modules CONFIGURE_DEPENDS ${abstract_kernel}/abstract/*.c0)
foreach(module list ready rights timeout bits)
  list(APPEND abstract_modules ${abstract_kernel}/lib/${module}.c0)
endforeach()
set_source_files_properties(${abstract_modules} PROPERTIES LANGUAGE C)
set(abstract_parameters PROCESS_COUNT=8u VIRTUAL_PAGES=8u INIT_PAGES=2u INIT_MEMORY_PAGES=4u)

add_library(kernel_abstract STATIC ${abstract_modules})
target_compile_options(kernel_abstract PRIVATE -x c -fwrapv -fno-strict-aliasing
                                               -Wno-strict-prototypes)
target_compile_definitions(kernel_abstract PUBLIC ${abstract_parameters})
target_include_directories(kernel_abstract PRIVATE ${CMAKE_SOURCE_DIR}/include)
target_include_directories(kernel_abstract SYSTEM INTERFACE ${CMAKE_SOURCE_DIR}/include
                                                           ${CMAKE_SOURCE_DIR})

file(GLOB abstract_tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/kernel/abstract/*.c)
unit_program(kernel_abstract SOURCES ${abstract_tests} LIBRARIES kernel_abstract)
