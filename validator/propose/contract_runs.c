#include "validator/propose/contract_runs.h"

#include "base/require.h"
#include "smt/evaluate.h"

enum { RUNS = 20, PASSES_MAX = 200, BOUNDARY_RUNS = 8 };

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 24;
}

/* Pairs that show carries and corners first, then random ones of random lengths. */
static void choose_arguments(unsigned run, uint64_t *random, uint32_t arguments[2])
{
    static const uint32_t boundary[BOUNDARY_RUNS][2] = {
        {0xffffffff, 0xffffffff}, {0xffffffff, 0x80000001},
        {0xfffffffe, 3},          {0x80000000, 0xfffffffd},
        {5, 0x80000000},          {0xdeadbeef, 0x10001},
        {0x12345678, 1},          {7, 9},
    };
    for (unsigned i = 0; i < 2; i++)
        arguments[i] = run < BOUNDARY_RUNS
                           ? boundary[run][i]
                           : (uint32_t)next_random(random) >> (run % 4 == i ? 20 : 0);
}

struct runner {
    struct arena *arena;
    struct contract_shape *shape;
    struct contract_runs *runs;
    struct assignment *state;
    uint32_t arguments[2];
};

static bool is_allowed(struct runner *runner)
{
    const struct contract_start *entry = &runner->shape->starts[0];
    for (size_t i = 0; i < entry->assumptions.count; i++)
        if (!evaluate_bool(runner->shape->terms, runner->state, entry->assumptions.at[i]))
            return false;
    return true;
}

static struct machine_arrival *arrival_taken(struct runner *runner, size_t segment)
{
    struct machine_segment *walked = &runner->shape->segments[segment];
    for (size_t i = 0; i < walked->arrivals.count; i++)
        if (evaluate_bool(runner->shape->terms, runner->state, walked->arrivals.at[i].guard))
            return &walked->arrivals.at[i];
    return NULL;
}

/* The values of the cut's variables on arrival, which become those at the cut. */
static void arrive(struct runner *runner, size_t cut, struct machine_arrival *arrival)
{
    struct contract_shape *shape = runner->shape;
    size_t count = shape->variable_counts[cut];
    uint32_t *values = ARENA_ARRAY(runner->arena, uint32_t, count);
    for (size_t i = 0; i < count; i++) {
        term value =
            contract_place_read(&shape->reader, &arrival->state, shape->variables[cut][i].place);
        values[i] = (uint32_t)evaluate_word(shape->terms, runner->state, value);
    }
    for (size_t i = 0; i < count; i++)
        assignment_set_word(runner->state, shape->variables[cut][i].symbol, values[i]);
    struct contract_sample sample = {.cut = cut, .values = values};
    for (unsigned i = 0; i < 2; i++)
        sample.arguments[i] = runner->arguments[i];
    ARRAY_PUSH(runner->arena, &runner->runs->samples, sample);
}

static void run(struct runner *runner)
{
    size_t segment = 0;
    for (unsigned pass = 0; pass < PASSES_MAX; pass++) {
        struct machine_arrival *arrival = arrival_taken(runner, segment);
        size_t cut;
        if (arrival == NULL || !contract_shape_cut(runner->shape, arrival, &cut))
            return;
        if (segment == 1 + cut)
            runner->runs->samples.at[runner->runs->samples.count - 1].is_followed = true;
        arrive(runner, cut, arrival);
        segment = 1 + cut;
    }
}

void contract_runs_make(struct arena *arena, struct contract_shape *shape,
                        struct contract_runs *runs)
{
    *runs = (struct contract_runs){0};
    uint64_t random = 0x5eed;
    for (unsigned i = 0; i < RUNS; i++) {
        struct runner runner = {
            .arena = arena,
            .shape = shape,
            .runs = runs,
            .state = assignment_new(arena, i + 1),
        };
        struct region stack = shape->subject->stack;
        choose_arguments(i, &random, runner.arguments);
        for (unsigned k = 0; k < shape->contract->parameter_count; k++)
            assignment_set_word(runner.state, contract_argument(shape->terms, k),
                                runner.arguments[k]);
        assignment_set_word(runner.state, symbol_frame(shape->terms),
                            shape->subject->target->frame_grows_up ? stack.start : stack.end);
        if (is_allowed(&runner))
            run(&runner);
    }
}

/* ---- words ---- */

static uint32_t operate(enum contract_word_kind kind, uint32_t a, uint32_t b)
{
    switch (kind) {
    case CONTRACT_WORD_ADD:
        return a + b;
    case CONTRACT_WORD_SUB:
        return a - b;
    case CONTRACT_WORD_MUL:
        return a * b;
    case CONTRACT_WORD_UDIV:
        return b == 0 ? UINT32_MAX : a / b;
    case CONTRACT_WORD_UREM:
        return b == 0 ? a : a % b;
    case CONTRACT_WORD_SHL:
        return b >= 32 ? 0 : a << b;
    case CONTRACT_WORD_LSHR:
        return b >= 32 ? 0 : a >> b;
    case CONTRACT_WORD_AND:
        return a & b;
    case CONTRACT_WORD_OR:
        return a | b;
    case CONTRACT_WORD_XOR:
        return a ^ b;
    case CONTRACT_WORD_NUMBER:
    case CONTRACT_WORD_ARGUMENT:
    case CONTRACT_WORD_FRAME:
    case CONTRACT_WORD_RETURN:
    case CONTRACT_WORD_PRESERVED:
    case CONTRACT_WORD_PLACE:
        break;
    }
    require(false, "not an operation");
    return 0;
}

bool contract_word_value(const struct contract_shape *shape, const struct contract_sample *sample,
                         const struct contract_word *word, uint32_t *value)
{
    uint32_t left, right;
    if (contract_word_is_operation(word->kind)) {
        if (!contract_word_value(shape, sample, word->left, &left) ||
            !contract_word_value(shape, sample, word->right, &right))
            return false;
        *value = operate(word->kind, left, right);
        return true;
    }
    if (word->kind == CONTRACT_WORD_NUMBER || word->kind == CONTRACT_WORD_ARGUMENT) {
        *value =
            word->kind == CONTRACT_WORD_NUMBER ? word->number : sample->arguments[word->number];
        return true;
    }
    for (size_t i = 0; i < shape->variable_counts[sample->cut]; i++)
        if (word->kind == CONTRACT_WORD_PLACE &&
            place_same(shape->variables[sample->cut][i].place, word->place)) {
            *value = sample->values[i];
            return true;
        }
    return false;
}

bool contract_runs_satisfy(const struct contract_shape *shape, const struct contract_runs *runs,
                           size_t cut, const struct contract_condition *condition)
{
    bool is_seen = false;
    for (size_t i = 0; i < runs->samples.count; i++) {
        const struct contract_sample *sample = &runs->samples.at[i];
        uint32_t left, right;
        if (sample->cut != cut)
            continue;
        if (!contract_word_value(shape, sample, condition->left, &left) ||
            !contract_word_value(shape, sample, condition->right, &right))
            return false;
        bool holds = condition->comparison == CONTRACT_EQ   ? left == right
                     : condition->comparison == CONTRACT_NE ? left != right
                     : condition->comparison == CONTRACT_LT ? left < right
                                                            : left <= right;
        if (!holds)
            return false;
        is_seen = true;
    }
    return is_seen;
}
