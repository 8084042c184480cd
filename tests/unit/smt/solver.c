/* The wall: five answers, models that evaluate, limits that are exact, and scripts on which a
 * solver of its own process gives the same answer. */
#include "smt/solver.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct arena *arena;
static struct terms *terms;
static struct solver *solver;

static void set_up(void)
{
    arena = arena_new();
    terms = terms_new(arena);
    solver = solver_new(arena, terms, 20000000);
}

static void tear_down(void)
{
    solver_free(solver);
    arena_free(arena);
}

TestSuite(smt_solver, .init = set_up, .fini = tear_down);

static term word(uint64_t value)
{
    return term_word(terms, value, 32);
}
static term variable(const char *name)
{
    return term_variable(terms, name, (struct sort){SORT_WORD, 32});
}
static term memory(const char *name)
{
    return term_variable(terms, name, (struct sort){SORT_MEMORY, 0});
}

static struct reply ask(const term *assumptions, size_t count, term goal)
{
    struct question question = {.name = "test",
                                .assumptions = assumptions,
                                .assumption_count = count,
                                .goal = goal,
                                .wants_model = true};
    return solver_ask(solver, &question);
}

static void answers(enum answer wanted, struct reply reply)
{
    cr_assert_eq(reply.answer, wanted, "%s (%s)", answer_name(reply.answer),
                 reply.reason == NULL ? "" : reply.reason);
}

Test(smt_solver, order_is_transitive)
{
    term x = variable("x"), y = variable("y"), z = variable("z");
    term assumptions[] = {term_ult(terms, x, y), term_ult(terms, y, z)};
    struct reply reply = ask(assumptions, 2, term_ult(terms, x, z));
    answers(ANSWER_PROVED, reply);
    cr_assert_not(reply.by_simplification);
    cr_assert_gt(reply.spent, 0u);
}

Test(smt_solver, a_goal_among_the_assumptions_needs_no_solver)
{
    term x = variable("x"), y = variable("y");
    term assumptions[] = {term_ult(terms, x, y), term_eq(terms, y, word(3))};
    struct reply reply =
        ask(assumptions, 2, term_and(terms, term_eq(terms, y, word(3)), term_ult(terms, x, y)));
    answers(ANSWER_PROVED, reply);
    cr_assert(reply.by_simplification);
    term opposite[] = {term_ult(terms, x, y), term_ule(terms, y, x)};
    cr_assert(ask(opposite, 2, term_false(terms)).by_simplification);
    struct solver_statistics statistics = solver_statistics(solver);
    cr_assert_eq(statistics.questions, 2u);
    cr_assert_eq(statistics.by_simplification, 2u);
    cr_assert_eq(statistics.by_solver, 0u);
}

Test(smt_solver, a_refutation_comes_with_a_model_of_the_assumptions)
{
    term x = variable("x"), y = variable("y"), m = memory("M");
    term assumptions[] = {term_slt(terms, x, word(0)), term_ult(terms, y, word(100)),
                          term_eq(terms, term_select(terms, m, y), x)};
    term goal = term_ne(terms, term_select(terms, m, word(64)), x);
    struct reply reply = ask(assumptions, 3, goal);
    answers(ANSWER_REFUTED, reply);
    cr_assert_eq(evaluate_word(terms, reply.model, x) >> 31, 1u);
    cr_assert_lt(evaluate_word(terms, reply.model, y), 100u);
    cr_assert_eq(evaluate_memory_word(terms, reply.model, m, 64),
                 evaluate_word(terms, reply.model, x));
}

