/* Asm blocks on the source's side: accesses through registers, of which C0's typing knows nothing.
 *
 * Such an access goes to a device or to memory. Where its address is not plainly a device's, it has
 * to be shown to be below the devices; it faults if it is misaligned or in the stack, and a store
 * if it is in the code. A store has to be shown to keep C0's objects well-typed. */
#include "validator/check/source_parts.h"

static void oblige(struct source_walker *walk, const char *what, term goal)
{
    term obligation = term_implies(walk->terms, walk->guard, goal);
    if (!term_is_true(walk->terms, obligation))
        ARRAY_PUSH(walk->arena, &walk->segment->obligations,
                   (struct source_obligation){what, walk->node, walk->guard, goal,
                                              walk->segment->assumptions.count});
}

static term word(struct source_walker *walk, uint32_t value)
{
    return term_word(walk->terms, value, 32);
}

static term is_outside(struct source_walker *walk, struct region region, term address)
{
    struct terms *terms = walk->terms;
    if (region.start == region.end)
        return term_true(terms);
    return term_or(terms, term_ult(terms, address, word(walk, region.start)),
                   term_ule(terms, word(walk, region.end), address));
}

static term *devices_of(struct source_walker *walk)
{
    return &walk->state
                ->values[walk->function->variable_count + target_devices(walk->subject->target)];
}

/* Devices are there for whole words only. */
static bool is_device(struct source_walker *walk, const struct effect *effect)
{
    if (!device_is_meant(walk->subject->target, walk->terms, effect->address))
        return false;
    if (effect->size_bytes != 4)
        source_assume(walk, term_false(walk->terms));
    return true;
}

/* The word in memory that is accessed. */
static term memory_word(struct source_walker *walk, const struct effect *effect)
{
    struct terms *terms = walk->terms;
    term address = effect->address;
    oblige(walk, "a block's access goes to memory, or plainly to a device",
           term_ult(terms, address, word(walk, walk->subject->target->memory_end)));
    if (effect->size_bytes != 4)
        address = lane_word(terms, address);
    source_assume(walk, is_outside(walk, walk->subject->stack, address));
    return address;
}

term source_block_load(struct source_walker *walk, const struct effect *effect)
{
    struct terms *terms = walk->terms;
    source_assume(walk, lane_is_aligned(terms, effect->address, effect->size_bytes));
    if (is_device(walk, effect))
        return device_read(terms, effect->address, devices_of(walk));
    term address = memory_word(walk, effect);
    source_record(walk, NULL, address, true);
    term found = term_select(terms, walk->state->memory, address);
    if (effect->size_bytes == 4)
        return found;
    return lane_loaded(terms, effect, found, lane_shift(terms, effect->address));
}

/* ---- what a store may hit ---- */

/* Every word is a value of every cell. */
static bool holds_numbers_only(const struct c0_type *type)
{
    if (type->kind == C0_TYPE_ARRAY)
        return holds_numbers_only(type->element);
    if (type->kind != C0_TYPE_STRUCT)
        return type_is_number(type);
    for (uint32_t i = 0; i < type->field_count; i++)
        if (!holds_numbers_only(type->fields[i].type))
            return false;
    return true;
}

static const struct c0_type *type_of_cell(const struct c0_type *type, uint32_t cell)
{
    while (!c0_type_is_elementary(type)) {
        if (type->kind == C0_TYPE_ARRAY) {
            cell %= type->element->size_cells;
            type = type->element;
            continue;
        }
        uint32_t i = type->field_count - 1;
        while (type->fields[i].offset_cells > cell)
            i--;
        cell -= type->fields[i].offset_cells;
        type = type->fields[i].type;
    }
    return type;
}

/* The address lies in an object of which every word is a value: that of the global which its
 * constant part is the address of, or points into. */
static term is_in_numbers(struct source_walker *walk, term address)
{
    struct terms *terms = walk->terms;
    const struct subject *subject = walk->subject;
    struct linear linear = term_linear(terms, address, walk->arena);
    uint32_t constant = (uint32_t)linear.constant;
    for (uint32_t i = 0; i < subject->program->global_count; i++) {
        const struct c0_type *type = subject->program->globals[i]->type;
        uint32_t within = constant - subject->global_addresses[i];
        uint32_t size_bytes = layout_size_bytes(subject, type);
        if (within >= size_bytes)
            continue;
        if (linear.count == 0)
            return term_bool(terms, type_is_number(type_of_cell(type, within / 4)));
        if (!holds_numbers_only(type))
            return term_false(terms);
        return term_ult(terms, term_sub(terms, address, word(walk, subject->global_addresses[i])),
                        word(walk, size_bytes));
    }
    return term_false(terms);
}

void source_block_store(struct source_walker *walk, const struct effect *effect)
{
    struct terms *terms = walk->terms;
    const struct subject *subject = walk->subject;
    source_assume(walk, lane_is_aligned(terms, effect->address, effect->size_bytes));
    if (is_device(walk, effect)) {
        device_write(terms, effect->address, effect->data, devices_of(walk));
        return;
    }
    term address = memory_word(walk, effect);
    source_assume(walk, is_outside(walk, subject->code, address));
    term is_no_object = term_and(terms, is_outside(walk, subject->globals, address),
                                 is_outside(walk, subject->heap, address));
    oblige(walk, "a block's store keeps C0's objects well-typed",
           term_or(terms, is_no_object, is_in_numbers(walk, address)));
    source_record(walk, NULL, address, false);
    term stored = effect->data;
    if (effect->size_bytes != 4)
        stored = lane_stored(terms, effect, term_select(terms, walk->state->memory, address),
                             lane_shift(terms, effect->address));
    walk->state->memory = term_store(terms, walk->state->memory, address, stored);
}
