fuzz_target(object tests/fuzz/object.c compiler)
fuzz_target(assembly tests/fuzz/assembly.c compiler)
