# The whole machine, from outside: programs, options and ends; recordings and disks.
foreach(name run recordings)
    add_test(NAME run_${name} COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/run/${name}.py
                                      ${VOUCH_RELEASE_BIN} ${CMAKE_BINARY_DIR}/run-${name})
endforeach()
fuzz_target(recording tests/fuzz/recording.c physical devices vamp smt image base)
