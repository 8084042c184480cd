#include "validator/check/block.h"
#include "validator/check/machine_parts.h"

/* ---- obligations ---- */

void machine_oblige(struct machine_walk *walk, const char *what, term goal)
{
    ARRAY_PUSH(walk->arena, &walk->segment->obligations,
               (struct machine_obligation){what, walk->pc, walk->guard, goal});
}

static term known_object(struct machine_walk *walk, const struct c0_variable *local, term address)
{
    if (walk->input->source == NULL)
        return term_false(walk->terms);
    return source_touches(walk->terms, walk->input->source, local, address, walk->is_storing);
}

/* ---- where an address points ---- */

enum where { WHERE_SLOT, WHERE_BLOCK, WHERE_SHARED };

struct spot {
    enum where where;
    int32_t offset; /* SLOT */
    size_t home;    /* BLOCK */
    term address;   /* BLOCK: byte offset within it; SHARED: the address */
};

uint32_t machine_home_size(const struct machine_walk *walk, size_t home)
{
    const struct relation *relation = walk->input->relation;
    return layout_size_bytes(walk->input->subject,
                             relation->function->variables[relation->homes[home].variable]->type);
}

static bool home_holds(const struct machine_walk *walk, size_t home, int32_t offset)
{
    int64_t within = (int64_t)offset - walk->input->relation->homes[home].offset;
    return within >= 0 && within < (int64_t)machine_home_size(walk, home);
}

static term within_home(const struct machine_walk *walk, size_t home, term rest)
{
    int32_t offset = walk->input->relation->homes[home].offset;
    return term_sub(walk->terms, rest, term_word(walk->terms, (uint32_t)offset, 32));
}

/* The aggregate that an address with a variable part means: one whose element the source touches
 * right there, else the one that the constant part falls into. */
static bool choose_home(struct machine_walk *walk, term rest, int32_t constant, size_t *home)
{
    const struct relation *relation = walk->input->relation;
    for (size_t i = 0; i < relation->home_count; i++) {
        const struct c0_variable *local =
            relation->function->variables[relation->homes[i].variable];
        if (!term_is_false(walk->terms, known_object(walk, local, within_home(walk, i, rest)))) {
            *home = i;
            return true;
        }
    }
    for (size_t i = 0; i < relation->home_count; i++)
        if (home_holds(walk, i, constant)) {
            *home = i;
            return true;
        }
    return false;
}

static void use_extent(struct machine_walk *walk, int32_t offset, uint32_t size_bytes)
{
    int64_t end = walk->target->frame_grows_up ? (int64_t)offset + size_bytes : -(int64_t)offset;
    if (end > (int64_t)walk->segment->extent_bytes)
        walk->segment->extent_bytes = (uint32_t)end;
}

static bool slot_spot(struct machine_walk *walk, int32_t offset, struct spot *spot)
{
    const struct relation *relation = walk->input->relation;
    for (size_t i = 0; i < relation->home_count; i++)
        if (home_holds(walk, i, offset)) {
            term within =
                term_word(walk->terms, (uint32_t)(offset - relation->homes[i].offset), 32);
            *spot = (struct spot){WHERE_BLOCK, 0, i, within};
            return true;
        }
    bool is_inside = walk->target->frame_grows_up
                         ? offset >= 0 && (int64_t)offset + 4 <= (int64_t)relation->frame_bytes
                         : -(int64_t)offset <= (int64_t)relation->frame_bytes;
    if (!is_inside)
        return code_refuse(walk->input->subject, walk->fault, walk->pc,
                           "an access outside the function's frame");
    *spot = (struct spot){WHERE_SLOT, offset, 0, {0}};
    use_extent(walk, offset, 4);
    return true;
}

/* The aligned word that holds `address`; alignment is the caller's obligation. */
static bool locate(struct machine_walk *walk, term address, struct spot *spot)
{
    struct terms *terms = walk->terms;
    struct linear linear = term_linear(terms, address, walk->arena);
    bool is_framed = false;
    for (size_t i = 0; i < linear.count; i++)
        if (term_same(linear.atoms[i], walk->input->frame) && linear.coefficients[i] == 1)
            is_framed = true;
    if (!is_framed) {
        *spot = (struct spot){WHERE_SHARED, 0, 0, address};
        term is_object = known_object(walk, NULL, address);
        term goal = is_object;
        term implied = term_and(terms, walk->guard, is_object);
        if (!term_same(implied, walk->guard))
            goal = term_or(terms, is_object, shared_holds(walk->input->subject, terms, address, 4));
        machine_oblige(walk, "the address lies in globals or heap", goal);
        return true;
    }
    term rest = term_sub(terms, address, walk->input->frame);
    uint64_t constant;
    if (term_is_constant(terms, rest, &constant)) {
        if (constant % 4 != 0)
            return code_refuse(walk->input->subject, walk->fault, walk->pc,
                               "a misaligned access to the frame");
        return slot_spot(walk, (int32_t)(uint32_t)constant, spot);
    }
    size_t home;
    if (!choose_home(walk, rest, (int32_t)(uint32_t)linear.constant, &home)) {
        walk->segment->unexplained = rest;
        return code_refuse(walk->input->subject, walk->fault, walk->pc,
                           "a computed address in the frame that no aggregate explains");
    }
    term within = within_home(walk, home, rest);
    *spot = (struct spot){WHERE_BLOCK, 0, home, within};
    const struct c0_variable *local =
        walk->input->relation->function->variables[walk->input->relation->homes[home].variable];
    term is_inside =
        term_ule(terms, within, term_word(terms, machine_home_size(walk, home) - 4, 32));
    machine_oblige(walk, "the address lies in the aggregate",
                   term_or(terms, known_object(walk, local, within), is_inside));
    return true;
}

