#include "validator/check/replay.h"

#include <string.h>

enum { BEYOND_BYTES = 32 << 20, SENTINEL_WORDS = 16, STEPS_PER_STEP = 4000, STEPS_MORE = 1000000 };

struct pair {
    struct arena *arena;
    const struct subject *subject;
    const struct c0_function *function;
    const struct replay_state *state;
    struct c0_machine *source;
    struct concrete_machine *machine;
    const struct concrete *concrete;
    uint32_t *heap_cells;     /* of the state's objects: first cells in the C0 machine */
    uint32_t *heap_addresses; /* and addresses in the image's memory */
    uint32_t frame;
    uint32_t cursor;                                 /* of the heap */
    struct text_builder source_words, machine_words; /* in which they differ, as JSON members */
    const char *broken; /* what the machine broke of the calling convention, or NULL */
    const char *source_end, *machine_end;
};

/* ---- one state on two machines ---- */

static uint32_t source_word(const struct pair *pair, const struct state_word *word)
{
    if (!word->is_pointer)
        return word->word;
    if (word->global != NULL)
        return c0_machine_global_cell(pair->source, word->global) + word->cell;
    return pair->heap_cells[word->heap] + word->cell;
}

static uint32_t machine_word(const struct pair *pair, const struct state_word *word)
{
    if (!word->is_pointer)
        return word->word;
    if (word->global != NULL)
        return pair->subject->global_addresses[word->global->index] + 4 * word->cell;
    return pair->heap_addresses[word->heap] + 4 * word->cell;
}

static bool put_words(struct pair *pair, const struct state_word *words, uint32_t count,
                      uint32_t first_cell, uint32_t address)
{
    for (uint32_t i = 0; i < count; i++) {
        c0_machine_write(pair->source, first_cell + i, source_word(pair, &words[i]));
        if (!pair->concrete->write(pair->machine, address + 4 * i, machine_word(pair, &words[i])))
            return false;
    }
    return true;
}

static bool allocate(struct pair *pair)
{
    size_t count = pair->state->heap.count;
    pair->heap_cells = ARENA_ARRAY(pair->arena, uint32_t, count);
    pair->heap_addresses = ARENA_ARRAY(pair->arena, uint32_t, count);
    pair->cursor = pair->subject->heap.start + 4;
    for (size_t i = 0; i < count; i++) {
        const struct c0_type *type = pair->state->heap.at[i].type;
        uint32_t size_bytes = layout_size_bytes(pair->subject, type);
        pair->heap_cells[i] = c0_machine_new_object(pair->source, type);
        pair->heap_addresses[i] = pair->cursor;
        if (pair->heap_cells[i] == 0 || pair->subject->heap.end - pair->cursor < size_bytes)
            return false;
        pair->cursor += size_bytes;
    }
    return count == 0 ||
           pair->concrete->write(pair->machine, pair->subject->heap.start, pair->cursor);
}

static bool fill(struct pair *pair)
{
    for (size_t i = 0; i < pair->state->heap.count; i++) {
        const struct heap_object *object = &pair->state->heap.at[i];
        if (!put_words(pair, object->cells, object->type->size_cells, pair->heap_cells[i],
                       pair->heap_addresses[i]))
            return false;
    }
    for (size_t i = 0; i < pair->state->globals.count; i++) {
        const struct global_words *words = &pair->state->globals.at[i];
        if (!put_words(pair, words->cells, words->global->type->size_cells,
                       c0_machine_global_cell(pair->source, words->global),
                       pair->subject->global_addresses[words->global->index]))
            return false;
    }
    return true;
}

