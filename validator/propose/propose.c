#include "validator/propose/propose.h"

#include "validator/check/block.h"
#include "validator/check/code_graph.h"
#include "validator/check/prove.h"
#include "validator/propose/proposer.h"

#include <string.h>

enum { ROUNDS_MAX = 2000, RESTARTS_MAX = 64, TURNS_MAX = 4 };

/* ---- the draft as a relation ---- */

static void refresh_views(struct proposer *proposer)
{
    proposer->views.count = 0;
    for (size_t i = 0; i < proposer->cuts.count; i++) {
        struct cut view = proposer->cuts.at[i].cut;
        view.equalities = proposer->cuts.at[i].equalities.at;
        view.equality_count = proposer->cuts.at[i].equalities.count;
        view.bounds = proposer->cuts.at[i].bounds.at;
        view.bound_count = proposer->cuts.at[i].bounds.count;
        ARRAY_PUSH(proposer->arena, &proposer->views, view);
    }
    proposer->relation.cuts = proposer->views.at;
    proposer->relation.cut_count = proposer->views.count;
}

static void collect_assumptions(struct proposer *proposer)
{
    const struct segment *segment = &proposer->segment;
    proposer->assumptions.count = 0;
    for (size_t i = 0; i < segment->start.assumptions.count; i++)
        ARRAY_PUSH(proposer->arena, &proposer->assumptions, segment->start.assumptions.at[i]);
    for (size_t i = 0; i < segment->source.assumptions.count; i++)
        ARRAY_PUSH(proposer->arena, &proposer->assumptions, segment->source.assumptions.at[i]);
}

static struct prover prover_of(struct proposer *proposer)
{
    return (struct prover){
        .arena = proposer->arena,
        .terms = proposer->terms,
        .solver = proposer->solver,
        .assumptions = proposer->assumptions.at,
        .assumption_count = proposer->assumptions.count,
    };
}

/* The goal's answer where none needs to be proved: it folded, or a sample shows it wrong. */
static bool is_plain(struct proposer *proposer, term guard, term goal, bool *holds)
{
    *holds = term_is_true(proposer->terms, goal);
    return *holds || term_is_false(proposer->terms, goal) ||
           samples_refute(&proposer->samples, proposer->terms, guard, goal);
}

bool proposer_holds(struct proposer *proposer, term guard, term goal)
{
    bool holds;
    if (is_plain(proposer, guard, goal, &holds))
        return holds;
    struct prover prover = prover_of(proposer);
    return prove(&prover, "propose", guard, goal).answer == ANSWER_PROVED;
}

bool proposer_equal(struct proposer *proposer, term guard, term a, term b)
{
    bool holds;
    if (is_plain(proposer, guard, term_eq(proposer->terms, a, b), &holds))
        return holds;
    struct prover prover = prover_of(proposer);
    return prove_equal(&prover, "propose", guard, a, b).answer == ANSWER_PROVED;
}

bool proposer_is_live(const struct proposer *proposer, const struct cut *cut, uint32_t variable)
{
    const struct c0_flow *flow = proposer->input.flow;
    uint32_t variables = proposer->input.function->variable_count;
    if (variable >= variables)
        return (int)(variable - variables) != proposer->input.subject->target->zero_register &&
               cut->kind == CUT_LOOP && flow->nodes[cut->node].kind == C0_FLOW_ASM;
    return liveness_at(&proposer->liveness, flow, cut->node, cut->kind == CUT_CALL, variable);
}

uint32_t proposer_value_count(const struct proposer *proposer)
{
    return block_named_count(proposer->input.subject->target, proposer->input.function,
                             proposer->relation.has_blocks);
}

bool proposer_survives(const struct proposer *proposer, const struct machine_arrival *arrival,
                       struct place place)
{
    return arrival->kind != ARRIVAL_CALL ||
           place_survives_call(proposer->input.subject->target, place, arrival->displacement);
}

/* ---- meeting cuts ---- */