static term spot_read(struct machine_walk *walk, const struct spot *spot)
{
    switch (spot->where) {
    case WHERE_SLOT:
        return machine_slot(walk->arena, walk->terms, walk->state, spot->offset);
    case WHERE_BLOCK:
        return term_select(walk->terms, walk->state->blocks[spot->home], spot->address);
    case WHERE_SHARED:
        break;
    }
    return term_select(walk->terms, walk->state->memory, spot->address);
}

static void spot_write(struct machine_walk *walk, const struct spot *spot, term word)
{
    switch (spot->where) {
    case WHERE_SLOT:
        machine_slot_set(walk->arena, walk->state, spot->offset, word);
        return;
    case WHERE_BLOCK:
        walk->state->blocks[spot->home] =
            term_store(walk->terms, walk->state->blocks[spot->home], spot->address, word);
        return;
    case WHERE_SHARED:
        walk->state->memory = term_store(walk->terms, walk->state->memory, spot->address, word);
        return;
    }
}

/* ---- loads and stores ---- */

/* A misaligned access interrupts; so do all accesses that are not shown to be aligned. */
static void oblige_alignment(struct machine_walk *walk, term address, unsigned size_bytes)
{
    struct terms *terms = walk->terms;
    if (size_bytes == 1)
        return;
    term is_object = known_object(walk, NULL, address);
    term from_frame = term_sub(terms, address, walk->input->frame);
    term is_aligned = lane_is_aligned(terms, address, size_bytes);
    term is_frame_aligned = lane_is_aligned(terms, from_frame, size_bytes);
    if (term_is_true(terms, is_frame_aligned))
        return; /* the frame base is aligned: the ABI says so */
    machine_oblige(walk, "the address is aligned", term_or(terms, is_object, is_aligned));
}

/* The word that holds a byte or half, and its distance from bit 0. */
static bool locate_part(struct machine_walk *walk, term address, struct spot *spot, term *shift)
{
    struct terms *terms = walk->terms;
    term from_frame = term_sub(terms, address, walk->input->frame);
    uint64_t constant;
    if (term_is_constant(terms, from_frame, &constant)) {
        *shift = term_word(terms, constant % 4 * 8, 32);
        return locate(walk, term_sub(terms, address, term_word(terms, constant % 4, 32)), spot);
    }
    *shift = lane_shift(terms, address);
    return locate(walk, lane_word(terms, address), spot);
}

/* What only the accesses of blocks may do: a device is reached by whole words, and by nobody else. */
static bool is_device(const struct machine_walk *walk, const struct effect *effect)
{
    return walk->input->relation->has_blocks && effect->size_bytes == 4 &&
           device_is_meant(walk->target, walk->terms, effect->address);
}

bool machine_load(struct machine_walk *walk, const struct effect *effect, term *value)
{
    struct terms *terms = walk->terms;
    struct spot spot;
    walk->is_storing = false;
    oblige_alignment(walk, effect->address, effect->size_bytes);
    if (is_device(walk, effect)) {
        *value = device_read(terms, effect->address,
                             &walk->state->registers[target_devices(walk->target)]);
        return true;
    }
    if (effect->size_bytes == 4) {
        if (!locate(walk, effect->address, &spot))
            return false;
        *value = spot_read(walk, &spot);
        return true;
    }
    term shift;
    if (!locate_part(walk, effect->address, &spot, &shift))
        return false;
    *value = lane_loaded(terms, effect, spot_read(walk, &spot), shift);
    return true;
}

bool machine_store(struct machine_walk *walk, const struct effect *effect)
{
    struct terms *terms = walk->terms;
    struct spot spot;
    walk->is_storing = true;
    oblige_alignment(walk, effect->address, effect->size_bytes);
    if (is_device(walk, effect)) {
        device_write(terms, effect->address, effect->data,
                     &walk->state->registers[target_devices(walk->target)]);
        return true;
    }
    if (effect->size_bytes == 4) {
        if (!locate(walk, effect->address, &spot))
            return false;
        spot_write(walk, &spot, effect->data);
        return true;
    }
    term shift;
    if (!locate_part(walk, effect->address, &spot, &shift))
        return false;
    spot_write(walk, &spot, lane_stored(terms, effect, spot_read(walk, &spot), shift));
    return true;
}

bool machine_read_word(struct machine_walk *walk, term address, term *word)
{
    struct spot spot;
    walk->is_storing = false;
    if (!locate(walk, address, &spot))
        return false;
    *word = spot_read(walk, &spot);
    return true;
}
