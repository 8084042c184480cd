# The runner of the unit tests, on tests that end in every way.
add_executable(runner_ends ${CMAKE_SOURCE_DIR}/tests/runner/runner.c
                           ${CMAKE_SOURCE_DIR}/tests/runner/ends.c)
target_link_libraries(runner_ends PkgConfig::CRITERION)
add_test(NAME runner COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/runner/ends.py
                             ${VOUCH_RELEASE_BIN}/runner_ends)
