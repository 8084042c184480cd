fuzz_target(pcap tests/fuzz/pcap.c physical)
