#include "cosim/consis_function.h"

#include "base/require.h"
#include "cosim/consis_pair.h"
#include "validator/propose/refute.h"

#include <stdio.h>
#include <string.h>

enum {
    SWEPT_EVERY = 16,               /* tries */
    SENTINELS = 16,                 /* words of the caller's frame */
    STEPS_MAX = 50000,              /* of C0 in a try */
    SEGMENT_INSTRUCTIONS = 1 << 22, /* of the code between two meetings */
};

struct attempt {
    struct arena *arena;
    const struct consis_certificates *certificates;
    const struct subject *subject;
    const struct c0_function *function;
    struct replay_state state;
    uint64_t random;
    bool is_swept; /* at the end all memory is compared */
    uint32_t memory_bytes;
    struct vamp_machine *processor;
    struct consis_pair *pair;
    uint32_t *heap; /* first cells of the state's objects */
};

static uint32_t draw(struct attempt *attempt)
{
    attempt->random = attempt->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(attempt->random >> 32);
}

/* --- Devices that answer anything --- */

static bool read_device(void *self, uint32_t address, uint32_t *word)
{
    struct attempt *attempt = self;
    *word = draw(attempt);
    pair_note_access(attempt->pair, false, address, *word);
    return true;
}

static bool write_device(void *self, uint32_t address, uint32_t word)
{
    struct attempt *attempt = self;
    pair_note_access(attempt->pair, true, address, word);
    return true;
}

/* --- One state on two machines --- */

static uint32_t memory_needed(const struct subject *subject)
{
    uint32_t need = CONSIS_MEMORY_BYTES;
    const struct region regions[] = {subject->code, subject->globals, subject->heap,
                                     subject->stack};
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++)
        if (need < regions[i].end + CONSIS_RANDOM_BYTES)
            need = regions[i].end + CONSIS_RANDOM_BYTES;
    return need;
}

static bool load(struct attempt *attempt)
{
    const struct image *image = attempt->subject->image;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *segment = &image->segments[i];
        if (segment->address > attempt->memory_bytes ||
            segment->size_bytes > attempt->memory_bytes - segment->address ||
            !vamp_machine_load(attempt->processor, segment->address, segment->content))
            return false;
        pair_memory_copy(attempt->pair, segment->address, segment->address + segment->size_bytes);
    }
    return true;
}

/* What asm blocks find behind all regions. */
static void fill_rest(struct attempt *attempt)
{
    const struct subject *subject = attempt->subject;
    uint32_t first =
        subject->stack.end > subject->heap.end ? subject->stack.end : subject->heap.end;
    for (uint32_t i = 0; i < CONSIS_RANDOM_BYTES; i += 4)
        vamp_machine_write(attempt->processor, first + i, draw(attempt));
    pair_memory_copy(attempt->pair, first, first + CONSIS_RANDOM_BYTES);
}

static uint32_t source_word(const struct attempt *attempt, const struct state_word *word)
{
    if (!word->is_pointer)
        return word->word;
    if (word->global != NULL)
        return c0_machine_global_cell(attempt->pair->source, word->global) + word->cell;
    return attempt->heap[word->heap] + word->cell;
}

static void put_cells(struct attempt *attempt, uint32_t first, const struct state_word *cells,
                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        c0_machine_write(attempt->pair->source, first + i, source_word(attempt, &cells[i]));
}

/* False: the heap has no room for it. */
static bool put_state(struct attempt *attempt)
{
    struct c0_machine *source = attempt->pair->source;
    const struct replay_state *state = &attempt->state;
    attempt->heap = ARENA_ARRAY(attempt->arena, uint32_t, state->heap.count);
    for (size_t i = 0; i < state->heap.count; i++) {
        attempt->heap[i] = c0_machine_new_object(source, state->heap.at[i].type);
        if (attempt->heap[i] == 0)
            return false;
    }
    for (size_t i = 0; i < state->heap.count; i++)
        put_cells(attempt, attempt->heap[i], state->heap.at[i].cells,
                  state->heap.at[i].type->size_cells);
    for (size_t i = 0; i < state->globals.count; i++)
        put_cells(attempt, c0_machine_global_cell(source, state->globals.at[i].global),
                  state->globals.at[i].cells, state->globals.at[i].global->type->size_cells);
    pair_memory_give(attempt->pair);
    return true;
}

