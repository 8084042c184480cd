add_test(NAME vamp_step COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/vamp/step.py
                                ${VOUCH_RELEASE_BIN}/vouch
                                ${CMAKE_SOURCE_DIR}/tests/golden/vamp/step.jsonl)
add_test(NAME vamp_call COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/vamp/call.py
                                ${VOUCH_RELEASE_BIN})
