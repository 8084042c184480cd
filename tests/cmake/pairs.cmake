# Hand-written code of another compiler: what is right is proved, its twins with one thing wrong are
# not.
add_test(NAME pairs
         COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/scripts/pairs.py ${VOUCH_RELEASE_BIN}
                 ${CMAKE_SOURCE_DIR}/tests/pairs ${CMAKE_BINARY_DIR}/pairs --audits ${AUDITS})
set_tests_properties(pairs PROPERTIES FIXTURES_SETUP audits PROCESSORS 2)
