#include "validator/check/check.h"

#include "validator/check/block.h"
#include "validator/check/prove.h"

#include <string.h>

struct checker {
    struct arena *arena;
    struct terms *terms;
    struct solver *solver;
    const struct check_input *input;
    struct check_result *result;
    struct walk_ends ends;
    size_t cut; /* being checked */
    struct segment segment;
    const term *assumptions; /* of the segment */
    size_t assumption_count;
    unsigned asked;            /* questions to the solver for the present obligation */
    uint32_t frame_used_bytes; /* by the code, as far as it has been walked */
};

/* ---- ending without a proof ---- */

static bool stop(struct checker *checker, enum verdict verdict, struct location where,
                 const char *reason)
{
    checker->result->verdict = verdict;
    checker->result->where = where;
    checker->result->reason = reason;
    return false;
}

static bool stop_at_fault(struct checker *checker, const struct fault *fault)
{
    struct location where = {0};
    if (fault->file[0] != '\0')
        where = (struct location){arena_copy(checker->arena, fault->file, strlen(fault->file)),
                                  fault->line, fault->column};
    return stop(checker, VERDICT_UNSUPPORTED, where,
                arena_copy(checker->arena, fault->message, strlen(fault->message)));
}

static struct location node_location(const struct checker *checker, uint32_t node)
{
    const struct c0_stmt *stmt = checker->input->flow->nodes[node].stmt;
    return stmt != NULL ? stmt->where : checker->input->function->where;
}

/* ---- obligations ---- */

/* Every question that did not fold is evidence, whoever answered it: another solver can ask again.
 */
static void keep_evidence(void *self, const struct question *question, const struct reply *reply)
{
    struct checker *checker = self;
    if (!reply->by_simplification)
        checker->result->obligations_by_solver += checker->asked++ == 0;
    if (!checker->input->wants_evidence)
        return;
    struct text_builder text = {.arena = checker->arena};
    smtlib_write(checker->terms, question, &text);
    ARRAY_PUSH(checker->arena, &checker->result->evidence,
               (struct evidence){question->name, text_built(&text), reply->answer});
}

static struct prover prover_of(struct checker *checker)
{
    return (struct prover){
        .arena = checker->arena,
        .terms = checker->terms,
        .solver = checker->solver,
        .assumptions = checker->assumptions,
        .assumption_count = checker->assumption_count,
        .listen = keep_evidence,
        .listener = checker,
    };
}

static const char *obligation_name(struct checker *checker, const char *what)
{
    checker->asked = 0;
    return arena_printf(checker->arena, "%04lu-cut%zu-%s",
                        (unsigned long)++checker->result->obligations, checker->cut, what);
}

static bool settle(struct checker *checker, const char *name, const char *what, uint32_t pc,
                   const struct reply *reply)
{
    struct check_result *result = checker->result;
    if (reply->answer == ANSWER_PROVED)
        return true;
    result->failed_obligation = name;
    result->solver_answer = answer_name(reply->answer);
    const struct cut *cut = &checker->input->relation->cuts[checker->cut];
    return stop(checker, VERDICT_UNDECIDED, node_location(checker, cut->node),
                arena_printf(checker->arena, "at 0x%08lx: not shown that %s (%s)",
                             (unsigned long)pc, what, answer_name(reply->answer)));
}

/* The assumptions and the guard imply the goal, or the check ends here. */
static bool oblige(struct checker *checker, const char *what, uint32_t pc, term guard, term goal)
{
    struct prover prover = prover_of(checker);
    const char *name = obligation_name(checker, what);
    struct reply reply = prove(&prover, name, guard, goal);
    return settle(checker, name, what, pc, &reply);
}

static bool oblige_equal(struct checker *checker, const char *what, uint32_t pc, term guard, term a,
                         term b)
{
    struct prover prover = prover_of(checker);
    const char *name = obligation_name(checker, what);
    struct reply reply = prove_equal(&prover, name, guard, a, b);
    return settle(checker, name, what, pc, &reply);
}

