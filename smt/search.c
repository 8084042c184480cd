/* Repairs an assignment: while something that is wanted does not hold, the wish is passed down the
 * term, inverting one operation after the other, to a leaf that can be set. What comes out is
 * judged by the evaluator alone, so that nothing here has to be right. */
#include "smt/search.h"
#include "smt/assignment.h"

enum { STARTS = 4, STEPS_MAX = 48, STEPS_MIN = 6, WORK = 30000, DEPTH = 60 };

struct search {
    struct terms *terms;
    struct assignment *assignment;
    uint64_t random;
    unsigned depth;
};

static uint64_t next_random(struct search *s)
{
    s->random = mixed(s->random, 7);
    return s->random;
}

static uint64_t word_now(struct search *s, term t)
{
    return evaluate_word(s->terms, s->assignment, t);
}

static bool want_word(struct search *s, term t, uint64_t value);
static bool want_bool(struct search *s, term t, bool value);

/* Words */

/* p * x + rest = value: x is (value - rest) / p where that can be computed. */
static bool want_sum(struct search *s, const struct node *node, uint64_t value)
{
    uint64_t mask = mask_of(node->width_bits), now = word_now(s, node->self);
    uint32_t first = (uint32_t)(next_random(s) % node->count);
    for (uint32_t k = 0; k < node->count; k++) {
        uint32_t i = (first + k) % node->count;
        uint64_t coefficient = node->coefficients[i], power = coefficient & -coefficient;
        uint64_t atom_now = word_now(s, node->arguments[i]);
        uint64_t part = value - (now - coefficient * atom_now);
        if ((part & mask & (power - 1)) != 0)
            continue;
        uint64_t odd = coefficient / power, inverse = odd;
        for (int round = 0; round < 6; round++)
            inverse *= 2 - odd * inverse;
        uint64_t wanted = (part & mask) / power * inverse & mask / power;
        if (want_word(s, node->arguments[i], wanted))
            return true;
    }
    return false;
}

static bool want_bits(struct search *s, const struct node *node, uint64_t value)
{
    for (uint32_t i = 0; i < node->count; i++) {
        term part = node->arguments[i];
        uint64_t others = node->kind == TERM_BITAND ? UINT64_MAX : 0, now = word_now(s, part);
        if (kind_of(s->terms, part) == TERM_CONSTANT)
            continue;
        for (uint32_t j = 0; j < node->count; j++) {
            uint64_t other = j == i ? others : word_now(s, node->arguments[j]);
            others = node->kind == TERM_BITAND  ? others & other
                     : node->kind == TERM_BITOR ? others | other
                                                : (j == i ? others : others ^ other);
        }
        uint64_t wanted = node->kind == TERM_BITAND  ? (now & ~others) | value
                          : node->kind == TERM_BITOR ? value
                                                     : value ^ others;
        if (want_word(s, part, wanted & mask_of(node->width_bits)))
            return true;
    }
    return false;
}

static bool want_branch(struct search *s, const struct node *node, uint64_t value)
{
    bool holds = evaluate_bool(s->terms, s->assignment, node->arguments[0]);
    bool flips = next_random(s) % 4 == 0;
    if (!flips && want_word(s, node->arguments[holds ? 1 : 2], value))
        return true;
    if (!want_bool(s, node->arguments[0], !holds))
        return false;
    term taken = node->arguments[holds ? 2 : 1];
    return word_now(s, taken) == value || want_word(s, taken, value);
}

static bool want_memory_word(struct search *s, const struct node *node, uint64_t value)
{
    uint32_t address = (uint32_t)word_now(s, node->arguments[1]);
    term memory = node->arguments[0];
    for (;;) {
        const struct node *at = node_of(s->terms, memory);
        if (at->kind == TERM_ITE) {
            bool holds = evaluate_bool(s->terms, s->assignment, at->arguments[0]);
            memory = at->arguments[holds ? 1 : 2];
        } else if (at->kind == TERM_STORE) {
            if (word_now(s, at->arguments[1]) >> 2 == address >> 2)
                return want_word(s, at->arguments[2], value);
            memory = at->arguments[0];
        } else if (at->kind == TERM_VARIABLE) {
            assignment_set_memory_word(s->assignment, memory, address, (uint32_t)value);
            return true;
        } else {
            assignment_set_apply_memory_word(s->terms, s->assignment, memory, address,
                                             (uint32_t)value);
            return true;
        }
    }
}

static bool want_shifted(struct search *s, const struct node *node, uint64_t value)
{
    uint64_t amount = word_now(s, node->arguments[1]);
    if (amount >= node->width_bits)
        return false;
    uint64_t wanted = node->kind == TERM_SHL ? value >> amount : value << amount;
    return want_word(s, node->arguments[0], wanted & mask_of(node->width_bits));
}

static bool want_quotient(struct search *s, const struct node *node, uint64_t value)
{
    uint64_t divisor = word_now(s, node->arguments[1]), wanted = value;
    if (node->kind == TERM_UDIV && __builtin_mul_overflow(value, divisor, &wanted))
        return false;
    return wanted <= mask_of(node->width_bits) && want_word(s, node->arguments[0], wanted);
}