static void open_cut(struct proposer *proposer, enum cut_kind kind, uint32_t node,
                     struct machine_arrival *machine, const struct source_arrival *source)
{
    struct draft_cut draft = {
        .cut = {.kind = kind, .node = node, .point = machine->point},
        .is_dirty = true,
        .first_machine = machine->state,
        .first_source = source->state,
    };
    candidates_add(proposer, &draft, machine, source);
    ARRAY_PUSH(proposer->arena, &proposer->cuts, draft);
}

static struct draft_cut *cut_at(struct proposer *proposer, enum cut_kind kind, struct point point)
{
    for (size_t i = 1; i < proposer->cuts.count; i++) {
        struct cut *cut = &proposer->cuts.at[i].cut;
        if (cut->kind == kind && cut->point.pc == point.pc && cut->point.next == point.next)
            return &proposer->cuts.at[i];
    }
    return NULL;
}

static bool callee_fits(const struct proposer *proposer, const struct machine_arrival *machine,
                        const struct source_arrival *source)
{
    return machine->kind != ARRIVAL_CALL ||
           proposer->input.flow->nodes[source->node].stmt->callee == machine->callee;
}

/* Control never comes there: whatever the source does would fit, so nothing is to be learned. */
static bool is_dead(struct proposer *proposer, const struct machine_arrival *machine)
{
    struct terms *terms = proposer->terms;
    return proposer_holds(proposer, term_true(terms), term_not(terms, machine->guard));
}

/* The source's arrival that goes with a machine's: the same guard, or else the only one whose
 * guard the machine's is seen to imply. */
static const struct source_arrival *partner(struct proposer *proposer,
                                            const struct machine_arrival *machine)
{
    const struct source_segment *source = &proposer->segment.source;
    for (size_t i = 0; i < source->arrivals.count; i++) {
        const struct source_arrival *arrival = &source->arrivals.at[i];
        if (arrival->kind == machine->kind && term_same(arrival->guard, machine->guard) &&
            callee_fits(proposer, machine, arrival))
            return arrival;
    }
    for (size_t i = 0; i < source->arrivals.count; i++) {
        const struct source_arrival *arrival = &source->arrivals.at[i];
        if (arrival->kind == machine->kind && callee_fits(proposer, machine, arrival) &&
            proposer_holds(proposer, machine->guard, arrival->guard))
            return arrival;
    }
    return NULL;
}

static const struct source_arrival *arrival_of(const struct proposer *proposer,
                                               enum arrival_kind kind, uint32_t node)
{
    const struct source_segment *source = &proposer->segment.source;
    for (size_t i = 0; i < source->arrivals.count; i++)
        if (source->arrivals.at[i].kind == kind && source->arrivals.at[i].node == node)
            return &source->arrivals.at[i];
    return NULL;
}

struct equality_judge {
    struct proposer *proposer;
    term guard;
};

static bool are_equal(void *self, term a, term b)
{
    struct equality_judge *judge = self;
    return proposer_equal(judge->proposer, judge->guard, a, b);
}

/* Finds an aggregate's home from what this arrival shows; true if one was added. */
static bool learn_home(struct proposer *proposer, struct machine_arrival *machine,
                       const struct source_arrival *source)
{
    struct equality_judge equality = {proposer, machine->guard};
    struct home_judge judge = {are_equal, &equality};
    for (uint32_t v = 0; v < proposer->input.function->variable_count; v++) {
        const struct c0_variable *variable = proposer->input.function->variables[v];
        if (c0_type_is_elementary(variable->type) || homes_know(&proposer->homes, v))
            continue;
        if (homes_learn_from_values(proposer->arena, proposer->terms, &proposer->input,
                                    &proposer->homes, v, source->state.values[v], &machine->state,
                                    &judge))
            return true;
    }
    return false;
}

static bool states_block(const struct draft_cut *draft, const struct home *home)
{
    for (size_t i = 0; i < draft->equalities.count; i++) {
        const struct equality *equality = &draft->equalities.at[i];
        if (equality->place.kind == PLACE_BLOCK && equality->place.offset == home->offset)
            return true;
    }
    return false;
}