/* ---- arrivals ---- */

static const struct source_arrival *source_arrival_at(const struct checker *checker,
                                                      enum arrival_kind kind, uint32_t node)
{
    for (size_t i = 0; i < checker->segment.source.arrivals.count; i++) {
        const struct source_arrival *arrival = &checker->segment.source.arrivals.at[i];
        if (arrival->kind == kind && (kind == ARRIVAL_EXIT || arrival->node == node))
            return arrival;
    }
    return NULL;
}

static const struct cut *cut_at(const struct checker *checker, enum cut_kind kind,
                                struct point point)
{
    const struct relation *relation = checker->input->relation;
    for (size_t i = 1; i < relation->cut_count; i++) {
        const struct cut *cut = &relation->cuts[i];
        if (cut->kind == kind && cut->point.pc == point.pc && cut->point.next == point.next)
            return cut;
    }
    return NULL;
}

/* In a function with asm blocks: registers from the first one on are equal. */
static bool registers_agree(struct checker *checker, unsigned first, term guard,
                            const struct machine_arrival *machine,
                            const struct source_arrival *source)
{
    const struct target *target = checker->input->subject->target;
    const term *values = source->state.values + checker->input->function->variable_count;
    unsigned count = target_state_count(target, checker->input->relation->has_blocks);
    for (unsigned i = first; i < count; i++) {
        bool is_special = i >= target->register_count && i < target_devices(target);
        const char *name = i < target->register_count ? target->register_name(i)
                           : is_special ? target->special_name(i - target->register_count)
                                        : "state of the devices";
        if (name == NULL || (int)i == target->zero_register)
            continue;
        if (!oblige_equal(checker, arena_printf(checker->arena, "the %s agrees", name),
                          machine->pc, guard, values[i], machine->state.registers[i]))
            return false;
    }
    return true;
}

/* Both sides come to the same cut: the machine comes here only if the source does. */
static bool meet(struct checker *checker, const struct machine_arrival *machine,
                 const struct source_arrival *source)
{
    term comes = source != NULL ? source->guard : term_false(checker->terms);
    if (!oblige(checker, "both sides take the same path", machine->pc, machine->guard, comes))
        return false;
    if (source == NULL)
        return true; /* shown to be unreachable */
    return oblige_equal(checker, "memory agrees", machine->pc, machine->guard, source->state.memory,
                        machine->state.memory) &&
           registers_agree(checker, checker->input->subject->target->register_count,
                           machine->guard, machine, source);
}

static bool relation_holds(struct checker *checker, const struct cut *cut,
                           struct machine_arrival *machine, const struct source_arrival *source)
{
    const struct check_input *input = checker->input;
    for (size_t i = 0; i < cut->equality_count; i++) {
        const struct equality *equality = &cut->equalities[i];
        struct text_builder text = {.arena = checker->arena};
        equality_print(input->subject->target, input->function, equality, &text);
        if (cut->kind == CUT_CALL &&
            !place_survives_call(input->subject->target, equality->place, machine->displacement))
            return stop(
                checker, VERDICT_UNDECIDED, node_location(checker, cut->node),
                arena_printf(checker->arena, "'%s' need not survive the call", text_built(&text)));
        bool holds;
        if (equality->place.kind == PLACE_BLOCK) {
            holds =
                oblige(checker, text_built(&text), machine->pc, machine->guard,
                       equality_holds(checker->arena, checker->terms, input->subject,
                                      input->relation, equality, &source->state, &machine->state));
        } else {
            term expected, found;
            equality_sides(checker->arena, checker->terms, input->subject, input->relation,
                           equality, &source->state, &machine->state, &expected, &found);
            holds = oblige_equal(checker, text_built(&text), machine->pc, machine->guard, expected,
                                 found);
        }
        if (!holds)
            return false;
    }
    for (size_t i = 0; i < cut->bound_count; i++) {
        struct text_builder text = {.arena = checker->arena};
        bound_print(input->subject->target, input->function, &cut->bounds[i], &text);
        if (!oblige(checker, text_built(&text), machine->pc, machine->guard,
                    bound_holds(checker->terms, &cut->bounds[i], &source->state)))
            return false;
    }
    return true;
}

