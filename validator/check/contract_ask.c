#include "validator/check/contract_ask.h"

#include <string.h>

/* A question beyond this limit is taken apart before it gets the full one. */
enum { EASY_RLIMIT = 6000, SPLITS_MAX = 4 };

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

static enum answer ask_solver(struct contract_asker *asker, const struct contract_question *asked,
                              uint32_t rlimit)
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
        .rlimit = rlimit,
    };
    struct reply reply = solver_ask(asker->solver, &question);
    if (reply.by_simplification)
        return reply.answer;
    asker->solver_questions++;
    bool is_final = reply.answer == ANSWER_PROVED || rlimit == asker->rlimit;
    if (asker->wants_evidence && is_final) {
        struct text_builder text = {.arena = asker->arena};
        smtlib_write(asker->terms, &question, &text);
        ARRAY_PUSH(asker->arena, &asker->evidence,
                   (struct evidence){question.name, text_built(&text), reply.answer});
    }
    return reply.answer;
}

/* ---- cases ---- */

struct condition_search {
    const struct terms *terms;
    bool *is_seen; /* by id */
    term guard, found;
};

static bool is_decided(const struct condition_search *search, term condition)
{
    if (term_same(search->guard, condition))
        return true;
    if (term_kind(search->terms, search->guard) != TERM_AND)
        return false;
    for (size_t i = 0; i < term_argument_count(search->terms, search->guard); i++) {
        term part = term_argument(search->terms, search->guard, i);
        if (term_same(part, condition) ||
            (term_kind(search->terms, part) == TERM_NOT &&
             term_same(term_argument(search->terms, part, 0), condition)))
            return true;
    }
    return false;
}

/* The oldest condition, on which the others may depend, that chooses between words in `t`. */
static void find_condition(struct condition_search *search, term t, unsigned depth)
{
    enum { DEPTH_MAX = 200 };
    if (search->is_seen[t.id] || depth == DEPTH_MAX)
        return;
    search->is_seen[t.id] = true;
    size_t count = term_argument_count(search->terms, t);
    if (term_kind(search->terms, t) == TERM_ITE) {
        term condition = term_argument(search->terms, t, 0);
        bool is_older = term_is_none(search->found) || condition.id < search->found.id;
        if (is_older && !is_decided(search, condition))
            search->found = condition;
    }
    for (size_t i = 0; i < count; i++)
        find_condition(search, term_argument(search->terms, t, i), depth + 1);
}

static term splitting_condition(struct contract_asker *asker,
                                const struct contract_question *question)
{
    struct condition_search search = {
        .terms = asker->terms,
        .is_seen = ARENA_ARRAY(asker->arena, bool, terms_count(asker->terms)),
        .guard = question->guard,
    };
    find_condition(&search, question->goal, 0);
    return search.found;
}

static enum answer ask_by_cases(struct contract_asker *asker,
                                const struct contract_question *question, unsigned splits)
{
    struct terms *terms = asker->terms;
    term condition = splits == SPLITS_MAX ? (term){0} : splitting_condition(asker, question);
    bool is_last = term_is_none(condition) || asker->rlimit <= EASY_RLIMIT;
    enum answer answer = ask_solver(asker, question, is_last ? asker->rlimit : EASY_RLIMIT);
    if (answer != ANSWER_LIMIT || is_last)
        return answer;
    for (unsigned side = 0; side < 2; side++) {
        struct contract_question part = *question;
        term chosen = side == 0 ? condition : term_not(terms, condition);
        part.name = arena_printf(asker->arena, "%s-%c", question->name, "ab"[side]);
        part.guard = term_and(terms, question->guard, chosen);
        answer = ask_by_cases(asker, &part, splits + 1);
        if (answer != ANSWER_PROVED)
            return answer;
    }
    return ANSWER_PROVED;
}

enum answer contract_ask(struct contract_asker *asker, const struct contract_question *question)
{
    term variable, value;
    bool has_names = asker->reader->names.count != 0;
    if (!has_names || !fixed_variable(asker->terms, question->guard, &variable, &value)) {
        enum answer answer = ask_by_cases(asker, question, 0);
        if (answer == ANSWER_PROVED || !has_names)
            return answer;
    }
    struct contract_question plain = without_names(asker, question);
    plain.name = arena_printf(asker->arena, "%s-shifts", question->name);
    return ask_by_cases(asker, &plain, 0);
}
