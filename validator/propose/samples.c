#include "validator/propose/samples.h"

enum { TRIES = 48 };

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 24;
}

/* Values that typing allows: pointers into globals and heap, bools and chars in range. */
static void set_locals(struct assignment *assignment, const struct subject *subject,
                       const struct segment *segment, const struct c0_function *function,
                       uint64_t *random)
{
    for (uint32_t i = 0; i < function->variable_count; i++) {
        const struct c0_type *type = function->variables[i]->type;
        term variable = segment->start.source.state.values[i];
        uint64_t r = next_random(random);
        struct region heap = subject->heap;
        uint32_t size_bytes = type->kind == C0_TYPE_POINTER
                                  ? layout_size_bytes(subject, type->element)
                                  : 0;
        if (type->kind == C0_TYPE_BOOL)
            assignment_set_word(assignment, variable, r & 1);
        else if (type->kind == C0_TYPE_CHAR)
            assignment_set_word(assignment, variable, (uint32_t)(int32_t)(int8_t)(r & 0xff));
        else if (type->kind == C0_TYPE_POINTER && heap.end - heap.start > size_bytes + 64)
            assignment_set_word(
                assignment, variable,
                heap.start + (uint32_t)(r % ((heap.end - heap.start - size_bytes) / 4)) * 4);
    }
}

struct samples samples_make(struct arena *arena, struct terms *terms,
                            const struct subject *subject, const struct segment *segment,
                            const struct c0_function *function)
{
    struct samples samples = {.count = 0};
    uint64_t random = 0x5eed;
    for (uint64_t seed = 1; seed <= TRIES && samples.count < SAMPLES_MAX; seed++) {
        struct assignment *assignment = assignment_new(arena, seed);
        uint32_t base = subject->target->frame_grows_up ? subject->stack.start
                                                        : subject->stack.end;
        assignment_set_word(assignment, symbol_frame(terms), base);
        set_locals(assignment, subject, segment, function, &random);
        bool fits = true;
        for (size_t i = 0; i < segment->start.assumptions.count && fits; i++)
            fits = evaluate_bool(terms, assignment, segment->start.assumptions.at[i]);
        for (size_t i = 0; i < segment->source.assumptions.count && fits; i++)
            fits = evaluate_bool(terms, assignment, segment->source.assumptions.at[i]);
        if (fits)
            samples.at[samples.count++] = assignment;
    }
    return samples;
}

bool samples_refute(const struct samples *samples, const struct terms *terms, term guard,
                    term goal)
{
    for (size_t i = 0; i < samples->count; i++)
        if (evaluate_bool(terms, samples->at[i], guard) &&
            !evaluate_bool(terms, samples->at[i], goal))
            return true;
    return false;
}
