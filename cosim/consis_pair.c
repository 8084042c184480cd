/* Both machines come to the same cuts, calls and returns, in the same order. */
#include "cosim/consis_pair.h"

#include "base/require.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SEGMENT_STEPS_MAX = 1 << 18 };

/* --- Differences --- */

static void say(struct consis_pair *pair, const char *format, va_list arguments)
{
    struct consis_difference *difference = &pair->difference;
    uint32_t dpc = vamp_machine_state(pair->processor)->dpc;
    const struct image_symbol *symbol = image_function_at(pair->subject->image, dpc);
    char instruction[64];
    pair->target->print(pair->subject->image, pair->met_at, instruction, sizeof instruction);
    int used = vsnprintf(difference->text, sizeof difference->text, format, arguments);
    size_t left = used < 0 || (size_t)used >= sizeof difference->text
                      ? 0
                      : sizeof difference->text - (size_t)used;
    snprintf(difference->text + sizeof difference->text - left, left,
             "; C0 at %s:%lu, the code at 0x%08lx in %s, from 0x%08lx (%s) on",
             pair->where.file == NULL ? "?" : pair->where.file, (unsigned long)pair->where.line,
             (unsigned long)dpc, symbol == NULL ? "no function" : symbol->name,
             (unsigned long)pair->met_at, instruction);
}

bool pair_differ(struct consis_pair *pair, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (!pair->difference.is_set)
        say(pair, format, arguments);
    pair->difference.is_set = true;
    va_end(arguments);
    return false;
}

bool pair_differ_in(struct consis_pair *pair, const char *place, uint32_t source, uint32_t machine,
                    const char *format, ...)
{
    struct consis_difference *difference = &pair->difference;
    va_list arguments;
    va_start(arguments, format);
    if (!difference->is_set) {
        say(pair, format, arguments);
        difference->has_values = true;
        difference->source = source;
        difference->machine = machine;
        snprintf(difference->place, sizeof difference->place, "%s", place);
    }
    difference->is_set = true;
    va_end(arguments);
    return false;
}

bool pair_expect(struct consis_pair *pair, const char *place, uint32_t source, uint32_t machine)
{
    pair->counts.values++;
    return source == machine || pair_differ_in(pair, place, source, machine, "%s differs", place);
}

void consis_divergence(const struct consis_pair *pair, struct cosim_divergence *divergence)
{
    const struct consis_difference *difference = &pair->difference;
    divergence->conjunct = COSIM_CONSIS;
    divergence->has_address = difference->has_address;
    divergence->address = difference->address;
    divergence->place = difference->has_values ? difference->place : NULL;
    divergence->abstract = difference->source;
    divergence->concrete = difference->machine;
    memcpy(divergence->text, difference->text, sizeof divergence->text);
}

/* --- The two machines --- */

struct consis_pair *pair_new(struct arena *arena, const struct consis_certificates *certificates,
                             struct vamp_machine *processor, unsigned change_reader)
{
    struct consis_pair *pair = ARENA_NEW(arena, struct consis_pair);
    const struct subject *subject = &certificates->subject;
    struct c0_limits limits = {(subject->heap.end - subject->heap.start) / 4 - 1,
                               (subject->stack.end - subject->stack.start) / 4};
    pair->arena = arena;
    pair->certificates = certificates;
    pair->subject = subject;
    pair->target = subject->target;
    pair->processor = processor;
    pair->change_reader = change_reader;
    pair->segment_steps_max = SEGMENT_STEPS_MAX;
    pair->source = c0_machine_new(arena, subject->program, limits);
    pair->steps = c0_steps_new(pair->source);
    c0_machine_track_changes(pair->source);
    vamp_machine_track_changes_for(processor, change_reader);
    placing_prepare(pair);
    pair_memory_prepare(pair);
    return pair;
}

void pair_note_access(struct consis_pair *pair, bool is_write, uint32_t address, uint32_t word)
{
    struct consis_access access = {is_write, address, word};
    ARRAY_PUSH(pair->arena, &pair->accesses, access);
}

static struct consis_frame *top(struct consis_pair *pair)
{
    return &pair->frames.at[pair->frames.count - 1];
}