static bool want_operation(struct search *s, const struct node *node, uint64_t value)
{
    term first = node->count > 0 ? node->arguments[0] : (term){0};
    switch ((enum term_kind)node->kind) {
    case TERM_VARIABLE:
        assignment_set_word(s->assignment, node->self, value);
        return true;
    case TERM_APPLY:
        assignment_set_apply(s->terms, s->assignment, node->self, value);
        return true;
    case TERM_ITE:
        return want_branch(s, node, value);
    case TERM_SUM:
        return want_sum(s, node, value);
    case TERM_UDIV:
    case TERM_UREM:
        return want_quotient(s, node, value);
    case TERM_BITAND:
    case TERM_BITOR:
    case TERM_BITXOR:
        return want_bits(s, node, value);
    case TERM_SHL:
    case TERM_LSHR:
    case TERM_ASHR:
        return want_shifted(s, node, value);
    case TERM_EXTRACT:
        return want_word(s, first,
                         (word_now(s, first) & ~(mask_of(node->width_bits) << node->low)) |
                             value << node->low);
    case TERM_ZEXT:
    case TERM_SEXT:
        return want_word(s, first, value & mask_of(width_of(s->terms, first)));
    case TERM_SELECT:
        return want_memory_word(s, node, value);
    case TERM_CONSTANT:
    case TERM_TRUE:
    case TERM_FALSE:
    case TERM_NOT:
    case TERM_AND:
    case TERM_OR:
    case TERM_EQ:
    case TERM_MUL:
    case TERM_BITNOT:
    case TERM_ULT:
    case TERM_SLT:
    case TERM_CONCAT:
    case TERM_STORE:
        break;
    }
    return false;
}

static bool want_word(struct search *s, term t, uint64_t value)
{
    const struct node *node = node_of(s->terms, t);
    const struct bounds *bounds = &node->bounds;
    if (s->depth == DEPTH || value < bounds->low || value > bounds->high ||
        (value & ~bounds->ones) != 0)
        return false;
    s->depth++;
    bool is_passed_on = want_operation(s, node, value);
    s->depth--;
    return is_passed_on;
}

/* Booleans */

/* Every part, or one of them. */
static bool want_parts(struct search *s, const struct node *node, bool value)
{
    bool wants_all = (node->kind == TERM_AND) == value;
    uint32_t first = (uint32_t)(next_random(s) % node->count);
    for (uint32_t k = 0; k < node->count; k++) {
        term part = node->arguments[wants_all ? k : (first + k) % node->count];
        bool is_so = evaluate_bool(s->terms, s->assignment, part) == value;
        if (!is_so && !want_bool(s, part, value) && wants_all)
            return false;
        if (!wants_all && evaluate_bool(s->terms, s->assignment, part) == value)
            return true;
    }
    return wants_all;
}

static bool want_equal_words(struct search *s, term a, term b)
{
    bool swaps = next_random(s) % 2 == 0;
    term one = swaps ? b : a, other = swaps ? a : b;
    return want_word(s, one, word_now(s, other)) || want_word(s, other, word_now(s, one));
}

static bool want_equation(struct search *s, const struct node *node, bool value)
{
    term a = node->arguments[0], b = node->arguments[1];
    const struct node *left = node_of(s->terms, a);
    if (left->sort_kind == SORT_MEMORY)
        return false;
    if (left->sort_kind == SORT_BOOL)
        return want_bool(s, a, evaluate_bool(s->terms, s->assignment, b) == value);
    if (value)
        return want_equal_words(s, a, b);
    uint64_t other = word_now(s, b) + 1 + (next_random(s) % 2 == 0 ? 0 : next_random(s) >> 8);
    return want_word(s, a, other & mask_of(left->width_bits)) ||
           want_word(s, b, (word_now(s, a) + 1) & mask_of(left->width_bits));
}

/* A number of [low, high]: an end, near one, or any. */
static uint64_t number_between(struct search *s, uint64_t low, uint64_t high)
{
    uint64_t random = next_random(s), span = high - low;
    switch (random % 4) {
    case 0:
        return low;
    case 1:
        return high;
    case 2:
        return low + (span < 64 ? (random >> 8) % (span + 1) : (random >> 8) % 64);
    default:
        return span == UINT64_MAX ? random >> 8 : low + (random >> 8) % (span + 1);
    }
}

/* a < b or a >= b: one side is kept, the other moved beside it. Signed numbers are compared with
 * their top bit flipped. */
static bool want_order(struct search *s, const struct node *node, bool value)
{
    term a = node->arguments[0], b = node->arguments[1];
    unsigned width_bits = width_of(s->terms, a);
    uint64_t mask = mask_of(width_bits), flip = node->kind == TERM_SLT ? mask ^ mask >> 1 : 0;
    uint64_t left = word_now(s, a) ^ flip, right = word_now(s, b) ^ flip;
    bool moves_right = kind_of(s->terms, b) != TERM_CONSTANT && next_random(s) % 2 == 0;
    for (int attempt = 0; attempt < 4; attempt++, moves_right = !moves_right) {
        if (moves_right) {
            if (value && left == mask)
                continue;
            uint64_t wanted =
                value ? number_between(s, left + 1, mask) : number_between(s, 0, left);
            if (want_word(s, b, wanted ^ flip))
                return true;
        } else {
            if (value && right == 0)
                continue;
            uint64_t wanted =
                value ? number_between(s, 0, right - 1) : number_between(s, right, mask);
            if (want_word(s, a, wanted ^ flip))
                return true;
        }
    }
    return false;
}

