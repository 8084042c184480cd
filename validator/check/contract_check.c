#include "validator/check/contract_check.h"

#include "base/require.h"
#include "validator/check/contract_ask.h"

#include <string.h>

/* Numbers of cuts: those of the certificate count from 0. */
enum { ENTRY = -1, NO_CUT = -2 };

struct prover {
    struct arena *arena;
    struct terms *terms;
    struct contract_reader reader;
    struct contract_asker asker;
    const struct contract_input *input;
    const struct image_symbol *code;
    struct contract_relation relation;
    struct contract_proof *proof;
    bool *is_witnessed; /* by cut: a concrete run is known to come there */
    int cut;            /* being checked */
    struct contract_start start;
    struct machine_segment segment;
};

/* ---- ending without a proof ---- */

static bool stop(struct prover *prover, const char *reason)
{
    prover->proof->finding.status = CONTRACT_ASSUMED;
    prover->proof->finding.reason = reason;
    return false;
}

static bool stop_at_fault(struct prover *prover, const struct fault *fault)
{
    const char *reason =
        fault->file[0] == '\0'
            ? arena_printf(prover->arena, "%s", fault->message)
            : arena_printf(prover->arena, "%s:%lu:%lu: %s", fault->file, (unsigned long)fault->line,
                           (unsigned long)fault->column, fault->message);
    return stop(prover, reason);
}

static const char *cut_name(struct prover *prover, int cut)
{
    return cut == ENTRY ? "entry" : arena_printf(prover->arena, "cut%d", cut + 1);
}

/* ---- obligations ---- */

/* What the cut assumes and the guard imply the goal, or the check ends here. */
static bool oblige(struct prover *prover, const char *what, uint32_t pc, term guard, term goal)
{
    struct contract_finding *finding = &prover->proof->finding;
    finding->obligations++;
    if (term_is_true(prover->terms, goal) || term_is_false(prover->terms, guard))
        return true;
    struct contract_question question = {
        .name = arena_printf(prover->arena, "%04lu-%s-%s", (unsigned long)finding->obligations,
                             cut_name(prover, prover->cut), what),
        .assumptions = prover->start.assumptions.at,
        .assumption_count = prover->start.assumptions.count,
        .guard = guard,
        .goal = goal,
    };
    uint64_t before = prover->asker.solver_questions;
    enum answer answer = contract_ask(&prover->asker, &question);
    if (prover->asker.solver_questions != before)
        finding->obligations_by_solver++;
    if (answer == ANSWER_PROVED)
        return true;
    return stop(prover, arena_printf(prover->arena, "at 0x%08lx: not shown that %s (%s)",
                                     (unsigned long)pc, what, answer_name(answer)));
}

static bool oblige_equal(struct prover *prover, const char *what, uint32_t pc, term guard, term a,
                         term b)
{
    return oblige(prover, what, pc, guard, term_eq(prover->terms, a, b));
}

/* ---- arrival at a cut ---- */

static int cut_at(const struct prover *prover, struct point point)
{
    for (size_t i = 0; i < prover->relation.cuts.count; i++) {
        struct point other = prover->relation.cuts.at[i].point;
        if (other.pc == point.pc && other.next == point.next)
            return (int)i;
    }
    return NO_CUT;
}

static bool equalities_hold(struct prover *prover, const struct contract_cut *cut,
                            struct machine_arrival *arrival)
{
    for (size_t i = 0; i < cut->equalities.count; i++) {
        const struct contract_equality *equality = &cut->equalities.at[i];
        struct text_builder what = {.arena = prover->arena};
        place_print(prover->reader.target, equality->place, &what);
        text_append(&what, " = ");
        contract_word_print(prover->reader.target, equality->value, &what);
        term expected = contract_word_read(&prover->reader, &arrival->state, equality->value);
        term found = contract_place_read(&prover->reader, &arrival->state, equality->place);
        if (!oblige_equal(prover, text_built(&what), arrival->pc, arrival->guard, expected, found))
            return false;
    }
    return true;
}

