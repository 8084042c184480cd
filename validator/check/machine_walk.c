#include "validator/check/machine_walk.h"

#include "base/require.h"
#include "validator/check/contract.h"
#include "validator/check/path.h"

#include <stdlib.h>
#include <string.h>

struct machine_walk {
    struct arena *arena;
    struct terms *terms;
    const struct machine_walk_input *input;
    const struct target *target;
    struct machine_segment *segment;
    struct fault *fault;
    uint32_t next_epoch;
    /* of the node being executed */
    uint32_t pc;
    const struct path *path;
    term guard;
    struct machine_state *state;
};

/* ---- the unknown ---- */

term machine_junk(struct terms *terms, const char *name, uint32_t epoch, struct sort sort)
{
    char full[64];
    snprintf(full, sizeof full, "%s!%lu", name, (unsigned long)epoch);
    return term_variable(terms, full, sort);
}

static struct sort word_sort(void)
{
    return (struct sort){SORT_WORD, 32};
}

/* ---- frame slots ---- */

static size_t slot_position(const struct machine_state *state, int32_t offset)
{
    size_t low = 0, high = state->slots.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (state->slots.at[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void machine_slot_set(struct arena *arena, struct machine_state *state, int32_t offset,
                      term value)
{
    size_t i = slot_position(state, offset);
    if (i < state->slots.count && state->slots.at[i].offset == offset) {
        state->slots.at[i].value = value;
        return;
    }
    ARRAY_PUSH(arena, &state->slots, (struct frame_slot){0});
    memmove(&state->slots.at[i + 1], &state->slots.at[i],
            (state->slots.count - 1 - i) * sizeof *state->slots.at);
    state->slots.at[i] = (struct frame_slot){offset, value};
}

term machine_slot(struct arena *arena, struct terms *terms, struct machine_state *state,
                  int32_t offset)
{
    size_t i = slot_position(state, offset);
    if (i < state->slots.count && state->slots.at[i].offset == offset)
        return state->slots.at[i].value;
    char name[32];
    snprintf(name, sizeof name, "[%ld]", (long)offset);
    term unknown = machine_junk(terms, name, state->epoch, word_sort());
    machine_slot_set(arena, state, offset, unknown);
    return unknown;
}

/* ---- states ---- */

static struct machine_state state_copy(struct machine_walk *walk,
                                       const struct machine_state *state)
{
    struct machine_state copy = *state;
    size_t homes = walk->input->relation->home_count;
    copy.blocks = ARENA_ARRAY(walk->arena, term, homes);
    if (homes != 0)
        memcpy(copy.blocks, state->blocks, homes * sizeof *copy.blocks);
    copy.slots.capacity = state->slots.count + 4;
    copy.slots.at = ARENA_ARRAY(walk->arena, struct frame_slot, copy.slots.capacity);
    if (state->slots.count != 0)
        memcpy(copy.slots.at, state->slots.at, state->slots.count * sizeof *copy.slots.at);
    return copy;
}

/* A state on its way along an edge. */
struct machine_edge {
    const struct path *path;
    struct machine_state state;
};

/* A node of the code graph during the walk: what reached it, and what that comes to. */
struct reached {
    ARRAY(struct machine_edge) edges;
    const struct path *path;
    term guard;
    struct machine_state state;
};

static void hand_on(struct machine_walk *walk, struct reached *to, const struct path *path,
                    const struct machine_state *state)
{
    ARRAY_PUSH(walk->arena, &to->edges, (struct machine_edge){path, *state});
}

/* Every state learns a name for what only another one lists: then all list the same slots. */
static void list_same_slots(struct machine_walk *walk, struct reached *node)
{
    struct machine_edge *edges = node->edges.at;
    struct machine_state *first = &edges[0].state;
    for (size_t k = 1; k < node->edges.count; k++)
        for (size_t i = 0; i < edges[k].state.slots.count; i++)
            machine_slot(walk->arena, walk->terms, first, edges[k].state.slots.at[i].offset);
    for (size_t k = 1; k < node->edges.count; k++)
        for (size_t i = 0; i < first->slots.count; i++)
            machine_slot(walk->arena, walk->terms, &edges[k].state, first->slots.at[i].offset);
}

static void join_states(struct machine_walk *walk, struct reached *node,
                        const struct merge *plan)
{
    struct terms *terms = walk->terms;
    struct machine_edge *edges = node->edges.at;
    uint32_t count = (uint32_t)node->edges.count;
    term *values = ARENA_ARRAY(walk->arena, term, count);
    struct machine_state *to = &node->state;
    for (unsigned r = 0; r < walk->target->register_count; r++) {
        for (uint32_t i = 0; i < count; i++)
            values[i] = edges[i].state.registers[r];
        to->registers[r] = merge_value(terms, plan, values);
    }
    for (size_t s = 0; s < to->slots.count; s++) {
        for (uint32_t i = 0; i < count; i++)
            values[i] = edges[i].state.slots.at[s].value;
        to->slots.at[s].value = merge_value(terms, plan, values);
    }
    for (size_t b = 0; b < walk->input->relation->home_count; b++) {
        for (uint32_t i = 0; i < count; i++)
            values[i] = edges[i].state.blocks[b];
        to->blocks[b] = merge_value(terms, plan, values);
    }
    for (uint32_t i = 0; i < count; i++)
        values[i] = edges[i].state.memory;
    to->memory = merge_value(terms, plan, values);
    bool has_target = true, same_epoch = true;
    for (uint32_t i = 0; i < count; i++) {
        values[i] = edges[i].state.target;
        has_target = has_target && !term_is_none(values[i]);
        same_epoch = same_epoch && edges[i].state.epoch == to->epoch;
    }
    to->target = has_target ? merge_value(terms, plan, values) : (term){0};
    if (!same_epoch)
        to->epoch = walk->next_epoch++;
}

static void join(struct machine_walk *walk, struct reached *node)
{
    uint32_t count = (uint32_t)node->edges.count;
    const struct path **paths = ARENA_ARRAY(walk->arena, const struct path *, count);
    for (uint32_t i = 0; i < count; i++)
        paths[i] = node->edges.at[i].path;
    const struct merge *plan =
        merge_plan(walk->arena, walk->terms, paths, count, &node->path);
    node->guard = path_guard(walk->terms, node->path);
    if (count == 1) {
        node->state = node->edges.at[0].state;
        return;
    }
    list_same_slots(walk, node);
    node->state = state_copy(walk, &node->edges.at[0].state);
    join_states(walk, node, plan);
}

/* ---- obligations ---- */

static void oblige(struct machine_walk *walk, const char *what, term goal)
{
    ARRAY_PUSH(walk->arena, &walk->segment->obligations,
               (struct machine_obligation){what, walk->pc, walk->guard, goal});
}

static term known_object(struct machine_walk *walk, const struct c0_variable *local, term address)
{
    if (walk->input->source == NULL)
        return term_false(walk->terms);
    return source_touches(walk->terms, walk->input->source, local, address);
}

/* ---- where an address points ---- */

enum where { WHERE_SLOT, WHERE_BLOCK, WHERE_SHARED };

struct spot {
    enum where where;
    int32_t offset; /* SLOT */
    size_t home;    /* BLOCK */
    term address;   /* BLOCK: byte offset within it; SHARED: the address */
};

static uint32_t home_size(const struct machine_walk *walk, size_t home)
{
    const struct relation *relation = walk->input->relation;
    return layout_size_bytes(
        walk->input->subject,
        relation->function->variables[relation->homes[home].variable]->type);
}

static bool home_holds(const struct machine_walk *walk, size_t home, int32_t offset)
{
    int64_t within = (int64_t)offset - walk->input->relation->homes[home].offset;
    return within >= 0 && within < (int64_t)home_size(walk, home);
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
            term within = term_word(walk->terms, (uint32_t)(offset - relation->homes[i].offset), 32);
            *spot = (struct spot){WHERE_BLOCK, 0, i, within};
            return true;
        }
    bool is_inside =
        walk->target->frame_grows_up
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
            goal = term_or(terms, is_object,
                           shared_holds(walk->input->subject, terms, address, 4));
        oblige(walk, "the address lies in globals or heap", goal);
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
        walk->input->relation->function
            ->variables[walk->input->relation->homes[home].variable];
    term is_inside =
        term_ule(terms, within, term_word(terms, home_size(walk, home) - 4, 32));
    oblige(walk, "the address lies in the aggregate",
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
        walk->state->memory =
            term_store(walk->terms, walk->state->memory, spot->address, word);
        return;
    }
}

/* ---- loads and stores ---- */

static term low_bits_zero(struct terms *terms, term address, unsigned bits)
{
    return term_eq(terms, term_extract(terms, address, bits - 1, 0), term_word(terms, 0, bits));
}

/* A misaligned access interrupts; so do all accesses that are not shown to be aligned. */
static void oblige_alignment(struct machine_walk *walk, term address, unsigned size_bytes)
{
    struct terms *terms = walk->terms;
    if (size_bytes == 1)
        return;
    term is_object = known_object(walk, NULL, address);
    term from_frame = term_sub(terms, address, walk->input->frame);
    term is_aligned = low_bits_zero(terms, address, size_bytes == 4 ? 2 : 1);
    term is_frame_aligned = low_bits_zero(terms, from_frame, size_bytes == 4 ? 2 : 1);
    if (term_is_true(terms, is_frame_aligned))
        return; /* the frame base is aligned: the ABI says so */
    oblige(walk, "the address is aligned", term_or(terms, is_object, is_aligned));
}

static term masked(struct machine_walk *walk, term address)
{
    return term_bitand(walk->terms, address, term_word(walk->terms, ~(uint32_t)3, 32));
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
    term low = term_zext(terms, term_extract(terms, address, 1, 0), 32);
    *shift = term_mul(terms, low, term_word(terms, 8, 32));
    return locate(walk, masked(walk, address), spot);
}

static bool execute_load(struct machine_walk *walk, const struct effect *effect, term *value)
{
    struct terms *terms = walk->terms;
    struct spot spot;
    oblige_alignment(walk, effect->address, effect->size_bytes);
    if (effect->size_bytes == 4) {
        if (!locate(walk, effect->address, &spot))
            return false;
        *value = spot_read(walk, &spot);
        return true;
    }
    term shift;
    if (!locate_part(walk, effect->address, &spot, &shift))
        return false;
    term word = term_lshr(terms, spot_read(walk, &spot), shift);
    term part = term_extract(terms, word, effect->size_bytes * 8 - 1, 0);
    *value = effect->is_signed ? term_sext(terms, part, 32) : term_zext(terms, part, 32);
    return true;
}

static bool execute_store(struct machine_walk *walk, const struct effect *effect)
{
    struct terms *terms = walk->terms;
    struct spot spot;
    oblige_alignment(walk, effect->address, effect->size_bytes);
    if (effect->size_bytes == 4) {
        if (!locate(walk, effect->address, &spot))
            return false;
        spot_write(walk, &spot, effect->data);
        return true;
    }
    term shift;
    if (!locate_part(walk, effect->address, &spot, &shift))
        return false;
    term ones = term_word(terms, effect->size_bytes == 1 ? 0xff : 0xffff, 32);
    term mask = term_shl(terms, ones, shift);
    term kept = term_bitand(terms, spot_read(walk, &spot), term_bitnot(terms, mask));
    term part = term_shl(terms, term_bitand(terms, effect->data, ones), shift);
    spot_write(walk, &spot, term_bitor(terms, kept, part));
    return true;
}

/* ---- calls ---- */

static bool frame_displacement(struct machine_walk *walk, int32_t *displacement)
{
    uint64_t constant;
    term callee_frame = walk->state->registers[walk->target->frame_register];
    term distance = term_sub(walk->terms, callee_frame, walk->input->frame);
    if (!term_is_constant(walk->terms, distance, &constant) || constant % 4 != 0)
        return code_refuse(walk->input->subject, walk->fault, walk->pc,
                           "a call whose frame base is not a constant distance away");
    *displacement = (int32_t)(uint32_t)constant;
    bool is_beyond = walk->target->frame_grows_up ? *displacement >= 0 : *displacement <= 0;
    if (!is_beyond)
        return code_refuse(walk->input->subject, walk->fault, walk->pc,
                           "a call whose frame lies in the caller's caller's");
    return true;
}

static bool call_argument(struct machine_walk *walk, int32_t displacement, unsigned index,
                          term *argument)
{
    struct parameter_place place = walk->target->parameter(index);
    if (place.in_register) {
        *argument = walk->state->registers[place.number];
        return true;
    }
    struct spot spot;
    term address = term_add(
        walk->terms, walk->input->frame,
        term_word(walk->terms, (uint32_t)displacement + (uint32_t)place.frame_offset, 32));
    if (!locate(walk, address, &spot))
        return false;
    *argument = spot_read(walk, &spot);
    return true;
}

static void oblige_bases(struct machine_walk *walk, uint32_t return_address)
{
    struct terms *terms = walk->terms;
    const struct target *target = walk->target;
    for (size_t i = 0; i < target->base_count; i++)
        oblige(walk, "a base register holds its value at a call",
               term_eq(terms, walk->state->registers[target->bases[i].number],
                       term_word(terms, walk->input->subject->base_values[i], 32)));
    oblige(walk, "the call returns behind itself",
           term_eq(terms, walk->state->registers[target->return_register],
                   term_word(terms, return_address, 32)));
}

static bool register_survives(const struct target *target, unsigned number)
{
    if ((int)number == target->zero_register || number == target->frame_register)
        return true;
    for (size_t i = 0; i < target->base_count; i++)
        if (target->bases[i].number == number)
            return true;
    for (size_t i = 0; i < target->preserved_count; i++)
        if (target->preserved[i] == number)
            return true;
    return false;
}

/* What a callee may leave behind: scratch registers and the frame from its base on are unknown. */
static void forget_scratch(struct machine_walk *walk, int32_t displacement)
{
    struct machine_state *state = walk->state;
    const struct target *target = walk->target;
    uint32_t epoch = state->epoch = walk->next_epoch++;
    for (unsigned i = 0; i < target->register_count; i++)
        if (!register_survives(target, i))
            state->registers[i] =
                machine_junk(walk->terms, target->register_name(i), epoch, word_sort());
    size_t kept = 0;
    for (size_t i = 0; i < state->slots.count; i++) {
        int32_t offset = state->slots.at[i].offset;
        if (target->frame_grows_up ? offset < displacement : offset >= displacement)
            state->slots.at[kept++] = state->slots.at[i];
    }
    state->slots.count = kept;
    for (size_t i = 0; i < walk->input->relation->home_count; i++) {
        int64_t start = walk->input->relation->homes[i].offset;
        int64_t end = start + home_size(walk, i);
        if (target->frame_grows_up ? end <= displacement : start >= displacement)
            continue;
        char name[32];
        snprintf(name, sizeof name, "block%zu", i);
        state->blocks[i] =
            machine_junk(walk->terms, name, epoch, (struct sort){SORT_MEMORY, 0});
    }
}

static bool call_contract(struct machine_walk *walk, const struct contract *contract,
                          uint32_t return_address)
{
    int32_t displacement;
    term arguments[2] = {{0}, {0}};
    if (!frame_displacement(walk, &displacement))
        return false;
    for (unsigned i = 0; i < contract->parameter_count; i++)
        if (!call_argument(walk, displacement, i, &arguments[i]))
            return false;
    oblige_bases(walk, return_address);
    term result;
    term allowed = contract_applies(walk->terms, contract, arguments);
    oblige(walk, "the routine's precondition", allowed);
    contract_result(walk->input->subject, walk->terms, contract, arguments,
                    &walk->state->memory, &result);
    forget_scratch(walk, displacement);
    walk->state->registers[walk->target->result_register] = result;
    ARRAY_PUSH(walk->arena, &walk->segment->routines,
               (struct routine_use){contract, displacement});
    return true;
}

/* Control comes to a callee: one of the sources, or (NULL) the allocator. */
static bool arrive_at_call(struct machine_walk *walk, const struct c0_function *callee,
                           unsigned argument_count, uint32_t return_address)
{
    struct machine_arrival arrival = {
        .kind = ARRIVAL_CALL,
        .point = {return_address, return_address + 4},
        .pc = walk->pc,
        .guard = walk->guard,
        .callee = callee,
    };
    if (!frame_displacement(walk, &arrival.displacement))
        return false;
    term *arguments = ARENA_ARRAY(walk->arena, term, argument_count);
    for (unsigned i = 0; i < argument_count; i++)
        if (!call_argument(walk, arrival.displacement, i, &arguments[i]))
            return false;
    oblige_bases(walk, return_address);
    arrival.arguments = arguments;
    arrival.state = state_copy(walk, walk->state);
    ARRAY_PUSH(walk->arena, &walk->segment->arrivals, arrival);
    return true;
}

static bool call_function(struct machine_walk *walk, uint32_t callee, uint32_t return_address)
{
    const struct c0_function *function = subject_function_at(walk->input->subject, callee);
    if (function == NULL)
        return code_refuse(walk->input->subject, walk->fault, walk->pc,
                           "a call of code that has no source");
    return arrive_at_call(walk, function, function->parameter_count, return_address);
}

static bool call_allocator(struct machine_walk *walk, const struct contract *contract,
                           uint32_t return_address)
{
    if (!arrive_at_call(walk, NULL, contract->parameter_count, return_address))
        return false;
    const struct machine_arrival *arrival =
        &walk->segment->arrivals.at[walk->segment->arrivals.count - 1];
    oblige(walk, "the routine's precondition",
           contract_applies(walk->terms, contract, arrival->arguments));
    ARRAY_PUSH(walk->arena, &walk->segment->routines,
               (struct routine_use){contract, arrival->displacement});
    return true;
}

/* ---- one node ---- */

static bool execute_instruction(struct machine_walk *walk, const struct code_node *node,
                                struct effect *effect)
{
    struct machine_state *state = walk->state;
    *effect = walk->target->step(walk->terms, walk->input->subject->image, node->point,
                                 state->registers);
    term value = effect->value;
    if (effect->access == ACCESS_LOAD && !execute_load(walk, effect, &value))
        return false;
    if (effect->access == ACCESS_STORE && !execute_store(walk, effect))
        return false;
    if (effect->writes_register && (int)effect->destination != walk->target->zero_register)
        state->registers[effect->destination] = value;
    return true;
}

static bool execute(struct machine_walk *walk, const struct code_node *node,
                    struct reached *nodes)
{
    struct effect effect;
    if (!execute_instruction(walk, node, &effect))
        return false;
    struct machine_state *state = walk->state;
    const uint32_t *to = node->successors.to;
    uint32_t callee;
    if (code_calls(walk->target, node, &callee)) {
        uint32_t back = code_return_address(walk->target, node);
        const struct contract *contract = subject_contract_at(walk->input->subject, callee);
        if (contract == NULL)
            return call_function(walk, callee, back);
        struct point behind = {back, back + 4};
        if (contract->kind == CONTRACT_NEW && code_ends_at_allocation(walk->input->ends, behind))
            return call_allocator(walk, contract, back);
        if (!call_contract(walk, contract, back))
            return false;
        hand_on(walk, &nodes[to[0]], walk->path, state);
        return true;
    }
    if (node->decoded.control == CONTROL_JUMP_INDIRECT)
        state->target = effect.target;
    if (code_leaves_indirectly(walk->target, node)) {
        struct machine_arrival arrival = {
            .kind = ARRIVAL_EXIT, .pc = walk->pc, .guard = walk->guard, .state = *state};
        ARRAY_PUSH(walk->arena, &walk->segment->arrivals, arrival);
        return true;
    }
    if (node->decoded.control == CONTROL_BRANCH) {
        const struct path *path;
        if (path_extend(walk->arena, walk->terms, walk->path, effect.taken, &path)) {
            struct machine_state copy = state_copy(walk, state);
            hand_on(walk, &nodes[to[0]], path, &copy);
        }
        if (path_extend(walk->arena, walk->terms, walk->path,
                        term_not(walk->terms, effect.taken), &path))
            hand_on(walk, &nodes[to[1]], path, state);
        return true;
    }
    require(to[0] != ORDER_NONE, "an instruction without a successor");
    hand_on(walk, &nodes[to[0]], walk->path, state);
    return true;
}

bool machine_walk(struct arena *arena, struct terms *terms,
                  const struct machine_walk_input *input, struct point start,
                  const struct machine_state *state, struct machine_segment *segment,
                  struct fault *fault)
{
    struct machine_walk walk = {
        .arena = arena,
        .terms = terms,
        .input = input,
        .target = input->subject->target,
        .segment = segment,
        .fault = fault,
        .next_epoch = state->epoch + 1,
    };
    struct code_graph graph = {0};
    if (!code_graph_build(arena, input->subject, input->code_start, input->code_end, input->ends,
                          start, input->may_stop_at_start, &graph, fault))
        return false;
    struct reached *nodes = ARENA_ARRAY(arena, struct reached, graph.nodes.count);
    struct machine_state first = state_copy(&walk, state);
    hand_on(&walk, &nodes[0], NULL, &first);
    for (uint32_t i = 0; i < graph.order_count; i++) {
        uint32_t number = graph.order[i];
        const struct code_node *node = &graph.nodes.at[number];
        struct reached *at = &nodes[number];
        if (at->edges.count == 0)
            continue;
        join(&walk, at);
        walk.pc = node->point.pc;
        walk.path = at->path;
        walk.guard = at->guard;
        walk.state = &at->state;
        if (node->is_cut) {
            struct machine_arrival arrival = {
                .kind = ARRIVAL_LOOP,
                .point = node->point,
                .pc = node->point.pc,
                .guard = at->guard,
                .state = at->state,
            };
            ARRAY_PUSH(arena, &segment->arrivals, arrival);
            continue;
        }
        if (!execute(&walk, node, nodes))
            return false;
    }
    return true;
}
