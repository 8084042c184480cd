/* Images that hold runtime routines: those of the compiler, or others written by a test. */
#ifndef TESTS_UNIT_CONTRACT_ROUTINES_H
#define TESTS_UNIT_CONTRACT_ROUTINES_H

#include "semantics/vamp/machine.h"
#include "validator/check/contract_check.h"

struct routines {
    struct arena *arena;
    uint32_t rlimit;           /* the solver's, for searches and checks */
    struct c0_program program; /* empty */
    struct image image;        /* its own copy: may be changed */
    struct subject subject;
};

/* All routines of the compiler; with `assembly`, what that defines instead of them. */
struct routines *routines_make(struct arena *arena, const char *assembly);

const struct contract *routines_contract(const char *symbol);
/* The certificate that the search finds. */
struct text routines_search(struct routines *routines, const char *symbol);
struct contract_proof routines_check(struct routines *routines, const char *symbol,
                                     const char *certificate);
/* Search and check in one. */
struct contract_proof routines_prove(struct routines *routines, const char *symbol);
/* The reason if it is not proved, else "proved". */
const char *routines_outcome(const struct contract_proof *proof);

/* The same, in an arena of its own, with one word of code replaced. */
struct routines *routines_with_word(struct arena *arena, const struct routines *routines,
                                    uint32_t address, uint32_t word);

/* Runs a routine on the machine, with any number of arguments after each other. */
struct routine_runner {
    const struct routines *routines;
    const char *symbol;
    struct vamp_machine *machine, *untouched;
};
struct routine_runner routines_runner(struct arena *arena, const struct routines *routines,
                                      const char *symbol);
/* False if it does not come back within some thousand steps, or not as the ABI says. */
bool routines_run(struct routine_runner *runner, const uint32_t *arguments, uint32_t *result);
/* No run has changed memory below the frame. */
bool routines_kept_memory(const struct routine_runner *runner);
/* What C says: on allowed arguments of an arithmetic routine. */
bool routines_allow(enum contract_kind kind, uint32_t a, uint32_t b);
uint32_t routines_expect(enum contract_kind kind, uint32_t a, uint32_t b);

#endif
