# The command line of vouch cosim: what it prints and writes, exit codes.
add_test(NAME cosim_command COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/cosim/command.py
                                    ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/cosim-command)