static const struct c0_flow_node *head(const struct consis_pair *pair)
{
    return c0_steps_node(pair->steps, c0_steps_depth(pair->steps) - 1);
}

static const struct consis_function *known(const struct consis_pair *pair,
                                           const struct c0_function *function)
{
    return &pair->certificates->functions[function->index];
}

static const struct relation *top_relation(struct consis_pair *pair)
{
    return known(pair, top(pair)->function)->relation;
}

static struct point point_of(const struct consis_pair *pair)
{
    const struct vamp_state *state = vamp_machine_state(pair->processor);
    return (struct point){state->dpc, state->pcp};
}

static bool is_same_point(struct point point, uint32_t pc)
{
    return point.pc == pc && point.next == pc + 4;
}

/* --- C0 follows --- */

static bool is_leaving(const struct c0_flow_node *node)
{
    return node->kind == C0_FLOW_ASM && c0_flow_asm_step(node)->kind == C0_ASM_STEP_END;
}

/* Where a segment ends on C0's side. */
enum stop { STOP_NOWHERE, STOP_LOOP, STOP_NEW, STOP_CALL, STOP_RETURN, STOP_LEAVE };

/* A loop may be cut at any node, also at a call: it is met first, and the node is executed then. */
static enum stop stop_of(struct consis_pair *pair)
{
    const struct c0_flow_node *node = head(pair);
    const bool *is_cut = known(pair, top(pair)->function)->is_cut;
    bool is_here =
        is_cut != NULL && is_cut[c0_steps_node_number(pair->steps, pair->frames.count - 1)];
    if (is_here && node->kind == C0_FLOW_NEW)
        return STOP_NEW;
    if (is_here && !pair->is_behind_loop)
        return STOP_LOOP;
    if (node->kind == C0_FLOW_CALL)
        return STOP_CALL;
    if (node->kind == C0_FLOW_RETURN)
        return STOP_RETURN;
    return is_leaving(node) ? STOP_LEAVE : STOP_NOWHERE;
}

static void note_where(struct consis_pair *pair)
{
    const struct c0_stmt *stmt = head(pair)->stmt;
    if (stmt != NULL)
        pair->where = stmt->where;
}

/* One step. False: C0 faults. */
static bool step(struct consis_pair *pair)
{
    note_where(pair);
    pair->is_behind_loop = false;
    c0_steps_step(pair->steps);
    pair->counts.steps++;
    return !c0_steps_has_ended(pair->steps) || c0_steps_outcome(pair->steps).status != C0_FAULTED;
}

static enum pair_status faulted(struct consis_pair *pair)
{
    return pair->difference.is_set ? PAIR_DIFFERS : PAIR_FAULTS;
}

/* Room for a call's arguments. */
static uint32_t *words_for(struct consis_pair *pair, const struct c0_function *callee)
{
    while (pair->words.count <= callee->parameter_count)
        ARRAY_PUSH(pair->arena, &pair->words, 0);
    return pair->words.at;
}

/* The arguments of the call, or the result of the return, that comes next: `words`. False: their
 * values fault. */
static bool look_ahead(struct consis_pair *pair, enum stop stop)
{
    if (stop == STOP_CALL)
        return c0_steps_arguments(pair->steps, words_for(pair, head(pair)->stmt->callee));
    return stop != STOP_RETURN ||
           c0_steps_result(pair->steps, words_for(pair, top(pair)->function));
}

/* To the next stop, with the devices' answers that the processor has had. NOWHERE: C0 faults, or
 * goes on for ever, or a device was asked something else. */
static enum stop follow(struct consis_pair *pair)
{
    for (uint64_t i = 0; i < pair->segment_steps_max; i++) {
        enum stop stop = stop_of(pair);
        note_where(pair);
        if (stop != STOP_NOWHERE)
            return look_ahead(pair, stop) ? stop : STOP_NOWHERE;
        if (!step(pair))
            break;
    }
    return STOP_NOWHERE;
}

/* --- What is the same wherever they meet --- */

