# The step against a model that shares nothing with it; 10^6 states and more by hand.
add_test(NAME vamp_model COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/vamp/compare.py
                                 ${VOUCH_RELEASE_BIN}/vouch
                                 ${CMAKE_SOURCE_DIR}/tests/golden/vamp/step.jsonl 20000 1)