Test(smt_solver, models_of_functions_and_memories_as_values_evaluate)
{
    term x = variable("x"), y = variable("y"), m = memory("M"), n = memory("N");
    struct sort sort_memory = {SORT_MEMORY, 0}, sort_word = {SORT_WORD, 32};
    term of_m[] = {m, x}, of_n[] = {n, y};
    term after_m = term_apply(terms, "call", sort_memory, of_m, 2);
    term after_n = term_apply(terms, "call", sort_memory, of_n, 2);
    term result_m = term_apply(terms, "result", sort_word, &after_m, 1);
    term result_n = term_apply(terms, "result", sort_word, &after_n, 1);
    term same_arguments[] = {term_eq(terms, m, n), term_eq(terms, x, y)};
    answers(ANSWER_PROVED, ask(same_arguments, 2, term_eq(terms, result_m, result_n)));
    answers(ANSWER_REFUTED, ask(same_arguments, 1, term_eq(terms, result_m, result_n)));
    term stored = term_store(terms, m, x, y);
    term facts[] = {term_ne(terms, after_m, after_n), term_ne(terms, stored, n),
                    term_eq(terms, term_select(terms, after_n, y), word(5))};
    answers(ANSWER_REFUTED, ask(facts, 3, term_eq(terms, result_m, word(7))));
}

Test(smt_solver, products_are_functions_first_and_bits_if_that_does_not_do)
{
    term x = variable("x"), y = variable("y"), z = variable("z");
    term equal[] = {term_eq(terms, x, y)};
    answers(ANSWER_PROVED,
            ask(equal, 1, term_eq(terms, term_mul(terms, x, z), term_mul(terms, y, z))));
    term positive[] = {term_ult(terms, word(0), y)};
    answers(ANSWER_PROVED, ask(positive, 1, term_ult(terms, term_urem(terms, x, y), y)));
    answers(ANSWER_PROVED, ask(NULL, 0, term_ne(terms, term_mul(terms, x, x), word(3))));
    answers(ANSWER_REFUTED, ask(NULL, 0, term_ne(terms, term_mul(terms, x, y), word(35))));
}

Test(smt_solver, quotients_and_remainders_are_bounded_without_their_bits)
{
    term x = variable("x"), y = variable("y");
    term quotient = term_udiv(terms, x, y), remainder = term_urem(terms, x, y);
    term positive[] = {term_ne(terms, y, word(0))};
    struct question questions[] = {
        {.goal = term_ule(terms, remainder, x)},
        {.goal = term_ule(terms, quotient, x), .assumptions = positive, .assumption_count = 1},
        {.goal = term_ult(terms, remainder, y), .assumptions = positive, .assumption_count = 1},
    };
    for (size_t i = 0; i < 3; i++) {
        questions[i].rlimit = 20000; /* far too little for a divider */
        answers(ANSWER_PROVED, solver_ask(solver, &questions[i]));
    }
    answers(ANSWER_REFUTED, ask(NULL, 0, term_ule(terms, quotient, x)));
    answers(ANSWER_REFUTED, ask(NULL, 0, term_ult(terms, remainder, y)));
}

Test(smt_solver, a_limit_that_is_reached_is_an_answer_of_its_own)
{
    term x = variable("x"), y = variable("y"), z = variable("z");
    term a = term_mul(terms, x, y), b = term_mul(terms, y, z);
    term hard = term_ne(terms, term_mul(terms, term_bitxor(terms, a, z), b), word(0x12345677));
    struct question question = {.name = "hard", .goal = hard, .rlimit = 3000};
    struct reply first = solver_ask(solver, &question);
    answers(ANSWER_LIMIT, first);
    struct arena *other_arena = arena_new();
    struct solver *other = solver_new(other_arena, terms, 3000);
    struct reply second = solver_ask(other, &question);
    answers(ANSWER_LIMIT, second);
    cr_assert_eq(first.spent, second.spent);
    solver_free(other);
    arena_free(other_arena);
}

Test(smt_solver, a_witness_shows_that_assumptions_can_hold)
{
    term x = variable("x"), y = variable("y");
    term possible[] = {term_slt(terms, x, y), term_ult(terms, y, x)};
    struct reply reply = solver_witness(solver, "possible", possible, 2);
    answers(ANSWER_REFUTED, reply);
    cr_assert(evaluate_bool(terms, reply.model, possible[0]));
    cr_assert(evaluate_bool(terms, reply.model, possible[1]));
    term impossible[] = {term_slt(terms, x, word(3)), term_slt(terms, word(5), x)};
    answers(ANSWER_PROVED, solver_witness(solver, "impossible", impossible, 2));
}

