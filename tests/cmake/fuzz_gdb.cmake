fuzz_target(gdb tests/fuzz/gdb.c gdb)
