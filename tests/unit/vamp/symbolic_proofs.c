/* What the symbolic reading is for: statements about every state, asked of the solver, one question
 * an instruction. */
#include "semantics/vamp/symbolic.h"
#include "smt/solver.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum { FACT_COUNT = 3 };

struct question_of {
    struct arena *arena;
    struct terms *terms;
    struct vamp_symbolic_state before;
    struct vamp_symbolic_step step;
    term facts[FACT_COUNT]; /* the step happens, and one of the caller's */
};

static term word(struct terms *terms, const char *name, unsigned number)
{
    char text[16];
    snprintf(text, sizeof text, "%s%u", name, number);
    return term_variable(terms, text, (struct sort){SORT_WORD, 32});
}

/* The step of an instruction in a state of which nothing is known. */
static struct question_of question_of(uint32_t instruction)
{
    struct question_of question = {.arena = arena_new()};
    struct terms *terms = question.terms = terms_new(question.arena);
    struct vamp_symbolic_state *before = &question.before;
    before->dpc = word(terms, "dpc", 0);
    before->pcp = word(terms, "pcp", 0);
    for (unsigned i = 0; i < VAMP_GPR_COUNT; i++)
        before->gpr[i] = i == 0 ? term_word(terms, 0, 32) : word(terms, "r", i);
    for (unsigned i = 0; i < VAMP_SPR_COUNT; i++)
        before->spr[i] = word(terms, "s", i);
    before->memory = term_variable(terms, "memory", (struct sort){SORT_MEMORY, 0});
    struct vamp_symbolic_given given = {.memory_bytes = 0x400000,
                                        .word = instruction,
                                        .lines = word(terms, "lines", 0),
                                        .device_word = word(terms, "device", 0)};
    question.step = vamp_symbolic_step(terms, before, &given);
    question.facts[0] = question.step.assumption;
    question.facts[1] = term_not(terms, term_or_all(terms, question.step.stops, VAMP_STOP_COUNT));
    return question;
}

static void expect_proved(struct question_of *question, term fact, term goal, uint32_t instruction)
{
    struct solver *solver = solver_new(question->arena, question->terms, 20000000);
    question->facts[2] = fact;
    struct question asked = {.name = "step",
                             .assumptions = question->facts,
                             .assumption_count = FACT_COUNT,
                             .goal = goal};
    struct reply reply = solver_ask(solver, &asked);
    cr_expect_eq(reply.answer, ANSWER_PROVED, "0x%08x: %s", instruction, answer_name(reply.answer));
    solver_free(solver);
}

static uint32_t instruction_of(int op)
{
    struct vamp_insn insn = {
        .op = (enum vamp_op)op, .rs1 = 2, .rs2 = 3, .rd = 4, .sa = VAMP_SPR_PTO, .immediate = 8};
    return op == VAMP_OP_COUNT ? 0x00000008 : vamp_encode(&insn);
}

static term is_interrupted(struct question_of *question)
{
    struct terms *terms = question->terms;
    return term_ne(terms, question->step.interrupts, term_word(terms, 0, 32));
}

Test(vamp_proof, every_interrupt_enters_system_mode_at_0_with_all_masked)
{
    for (int op = 0; op <= VAMP_OP_COUNT; op++) {
        struct question_of question = question_of(instruction_of(op));
        const struct vamp_symbolic_state *after = &question.step.after;
        term zero = term_word(question.terms, 0, 32);
        const term parts[] = {
            term_eq(question.terms, after->dpc, zero),
            term_eq(question.terms, after->pcp, term_word(question.terms, 4, 32)),
            term_eq(question.terms, after->spr[VAMP_SPR_MODE], zero),
            term_eq(question.terms, after->spr[VAMP_SPR_SR], zero),
            term_eq(question.terms, after->spr[VAMP_SPR_ECA], question.step.interrupts),
        };
        expect_proved(&question, is_interrupted(&question),
                      term_and_all(question.terms, parts, sizeof parts / sizeof parts[0]),
                      instruction_of(op));
        arena_free(question.arena);
    }
}

/* A user program leaves user mode by an interrupt only, and nothing that protects the system from
 * it changes before. */
Test(vamp_proof, user_mode_changes_no_special_register_but_three_without_an_interrupt)
{
    for (int op = 0; op <= VAMP_OP_COUNT; op++) {
        struct question_of question = question_of(instruction_of(op));
        struct terms *terms = question.terms;
        term is_user = term_ne(terms, question.before.spr[VAMP_SPR_MODE], term_word(terms, 0, 32));
        term goal = term_true(terms);
        for (unsigned i = 0; i < VAMP_SPR_COUNT; i++) {
            if (!vamp_spr_exists(i) || (i >= VAMP_SPR_RM && i <= VAMP_SPR_FCC))
                continue;
            term same = term_eq(terms, question.step.after.spr[i], question.before.spr[i]);
            goal = term_and(terms, goal, same);
        }
        term fact = term_and(terms, is_user, term_not(terms, is_interrupted(&question)));
        expect_proved(&question, fact, goal, instruction_of(op));
        arena_free(question.arena);
    }
}

/* ... nor does it reach a device, interrupted or not. */
Test(vamp_proof, user_mode_reaches_no_device)
{
    static const enum vamp_op ops[] = {VAMP_OP_LW, VAMP_OP_SW, VAMP_OP_LB, VAMP_OP_SH};
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        struct question_of question = question_of(instruction_of((int)ops[i]));
        struct terms *terms = question.terms;
        term is_user = term_ne(terms, question.before.spr[VAMP_SPR_MODE], term_word(terms, 0, 32));
        term reaches = term_or(terms, question.step.reads_device, question.step.writes_device);
        expect_proved(&question, is_user, term_not(terms, reaches), instruction_of((int)ops[i]));
        arena_free(question.arena);
    }
}

/* The twin that does not hold: a proof is not given away. */
Test(vamp_proof, system_mode_is_not_so_restricted)
{
    struct question_of question = question_of(instruction_of(VAMP_OP_MOVI2S));
    struct terms *terms = question.terms;
    question.facts[2] = term_eq(terms, question.step.interrupts, term_word(terms, 0, 32));
    struct solver *solver = solver_new(question.arena, terms, 20000000);
    struct question asked = {.name = "step",
                             .assumptions = question.facts,
                             .assumption_count = FACT_COUNT,
                             .goal = term_eq(terms, question.step.after.spr[VAMP_SPR_PTO],
                                             question.before.spr[VAMP_SPR_PTO])};
    cr_expect_eq(solver_ask(solver, &asked).answer, ANSWER_REFUTED);
    solver_free(solver);
    arena_free(question.arena);
}
