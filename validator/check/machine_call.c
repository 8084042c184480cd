#include "validator/check/contract.h"
#include "validator/check/machine_parts.h"

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
    term address =
        term_add(walk->terms, walk->input->frame,
                 term_word(walk->terms, (uint32_t)(displacement + place.frame_offset), 32));
    return machine_read_word(walk, address, argument);
}

static void oblige_bases(struct machine_walk *walk, uint32_t return_address)
{
    struct terms *terms = walk->terms;
    const struct target *target = walk->target;
    for (size_t i = 0; i < target->base_count; i++)
        machine_oblige(walk, "a base register holds its value at a call",
                       term_eq(terms, walk->state->registers[target->bases[i].number],
                               term_word(terms, walk->input->subject->base_values[i], 32)));
    machine_oblige(walk, "the call returns behind itself",
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
                machine_junk(walk->terms, target->register_name(i), epoch, machine_word_sort());
    size_t kept = 0;
    for (size_t i = 0; i < state->slots.count; i++) {
        int32_t offset = state->slots.at[i].offset;
        if (target->frame_grows_up ? offset < displacement : offset >= displacement)
            state->slots.at[kept++] = state->slots.at[i];
    }
    state->slots.count = kept;
    for (size_t i = 0; i < walk->input->relation->home_count; i++) {
        int64_t start = walk->input->relation->homes[i].offset;
        int64_t end = start + machine_home_size(walk, i);
        if (target->frame_grows_up ? end <= displacement : start >= displacement)
            continue;
        char name[32];
        snprintf(name, sizeof name, "block%zu", i);
        state->blocks[i] = machine_junk(walk->terms, name, epoch, (struct sort){SORT_MEMORY, 0});
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
    machine_oblige(walk, "the routine's precondition", allowed);
    contract_result(walk->input->subject, walk->terms, contract, arguments, &walk->state->memory,
                    &result);
    forget_scratch(walk, displacement);
    walk->state->registers[walk->target->result_register] = result;
    ARRAY_PUSH(walk->arena, &walk->segment->routines, (struct routine_use){contract, displacement});
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
    arrival.state = machine_state_copy(walk, walk->state);
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
    machine_oblige(walk, "the routine's precondition",
                   contract_applies(walk->terms, contract, arrival->arguments));
    ARRAY_PUSH(walk->arena, &walk->segment->routines,
               (struct routine_use){contract, arrival->displacement});
    return true;
}

bool machine_call(struct machine_walk *walk, const struct code_node *node, uint32_t callee,
                  bool *goes_on)
{
    uint32_t back = code_return_address(walk->target, node);
    struct point behind = {back, back + 4};
    const struct contract *contract = subject_contract_at(walk->input->subject, callee);
    *goes_on = false;
    if (contract == NULL)
        return call_function(walk, callee, back);
    if (contract->kind == CONTRACT_NEW && code_ends_at_allocation(walk->input->ends, behind))
        return call_allocator(walk, contract, back);
    *goes_on = true;
    return call_contract(walk, contract, back);
}
