#include "validator/check/check.h"

static bool complain(struct fault *fault, const char *message, size_t cut)
{
    return fault_at(fault, (struct location){0}, "certificate: cut %zu: %s", cut, message);
}

static bool homes_are_sound(const struct check_input *input, struct fault *fault)
{
    const struct relation *relation = input->relation;
    const struct target *target = input->subject->target;
    for (size_t i = 0; i < relation->home_count; i++) {
        const struct c0_variable *variable =
            relation->function->variables[relation->homes[i].variable];
        int64_t start = relation->homes[i].offset;
        int64_t end = start + layout_size_bytes(input->subject, variable->type);
        int64_t low = target->frame_grows_up ? 0 : -(int64_t)relation->frame_bytes;
        int64_t high = target->frame_grows_up ? relation->frame_bytes : 0;
        if (c0_type_is_elementary(variable->type))
            return fault_at(fault, variable->where, "certificate: '%s' is no aggregate",
                            variable->name);
        if (start % 4 != 0 || start < low || end > high)
            return fault_at(fault, variable->where,
                            "certificate: the home of '%s' lies outside the frame",
                            variable->name);
        for (uint32_t k = 0; k < relation->function->parameter_count; k++) {
            struct parameter_place place = target->parameter(k);
            if (!place.in_register && place.frame_offset + 4 > start && place.frame_offset < end)
                return fault_at(fault, variable->where,
                                "certificate: the home of '%s' lies on a parameter",
                                variable->name);
        }
        for (size_t k = 0; k < i; k++) {
            const struct c0_variable *other =
                relation->function->variables[relation->homes[k].variable];
            int64_t other_start = relation->homes[k].offset;
            int64_t other_end = other_start + layout_size_bytes(input->subject, other->type);
            if (relation->homes[k].variable == relation->homes[i].variable ||
                (start < other_end && other_start < end))
                return fault_at(fault, variable->where,
                                "certificate: the homes of '%s' and '%s' overlap", other->name,
                                variable->name);
        }
    }
    return true;
}

bool relation_is_sound(struct arena *arena, const struct check_input *input, struct fault *fault)
{
    const struct relation *relation = input->relation;
    const struct image_symbol *symbol = input->symbol;
    struct region stack = input->subject->stack;
    if (relation->frame_bytes % 4 != 0 || relation->frame_bytes > stack.end - stack.start)
        return fault_at(fault, relation->function->where,
                        "certificate: a frame of %lu bytes is no part of the stack",
                        (unsigned long)relation->frame_bytes);
    if (!homes_are_sound(input, fault))
        return false;
    for (size_t i = 1; i < relation->cut_count; i++) {
        const struct cut *cut = &relation->cuts[i];
        if (cut->kind == CUT_ENTRY)
            return complain(fault, "only cut 0 is the entry", i);
        if (cut->node >= input->flow->count)
            return complain(fault, "no such node in the source", i);
        enum c0_flow_kind kind = input->flow->nodes[cut->node].kind;
        if (cut->kind == CUT_CALL && kind != C0_FLOW_CALL && kind != C0_FLOW_NEW)
            return complain(fault, "the node is no call", i);
        if (cut->kind == CUT_LOOP && kind == C0_FLOW_NEW)
            return complain(fault, "`new` is cut behind it, not before", i);
        if (cut->point.pc < symbol->address ||
            cut->point.pc - symbol->address >= symbol->size_bytes || cut->point.pc % 4 != 0)
            return complain(fault, "the point is not in the function's code", i);
        for (size_t k = 1; k < i; k++) {
            const struct cut *other = &relation->cuts[k];
            if (other->kind == cut->kind && other->point.pc == cut->point.pc &&
                other->point.next == cut->point.next)
                return complain(fault, "a second relation for the same point", i);
        }
        if (!equalities_are_sound(arena, input->subject, relation, cut, fault))
            return false;
    }
    return true;
}

struct walk_ends walk_ends_of(struct arena *arena, const struct check_input *input)
{
    const struct relation *relation = input->relation;
    bool *nodes = ARENA_ARRAY(arena, bool, input->flow->count);
    struct point *points = ARENA_ARRAY(arena, struct point, relation->cut_count);
    struct point *allocations = ARENA_ARRAY(arena, struct point, relation->cut_count);
    struct walk_ends ends = {nodes,
                             {.points = points,
                              .allocations = allocations,
                              .allows_system = relation->has_blocks}};
    for (size_t i = 1; i < relation->cut_count; i++) {
        const struct cut *cut = &relation->cuts[i];
        bool is_new = input->flow->nodes[cut->node].kind == C0_FLOW_NEW;
        if (cut->kind == CUT_LOOP)
            points[ends.code.point_count++] = cut->point;
        else if (is_new)
            allocations[ends.code.allocation_count++] = cut->point;
        nodes[cut->node] = nodes[cut->node] || cut->kind == CUT_LOOP || is_new;
    }
    return ends;
}

bool segment_build(struct arena *arena, struct terms *terms, const struct check_input *input,
                   const struct cut *cut, const struct walk_ends *ends, struct segment *segment,
                   struct fault *fault)
{
    *segment = (struct segment){0};
    if (!cut_start_build(arena, terms, input->subject, input->relation, input->flow, cut,
                         &segment->start, fault))
        return false;
    uint32_t entry = input->symbol->address;
    if (cut->kind == CUT_ENTRY)
        segment->start.point = (struct point){entry, entry + 4};
    source_walk(arena, terms, input->subject, input->function, input->relation->has_blocks,
                input->flow, ends->nodes, &segment->start.source, &segment->source);
    struct machine_walk_input walk = {
        .subject = input->subject,
        .relation = input->relation,
        .ends = &ends->code,
        .may_stop_at_start = cut->kind == CUT_ENTRY,
        .source = &segment->source,
        .frame = symbol_frame(terms),
        .code_start = entry,
        .code_end = entry + input->symbol->size_bytes,
    };
    return machine_walk(arena, terms, &walk, segment->start.point, &segment->start.machine,
                        &segment->machine, fault);
}
