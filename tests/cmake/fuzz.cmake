# A short run of every fuzz target, in a build of its own.
add_test(NAME fuzz COMMAND ${CMAKE_SOURCE_DIR}/scripts/fuzz 5)
# The longest comes first, so that nothing waits for it in the end.
set_tests_properties(fuzz PROPERTIES COST 1000)
