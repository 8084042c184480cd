# Every audit that a test wrote into ${AUDITS} keeps to the published schema.
add_test(NAME audit_schema
         COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/audit/schema.py
                 ${CMAKE_SOURCE_DIR}/report/audit.schema.json ${AUDITS})
set_tests_properties(audit_schema PROPERTIES FIXTURES_REQUIRED audits)
set_tests_properties(unit_report PROPERTIES FIXTURES_SETUP audits)
# The corpus: proved, reproducibly, and once more from its certificates.
add_test(NAME audit_corpus
         COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/audit/corpus.py ${VOUCH_RELEASE_BIN}
                 ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/corpus ${AUDITS})
set_tests_properties(audit_corpus PROPERTIES FIXTURES_SETUP audits)
# What the preprocessor read is named, all of it.
add_test(NAME audit_inputs
         COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/audit/inputs.py ${VOUCH_RELEASE_BIN}
                 ${CMAKE_BINARY_DIR}/inputs ${AUDITS})
set_tests_properties(audit_inputs PROPERTIES FIXTURES_SETUP audits)
