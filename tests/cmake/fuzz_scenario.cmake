fuzz_target(scenario tests/fuzz/scenario.c cosim)
