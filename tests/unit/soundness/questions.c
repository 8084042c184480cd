/* Random questions about a few small words: what the rules and the replacing of smt/ call proved
 * holds for every value of the variables. All of them are tried. */
#include "smt/evaluate.h"
#include "smt/prepare.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { WIDTH = 5, WORDS = 2, BOOLS = 2, POOL = 12, FACTS_MAX = 5, QUESTIONS_OF_STORE = 40 };

struct world {
    struct arena *arena;
    struct terms *terms;
    uint64_t random;
    term words[POOL], bools[POOL];
    unsigned word_count, bool_count;
};

static unsigned below(struct world *w, unsigned limit)
{
    w->random = w->random * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(w->random >> 33) % limit;
}

static term any_word(struct world *w)
{
    if (below(w, 4) == 0)
        return term_word(w->terms, below(w, 3) == 0 ? below(w, 1u << WIDTH) : below(w, 4), WIDTH);
    return w->words[below(w, w->word_count)];
}

static term any_bool(struct world *w)
{
    return w->bools[below(w, w->bool_count)];
}

static term new_word(struct world *w)
{
    struct terms *t = w->terms;
    term a = any_word(w), b = any_word(w);
    unsigned low = below(w, WIDTH - 1), high = low + below(w, WIDTH - low);
    switch (below(w, 14)) {
    case 0:
        return term_add(t, a, b);
    case 1:
        return term_sub(t, a, b);
    case 2:
        return term_mul(t, a, term_word(t, below(w, 6), WIDTH));
    case 3:
        return term_bitand(t, a, b);
    case 4:
        return term_bitor(t, a, b);
    case 5:
        return term_bitxor(t, a, b);
    case 6:
        return term_shl(t, a, term_word(t, below(w, WIDTH), WIDTH));
    case 7:
        return term_lshr(t, a, term_word(t, below(w, WIDTH), WIDTH));
    case 8:
        return term_ashr(t, a, term_word(t, below(w, WIDTH), WIDTH));
    case 9:
        return term_zext(t, term_extract(t, a, high, low), WIDTH);
    case 10:
        return term_sext(t, term_extract(t, a, high, low), WIDTH);
    case 11:
        return term_of_bool(t, any_bool(w), WIDTH);
    case 12:
        return term_udiv(t, a, b);
    default:
        return term_ite(t, any_bool(w), a, b);
    }
}

static term new_bool(struct world *w)
{
    struct terms *t = w->terms;
    switch (below(w, 10)) {
    case 0:
    case 1:
        return term_eq(t, any_word(w), any_word(w));
    case 2:
        return term_ne(t, any_word(w), any_word(w));
    case 3:
        return term_ult(t, any_word(w), any_word(w));
    case 4:
        return term_ule(t, any_word(w), any_word(w));
    case 5:
        return term_slt(t, any_word(w), any_word(w));
    case 6:
        return term_not(t, any_bool(w));
    case 7:
        return term_and(t, any_bool(w), any_bool(w));
    case 8:
        return term_or(t, any_bool(w), any_bool(w));
    default:
        return term_implies(t, any_bool(w), any_bool(w));
    }
}

/* A few terms over fresh pools. */
static void refill(struct world *w)
{
    static const char *const words[WORDS] = {"x", "y"}, *const bools[BOOLS] = {"p", "q"};
    for (unsigned i = 0; i < WORDS; i++)
        w->words[i] = term_variable(w->terms, words[i], (struct sort){SORT_WORD, WIDTH});
    for (unsigned i = 0; i < BOOLS; i++)
        w->bools[i] = term_variable(w->terms, bools[i], (struct sort){SORT_BOOL, 0});
    w->word_count = WORDS;
    w->bool_count = BOOLS;
    while (w->word_count < POOL) {
        term word = new_word(w), boolean = new_bool(w);
        w->words[w->word_count++] = word;
        w->bools[w->bool_count++] = boolean;
    }
}

/* Every assignment that satisfies the facts satisfies the goal. */
static bool holds(struct world *w, const term *facts, unsigned count, term goal)
{
    for (unsigned number = 0; number < 1u << (WORDS * WIDTH + BOOLS); number++) {
        struct arena *arena = arena_new();
        struct assignment *it = assignment_new(arena, 0);
        assignment_set_word(it, w->words[0], number & ((1u << WIDTH) - 1));
        assignment_set_word(it, w->words[1], number >> WIDTH & ((1u << WIDTH) - 1));
        assignment_set_bool(it, w->bools[0], (number >> (2 * WIDTH) & 1) != 0);
        assignment_set_bool(it, w->bools[1], (number >> (2 * WIDTH + 1) & 1) != 0);
        bool is_state = true;
        for (unsigned i = 0; i < count && is_state; i++)
            is_state = evaluate_bool(w->terms, it, facts[i]);
        bool is_right = !is_state || evaluate_bool(w->terms, it, goal);
        arena_free(arena);
        if (!is_right)
            return false;
    }
    return true;
}

static unsigned number_of(const char *variable, unsigned otherwise)
{
    const char *given = getenv(variable);
    return given == NULL ? otherwise : (unsigned)strtoul(given, NULL, 10);
}

Test(smt_questions, what_is_called_proved_holds_for_every_value)
{
    struct world w = {.random = number_of("SMT_QUESTIONS_SEED", 1)};
    unsigned asked = number_of("SMT_QUESTIONS", 1000), proved = 0;
    for (unsigned i = 0; i < asked; i++) {
        if (i % QUESTIONS_OF_STORE == 0) {
            if (w.arena != NULL)
                arena_free(w.arena);
            w.arena = arena_new();
            w.terms = terms_new(w.arena);
        }
        refill(&w);
        term facts[FACTS_MAX];
        unsigned count = below(&w, FACTS_MAX + 1);
        for (unsigned k = 0; k < count; k++)
            facts[k] = any_bool(&w);
        term goal = any_bool(&w);
        struct prepared it = question_prepare(w.arena, w.terms, facts, count, goal);
        if (!it.is_proved)
            continue;
        proved++;
        cr_expect(holds(&w, facts, count, goal), "question %u is called proved", i);
    }
    cr_expect_gt(proved, asked / 20, "%u of %u questions", proved, asked);
    arena_free(w.arena);
}