static const char *condition_text(struct prover *prover, const struct contract_condition *condition)
{
    struct text_builder text = {.arena = prover->arena};
    contract_condition_print(prover->reader.target, condition, &text);
    return text_built(&text);
}

static bool invariants_hold(struct prover *prover, const struct contract_cut *cut,
                            struct machine_arrival *arrival)
{
    for (size_t i = 0; i < cut->invariants.count; i++) {
        const struct contract_condition *invariant = &cut->invariants.at[i];
        term goal = contract_condition_read(&prover->reader, &arrival->state, invariant);
        if (!oblige(prover, condition_text(prover, invariant), arrival->pc, arrival->guard, goal))
            return false;
    }
    return true;
}

/* Control ends: from a cut it goes to later cuts, finitely often, or back to the same cut with a
 * smaller measure. */
static bool control_advances(struct prover *prover, int to, struct machine_arrival *arrival)
{
    if (to > prover->cut)
        return true;
    if (to < prover->cut)
        return oblige(prover, "control goes from a cut to later ones only", arrival->pc,
                      arrival->guard, term_false(prover->terms));
    const struct contract_word *measure = prover->relation.cuts.at[to].measure;
    if (measure == NULL)
        return oblige(prover, "control does not come back to the cut", arrival->pc, arrival->guard,
                      term_false(prover->terms));
    term before = contract_word_read(&prover->reader, &prover->start.machine, measure);
    term now = contract_word_read(&prover->reader, &arrival->state, measure);
    return oblige(prover, "the measure decreases", arrival->pc, arrival->guard,
                  term_ult(prover->terms, now, before));
}

/* A concrete state satisfies the start's assumptions and the guard. */
static bool is_concrete(struct prover *prover, term guard)
{
    enum { TRIES = 24 };
    struct region stack = prover->input->subject->stack;
    bool grows_up = prover->input->subject->target->frame_grows_up;
    for (uint64_t seed = 0; seed < TRIES; seed++) {
        struct assignment *state = assignment_new(prover->arena, seed);
        assignment_set_word(state, symbol_frame(prover->terms), grows_up ? stack.start : stack.end);
        bool holds = evaluate_bool(prover->terms, state, guard);
        for (size_t i = 0; i < prover->start.assumptions.count && holds; i++)
            holds = evaluate_bool(prover->terms, state, prover->start.assumptions.at[i]);
        if (holds)
            return true;
    }
    return false;
}

static bool check_loop(struct prover *prover, struct machine_arrival *arrival)
{
    int to = cut_at(prover, arrival->point);
    if (to == NO_CUT)
        return oblige(prover, "a loop without a cut is never run", arrival->pc, arrival->guard,
                      term_false(prover->terms));
    const struct contract_cut *cut = &prover->relation.cuts.at[to];
    if (!oblige_equal(prover, "memory is unchanged", arrival->pc, arrival->guard,
                      prover->start.machine.memory, arrival->state.memory) ||
        !equalities_hold(prover, cut, arrival) || !invariants_hold(prover, cut, arrival) ||
        !control_advances(prover, to, arrival))
        return false;
    /* What a concrete run from the entry comes to satisfies the relation shown to hold there. */
    if (prover->cut == ENTRY && is_concrete(prover, arrival->guard))
        prover->is_witnessed[to] = true;
    return true;
}

/* ---- arrival at the exit ---- */

static bool check_result(struct prover *prover, const struct machine_arrival *arrival)
{
    const struct subject *subject = prover->input->subject;
    term arguments[2] = {contract_argument(prover->terms, 0), contract_argument(prover->terms, 1)};
    term memory = prover->start.machine.memory, result;
    contract_result(subject, prover->terms, prover->input->contract, arguments, &memory, &result);
    return oblige_equal(prover, "the result is the contract's", arrival->pc, arrival->guard, result,
                        arrival->state.registers[subject->target->result_register]) &&
           oblige_equal(prover, "the memory is the contract's", arrival->pc, arrival->guard, memory,
                        arrival->state.memory);
}

