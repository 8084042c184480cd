# The debugger's door, from outside: a client that speaks the protocol itself.
add_test(NAME gdb_client COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/gdb/client.py
                                 ${VOUCH_RELEASE_BIN}/vouch ${CMAKE_BINARY_DIR}/gdb-client)
