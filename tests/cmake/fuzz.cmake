# A short run of every fuzz target, in a build of its own.
add_test(NAME fuzz COMMAND ${CMAKE_SOURCE_DIR}/scripts/fuzz 5)
