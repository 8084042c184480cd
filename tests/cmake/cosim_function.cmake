# C0 against code: functions on drawn states, and the running kernel; instructions changed and
# certificates that are wrong.
add_test(NAME cosim_function
         COMMAND ${PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/cosim/function.py ${VOUCH_RELEASE_BIN}
                 ${CMAKE_BINARY_DIR}/cosim-function)
set_tests_properties(cosim_function PROPERTIES PROCESSORS 2 TIMEOUT 600)