/* The first line of what Z3's own program says to the script. */
static void program_says(const struct question *question, char answer[16])
{
    struct text_builder script = {.arena = arena};
    smtlib_write(terms, question, &script);
    char path[] = "/tmp/vouch-smt-XXXXXX";
    int file = mkstemp(path);
    cr_assert_geq(file, 0);
    cr_assert_eq(write(file, script.at, script.length), (ssize_t)script.length);
    close(file);
    FILE *program = popen(arena_printf(arena, "z3 -smt2 %s", path), "r");
    cr_assert_not_null(program);
    cr_assert_not_null(fgets(answer, 16, program), "%s", script.at);
    pclose(program);
    unlink(path);
    answer[strcspn(answer, "\n")] = '\0';
}

static void both_say(enum answer wanted, const term *assumptions, size_t count, term goal)
{
    struct question question = {
        .name = "both\nsay", .assumptions = assumptions, .assumption_count = count, .goal = goal};
    char said[16];
    program_says(&question, said);
    cr_assert_str_eq(said, wanted == ANSWER_PROVED ? "unsat" : "sat");
    answers(wanted, solver_ask(solver, &question));
}

Test(smt_solver, the_written_script_has_the_same_answer)
{
    term x = variable("x"), y = variable("and"), z = variable("a b"), m = memory("$1");
    term i = term_mul(terms, x, word(4)), c = term_ult(terms, x, y);
    term assumptions[] = {term_ult(terms, x, word(100)), term_slt(terms, y, z)};
    term stored = term_store(terms, term_store(terms, m, i, y), z, term_add(terms, y, word(1)));
    both_say(ANSWER_REFUTED, assumptions, 2, term_eq(terms, term_select(terms, stored, i), y));
    both_say(ANSWER_PROVED, assumptions, 1, term_ult(terms, i, word(400)));
    term narrow = term_extract(terms, x, 7, 0);
    term wide = term_sext(terms, term_add(terms, narrow, term_extract(terms, z, 32 - 1, 24)), 32);
    both_say(ANSWER_PROVED, NULL, 0, term_slt(terms, wide, word(128)));
    both_say(ANSWER_REFUTED, NULL, 0, term_slt(terms, wide, word(127)));
    term arguments[] = {m, narrow};
    term applied = term_apply(terms, "bv|f", (struct sort){SORT_WORD, 33}, arguments, 2);
    term branch = term_ite(terms, c, term_zext(terms, x, 33), applied);
    both_say(ANSWER_REFUTED, NULL, 0, term_ult(terms, branch, term_word(terms, 1ull << 32, 33)));
    term parts = term_bitxor(terms, term_bitor(terms, x, y), term_bitand(terms, y, z));
    term shifts = term_add(terms, term_shl(terms, parts, y), term_ashr(terms, z, x));
    both_say(ANSWER_PROVED, NULL, 0,
             term_eq(terms, term_sub(terms, shifts, term_lshr(terms, x, y)),
                     term_sub(terms, shifts, term_lshr(terms, x, y))));
    term divided = term_add(terms, term_udiv(terms, x, y), term_urem(terms, x, y));
    both_say(ANSWER_REFUTED, NULL, 0, term_ult(terms, divided, term_neg(terms, shifts)));
}

Test(smt_solver, scripts_of_deep_terms_are_flat_and_deterministic)
{
    term m = memory("M"), x = variable("x");
    for (int i = 0; i < 20000; i++)
        x = term_select(terms, m, term_bitxor(terms, x, word(0x55 + (uint64_t)i)));
    struct question question = {.name = "deep", .goal = term_eq(terms, x, word(0))};
    struct text_builder one = {.arena = arena}, other = {.arena = arena};
    smtlib_write(terms, &question, &one);
    smtlib_write(terms, &question, &other);
    cr_assert_eq(one.length, other.length);
    cr_assert_eq(memcmp(one.at, other.at, one.length), 0);
    size_t longest = 0;
    for (const char *line = one.at; *line != '\0'; line += strcspn(line, "\n") + 1)
        if (strcspn(line, "\n") > longest)
            longest = strcspn(line, "\n");
    cr_assert_lt(longest, 2000u);
}
