/* The trusted decision: certificate + source + image -> verdict. It searches nothing and gives the
 * same verdict whoever wrote the certificate (docs/RELATION.md). */
#ifndef VALIDATOR_CHECK_CHECK_H
#define VALIDATOR_CHECK_CHECK_H

#include "smt/solver.h"
#include "validator/check/cut_start.h"
#include "validator/check/verdict.h"

/* A call that the code makes, for the bound of the stack. */
struct call_edge {
    const struct c0_function *callee; /* NULL: a routine with a contract */
    const struct contract *contract;
    int32_t displacement;
};

/* A question that went to the solver, as SMT-LIB. */
struct evidence {
    const char *name;
    const char *smtlib;
    enum answer answer;
};

struct check_input {
    const struct subject *subject;
    const struct c0_function *function;
    const struct c0_flow *flow;
    const struct image_symbol *symbol; /* the function's code */
    const struct relation *relation;
    bool wants_evidence;
};

struct check_result {
    enum verdict verdict; /* PROVED, UNDECIDED or UNSUPPORTED */
    const char *reason;
    struct location where;
    const char *failed_obligation, *solver_answer;
    const char *witness;
    uint32_t obligations, obligations_by_solver;
    ARRAY(struct call_edge) calls;
    ARRAY(struct evidence) evidence;
};

/* One segment of the product: from a cut to the next ones, on both sides. */
struct segment {
    struct cut_start start;
    struct source_segment source;
    struct machine_segment machine;
};

/* Where walks end, besides calls and returns. */
struct walk_ends {
    const bool *nodes; /* by node of the source's flow graph: loops and `new` */
    struct code_ends code;
};
struct walk_ends walk_ends_of(struct arena *arena, const struct check_input *input);

/* Walks both sides from a cut. A fault says what cannot be followed. */
bool segment_build(struct arena *arena, struct terms *terms, const struct check_input *input,
                   const struct cut *cut, const struct walk_ends *ends, struct segment *segment,
                   struct fault *fault);

/* A relation that can be used at all: homes in the frame and apart, points in the code, nodes of
 * the right kind. */
bool relation_is_sound(struct arena *arena, const struct check_input *input, struct fault *fault);

struct check_result check_function(struct arena *arena, struct terms *terms,
                                   struct solver *solver, const struct check_input *input);

#endif