static bool check_loop(struct checker *checker, struct machine_arrival *machine)
{
    const struct cut *cut = cut_at(checker, CUT_LOOP, machine->point);
    /* Without a relation there, only dead code may loop. */
    const struct source_arrival *source =
        cut == NULL ? NULL : source_arrival_at(checker, ARRIVAL_LOOP, cut->node);
    if (!meet(checker, machine, source))
        return false;
    return source == NULL || relation_holds(checker, cut, machine, source);
}

static const char *callee_name(const struct c0_function *callee)
{
    return callee == NULL ? "new" : callee->name;
}

static bool check_call(struct checker *checker, struct machine_arrival *machine)
{
    const struct cut *cut = cut_at(checker, CUT_CALL, machine->point);
    /* Without a relation there, only dead code may call. */
    const struct source_arrival *source =
        cut == NULL ? NULL : source_arrival_at(checker, ARRIVAL_CALL, cut->node);
    if (!meet(checker, machine, source))
        return false;
    if (source == NULL)
        return true;
    const struct c0_stmt *stmt = checker->input->flow->nodes[cut->node].stmt;
    if (stmt->callee != machine->callee)
        return stop(checker, VERDICT_UNDECIDED, stmt->where,
                    arena_printf(checker->arena, "at 0x%08lx: the code calls '%s', not '%s'",
                                 (unsigned long)machine->pc, callee_name(machine->callee),
                                 callee_name(stmt->callee)));
    uint32_t argument_count = stmt->kind == C0_STMT_NEW ? 1 : stmt->argument_count;
    for (uint32_t i = 0; i < argument_count; i++)
        if (!oblige_equal(checker,
                          arena_printf(checker->arena, "argument %lu agrees", (unsigned long)i + 1),
                          machine->pc, machine->guard, source->arguments[i], machine->arguments[i]))
            return false;
    if (machine->callee != NULL)
        ARRAY_PUSH(checker->arena, &checker->result->calls,
                   (struct call_edge){machine->callee, NULL, machine->displacement});
    return relation_holds(checker, cut, machine, source);
}

static bool check_exit(struct checker *checker, const struct machine_arrival *machine)
{
    const struct check_input *input = checker->input;
    const struct target *target = input->subject->target;
    struct terms *terms = checker->terms;
    const struct machine_state *state = &machine->state;
    const struct source_arrival *source = source_arrival_at(checker, ARRIVAL_EXIT, 0);
    uint32_t pc = machine->pc;
    term guard = machine->guard;
    if (!meet(checker, machine, source))
        return false;
    if (source == NULL)
        return true;
    if (!oblige_equal(checker, "control returns to the caller", pc, guard, symbol_return(terms),
                      state->target))
        return false;
    if (input->function->result->kind != C0_TYPE_VOID &&
        !oblige_equal(checker, "the result agrees", pc, guard, source->result,
                      state->registers[target->result_register]))
        return false;
    if (!oblige_equal(checker, "the frame base is restored", pc, guard, symbol_frame(terms),
                      state->registers[target->frame_register]))
        return false;
    for (size_t i = 0; i < target->base_count; i++)
        if (!oblige_equal(checker, "a base register is restored", pc, guard,
                          term_word(terms, input->subject->base_values[i], 32),
                          state->registers[target->bases[i].number]))
            return false;
    for (size_t i = 0; i < target->preserved_count; i++)
        if (!oblige_equal(checker, "a preserved register is restored", pc, guard,
                          symbol_preserved(terms, target, target->preserved[i]),
                          state->registers[target->preserved[i]]))
            return false;
    return true;
}