static bool enter(struct pair *pair, uint32_t return_address)
{
    const struct target *target = pair->subject->target;
    const struct concrete *concrete = pair->concrete;
    struct region stack = pair->subject->stack;
    pair->frame =
        target->frame_grows_up ? stack.start + 4 * SENTINEL_WORDS : stack.end - 4 * SENTINEL_WORDS;
    for (uint32_t i = 0; i < SENTINEL_WORDS; i++) {
        uint32_t address = target->frame_grows_up ? stack.start + 4 * i : stack.end - 4 * (i + 1);
        if (!concrete->write(pair->machine, address, 0x5e47u + i))
            return false;
    }
    for (unsigned i = 0; i < target->register_count; i++)
        concrete->set_register(pair->machine, i, 0x1de5u * (i + 1));
    for (size_t i = 0; i < target->base_count; i++)
        concrete->set_register(pair->machine, target->bases[i].number,
                               pair->subject->base_values[i]);
    concrete->set_register(pair->machine, target->frame_register, pair->frame);
    concrete->set_register(pair->machine, target->return_register, return_address);
    for (uint32_t i = 0; i < pair->function->parameter_count; i++) {
        struct parameter_place place = target->parameter(i);
        uint32_t word = machine_word(pair, &pair->state->arguments[i]);
        if (place.in_register)
            concrete->set_register(pair->machine, place.number, word);
        else if (!concrete->write(pair->machine, pair->frame + (uint32_t)place.frame_offset, word))
            return false;
    }
    return true;
}

/* ---- the ends ---- */

/* Whether a word of the C0 machine and one of memory mean the same value. */
static bool words_agree(const struct pair *pair, const struct c0_type *type, uint32_t cell_word,
                        uint32_t word)
{
    struct c0_object object;
    if (type->kind != C0_TYPE_POINTER || cell_word == 0)
        return cell_word == word;
    if (!c0_machine_object(pair->source, cell_word, &object))
        return false;
    uint32_t offset = 4 * (cell_word - object.first_cell);
    if (object.global != NULL)
        return word == pair->subject->global_addresses[object.global->index] + offset;
    /* Heap objects are laid out in the order of their allocation (docs/ABI.md). */
    uint32_t address = pair->subject->heap.start + 4;
    for (uint32_t cell = object.first_cell; cell > 0;) {
        struct c0_object before;
        if (!c0_machine_object(pair->source, cell - 1, &before) || before.global != NULL)
            break;
        address += 4 * before.type->size_cells;
        cell = before.first_cell;
    }
    return word == address + offset;
}

/* `name` is that of the whole object, which starts at `base`. */
static bool object_agrees(struct pair *pair, const struct c0_type *type, uint32_t cell,
                          uint32_t address, const char *name, uint32_t base)
{
    if (type->kind == C0_TYPE_ARRAY) {
        for (uint32_t i = 0; i < type->length; i++)
            if (!object_agrees(pair, type->element, cell + i * type->element->size_cells,
                               address + 4 * i * type->element->size_cells, name, base))
                return false;
        return true;
    }
    if (type->kind == C0_TYPE_STRUCT) {
        for (uint32_t i = 0; i < type->field_count; i++)
            if (!object_agrees(pair, type->fields[i].type, cell + type->fields[i].offset_cells,
                               address + 4 * type->fields[i].offset_cells, name, base))
                return false;
        return true;
    }
    if (!c0_machine_is_initialised(pair->source, cell))
        return true; /* C0 gives it no value: any will do */
    uint32_t expected = c0_machine_read(pair->source, cell), found = 0;
    bool is_read = pair->concrete->read(pair->machine, address, &found);
    if (is_read && words_agree(pair, type, expected, found))
        return true;
    const char *word =
        arena_printf(pair->arena, "\"%s+%lu\": ", name, (unsigned long)(address - base));
    text_append(&pair->source_words, "%s%ld", word, (long)(int32_t)expected);
    text_append(&pair->machine_words, "%s%ld", word, (long)(int32_t)found);
    return false;
}

static bool memory_agrees(struct pair *pair)
{
    const struct c0_program *program = pair->subject->program;
    for (uint32_t i = 0; i < program->global_count; i++)
        if (!object_agrees(pair, program->globals[i]->type,
                           c0_machine_global_cell(pair->source, program->globals[i]),
                           pair->subject->global_addresses[i], program->globals[i]->name,
                           pair->subject->global_addresses[i]))
            return false;
    for (size_t i = 0; i < pair->state->heap.count; i++)
        if (!object_agrees(pair, pair->state->heap.at[i].type, pair->heap_cells[i],
                           pair->heap_addresses[i], arena_printf(pair->arena, "heap#%zu", i),
                           pair->heap_addresses[i]))
            return false;
    return true;
}

