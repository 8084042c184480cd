# Machines that talk with each other and with the host, end to end.
add_test(NAME machines COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/run/machines.py
                               ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/machines)