/* The end of the kernel's run: the source has come to one of its own, and all that the processor
 * and the memory hold agrees. Nothing else counts any more. */
static bool check_leave(struct checker *checker, const struct machine_arrival *machine)
{
    struct terms *terms = checker->terms;
    term comes = term_false(terms);
    const struct source_segment *segment = &checker->segment.source;
    for (size_t i = 0; i < segment->arrivals.count; i++)
        if (segment->arrivals.at[i].kind == ARRIVAL_LEAVE)
            comes = term_or(terms, comes, segment->arrivals.at[i].guard);
    if (!oblige(checker, "both sides take the same path", machine->pc, machine->guard, comes))
        return false;
    for (size_t i = 0; i < segment->arrivals.count; i++) {
        const struct source_arrival *source = &segment->arrivals.at[i];
        if (source->kind != ARRIVAL_LEAVE)
            continue;
        term guard = term_and(terms, machine->guard, source->guard);
        if (!oblige_equal(checker, "memory agrees", machine->pc, guard, source->state.memory,
                          machine->state.memory) ||
            !registers_agree(checker, 0, guard, machine, source))
            return false;
    }
    return true;
}

/* ---- one segment ---- */

/* What makes the source's own walk right, each on what was assumed before it. */
static bool check_blocks(struct checker *checker)
{
    const struct source_segment *source = &checker->segment.source;
    size_t all = checker->assumption_count;
    for (size_t i = 0; i < source->obligations.count; i++) {
        const struct source_obligation *obligation = &source->obligations.at[i];
        checker->assumption_count =
            checker->segment.start.assumptions.count + obligation->assumption_count;
        struct prover prover = prover_of(checker);
        const char *name = obligation_name(checker, obligation->what);
        struct reply reply = prove(&prover, name, obligation->guard, obligation->goal);
        if (reply.answer != ANSWER_PROVED) {
            checker->result->failed_obligation = name;
            checker->result->solver_answer = answer_name(reply.answer);
            return stop(checker, VERDICT_UNDECIDED, node_location(checker, obligation->node),
                        arena_printf(checker->arena, "not shown that %s (%s)", obligation->what,
                                     answer_name(reply.answer)));
        }
    }
    checker->assumption_count = all;
    return true;
}

static void collect_assumptions(struct checker *checker)
{
    const struct segment *segment = &checker->segment;
    size_t first = segment->start.assumptions.count;
    size_t second = segment->source.assumptions.count;
    term *all = ARENA_ARRAY(checker->arena, term, first + second);
    if (first != 0)
        memcpy(all, segment->start.assumptions.at, first * sizeof *all);
    if (second != 0)
        memcpy(all + first, segment->source.assumptions.at, second * sizeof *all);
    checker->assumptions = all;
    checker->assumption_count = first + second;
}

/* A relation that nothing satisfies would prove anything. */
static bool is_inhabited(struct checker *checker)
{
    const struct cut_start *start = &checker->segment.start;
    struct terms *terms = checker->terms;
    struct region stack = checker->input->subject->stack;
    struct assignment *zero = assignment_new(checker->arena, 0);
    uint32_t base = checker->input->subject->target->frame_grows_up ? stack.start : stack.end;
    assignment_set_word(zero, symbol_frame(terms), base);
    bool holds = true;
    for (size_t i = 0; i < start->assumptions.count && holds; i++)
        holds = evaluate_bool(terms, zero, start->assumptions.at[i]);
    if (holds)
        return true;
    struct reply reply =
        solver_witness(checker->solver, "witness", start->assumptions.at, start->assumptions.count);
    if (reply.answer == ANSWER_REFUTED) {
        checker->result->witness = "variables 0 and the frame at the start of the stack; where "
                                   "that does not do, a state that evaluation confirmed";
        return true;
    }
    return stop(checker, VERDICT_UNDECIDED, checker->input->function->where,
                arena_printf(checker->arena,
                             "no state was found that satisfies the relation of cut %zu",
                             checker->cut));
}

