/* The solver wall: the only door to Z3 (solver.c alone includes <z3.h>).
 *
 * A question is: do the assumptions imply the goal? It has a name, an exact limit in the solver's
 * own steps (rlimit, not seconds), and five answers. Nothing here is global: a solver is made for
 * one function and freed with it; the Z3 context is made at the first question that needs one. */
#ifndef SMT_SOLVER_H
#define SMT_SOLVER_H

#include "base/text.h"
#include "smt/evaluate.h"
#include "smt/term.h"

enum answer {
    ANSWER_PROVED,  /* the assumptions imply the goal */
    ANSWER_REFUTED, /* a model satisfies the assumptions and not the goal */
    ANSWER_UNKNOWN, /* the solver gave up */
    ANSWER_LIMIT,   /* the resource limit was reached */
    ANSWER_BROKEN,  /* the solver reported an error, or a model that does not evaluate */
};
const char *answer_name(enum answer answer);

/* How products and quotients of non-constants are given to the solver. */
enum arithmetic {
    ARITHMETIC_ABSTRACT, /* as uninterpreted functions: REFUTED then proves nothing */
    ARITHMETIC_BITS,     /* as they are */
};

struct question {
    const char *name;
    const term *assumptions; /* Booleans */
    size_t assumption_count;
    term goal;        /* a Boolean */
    uint32_t rlimit;  /* 0: the solver's default given at solver_new */
    bool wants_model; /* keep the model of a REFUTED answer */
};

struct reply {
    enum answer answer;
    bool by_simplification;   /* no solver was asked */
    struct assignment *model; /* of a REFUTED answer, if wanted; checked by evaluation */
    const char *reason;       /* of UNKNOWN and BROKEN, the solver's words */
    uint64_t spent;           /* solver steps */
};

struct solver_statistics {
    uint64_t questions, by_simplification, by_search, by_solver, steps;
    double solver_seconds; /* for benchmarks only: never in an audit */
};

struct solver;

struct solver *solver_new(struct arena *arena, struct terms *terms, uint32_t rlimit);
/* Looks first whether putting the assumptions together decides the question, then for a model by
 * repairing assignments; only then asks the solver, with abstract arithmetic, and with bits if
 * that does not prove the goal. */
struct reply solver_ask(struct solver *solver, const struct question *question);
/* Can the assumptions hold at all? REFUTED means yes (with a model), PROVED means never. */
struct reply solver_witness(struct solver *solver, const char *name, const term *assumptions,
                            size_t count);
struct solver_statistics solver_statistics(const struct solver *solver);
void solver_free(struct solver *solver);

/* "Z3 4.8.12" */
const char *solver_version(void);

/* The question as a self-contained SMT-LIB 2.6 script whose answer is `unsat` iff it is proved;
 * deterministic, products and quotients as they are. */
void smtlib_write(const struct terms *terms, const struct question *question,
                  struct text_builder *out);
/* One term, as a person reads it, shared parts written out; for certificates and messages. */
void term_print(const struct terms *terms, term t, struct text_builder *out);

#endif
