#include "validator/check/contract_ask.h"

#include <string.h>

/* ---- shifts ---- */

/* A word that the guard fixes, as at the end of a loop: variable = constant. */
static bool fixed_variable(const struct terms *terms, term guard, term *variable, term *value)
{
    bool is_list = term_kind(terms, guard) == TERM_AND;
    size_t count = is_list ? term_argument_count(terms, guard) : 1;
    for (size_t i = 0; i < count; i++) {
        term part = is_list ? term_argument(terms, guard, i) : guard;
        if (term_kind(terms, part) != TERM_EQ)
            continue;
        for (size_t k = 0; k < 2; k++) {
            *variable = term_argument(terms, part, k);
            *value = term_argument(terms, part, 1 - k);
            if (term_kind(terms, *variable) == TERM_VARIABLE &&
                term_is_constant(terms, *value, NULL))
                return true;
        }
    }
    return false;
}

/* A term without names; the word that the guard fixes is put in, so that shifts by it are shifts by
 * a constant. */
static term looked_into(const struct contract_asker *asker, term guard, term t)
{
    term variable, value;
    t = contract_unnamed(asker->reader, t);
    if (!fixed_variable(asker->terms, guard, &variable, &value))
        return t;
    return term_substitute(asker->terms, t, &variable, &value, 1);
}

static struct contract_question without_names(const struct contract_asker *asker,
                                              const struct contract_question *question)
{
    struct contract_question plain = *question;
    term *assumptions = ARENA_ARRAY(asker->arena, term, question->assumption_count);
    for (size_t i = 0; i < question->assumption_count; i++)
        assumptions[i] = looked_into(asker, question->guard, question->assumptions[i]);
    plain.assumptions = assumptions;
    plain.goal = looked_into(asker, question->guard, question->goal);
    plain.guard = contract_unnamed(asker->reader, question->guard);
    return plain;
}

/* ---- one question ---- */

static enum answer ask_solver(struct contract_asker *asker, const struct contract_question *asked)
{
    size_t count = asked->assumption_count;
    term *assumptions = ARENA_ARRAY(asker->arena, term, count + 1);
    if (count != 0)
        memcpy(assumptions, asked->assumptions, count * sizeof *assumptions);
    assumptions[count] = asked->guard;
    struct question question = {
        .name = asked->name,
        .assumptions = assumptions,
        .assumption_count = count + 1,
        .goal = asked->goal,
    };
    struct reply reply = solver_ask(asker->solver, &question);
    if (!reply.by_simplification)
        asker->solver_questions++;
    if (asker->wants_evidence && reply.answer == ANSWER_PROVED &&
        !term_is_true(asker->terms, asked->goal)) {
        struct text_builder text = {.arena = asker->arena};
        smtlib_write(asker->terms, &question, &text);
        ARRAY_PUSH(asker->arena, &asker->evidence,
                   (struct evidence){question.name, text_built(&text), reply.answer});
    }
    return reply.answer;
}

enum answer contract_ask(struct contract_asker *asker, const struct contract_question *question)
{
    term variable, value;
    bool has_names = asker->reader->names.count != 0;
    if (!has_names || !fixed_variable(asker->terms, question->guard, &variable, &value)) {
        enum answer answer = ask_solver(asker, question);
        if (answer == ANSWER_PROVED || !has_names)
            return answer;
    }
    struct contract_question plain = without_names(asker, question);
    plain.name = arena_printf(asker->arena, "%s-shifts", question->name);
    return ask_solver(asker, &plain);
}
