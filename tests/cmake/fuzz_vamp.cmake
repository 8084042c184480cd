fuzz_target(decoder tests/fuzz/decoder.c vamp)
fuzz_target(elf tests/fuzz/elf.c image)
