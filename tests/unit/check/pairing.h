/* A source and an image for it, made in memory: what the tests of the validator stand on. */
#ifndef TESTS_UNIT_CHECK_PAIRING_H
#define TESTS_UNIT_CHECK_PAIRING_H

#include "semantics/c0/front.h"
#include "validator/check/check.h"
#include "validator/propose/decide.h"

struct pairing {
    struct arena *arena;
    const struct c0_program *program;
    struct image image; /* its own copy: may be changed before pairing_join */
    struct subject subject;
};

/* The image is compiled from `source`, or assembled from `assembly` if there is one. */
struct pairing *pairing_make(const char *source, const char *assembly);
/* The same before the two are joined. */
struct pairing *pairing_apart(const char *source, const char *assembly);
bool pairing_join(struct pairing *pairing, struct fault *fault);
void pairing_free(struct pairing *pairing);

const struct c0_function *pairing_function(const struct pairing *pairing, const char *name);
/* What the checker wants to know, but for the relation. */
struct check_input pairing_input(struct pairing *pairing, const char *name);
/* The relation that the search finds; the test fails if it finds none. */
struct relation pairing_propose(struct pairing *pairing, const char *name);
struct check_result pairing_check(struct pairing *pairing, const char *name,
                                  const struct relation *relation);
/* Search, check and refutation. */
struct function_verdict pairing_decide(struct pairing *pairing, const char *name);
/* The relation as text. */
const char *pairing_certificate(struct pairing *pairing, const struct relation *relation);
/* Reads a certificate named "c"; false with a fault. */
bool pairing_parse(struct pairing *pairing, const char *name, struct text certificate,
                   struct relation *relation, struct fault *fault);

#endif
