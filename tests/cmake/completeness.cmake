# Completeness: every function of 200 random programs is proved (docs/CAVEATS.md lists what is not).
add_test(NAME completeness
         COMMAND ${PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/scripts/completeness.py --count 200
                 --vouch ${VOUCH_RELEASE_BIN}/vouch --c0c ${VOUCH_RELEASE_BIN}/c0c
                 --generate ${VOUCH_RELEASE_BIN}/generate)
set_tests_properties(completeness PROPERTIES PROCESSORS 2)
