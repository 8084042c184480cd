# The timelines that unit_cosim draws, and the one in the documentation, are what they should be.
add_test(NAME cosim_timeline
         COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/cosim_timeline/pictures.py
                 ${CMAKE_BINARY_DIR}/timelines ${CMAKE_SOURCE_DIR}/docs/pictures)
set_tests_properties(cosim_timeline PROPERTIES FIXTURES_REQUIRED timelines)
# unit_cosim draws them; its audits are looked at too (audit.cmake).
set_tests_properties(unit_cosim PROPERTIES FIXTURES_SETUP "audits;timelines")
