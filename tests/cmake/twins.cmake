# Changes in the code of every function of the library: no proof may remain.
add_executable(twins ${CMAKE_CURRENT_SOURCE_DIR}/twins/twins.c
                     ${CMAKE_CURRENT_SOURCE_DIR}/twins/change.c
                     ${CMAKE_CURRENT_SOURCE_DIR}/twins/run.c)
target_link_libraries(twins propose check_vamp check c0a c0 vamp image smt base PkgConfig::JANSSON)
file(GLOB twins_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/kernel/lib/*.c0)
add_test(NAME twins COMMAND ${PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/scripts/twins.py
                            ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/twins
                            ${CMAKE_SOURCE_DIR}/kernel/lib ${twins_sources}
                            -- --twins 12 --jobs 2)
set_tests_properties(twins PROPERTIES PROCESSORS 2)
# The same for functions with asm blocks.
add_test(NAME twins_blocks COMMAND ${PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/scripts/twins.py
                                   ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/twins-blocks
                                   ${CMAKE_CURRENT_SOURCE_DIR}/twins
                                   ${CMAKE_CURRENT_SOURCE_DIR}/twins/blocks.c0
                                   -- --blocks 200 --jobs 2)
set_tests_properties(twins_blocks PROPERTIES PROCESSORS 2)
# And for the kernel, whose sources are what its own build says: a share. By hand, with
# --twins 6 --blocks 400, there are some 5,400.
add_test(NAME twins_kernel COMMAND ${PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/scripts/twins.py
                                   ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/twins-kernel --kernel
                                   -- --twins 1 --blocks 60 --jobs 2)
set_tests_properties(twins_kernel PROPERTIES PROCESSORS 2)