static bool check_exit(struct prover *prover, const struct machine_arrival *arrival)
{
    const struct subject *subject = prover->input->subject;
    const struct target *target = subject->target;
    struct terms *terms = prover->terms;
    const term *registers = arrival->state.registers;
    uint32_t pc = arrival->pc;
    term guard = arrival->guard;
    if (!oblige_equal(prover, "control returns to the caller", pc, guard, symbol_return(terms),
                      arrival->state.target) ||
        !check_result(prover, arrival) ||
        !oblige_equal(prover, "the frame base is restored", pc, guard, symbol_frame(terms),
                      registers[target->frame_register]))
        return false;
    for (size_t i = 0; i < target->base_count; i++)
        if (!oblige_equal(prover, "a base register is restored", pc, guard,
                          term_word(terms, subject->base_values[i], 32),
                          registers[target->bases[i].number]))
            return false;
    for (size_t i = 0; i < target->preserved_count; i++)
        if (!oblige_equal(prover, "a preserved register is restored", pc, guard,
                          symbol_preserved(terms, target, target->preserved[i]),
                          registers[target->preserved[i]]))
            return false;
    return true;
}

/* ---- one segment ---- */

/* What nothing satisfies would prove anything. */
static bool is_inhabited(struct prover *prover)
{
    bool is_witnessed = prover->cut == ENTRY ? is_concrete(prover, term_true(prover->terms))
                                             : prover->is_witnessed[prover->cut];
    if (is_witnessed)
        return true;
    size_t count = prover->start.assumptions.count;
    term *assumptions = ARENA_ARRAY(prover->arena, term, count);
    for (size_t i = 0; i < count; i++)
        assumptions[i] = contract_unnamed(&prover->reader, prover->start.assumptions.at[i]);
    struct reply reply = solver_witness(prover->asker.solver, "witness", assumptions, count);
    if (reply.answer == ANSWER_REFUTED)
        return true;
    return stop(prover, arena_printf(prover->arena,
                                     "no state was found that satisfies what the "
                                     "certificate states at %s",
                                     cut_name(prover, prover->cut)));
}

/* The lemma's condition if the place holds the value. */
static term case_of(struct prover *prover, const struct contract_lemma *lemma, uint32_t value)
{
    struct contract_reader plain = {
        .arena = prover->arena, .terms = prover->terms, .target = prover->reader.target};
    struct machine_state state = prover->start.machine;
    state.slots.at = ARENA_ARRAY(prover->arena, struct frame_slot, state.slots.count);
    state.slots.capacity = state.slots.count;
    if (state.slots.count != 0)
        memcpy(state.slots.at, prover->start.machine.slots.at,
               state.slots.count * sizeof *state.slots.at);
    term word = term_word(prover->terms, value, 32);
    if (lemma->place.kind == PLACE_REGISTER)
        state.registers[lemma->place.number] = word;
    else
        machine_slot_set(prover->arena, &state, lemma->place.offset, word);
    return contract_unnamed(&prover->reader,
                            contract_condition_read(&plain, &state, &lemma->condition));
}

/* The place takes one of the values, and for each of them the condition holds. */
static bool prove_by_cases(struct prover *prover, const struct contract_lemma *lemma, uint32_t pc)
{
    struct terms *terms = prover->terms;
    term place = contract_place_read(&prover->reader, &prover->start.machine, lemma->place);
    term low = term_word(terms, lemma->low, 32), high = term_word(terms, lemma->high, 32);
    if (!oblige(prover, "the cases are all", pc, term_true(terms),
                term_and(terms, term_ule(terms, low, place), term_ule(terms, place, high))))
        return false;
    for (uint32_t i = 0; i <= lemma->high - lemma->low; i++)
        if (!oblige(prover, condition_text(prover, &lemma->condition), pc,
                    term_eq(terms, place, term_word(terms, lemma->low + i, 32)),
                    case_of(prover, lemma, lemma->low + i)))
            return false;
    return true;
}

