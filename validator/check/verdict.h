/* What was found out about each function and about the image: the content of the audit. Plain
 * data, owned by the run's arena, so that a worker can send it and a report can print it. */
#ifndef VALIDATOR_CHECK_VERDICT_H
#define VALIDATOR_CHECK_VERDICT_H

#include "base/location.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict {
    VERDICT_PROVED,
    VERDICT_REFUTED,     /* a counterexample ran on both machines and they disagreed */
    VERDICT_UNDECIDED,   /* an obligation that could not be proved, nor refuted by a run */
    VERDICT_UNSUPPORTED, /* a construct that is not modelled */
    VERDICT_MISSING,     /* source without code, or code without source */
};
const char *verdict_name(enum verdict verdict); /* "proved", ... */

/* A run of both executable machines from one state that ended differently. */
struct counterexample {
    size_t argument_count;
    const char *const *arguments; /* as `vouch call` takes them */
    size_t setting_count;
    const char *const *settings; /* GLOBAL=VALUE, as --set takes them */
    const char *source_end;      /* JSON text of the C0 machine's end: status, result, globals */
    const char *machine_end;     /* the same of the machine */
};

struct function_verdict {
    const char *name;
    const char *file; /* of the source, as the user named it; NULL for code without source */
    uint32_t line;    /* 0 for code without source */
    enum verdict verdict;
    const char *reason;            /* NULL iff proved */
    struct location reason_where;  /* in the source, as far as known */
    uint32_t code_start, code_end; /* 0, 0 if there is no code */
    uint32_t cuts;                 /* pairs of points at which a relation is stated */
    uint32_t obligations;          /* all, and how many of them the solver had to decide */
    uint32_t obligations_by_solver;
    uint32_t frame_bytes; /* the function's own frame */
    const char *const *assumptions;
    size_t assumption_count;
    const struct counterexample *counterexample; /* of REFUTED, else NULL */
    const char *failed_obligation;               /* of UNDECIDED: its name; may be NULL */
    const char *solver_answer;                   /* of UNDECIDED: answer_name(); may be NULL */
    const char *witness;                         /* how the assumptions were seen to be possible */

    /* For --timings only; never in an audit. */
    double seconds, solver_seconds;
    uint64_t solver_steps;
};

/* A stretch of the text section and why it is there. */
enum text_owner {
    TEXT_FUNCTION,   /* a function of the sources; counts as accounted if proved */
    TEXT_CONTRACT,   /* a runtime routine whose contract is proved */
    TEXT_TRUSTED,    /* named assembly that is trusted (start-up, unproved contracts) */
    TEXT_UNACCOUNTED,
};
const char *text_owner_name(enum text_owner owner);

struct text_range {
    uint32_t start, end;
    enum text_owner owner;
    const char *name; /* the symbol; NULL if there is none */
    const char *reason; /* of TRUSTED and UNACCOUNTED */
};

enum contract_status { CONTRACT_PROVED, CONTRACT_ASSUMED };

struct contract_finding {
    const char *symbol;   /* "__mul" */
    const char *contract; /* "r1 = a * b mod 2^32" */
    enum contract_status status;
    const char *reason; /* of ASSUMED: why it is not proved */
    uint32_t code_start, code_end;
    uint32_t obligations, obligations_by_solver;
    uint32_t frame_bytes;
};

/* One yes-or-no check of the whole image. */
struct image_finding {
    const char *check; /* "entry", "segments", "symbols", "initial-data", "base-registers", ... */
    bool is_passed;
    const char *reason; /* NULL iff passed */
};

struct stack_finding {
    bool is_bounded;        /* false: recursion */
    uint32_t bound_bytes;   /* of the deepest chain; each cycle of calls counted once */
    uint32_t limit_bytes;   /* the stack's size */
    const char *const *chain; /* the functions of the deepest chain, or of the cycle */
    size_t chain_count;
};

struct image_verdict {
    const char *image_path, *image_digest;
    const char *const *source_paths;
    const char *const *source_digests;
    size_t source_count;
    const char *const *header_paths; /* ordered */
    const char *const *header_digests;
    size_t header_count;
    const char *const *preprocessor_arguments; /* -I and -D in their order, each with its value */
    size_t preprocessor_argument_count;
    const char *target; /* "vamp" */
    uint32_t rlimit;

    const struct function_verdict *functions; /* ordered by code address, then name */
    size_t function_count;
    const struct text_range *text; /* ordered, covering the text section */
    size_t text_count;
    const struct contract_finding *contracts;
    size_t contract_count;
    const struct image_finding *findings;
    size_t finding_count;
    struct stack_finding stack;
    const char *const *assumptions; /* of the whole run */
    size_t assumption_count;

    bool is_partial;  /* only some functions were asked for: the image is not judged as a whole */
    bool is_accepted; /* everything was looked at, is proved and passed; never when partial */
};

#endif
