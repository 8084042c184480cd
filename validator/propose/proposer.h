/* Inside validator/propose: the state of one search for a relation. */
#ifndef VALIDATOR_PROPOSE_PROPOSER_H
#define VALIDATOR_PROPOSE_PROPOSER_H

#include "validator/check/check.h"
#include "validator/propose/homes.h"
#include "validator/propose/liveness.h"
#include "validator/propose/samples.h"

typedef ARRAY(struct equality) equality_array;

struct draft_cut {
    struct cut cut; /* its equalities are a view of `equalities` */
    equality_array equalities;
    ARRAY(struct bound) bounds;
    bool is_dirty; /* to be walked (again) */
    /* From here the code came to a place for which the source had no partner. Not yet a failure: an
     * early relation may be too strong and show paths that are none. */
    const struct machine_arrival *unmatched;
    /* What was seen when control first came here: guesses of how values move are fitted to it. */
    struct machine_state first_machine;
    struct source_state first_source;
};

struct proposer {
    struct arena *arena;
    struct terms *terms;
    struct solver *solver;
    struct check_input input; /* its relation is `relation` */
    struct relation relation;
    struct liveness liveness;
    struct walk_ends ends;
    ARRAY(struct draft_cut) cuts;
    ARRAY(struct cut) views; /* relation.cuts */
    struct home_list homes;
    uint32_t extent_bytes;
    size_t walked;          /* the cut being walked from */
    struct segment segment; /* and its segment */
    ARRAY(term) assumptions; /* of the segment */
    struct samples samples;  /* states of the segment that satisfy its assumptions */
    struct fault *fault;
};

/* Wherever control takes this path, the goal is seen to hold. */
bool proposer_holds(struct proposer *proposer, term guard, term goal);
bool proposer_equal(struct proposer *proposer, term guard, term a, term b);
/* The source's values that a relation may name: variables, then registers of asm blocks. */
uint32_t proposer_value_count(const struct proposer *proposer);
/* The source may still read the value when control is at the cut. */
bool proposer_is_live(const struct proposer *proposer, const struct cut *cut, uint32_t variable);
/* A callee leaves the place alone, if the arrival is at a call. */
bool proposer_survives(const struct proposer *proposer, const struct machine_arrival *arrival,
                       struct place place);

/* Candidates (candidates.c): everything that is seen to be equal where control first comes. */
void candidates_add(struct proposer *proposer, struct draft_cut *draft,
                    struct machine_arrival *machine, const struct source_arrival *source);
/* Drops what does not hold when control comes from `source` and `machine`. */
void candidates_prune(struct proposer *proposer, struct draft_cut *draft,
                      struct machine_arrival *machine, const struct source_arrival *source);
/* Places that move in step with a local from turn to turn of a loop: an equality for each. */
void candidates_fit(struct proposer *proposer, struct draft_cut *draft,
                    struct machine_arrival *machine, const struct source_arrival *source);

#endif
