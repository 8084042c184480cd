# Traces of vouch run: the recorded ones in traces/golden, replayed, compared, cut off.
add_test(NAME traces COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/traces/traces.py
                             ${VOUCH_RELEASE_BIN} ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/traces)