/* A home whose block does not even hold the live aggregate when control first comes here was a
 * wrong guess; true if one was given up. */
static bool doubt_homes(struct proposer *proposer, const struct draft_cut *draft)
{
    for (size_t i = 0; i < proposer->homes.at.count; i++)
        if (proposer_is_live(proposer, &draft->cut, proposer->homes.at.at[i].variable) &&
            !states_block(draft, &proposer->homes.at.at[i])) {
            homes_reject(proposer->arena, &proposer->homes, i);
            return true;
        }
    return false;
}

enum progress { PROGRESS_ON, PROGRESS_RESTART, PROGRESS_FAILED };

/* Control comes to a known pair of points: does the source come there as well? */
static bool meets(struct proposer *proposer, const struct machine_arrival *machine,
                  const struct source_arrival *source)
{
    return source != NULL && (term_same(machine->guard, source->guard) ||
                              proposer_holds(proposer, machine->guard, source->guard));
}

static void note_unmatched(struct proposer *proposer, const struct machine_arrival *machine)
{
    proposer->cuts.at[proposer->walked].unmatched = machine;
}

static void meet_again(struct proposer *proposer, struct draft_cut *draft,
                       struct machine_arrival *machine)
{
    const struct source_arrival *source = arrival_of(proposer, machine->kind, draft->cut.node);
    if (!meets(proposer, machine, source)) {
        note_unmatched(proposer, machine);
        return;
    }
    candidates_prune(proposer, draft, machine, source);
    if (draft == &proposer->cuts.at[proposer->walked])
        candidates_fit(proposer, draft, machine, source);
}

/* The run ends, and the source ends it somewhere: the checker tells where. */
static void end_run(struct proposer *proposer, const struct machine_arrival *machine)
{
    const struct source_segment *source = &proposer->segment.source;
    term ends = term_false(proposer->terms);
    for (size_t i = 0; i < source->arrivals.count; i++)
        if (source->arrivals.at[i].kind == ARRIVAL_LEAVE)
            ends = term_or(proposer->terms, ends, source->arrivals.at[i].guard);
    if (!proposer_holds(proposer, machine->guard, ends))
        note_unmatched(proposer, machine);
}

static enum progress handle_arrival(struct proposer *proposer, struct machine_arrival *machine)
{
    if (machine->kind == ARRIVAL_LEAVE) {
        end_run(proposer, machine);
        return PROGRESS_ON;
    }
    if (machine->kind == ARRIVAL_EXIT) {
        const struct source_arrival *end = partner(proposer, machine);
        if (end == NULL)
            note_unmatched(proposer, machine);
        else if (!term_same(end->state.memory, machine->state.memory) &&
                 learn_home(proposer, machine, end))
            return PROGRESS_RESTART;
        return PROGRESS_ON;
    }
    enum cut_kind kind = machine->kind == ARRIVAL_LOOP ? CUT_LOOP : CUT_CALL;
    struct draft_cut *draft = cut_at(proposer, kind, machine->point);
    if (draft != NULL) {
        meet_again(proposer, draft, machine);
        return PROGRESS_ON;
    }
    const struct source_arrival *source = partner(proposer, machine);
    bool is_certain = source != NULL && term_same(source->guard, machine->guard);
    if (!is_certain && is_dead(proposer, machine))
        return PROGRESS_ON;
    if (source == NULL) {
        note_unmatched(proposer, machine);
        return PROGRESS_ON;
    }
    if (learn_home(proposer, machine, source))
        return PROGRESS_RESTART;
    open_cut(proposer, kind, source->node, machine, source);
    return doubt_homes(proposer, &proposer->cuts.at[proposer->cuts.count - 1]) ? PROGRESS_RESTART
                                                                               : PROGRESS_ON;
}