/* --- The call --- */

/* The word of a parameter, where the calling convention has it. */
static void put_parameter(struct attempt *attempt, uint32_t frame, uint32_t number, uint32_t word)
{
    struct parameter_place place = attempt->subject->target->parameter(number);
    if (place.in_register)
        vamp_machine_state(attempt->processor)->gpr[place.number] = word;
    else
        vamp_machine_write(attempt->processor, frame + (uint32_t)place.frame_offset, word);
}

/* Everything that the convention leaves open is drawn, also in the stack. */
static void put_registers(struct attempt *attempt, uint32_t frame)
{
    const struct subject *subject = attempt->subject;
    const struct target *target = subject->target;
    struct vamp_state *state = vamp_machine_state(attempt->processor);
    for (unsigned i = 1; i < target->register_count; i++)
        state->gpr[i] = draw(attempt);
    for (unsigned i = 0; i < target->special_count; i++)
        if (target->special_name(i) != NULL && !target->special_stays_zero(i))
            state->spr[i] = draw(attempt);
    for (size_t i = 0; i < target->base_count; i++)
        state->gpr[target->bases[i].number] = subject->base_values[i];
    state->gpr[target->frame_register] = frame;
    state->gpr[target->return_register] = attempt->memory_bytes; /* just outside memory */
    for (uint32_t at = subject->stack.start; at < frame + 4 * SENTINELS; at += 4)
        vamp_machine_write(attempt->processor, at, draw(attempt));
    state->dpc = subject->function_symbols[attempt->function->index]->address;
    state->pcp = state->dpc + 4;
}

/* What is behind the last frame in the stack is not the function's to change: the words of the
 * caller are below its frame. */
static bool caller_is_intact(struct attempt *attempt, uint32_t frame, const uint32_t *before)
{
    for (uint32_t i = 0; i < SENTINELS; i++) {
        uint32_t address = frame - 4 * (i + 1);
        if (!pair_expect(attempt->pair, "the caller's frame", before[i],
                         pair_memory_word(attempt->pair, address)))
            return false;
    }
    return true;
}

static enum pair_status run_on(struct attempt *attempt)
{
    struct consis_pair *pair = attempt->pair;
    enum pair_status status;
    do {
        char why[160] = "it goes on for long";
        struct vamp_run run = vamp_machine_run(attempt->processor, SEGMENT_INSTRUCTIONS);
        if (run.status == VAMP_RUN_STOPPED)
            vamp_diagnosis_print(&run.diagnosis, why, sizeof why);
        status = run.status == VAMP_RUN_BREAKPOINT ? pair_arrive(pair) : pair_give_up(pair, why);
    } while ((status == PAIR_AGREES || status == PAIR_PASSES) && pair->counts.steps <= STEPS_MAX);
    return status;
}

static enum pair_status call(struct attempt *attempt)
{
    struct consis_pair *pair = attempt->pair;
    const struct c0_function *function = attempt->function;
    uint32_t frame = attempt->subject->stack.start + 4 * SENTINELS;
    uint32_t before[SENTINELS];
    uint32_t *words = ARENA_ARRAY(attempt->arena, uint32_t, function->parameter_count);
    put_registers(attempt, frame);
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        words[i] = source_word(attempt, &attempt->state.arguments[i]);
        put_parameter(attempt, frame, i,
                      placing_word(pair, function->variables[i]->type, words[i]));
    }
    for (uint32_t i = 0; i < SENTINELS; i++)
        before[i] = pair_memory_word(pair, frame - 4 * (i + 1));
    /* What was put there is the same: only the call counts. */
    if (!pair_memory_agrees(pair, placing_allocated(pair)))
        return PAIR_DIFFERS;
    pair->counts.values = 0;
    enum pair_status status = pair_begin(pair, function, words);
    if (status == PAIR_AGREES)
        status = run_on(attempt);
    if (status == PAIR_RETURNED && !caller_is_intact(attempt, frame, before))
        return PAIR_DIFFERS;
    if (status == PAIR_RETURNED && attempt->is_swept && !pair_memory_agrees_everywhere(pair))
        return PAIR_DIFFERS;
    return status;
}

