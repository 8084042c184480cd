# The two machines side by side for long; the unit tests have the same for a million steps.
add_executable(vamp_agree ${CMAKE_SOURCE_DIR}/tests/vamp/agree.c
                          ${CMAKE_SOURCE_DIR}/tests/unit/vamp/agreement.c
                          ${CMAKE_SOURCE_DIR}/tests/unit/vamp/random_world.c)
target_link_libraries(vamp_agree vamp base)
add_test(NAME vamp_agree COMMAND ${VOUCH_RELEASE_BIN}/vamp_agree 10000000 7)
