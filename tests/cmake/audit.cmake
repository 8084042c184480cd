# Every audit that a test wrote into ${AUDITS} keeps to the published schema.
add_test(NAME audit_schema
         COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/audit/schema.py
                 ${CMAKE_SOURCE_DIR}/report/audit.schema.json ${AUDITS})
set_tests_properties(audit_schema PROPERTIES FIXTURES_REQUIRED audits)
set_tests_properties(unit_report PROPERTIES FIXTURES_SETUP audits)