static bool accesses_agree(struct consis_pair *pair)
{
    size_t count = pair->accesses.count;
    if (pair->answered != count)
        return pair_differ(pair, "the code %s the device at 0x%08lx, and C0 does not",
                           pair->accesses.at[pair->answered].is_write ? "writes" : "reads",
                           (unsigned long)pair->accesses.at[pair->answered].address);
    pair->counts.values += count;
    pair->accesses.count = pair->answered = 0;
    return true;
}

static bool states_agree(struct consis_pair *pair, uint32_t allocated)
{
    return accesses_agree(pair) && pair_specials_agree(pair) && pair_memory_agrees(pair, allocated);
}

static bool bases_agree(struct consis_pair *pair)
{
    const struct target *target = pair->target;
    const uint32_t *gpr = vamp_machine_state(pair->processor)->gpr;
    for (size_t i = 0; i < target->base_count; i++) {
        unsigned number = target->bases[i].number;
        if (!pair_expect(pair, target->register_name(number), pair->subject->base_values[i],
                         gpr[number]))
            return false;
    }
    return true;
}

static enum pair_status met(struct consis_pair *pair, bool agree)
{
    pair->met_at = vamp_machine_state(pair->processor)->dpc;
    return agree ? PAIR_AGREES : PAIR_DIFFERS;
}

static enum pair_status elsewhere(struct consis_pair *pair, const char *place)
{
    pair_differ(pair, "C0 comes to %s, and the code does not", place);
    return PAIR_DIFFERS;
}

/* --- Loops --- */

static enum pair_status meet_loop(struct consis_pair *pair)
{
    size_t frame = pair->frames.count - 1;
    const struct cut *cut = pair_cut(top_relation(pair), CUT_LOOP, point_of(pair));
    if (cut == NULL || cut->node != c0_steps_node_number(pair->steps, frame))
        return elsewhere(pair, "a loop");
    pair->counts.cuts++;
    pair->is_behind_loop = true;
    return met(pair, states_agree(pair, placing_allocated(pair)) &&
                         pair_relation_agrees(pair, cut, frame));
}

/* --- `new` by the allocator --- */

static enum pair_status meet_new(struct consis_pair *pair)
{
    const struct c0_flow_node *node = head(pair);
    size_t frame = pair->frames.count - 1;
    const struct cut *cut = pair_cut(top_relation(pair), CUT_CALL, point_of(pair));
    if (cut == NULL || cut->node != c0_steps_node_number(pair->steps, frame))
        return elsewhere(pair, "a call of the allocator");
    uint32_t cell = c0_steps_new_object(pair->steps);
    uint32_t result = vamp_machine_state(pair->processor)->gpr[pair->target->result_register];
    uint32_t allocated =
        placing_allocated(pair) + (cell == 0 ? 0 : node->stmt->allocated->size_cells);
    pair->counts.calls++;
    bool agree = pair_expect(pair, "the new object", placing_address(pair, cell), result) &&
                 states_agree(pair, allocated) && pair_relation_agrees(pair, cut, frame);
    enum pair_status status = met(pair, agree);
    return agree && !step(pair) ? faulted(pair) : status;
}

/* --- Calls --- */

static uint32_t parameter_word(const struct consis_pair *pair, uint32_t base, uint32_t number)
{
    struct parameter_place place = pair->target->parameter(number);
    if (place.in_register)
        return vamp_machine_state(pair->processor)->gpr[place.number];
    return pair_memory_word(pair, base + (uint32_t)place.frame_offset);
}

static bool parameters_agree(struct consis_pair *pair, const struct c0_function *function,
                             uint32_t base, const uint32_t *words)
{
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        const struct c0_variable *parameter = function->variables[i];
        if (!pair_expect(pair, parameter->name, placing_word(pair, parameter->type, words[i]),
                         parameter_word(pair, base, i)))
            return false;
    }
    return true;
}

static struct consis_frame entered(const struct consis_pair *pair,
                                   const struct c0_function *function)
{
    const struct vamp_state *state = vamp_machine_state(pair->processor);
    struct consis_frame frame = {
        .function = function,
        .base = state->gpr[pair->target->frame_register],
        .back = state->gpr[pair->target->return_register],
    };
    memcpy(frame.registers, state->gpr, sizeof frame.registers);
    return frame;
}