/* --- What came out --- */

static const char *argument_text(const struct attempt *attempt, uint32_t number)
{
    const struct state_word *word = &attempt->state.arguments[number];
    const struct c0_variable *parameter = attempt->function->variables[number];
    if (!word->is_pointer && parameter->type->kind == C0_TYPE_POINTER)
        return arena_printf(attempt->arena, "%s=NULL", parameter->name);
    if (!word->is_pointer)
        return arena_printf(attempt->arena, "%s=%ld", parameter->name, (long)(int32_t)word->word);
    if (word->global != NULL)
        return arena_printf(attempt->arena, "%s=&%s+%lu", parameter->name, word->global->name,
                            4ul * word->cell);
    return arena_printf(attempt->arena, "%s=&heap#%lu+%lu", parameter->name,
                        (unsigned long)word->heap, 4ul * word->cell);
}

static void describe(const struct attempt *attempt, struct consis_try *result)
{
    uint32_t count = attempt->function->parameter_count;
    const char **texts = ARENA_ARRAY(attempt->arena, const char *, count);
    for (uint32_t i = 0; i < count; i++)
        texts[i] = argument_text(attempt, i);
    result->arguments = texts;
    result->argument_count = count;
    if (result->end == CONSIS_DIFFERS)
        consis_divergence(attempt->pair, &result->divergence);
}

static enum consis_end end_of(enum pair_status status)
{
    switch (status) {
    case PAIR_RETURNED:
    case PAIR_LEFT:
        return CONSIS_AGREES;
    case PAIR_AGREES:
    case PAIR_PASSES:
        return CONSIS_GOES_ON;
    case PAIR_FAULTS:
        return CONSIS_NOTHING;
    case PAIR_DIFFERS:
        break;
    }
    return CONSIS_DIFFERS;
}

struct consis_try consis_try_function(struct arena *arena,
                                      const struct consis_certificates *certificates,
                                      const struct c0_function *function, uint64_t seed)
{
    struct attempt attempt = {.arena = arena,
                              .certificates = certificates,
                              .subject = &certificates->subject,
                              .function = function,
                              .random = seed ^ 0x5DEECE66Du,
                              .is_swept = seed % SWEPT_EVERY == 1};
    struct consis_try result = {.end = CONSIS_NOTHING};
    attempt.memory_bytes = memory_needed(attempt.subject);
    attempt.processor = vamp_machine_new(arena, attempt.memory_bytes);
    attempt.pair = pair_new(arena, certificates, attempt.processor, 0);
    vamp_machine_connect(
        attempt.processor,
        (struct vamp_bus){.self = &attempt, .read = read_device, .write = write_device});
    vamp_machine_stop_at_interrupts(attempt.processor, true);
    consis_set_breakpoints(certificates, attempt.processor);
    vamp_machine_add_breakpoint(attempt.processor, attempt.memory_bytes);
    refute_draw_state(arena, attempt.subject->program, function, (seed + 1) * 0x9E3779B97F4A7C15u,
                      &attempt.state);
    if (!load(&attempt))
        return result;
    fill_rest(&attempt);
    if (!put_state(&attempt))
        return result;
    result.end = end_of(call(&attempt));
    result.counts = attempt.pair->counts;
    describe(&attempt, &result);
    return result;
}

size_t consis_function_cuts(const struct consis_certificates *certificates,
                            const struct c0_function *function)
{
    const struct relation *relation = certificates->functions[function->index].relation;
    return relation == NULL ? 0 : relation->cut_count;
}

bool consis_function_is_there(const struct consis_certificates *certificates,
                              const struct c0_function *function)
{
    return certificates->subject.function_symbols[function->index] != NULL;
}
