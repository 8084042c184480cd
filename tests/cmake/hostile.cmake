# Hostile images and devices against the whole machine, under the sanitizers of the debug preset:
# by its name it belongs to the unit tests. 10^5 images by hand: unit_hostile 100000
file(GLOB hostile_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/hostile/*.c)
list(REMOVE_ITEM hostile_sources ${CMAKE_CURRENT_SOURCE_DIR}/hostile/hostile.c)
add_library(hostile STATIC ${hostile_sources})
target_link_libraries(hostile traces physical devices vamp image base)
add_executable(unit_hostile ${CMAKE_CURRENT_SOURCE_DIR}/hostile/hostile.c)
target_link_libraries(unit_hostile hostile)
add_test(NAME unit_hostile COMMAND unit_hostile 1200 1)
set_tests_properties(unit_hostile PROPERTIES TIMEOUT 600)
fuzz_target(machine tests/fuzz/machine.c hostile)
fuzz_target(replay tests/fuzz/replay.c hostile)
# The same from outside: files of every kind for vouch run and vouch trace.
add_test(NAME hostile_files COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/hostile/images.py
                                    ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/hostile-files)
