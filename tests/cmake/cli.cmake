# How the programs answer a user: usage, and input that is bad in every way we can think of.
add_test(NAME cli_usage COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/cli/usage.py
                                ${VOUCH_RELEASE_BIN}/vouch)
add_test(NAME cli_bad_input COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/cli/bad_input.py
                                    ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/bad-input)
add_test(NAME cli_odd_paths COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/cli/odd_paths.py
                                    ${VOUCH_RELEASE_BIN} "${CMAKE_BINARY_DIR}/odd paths")
