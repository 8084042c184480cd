fuzz_target(c0_parser tests/fuzz/c0_parser.c c0a c0 vamp)