static bool want_literal(struct search *s, const struct node *node, bool value)
{
    switch ((enum term_kind)node->kind) {
    case TERM_VARIABLE:
        assignment_set_bool(s->assignment, node->self, value);
        return true;
    case TERM_APPLY:
        assignment_set_apply(s->terms, s->assignment, node->self, value);
        return true;
    case TERM_NOT:
        return want_bool(s, node->arguments[0], !value);
    case TERM_AND:
    case TERM_OR:
        return want_parts(s, node, value);
    case TERM_ITE:
        return want_bool(
            s, node->arguments[evaluate_bool(s->terms, s->assignment, node->arguments[0]) ? 1 : 2],
            value);
    case TERM_EQ:
        return want_equation(s, node, value);
    case TERM_ULT:
    case TERM_SLT:
        return want_order(s, node, value);
    case TERM_CONSTANT:
    case TERM_TRUE:
    case TERM_FALSE:
    case TERM_SUM:
    case TERM_MUL:
    case TERM_UDIV:
    case TERM_UREM:
    case TERM_BITAND:
    case TERM_BITOR:
    case TERM_BITXOR:
    case TERM_BITNOT:
    case TERM_SHL:
    case TERM_LSHR:
    case TERM_ASHR:
    case TERM_CONCAT:
    case TERM_EXTRACT:
    case TERM_ZEXT:
    case TERM_SEXT:
    case TERM_SELECT:
    case TERM_STORE:
        break;
    }
    return false;
}

static bool want_bool(struct search *s, term t, bool value)
{
    if (s->depth == DEPTH)
        return false;
    s->depth++;
    bool is_passed_on = want_literal(s, node_of(s->terms, t), value);
    s->depth--;
    return is_passed_on;
}

/* The search */

/* Memories are 0 where they are not set, so that equal ones can be. */
static struct assignment *start_of(struct arena *arena, const struct terms *terms, uint64_t seed,
                                   const struct reach *reach)
{
    struct assignment *assignment = assignment_new(arena, seed);
    for (size_t i = 0; i < reach->count && seed != 0; i++) {
        const struct node *node = node_of(terms, reach->at[i]);
        if (node->kind == TERM_VARIABLE && node->sort_kind == SORT_MEMORY)
            assignment_set_memory_default(assignment, node->self, 0);
    }
    return assignment;
}

/* The first wish from `from` on that does not hold; the last one is that the goal does not. */
static bool next_wish(struct search *s, const struct prepared *asked, size_t from, size_t *wish)
{
    size_t count = asked->count + 1;
    for (size_t k = 0; k < count; k++) {
        size_t i = (from + k) % count;
        bool holds = i < asked->count ? evaluate_bool(s->terms, s->assignment, asked->facts[i])
                                      : !evaluate_bool(s->terms, s->assignment, asked->goal);
        if (!holds) {
            *wish = i;
            return true;
        }
    }
    return false;
}

static bool repaired(struct search *s, const struct prepared *asked, unsigned steps)
{
    size_t wish = asked->count;
    for (unsigned step = 0; step < steps; step++) {
        if (!next_wish(s, asked, wish, &wish))
            return true;
        bool is_goal = wish == asked->count;
        want_bool(s, is_goal ? asked->goal : asked->facts[wish], !is_goal);
    }
    return !next_wish(s, asked, 0, &wish);
}

static struct assignment *search_in(struct arena *arena, struct terms *terms,
                                    const struct prepared *asked, const struct reach *reach)
{
    size_t affordable = WORK / (reach->count + 1);
    unsigned steps = affordable > STEPS_MAX   ? STEPS_MAX
                     : affordable < STEPS_MIN ? STEPS_MIN
                                              : (unsigned)affordable;
    for (uint64_t seed = 0; seed < STARTS; seed++) {
        struct search search = {
            .terms = terms, .assignment = start_of(arena, terms, seed, reach), .random = seed};
        if (repaired(&search, asked, steps))
            return search.assignment;
    }
    return NULL;
}

bool refutation_search(struct arena *arena, struct terms *terms, const struct prepared *asked,
                       struct assignment **model)
{
    struct arena *scratch = arena_new();
    term *roots = ARENA_ARRAY(scratch, term, asked->count + 1);
    for (size_t i = 0; i < asked->count; i++)
        roots[i] = asked->facts[i];
    roots[asked->count] = asked->goal;
    struct reach reach = reach_of(terms, roots, asked->count + 1);
    bool is_found = search_in(scratch, terms, asked, &reach) != NULL;
    if (is_found && model != NULL) /* once more, where it lives on */
        *model = search_in(arena, terms, asked, &reach);
    reach_free(&reach);
    arena_free(scratch);
    return is_found;
}
