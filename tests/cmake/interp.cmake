# vouch interp from the outside.
add_test(NAME cli_interp COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/cli/interp.py
                                 ${VOUCH_RELEASE_BIN}/vouch ${CMAKE_SOURCE_DIR})