static bool convention_kept(struct pair *pair)
{
    const struct target *target = pair->subject->target;
    struct region stack = pair->subject->stack;
    bool is_kept =
        pair->concrete->get_register(pair->machine, target->frame_register) == pair->frame;
    for (size_t i = 0; i < target->base_count; i++)
        is_kept = is_kept && pair->concrete->get_register(pair->machine, target->bases[i].number) ==
                                 pair->subject->base_values[i];
    for (size_t i = 0; i < target->preserved_count; i++)
        is_kept = is_kept && pair->concrete->get_register(pair->machine, target->preserved[i]) ==
                                 0x1de5u * (target->preserved[i] + 1);
    for (uint32_t i = 0; i < SENTINEL_WORDS; i++) {
        uint32_t word = 0;
        uint32_t address = target->frame_grows_up ? stack.start + 4 * i : stack.end - 4 * (i + 1);
        is_kept =
            is_kept && pair->concrete->read(pair->machine, address, &word) && word == 0x5e47u + i;
    }
    if (!is_kept)
        pair->broken = "the caller's frame or base registers changed";
    return is_kept;
}

static bool ends_agree(struct pair *pair, const struct c0_outcome *outcome, enum run_end end)
{
    if (end != RUN_ARRIVED)
        return false;
    uint32_t result =
        pair->concrete->get_register(pair->machine, pair->subject->target->result_register);
    if (outcome->has_result && !words_agree(pair, pair->function->result, outcome->result, result))
        return false;
    return memory_agrees(pair) && convention_kept(pair);
}

/* ---- saying it ---- */

/* What a run printed, had `vouch interp` or `vouch call` made it; of the globals only the words in
 * which the two differ. */
