# Every primitive on drawn states, beside the abstract machine. By hand:
# tests/cosim/exerciser.py <build>/bin <build>/kernel-exerciser 2000 1
add_test(NAME cosim_exerciser COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/cosim/exerciser.py
                                      ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/kernel-exerciser 60 1)
set_tests_properties(cosim_exerciser PROPERTIES PROCESSORS 2)
