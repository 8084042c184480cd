# What must never be accepted, as a person who wants it accepted would write it.
add_test(NAME soundness COMMAND ${PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/scripts/soundness.py
                                ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/soundness)
