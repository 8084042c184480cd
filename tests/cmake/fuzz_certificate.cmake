fuzz_target(certificate tests/fuzz/certificate.c check_vamp check c0 vamp smt base)