static bool check_cut(struct checker *checker)
{
    struct fault fault = {0};
    const struct cut *cut = &checker->input->relation->cuts[checker->cut];
    if (!segment_build(checker->arena, checker->terms, checker->input, cut, &checker->ends,
                       &checker->segment, &fault))
        return stop_at_fault(checker, &fault);
    collect_assumptions(checker);
    if (!is_inhabited(checker))
        return false;
    struct machine_segment *machine = &checker->segment.machine;
    if (machine->extent_bytes > checker->frame_used_bytes)
        checker->frame_used_bytes = machine->extent_bytes;
    if (!check_blocks(checker))
        return false;
    for (size_t i = 0; i < machine->obligations.count; i++) {
        const struct machine_obligation *obligation = &machine->obligations.at[i];
        if (!oblige(checker, obligation->what, obligation->pc, obligation->guard, obligation->goal))
            return false;
    }
    for (size_t i = 0; i < machine->arrivals.count; i++) {
        struct machine_arrival *arrival = &machine->arrivals.at[i];
        bool agrees = arrival->kind == ARRIVAL_LOOP    ? check_loop(checker, arrival)
                      : arrival->kind == ARRIVAL_CALL  ? check_call(checker, arrival)
                      : arrival->kind == ARRIVAL_LEAVE ? check_leave(checker, arrival)
                                                       : check_exit(checker, arrival);
        if (!agrees)
            return false;
    }
    for (size_t i = 0; i < machine->routines.count; i++)
        ARRAY_PUSH(checker->arena, &checker->result->calls,
                   (struct call_edge){NULL, machine->routines.at[i].contract,
                                      machine->routines.at[i].displacement});
    return true;
}

/* The frame is room that the proof assumes. More of it than the code uses would be an assumption
 * about where the frame lies: of the whole stack's size, it can lie in one place only. */
static bool frame_is_used(struct checker *checker)
{
    const struct check_input *input = checker->input;
    const struct relation *relation = input->relation;
    uint32_t used_bytes = checker->frame_used_bytes;
    for (size_t i = 0; i < relation->home_count; i++) {
        const struct home *home = &relation->homes[i];
        const struct c0_type *type = relation->function->variables[home->variable]->type;
        int64_t end = input->subject->target->frame_grows_up
                          ? (int64_t)home->offset + layout_size_bytes(input->subject, type)
                          : -(int64_t)home->offset;
        if (end > used_bytes)
            used_bytes = (uint32_t)end;
    }
    return relation->frame_bytes <= used_bytes ||
           stop(checker, VERDICT_UNDECIDED, input->function->where,
                arena_printf(checker->arena,
                             "certificate: a frame of %lu bytes, of which the code uses %lu",
                             (unsigned long)relation->frame_bytes, (unsigned long)used_bytes));
}

struct check_result check_function(struct arena *arena, struct terms *terms, struct solver *solver,
                                   const struct check_input *input)
{
    struct check_result result = {.verdict = VERDICT_UNDECIDED};
    /* Whether there are blocks is the source's to say, not a certificate's. */
    struct relation relation = *input->relation;
    relation.has_blocks = c0_flow_has_blocks(input->flow);
    struct check_input own_input = *input;
    own_input.relation = &relation;
    input = &own_input;
    struct checker checker = {
        .arena = arena,
        .terms = terms,
        .solver = solver,
        .input = input,
        .result = &result,
    };
    struct fault fault = {0};
    result.witness = "variables 0 and the frame at the start of the stack";
    if (!relation_is_sound(arena, input, &fault)) {
        stop_at_fault(&checker, &fault);
        result.verdict = VERDICT_UNDECIDED;
        return result;
    }
    checker.ends = walk_ends_of(arena, input);
    for (checker.cut = 0; checker.cut < input->relation->cut_count; checker.cut++)
        if (!check_cut(&checker))
            return result;
    if (frame_is_used(&checker))
        result.verdict = VERDICT_PROVED;
    return result;
}