/* A frame lies in the stack, behind the caller's base. */
static bool frame_is_good(struct consis_pair *pair, const struct consis_frame *frame)
{
    struct region stack = pair->subject->stack;
    const struct relation *relation = known(pair, frame->function)->relation;
    uint32_t low = pair->frames.count == 0 ? stack.start : top(pair)->base + 4;
    uint32_t need = relation == NULL ? 0 : relation->frame_bytes;
    pair->counts.values++;
    if (frame->base % 4 == 0 && frame->base >= low && frame->base <= stack.end &&
        need <= stack.end - frame->base)
        return true;
    return pair_differ_in(pair, "the frame", low, frame->base,
                          "the frame of '%s' lies in the caller's or outside the stack",
                          frame->function->name);
}

/* The call comes back to where the caller's relation has a cut behind this very call. */
static bool way_back_is_good(struct consis_pair *pair, const struct consis_frame *frame)
{
    const struct relation *relation = top_relation(pair);
    const struct cut *cut =
        pair_cut(relation, CUT_CALL, (struct point){frame->back, frame->back + 4});
    if (relation == NULL ||
        (cut != NULL && cut->node == c0_steps_node_number(pair->steps, pair->frames.count - 1)))
        return true;
    return pair_differ_in(pair, "the return address", 0, frame->back,
                          "the call of '%s' comes back to no cut behind it", frame->function->name);
}

static bool call_agrees(struct consis_pair *pair, const struct consis_frame *frame,
                        const uint32_t *words)
{
    return bases_agree(pair) && parameters_agree(pair, frame->function, frame->base, words) &&
           states_agree(pair, placing_allocated(pair)) && frame_is_good(pair, frame);
}

/* A function may begin with a loop's cut: then C0 is there already. */
static enum pair_status meet_first_loop(struct consis_pair *pair)
{
    if (pair_cut(top_relation(pair), CUT_LOOP, point_of(pair)) == NULL)
        return PAIR_AGREES;
    return follow(pair) == STOP_LOOP ? meet_loop(pair) : elsewhere(pair, "no loop");
}

static enum pair_status meet_call(struct consis_pair *pair)
{
    const struct c0_function *callee = head(pair)->stmt->callee;
    struct consis_point point = consis_point_at(pair->certificates, point_of(pair).pc);
    if ((point.roles & POINT_ENTRY) == 0 || point.function != callee->index)
        return elsewhere(pair, callee->name);
    struct consis_frame frame = entered(pair, callee);
    pair->counts.calls++;
    if (!way_back_is_good(pair, &frame) || !call_agrees(pair, &frame, pair->words.at))
        return met(pair, false);
    if (!step(pair))
        return faulted(pair);
    ARRAY_PUSH(pair->arena, &pair->frames, frame);
    enum pair_status status = meet_first_loop(pair);
    return status == PAIR_AGREES ? met(pair, true) : status;
}

enum pair_status pair_begin(struct consis_pair *pair, const struct c0_function *function,
                            const uint32_t *arguments)
{
    pair->frames.count = 0;
    pair->accesses.count = pair->answered = 0;
    pair->is_behind_loop = false;
    pair->where = function->where;
    pair->met_at = vamp_machine_state(pair->processor)->dpc;
    pair->world->processor = *vamp_machine_state(pair->processor);
    pair->counts.runs++;
    struct consis_frame frame = entered(pair, function);
    if (!call_agrees(pair, &frame, arguments))
        return PAIR_DIFFERS;
    c0_steps_begin(pair->steps, function, arguments);
    if (c0_steps_has_ended(pair->steps))
        return PAIR_FAULTS;
    ARRAY_PUSH(pair->arena, &pair->frames, frame);
    return meet_first_loop(pair);
}

/* --- Returns --- */

/* The caller's relation holds before its variable takes the result. */
static bool caller_agrees(struct consis_pair *pair)
{
    if (pair->frames.count < 2)
        return true;
    size_t frame = pair->frames.count - 2;
    const struct relation *relation = known(pair, pair->frames.at[frame].function)->relation;
    const struct cut *cut = pair_cut(relation, CUT_CALL, point_of(pair));
    return cut == NULL || pair_relation_agrees(pair, cut, frame);
}

