# The debugger's door, from outside: a client that speaks the protocol itself.
add_test(NAME gdb_client COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/gdb/client.py
                                 ${VOUCH_RELEASE_BIN}/vouch ${CMAKE_BINARY_DIR}/gdb-client)
# And GDB itself, where it is installed.
add_test(NAME gdb_multiarch COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/gdb/multiarch.py
                                    ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/gdb-multiarch)
set_tests_properties(gdb_multiarch PROPERTIES SKIP_RETURN_CODE 77)
