# vouch check: options, exit codes, and audits that depend on the inputs alone.
add_test(NAME check_cli
         COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/scripts/check_cli.py ${VOUCH_RELEASE_BIN}
                 ${CMAKE_BINARY_DIR}/check-cli ${AUDITS})
set_tests_properties(check_cli PROPERTIES FIXTURES_SETUP audits PROCESSORS 2)