static bool result_agrees(struct consis_pair *pair, uint32_t word)
{
    const struct c0_type *type = top(pair)->function->result;
    uint32_t result = vamp_machine_state(pair->processor)->gpr[pair->target->result_register];
    return type->kind == C0_TYPE_VOID ||
           pair_expect(pair, "the result", placing_word(pair, type, word), result);
}

static bool preserved_agree(struct consis_pair *pair)
{
    const struct target *target = pair->target;
    const uint32_t *gpr = vamp_machine_state(pair->processor)->gpr;
    for (size_t i = 0; i < target->preserved_count; i++) {
        unsigned number = target->preserved[i];
        if (!pair_expect(pair, target->register_name(number), top(pair)->registers[number],
                         gpr[number]))
            return false;
    }
    return pair_expect(pair, "the frame's base", top(pair)->base, gpr[target->frame_register]);
}

static enum pair_status meet_return(struct consis_pair *pair)
{
    if (!is_same_point(point_of(pair), top(pair)->back))
        return elsewhere(pair, "a return");
    pair->counts.returns++;
    bool agree = result_agrees(pair, pair->words.at[0]) && bases_agree(pair) &&
                 preserved_agree(pair) && states_agree(pair, placing_allocated(pair)) &&
                 caller_agrees(pair);
    enum pair_status status = met(pair, agree);
    if (!agree)
        return status;
    pair->frames.count--;
    if (!step(pair))
        return faulted(pair);
    return pair->frames.count == 0 ? PAIR_RETURNED : PAIR_AGREES;
}

/* --- The end of the kernel's run --- */

/* All that the processor holds is handed on. */
static enum pair_status meet_leave(struct consis_pair *pair)
{
    const struct vamp_state *source = &pair->world->processor;
    const struct vamp_state *machine = vamp_machine_state(pair->processor);
    if ((consis_point_at(pair->certificates, machine->dpc).roles & POINT_LEAVE) == 0 ||
        !is_same_point(point_of(pair), machine->dpc))
        return elsewhere(pair, "rfe");
    bool agree = states_agree(pair, placing_allocated(pair));
    for (unsigned i = 1; agree && i < pair->target->register_count; i++)
        agree = pair_expect(pair, pair->target->register_name(i), source->gpr[i], machine->gpr[i]);
    enum pair_status status = met(pair, agree);
    if (!agree)
        return status;
    pair->frames.count = 0;
    return step(pair) ? PAIR_LEFT : faulted(pair);
}

/* --- Arrivals --- */

/* In the midst of this call, control ends a segment here. */
static bool is_arrival(struct consis_pair *pair, struct point point)
{
    struct consis_point at = consis_point_at(pair->certificates, point.pc);
    if ((at.roles & POINT_ENTRY) != 0 && point.next == point.pc + 4)
        return true;
    return (at.roles & POINT_LEAVE) != 0 || is_same_point(point, top(pair)->back) ||
           pair_cut(top_relation(pair), CUT_LOOP, point) != NULL ||
           pair_cut(top_relation(pair), CUT_CALL, point) != NULL;
}

enum pair_status pair_arrive(struct consis_pair *pair)
{
    require(pair->frames.count != 0, "both are in a call");
    if (!is_arrival(pair, point_of(pair)))
        return PAIR_PASSES;
    switch (follow(pair)) {
    case STOP_NOWHERE:
        return faulted(pair);
    case STOP_LOOP:
        return meet_loop(pair);
    case STOP_NEW:
        return meet_new(pair);
    case STOP_CALL:
        return meet_call(pair);
    case STOP_RETURN:
        return meet_return(pair);
    case STOP_LEAVE:
        return meet_leave(pair);
    }
    require(false, "a place where C0 stops");
    return PAIR_DIFFERS;
}

enum pair_status pair_give_up(struct consis_pair *pair, const char *why)
{
    if (follow(pair) == STOP_NOWHERE)
        return faulted(pair);
    pair_differ(pair, "the code does not come to the next cut: %s", why);
    return PAIR_DIFFERS;
}
