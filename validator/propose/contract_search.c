#include "validator/propose/contract_search.h"

#include "validator/propose/contract_guess.h"
#include "validator/propose/contract_prune.h"

#include <string.h>

struct search {
    struct arena *arena;
    struct contract_shape shape;
    struct contract_runs runs;
    uint32_t rlimit;
    struct text *certificate;
};

static bool is_accepted(struct search *search, const struct contract_relation *relation)
{
    struct text_builder text = {.arena = search->arena};
    const struct contract *contract = search->shape.contract;
    contract_certificate_print(search->shape.subject->target, contract, relation, &text);
    *search->certificate = text_of(text_built(&text));
    struct contract_input input = {
        .subject = search->shape.subject,
        .contract = contract,
        .file = contract->symbol,
        .certificate = *search->certificate,
        .rlimit = search->rlimit,
    };
    return contract_check(search->arena, &input).finding.status == CONTRACT_PROVED;
}

/* A routine that calls others may compute a remainder from a quotient. */
static void add_remainder_law(struct search *search, struct contract_relation *relation)
{
    struct arena *arena = search->arena;
    if (search->shape.contract->kind != CONTRACT_UREM)
        return;
    struct contract_law law = {.whole = contract_word_operate(arena, CONTRACT_WORD_UREM,
                                                              contract_word_argument(arena, 0),
                                                              contract_word_argument(arena, 1))};
    ARRAY_PUSH(arena, &relation->laws, law);
}

/* The shape's relation with what the runs suggest. */
static struct contract_relation guessed(struct search *search, enum contract_guess_effort effort)
{
    struct contract_relation relation = {.frame_bytes = search->shape.relation.frame_bytes};
    if (search->shape.segments[0].routines.count != 0)
        add_remainder_law(search, &relation);
    for (size_t i = 0; i < search->shape.relation.cuts.count; i++) {
        struct contract_cut cut = search->shape.relation.cuts.at[i];
        contract_guess(search->arena, &search->shape, &search->runs, effort, i, &cut);
        ARRAY_PUSH(search->arena, &relation.cuts, cut);
    }
    return relation;
}

/* First the equations as they are: where the templates fit the code nothing is to be pruned. Then
 * everything, pruned. */
static bool search_relation(struct search *search)
{
    struct contract_relation relation = guessed(search, CONTRACT_GUESS_EQUATIONS);
    if (is_accepted(search, &relation))
        return true;
    if (relation.cuts.count == 0)
        return false;
    relation = guessed(search, CONTRACT_GUESS_ORDER);
    contract_prune(search->arena, &search->shape, search->rlimit, &relation);
    return is_accepted(search, &relation);
}

bool contract_search(struct arena *arena, const struct subject *subject,
                     const struct contract *contract, uint32_t rlimit, struct text *certificate)
{
    struct search search = {.arena = arena, .rlimit = rlimit, .certificate = certificate};
    struct fault fault = {0};
    struct terms *terms = terms_new(arena);
    if (!contract_shape_find(arena, terms, subject, contract, &search.shape, &fault))
        return is_accepted(&search, &search.shape.relation);
    contract_runs_make(arena, &search.shape, &search.runs);
    return search_relation(&search);
}

struct contract_certificates contracts_search_all(struct arena *arena,
                                                  const struct subject *subject, uint32_t rlimit)
{
    const struct target *target = subject->target;
    struct text *texts = ARENA_ARRAY(arena, struct text, target->contract_count);
    const char **files = ARENA_ARRAY(arena, const char *, target->contract_count);
    for (size_t i = 0; i < target->contract_count; i++) {
        files[i] = target->contracts[i].symbol;
        if (contract_code(subject, &target->contracts[i]) != NULL)
            contract_search(arena, subject, &target->contracts[i], rlimit, &texts[i]);
    }
    return (struct contract_certificates){texts, files};
}
