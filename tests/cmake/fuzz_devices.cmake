fuzz_target(devices tests/fuzz/devices.c physical devices)