/* Lemmas are proved from what is stated before them, and then help. */
static bool learn_lemma(struct prover *prover, const struct contract_lemma *lemma, uint32_t pc)
{
    term named =
        contract_condition_read(&prover->reader, &prover->start.machine, &lemma->condition);
    bool is_proved = lemma->is_by_cases ? prove_by_cases(prover, lemma, pc)
                                        : oblige(prover, condition_text(prover, &lemma->condition),
                                                 pc, term_true(prover->terms), named);
    if (is_proved)
        contract_assume(prover->arena, prover->terms, &prover->start, named);
    return is_proved;
}

/* So do laws, if their premise is proved. */
static bool learn_law(struct prover *prover, const struct contract_law *law, uint32_t pc)
{
    term premise = contract_law_premise(&prover->reader, law, &prover->start);
    if (!oblige(prover, "a law's premise", pc, term_true(prover->terms), premise))
        return false;
    contract_law_assume(&prover->reader, law, &prover->start);
    return true;
}

static bool learn_at_entry(struct prover *prover)
{
    for (size_t i = 0; i < prover->relation.laws.count; i++)
        if (!learn_law(prover, &prover->relation.laws.at[i], prover->code->address))
            return false;
    return true;
}

static bool learn_at_cut(struct prover *prover)
{
    const struct contract_cut *cut = &prover->relation.cuts.at[prover->cut];
    for (size_t i = 0; i < cut->lemmas.count; i++)
        if (!learn_lemma(prover, &cut->lemmas.at[i], cut->point.pc))
            return false;
    for (size_t i = 0; i < cut->laws.count; i++)
        if (!learn_law(prover, &cut->laws.at[i], cut->point.pc))
            return false;
    return true;
}

static bool check_arrival(struct prover *prover, struct machine_arrival *arrival)
{
    switch (arrival->kind) {
    case ARRIVAL_LOOP:
        return check_loop(prover, arrival);
    case ARRIVAL_EXIT:
        return check_exit(prover, arrival);
    case ARRIVAL_LEAVE: /* code_graph has refused it */
    case ARRIVAL_CALL:
        break;
    }
    return stop(prover, arena_printf(prover->arena, "at 0x%08lx: the routine calls '%s'",
                                     (unsigned long)arrival->pc, arrival->callee->name));
}

static void note_uses(struct prover *prover)
{
    struct contract_proof *proof = prover->proof;
    if (prover->segment.extent_bytes > proof->finding.frame_bytes)
        proof->finding.frame_bytes = prover->segment.extent_bytes;
    for (size_t i = 0; i < prover->segment.routines.count; i++)
        ARRAY_PUSH(prover->arena, &proof->uses, prover->segment.routines.at[i]);
}

static bool check_segment(struct prover *prover)
{
    const struct contract_input *input = prover->input;
    struct fault fault = {0};
    if (prover->cut == ENTRY)
        contract_entry(prover->arena, prover->terms, input->subject, input->contract, prover->code,
                       prover->relation.frame_bytes, &prover->start);
    else
        contract_cut_start(&prover->reader, input->subject, input->contract, &prover->relation,
                           (size_t)prover->cut, &prover->start);
    if (!contract_segment(prover->arena, prover->terms, input->subject, prover->code,
                          &prover->relation, &prover->start, &prover->segment, &fault))
        return stop_at_fault(prover, &fault);
    if (!is_inhabited(prover) ||
        !(prover->cut == ENTRY ? learn_at_entry(prover) : learn_at_cut(prover)))
        return false;
    note_uses(prover);
    for (size_t i = 0; i < prover->segment.obligations.count; i++) {
        const struct machine_obligation *obligation = &prover->segment.obligations.at[i];
        if (!oblige(prover, obligation->what, obligation->pc, obligation->guard, obligation->goal))
            return false;
    }
    for (size_t i = 0; i < prover->segment.arrivals.count; i++)
        if (!check_arrival(prover, &prover->segment.arrivals.at[i]))
            return false;
    return true;
}

