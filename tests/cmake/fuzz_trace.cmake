fuzz_target(trace tests/fuzz/trace.c traces)
