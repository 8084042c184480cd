# The incremental check of the relations against the sweep, on the running kernel.
add_executable(cosim_flips ${CMAKE_CURRENT_SOURCE_DIR}/cosim/flips.c)
target_link_libraries(cosim_flips cosim)
target_link_options(cosim_flips PRIVATE -Wl,--wrap=relation_check)
# By hand, with 1000 200: some 170,000 words, of which 105,000 matter.
add_test(NAME cosim_flips COMMAND ${PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/cosim/flips.py
                                  ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/cosim-flips 1 8)