static enum progress walk_cut(struct proposer *proposer, size_t number)
{
    proposer->walked = number;
    proposer->cuts.at[number].unmatched = NULL;
    proposer->cuts.at[number].is_dirty = false;
    refresh_views(proposer);
    struct fault fault = {0};
    const struct cut *cut = &proposer->relation.cuts[number];
    if (!segment_build(proposer->arena, proposer->terms, &proposer->input, cut, &proposer->ends,
                       &proposer->segment, &fault)) {
        if (!term_is_none(proposer->segment.machine.unexplained) &&
            homes_learn_from_address(proposer->arena, proposer->terms, &proposer->input,
                                     &proposer->homes, &proposer->segment.source,
                                     proposer->segment.machine.unexplained))
            return PROGRESS_RESTART;
        *proposer->fault = fault;
        return PROGRESS_FAILED;
    }
    if (proposer->segment.machine.extent_bytes > proposer->extent_bytes)
        proposer->extent_bytes = proposer->segment.machine.extent_bytes;
    collect_assumptions(proposer);
    proposer->samples = samples_make(proposer->arena, proposer->terms, proposer->input.subject,
                                     &proposer->segment, proposer->input.function);
    for (size_t i = 0; i < proposer->segment.machine.arrivals.count; i++) {
        enum progress progress =
            handle_arrival(proposer, &proposer->segment.machine.arrivals.at[i]);
        if (progress != PROGRESS_ON)
            return progress;
    }
    return PROGRESS_ON;
}

static const char *unmatched_message(enum arrival_kind kind)
{
    switch (kind) {
    case ARRIVAL_LOOP:
        return "a loop of the code that matches no loop of the source";
    case ARRIVAL_CALL:
        return "a call that matches no call of the source";
    case ARRIVAL_LEAVE:
        return "the run ends where the source is not seen to end it";
    case ARRIVAL_EXIT:
        return "a return where the source is not seen to return";
    }
    return "";
}

static bool all_matched(struct proposer *proposer)
{
    for (size_t i = 0; i < proposer->cuts.count; i++) {
        const struct machine_arrival *arrival = proposer->cuts.at[i].unmatched;
        if (arrival != NULL)
            return code_refuse(proposer->input.subject, proposer->fault, arrival->pc,
                               unmatched_message(arrival->kind));
    }
    return true;
}

static enum progress run(struct proposer *proposer)
{
    proposer->cuts.count = 0;
    ARRAY_PUSH(proposer->arena, &proposer->cuts,
               (struct draft_cut){.cut = {.kind = CUT_ENTRY}, .is_dirty = true});
    proposer->relation.homes = proposer->homes.at.at;
    proposer->relation.home_count = proposer->homes.at.count;
    for (unsigned round = 0; round < ROUNDS_MAX; round++) {
        size_t number = 0;
        while (number < proposer->cuts.count && !proposer->cuts.at[number].is_dirty)
            number++;
        if (number == proposer->cuts.count)
            return all_matched(proposer) ? PROGRESS_ON : PROGRESS_FAILED;
        enum progress progress = walk_cut(proposer, number);
        if (progress != PROGRESS_ON)
            return progress;
    }
    fault_at(proposer->fault, proposer->input.function->where,
             "the search for a relation did not end");
    return PROGRESS_FAILED;
}

/* One way to place the cuts. A loop of the source is cut at its test, as it is written, or where
 * its body starts, as it must be for code that tests at the bottom; a `new` at the call of the
 * allocator, or not at all, as it must be for code that allocates inline. */
struct plan {
    uint64_t rotated; /* a bit for each loop, in source order */
    bool allocates_inline;
};

static bool *cut_nodes(struct arena *arena, const struct c0_flow *flow, struct plan plan)
{
    bool *nodes = ARENA_ARRAY(arena, bool, flow->count);
    unsigned loop = 0;
    for (uint32_t i = 0; i < flow->count; i++) {
        const struct c0_flow_node *node = &flow->nodes[i];
        if (node->kind == C0_FLOW_NEW && !plan.allocates_inline)
            nodes[i] = true;
        if (!c0_flow_is_loop_head(node) || source_never_loops(node))
            continue;
        bool is_rotated = loop < 64 && (plan.rotated >> loop++ & 1) != 0 &&
                          flow->nodes[node->next].kind != C0_FLOW_NEW;
        nodes[is_rotated ? node->next : i] = true;
    }
    return nodes;
}

