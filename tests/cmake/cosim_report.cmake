# What vouch cosim tells of its runs: audits, coverage, a timeline.
add_test(NAME cosim_report
         COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/cosim_report/report.py ${VOUCH_RELEASE_BIN}
                 ${CMAKE_BINARY_DIR}/cosim-report ${AUDITS} ${CMAKE_BINARY_DIR}/timelines)
set_tests_properties(cosim_report PROPERTIES FIXTURES_SETUP "audits;timelines" PROCESSORS 2)