/* ---- one routine ---- */

static bool relation_can_be_used(struct prover *prover)
{
    const struct contract_relation *relation = &prover->relation;
    struct region stack = prover->input->subject->stack;
    if (relation->frame_bytes % 4 != 0 || relation->frame_bytes > stack.end - stack.start)
        return stop(prover, "certificate: the frame is no part of the stack");
    for (size_t i = 0; i < relation->cuts.count; i++) {
        struct point point = relation->cuts.at[i].point;
        if (point.pc % 4 != 0 || point.pc < prover->code->address ||
            point.pc - prover->code->address >= prover->code->size_bytes)
            return stop(prover,
                        arena_printf(prover->arena,
                                     "certificate: cut %zu is not in the routine's code", i + 1));
        for (size_t k = 0; k < i; k++)
            if (relation->cuts.at[k].point.pc == point.pc &&
                relation->cuts.at[k].point.next == point.next)
                return stop(prover, arena_printf(prover->arena,
                                                 "certificate: cuts %zu and %zu are one point",
                                                 k + 1, i + 1));
    }
    return true;
}

static void prove(struct prover *prover)
{
    const struct contract_input *input = prover->input;
    struct fault fault = {0};
    if (!contract_certificate_parse(prover->arena, input->subject->target, input->contract,
                                    input->file, input->certificate, &prover->relation, &fault)) {
        stop_at_fault(prover, &fault);
        return;
    }
    if (!contract_relation_is_sound(input->subject->target, &prover->relation, &fault)) {
        stop_at_fault(prover, &fault);
        return;
    }
    if (!relation_can_be_used(prover))
        return;
    int count = (int)prover->relation.cuts.count;
    prover->is_witnessed = ARENA_ARRAY(prover->arena, bool, prover->relation.cuts.count);
    for (prover->cut = ENTRY; prover->cut < count; prover->cut++)
        if (!check_segment(prover))
            return;
    /* More room than the code uses would be an assumption about where the frame lies. */
    if (prover->relation.frame_bytes > prover->proof->finding.frame_bytes) {
        stop(prover, "certificate: the frame is larger than what the code uses");
        return;
    }
    prover->proof->finding.status = CONTRACT_PROVED;
    prover->proof->finding.reason = NULL;
}

struct contract_proof contract_check(struct arena *arena, const struct contract_input *input)
{
    const struct image_symbol *code = contract_code(input->subject, input->contract);
    require(code != NULL, "a contract is checked of a routine that the image has");
    struct contract_proof proof = {
        .finding =
            {
                .symbol = input->contract->symbol,
                .contract = input->contract->text,
                .status = CONTRACT_ASSUMED,
                .code_start = code->address,
                .code_end = code->address + code->size_bytes,
            },
    };
    struct prover prover = {
        .arena = arena,
        .terms = terms_new(arena),
        .input = input,
        .code = code,
        .proof = &proof,
    };
    prover.reader = (struct contract_reader){
        .arena = arena,
        .terms = prover.terms,
        .target = input->subject->target,
        .names_shifts = true,
    };
    prover.asker = (struct contract_asker){
        .arena = arena,
        .terms = prover.terms,
        .solver = solver_new(arena, prover.terms, input->rlimit),
        .reader = &prover.reader,
        .wants_evidence = input->wants_evidence,
    };
    prove(&prover);
    solver_free(prover.asker.solver);
    proof.evidence.at = prover.asker.evidence.at;
    proof.evidence.count = proof.evidence.capacity = prover.asker.evidence.count;
    return proof;
}