static unsigned count_loops(const struct c0_flow *flow)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < flow->count; i++)
        count += c0_flow_is_loop_head(&flow->nodes[i]) && !source_never_loops(&flow->nodes[i]);
    return count;
}

static bool has_new(const struct c0_flow *flow)
{
    for (uint32_t i = 0; i < flow->count; i++)
        if (flow->nodes[i].kind == C0_FLOW_NEW)
            return true;
    return false;
}

static bool prepare(struct proposer *proposer)
{
    const struct check_input *input = &proposer->input;
    struct point *points;
    size_t count;
    bool has_blocks = c0_flow_has_blocks(input->flow);
    proposer->relation = (struct relation){.function = input->function, .has_blocks = has_blocks};
    if (!code_graph_loop_heads(proposer->arena, input->subject, input->symbol->address,
                               input->symbol->address + input->symbol->size_bytes,
                               proposer->relation.has_blocks, &points, &count, proposer->fault))
        return false;
    proposer->ends =
        (struct walk_ends){NULL,
                           {.points = points,
                            .point_count = count,
                            .all_allocations = true,
                            .allows_system = has_blocks}};
    proposer->liveness = liveness_of(proposer->arena, input->function, input->flow);
    /* The extent is what the walks turn out to touch; until then the whole stack is allowed. */
    proposer->relation.frame_bytes = input->subject->stack.end - input->subject->stack.start;
    return true;
}

/* One search, with the cuts as planned. */
static bool attempt(struct proposer *proposer, struct plan plan)
{
    *proposer->fault = (struct fault){0};
    proposer->ends.nodes = cut_nodes(proposer->arena, proposer->input.flow, plan);
    proposer->ends.code.all_allocations = !plan.allocates_inline;
    proposer->homes = (struct home_list){0};
    proposer->extent_bytes = 0;
    enum progress progress = PROGRESS_RESTART;
    for (unsigned i = 0; i < RESTARTS_MAX && progress == PROGRESS_RESTART; i++)
        progress = run(proposer);
    if (progress == PROGRESS_RESTART)
        fault_at(proposer->fault, proposer->input.function->where,
                 "the homes of the local aggregates were not found");
    return progress == PROGRESS_ON;
}

bool propose_relation(struct arena *arena, struct terms *terms, struct solver *solver,
                      const struct check_input *input, struct relation *relation,
                      struct fault *fault)
{
    struct proposer proposer = {
        .arena = arena,
        .terms = terms,
        .solver = solver,
        .input = *input,
        .fault = fault,
    };
    proposer.input.relation = &proposer.relation;
    if (!prepare(&proposer))
        return false;
    unsigned loops = count_loops(input->flow);
    bool is_found = attempt(&proposer, (struct plan){0});
    struct fault first = *fault;
    if (!is_found && has_new(input->flow))
        is_found = attempt(&proposer, (struct plan){.allocates_inline = true});
    /* All loops turned, then each alone. */
    for (unsigned i = 0; !is_found && loops != 0 && i <= loops && i <= TURNS_MAX; i++)
        is_found = attempt(&proposer,
                           (struct plan){.rotated = i == 0 ? UINT64_MAX : (uint64_t)1 << (i - 1)});
    *fault = is_found ? (struct fault){0} : first;
    if (!is_found)
        return false;
    refresh_views(&proposer);
    *relation = proposer.relation;
    relation->frame_bytes = proposer.extent_bytes;
    for (size_t i = 0; i < relation->home_count; i++) {
        uint32_t end = homes_end(&proposer.input, &relation->homes[i]);
        if (end > relation->frame_bytes)
            relation->frame_bytes = end;
    }
    return true;
}