static const char *end_text(struct pair *pair, const char *status, bool has_result, uint32_t result,
                            uint64_t steps, struct text_builder *words, const char *rule)
{
    struct text_builder text = {.arena = pair->arena};
    text_append(&text, "{\"status\": \"%s\", \"result\": ", status);
    if (has_result)
        text_append(&text, "%ld", (long)(int32_t)result);
    else
        text_append(&text, "null");
    text_append(&text, ", \"steps\": %llu, \"globals\": {%s}", (unsigned long long)steps,
                text_built(words));
    if (rule != NULL) {
        text_append(&text, ", \"fault\": {\"rule\": \"");
        for (const char *c = rule; *c != '\0'; c++)
            text_append(&text, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
        text_append(&text, "\"}");
    }
    text_append(&text, "}");
    return text_built(&text);
}

static void describe_ends(struct pair *pair, const struct c0_outcome *outcome, enum run_end end,
                          uint64_t machine_steps, const char *trouble)
{
    const struct target *target = pair->subject->target;
    pair->source_end = end_text(pair, "returned", outcome->has_result, outcome->result,
                                outcome->steps, &pair->source_words, NULL);
    const char *rule = end == RUN_STOPPED ? trouble : pair->broken;
    const char *status = rule != NULL ? "fault" : end == RUN_LIMIT ? "limit" : "returned";
    uint32_t result = pair->concrete->get_register(pair->machine, target->result_register);
    pair->machine_end = end_text(pair, status, end == RUN_ARRIVED && outcome->has_result, result,
                                 machine_steps, &pair->machine_words, rule);
}

static const char *word_text(struct pair *pair, const struct state_word *word)
{
    if (!word->is_pointer)
        return arena_printf(pair->arena, "%ld", (long)(int32_t)word->word);
    if (word->global != NULL)
        return arena_printf(pair->arena, "%s+%lu", word->global->name,
                            (unsigned long)word->cell * 4);
    return arena_printf(pair->arena, "heap#%lu+%lu", (unsigned long)word->heap,
                        (unsigned long)word->cell * 4);
}

static const char *cells_text(struct pair *pair, const char *name, const struct state_word *cells,
                              uint32_t count)
{
    struct text_builder text = {.arena = pair->arena};
    text_append(&text, "%s=", name);
    for (uint32_t i = 0; i < count; i++)
        text_append(&text, "%s%s", i == 0 ? "" : ",", word_text(pair, &cells[i]));
    return text_built(&text);
}

static struct counterexample *describe(struct pair *pair)
{
    const struct replay_state *state = pair->state;
    struct counterexample *example = ARENA_NEW(pair->arena, struct counterexample);
    ARRAY(const char *) arguments = {0};
    ARRAY(const char *) settings = {0};
    for (uint32_t i = 0; i < pair->function->parameter_count; i++)
        ARRAY_PUSH(pair->arena, &arguments, word_text(pair, &state->arguments[i]));
    for (size_t i = 0; i < state->globals.count; i++)
        ARRAY_PUSH(pair->arena, &settings,
                   cells_text(pair, state->globals.at[i].global->name, state->globals.at[i].cells,
                              state->globals.at[i].global->type->size_cells));
    for (size_t i = 0; i < state->heap.count; i++)
        ARRAY_PUSH(pair->arena, &settings,
                   cells_text(pair, arena_printf(pair->arena, "heap#%zu", i),
                              state->heap.at[i].cells, state->heap.at[i].type->size_cells));
    example->arguments = arguments.at;
    example->argument_count = arguments.count;
    example->settings = settings.at;
    example->setting_count = settings.count;
    example->source_end = pair->source_end;
    example->machine_end = pair->machine_end;
    return example;
}

enum replay_end replay(struct arena *arena, const struct subject *subject,
                       const struct c0_function *function, const struct replay_state *state,
                       uint64_t max_steps, struct counterexample **example)
{
    struct pair pair = {
        .arena = arena,
        .subject = subject,
        .function = function,
        .state = state,
        .concrete = subject->target->concrete,
        .source_words = {.arena = arena},
        .machine_words = {.arena = arena},
    };
    struct c0_limits limits = {(subject->heap.end - subject->heap.start) / 4 - 1,
                               (subject->stack.end - subject->stack.start) / 8};
    uint32_t memory_bytes = subject->stack.end;
    if (subject->heap.end > memory_bytes)
        memory_bytes = subject->heap.end;
    /* Room beyond the stack: frames of the code are larger than those of the source, and a run that
     * exhausts the stack shows no difference between them. */
    uint32_t most = subject->target->memory_end;
    memory_bytes = most - memory_bytes > BEYOND_BYTES ? memory_bytes + BEYOND_BYTES : most;
    uint32_t return_address = memory_bytes; /* just outside memory */
    pair.source = c0_machine_new(arena, subject->program, limits);
    pair.machine = pair.concrete->machine_new(arena, subject->image, memory_bytes);
    if (pair.machine == NULL || !allocate(&pair) || !fill(&pair) || !enter(&pair, return_address))
        return REPLAY_NOTHING;
    uint32_t *arguments = ARENA_ARRAY(arena, uint32_t, function->parameter_count);
    for (uint32_t i = 0; i < function->parameter_count; i++)
        arguments[i] = source_word(&pair, &state->arguments[i]);
    struct c0_outcome outcome = c0_machine_call(pair.source, function, arguments, max_steps);
    if (outcome.status != C0_RETURNED)
        return REPLAY_NOTHING;
    const char *trouble;
    uint64_t steps;
    const struct image_symbol *symbol = subject->function_symbols[function->index];
    enum run_end end =
        pair.concrete->run(pair.machine, arena, symbol->address, return_address,
                           outcome.steps * STEPS_PER_STEP + STEPS_MORE, &steps, &trouble);
    if (ends_agree(&pair, &outcome, end))
        return REPLAY_AGREES;
    describe_ends(&pair, &outcome, end, steps, trouble);
    *example = describe(&pair);
    return REPLAY_DISAGREES;
}
