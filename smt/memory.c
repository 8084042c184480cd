/* Memories: chains of stores over a root. Addresses are compared as base + offset: of one base,
 * offsets that differ by a multiple of 4 are different words. Stores of one base that follow each
 * other stand in the order of their offsets, each address once. */
#include "smt/store.h"

/* How far a chain is searched: selects see further than stores, which rebuild what they pass. */
enum { SELECT_STEPS_MAX = 4096, STORE_STEPS_MAX = 64, EQUAL_STEPS_MAX = 256, EQUAL_DEPTH_MAX = 8 };

static void memory_require(const struct terms *terms, term memory, term address)
{
    require(term_sort(terms, memory).kind == SORT_MEMORY &&
                term_sort(terms, address).kind == SORT_WORD && width_of(terms, address) == 32,
            "a memory and a 32-bit address");
}

term address_base(struct terms *terms, term address, uint32_t *offset)
{
    struct linear sum = linear_of(terms, address);
    *offset = (uint32_t)sum.constant;
    if (sum.constant == 0 || sum.count == 0)
        return sum.count == 0 ? term_word(terms, 0, 32) : address;
    if (term_is_none(node_of(terms, address)->base)) {
        term base = linear_scale(terms, 32, 1, sum, -sum.constant);
        terms->nodes[address.id].base = base;
    }
    return node_of(terms, address)->base;
}

static bool is_multiple_of_4(const struct terms *terms, uint64_t coefficient, term atom)
{
    uint64_t lowest = bounds_of(terms, atom)->ones;
    lowest &= -lowest;
    return ((coefficient & -coefficient) * lowest & 3) == 0;
}

/* The two low bits of an address do not count: they are dropped where they are known. */
static term address_aligned(struct terms *terms, term address)
{
    struct linear sum = linear_of(terms, address);
    if ((sum.constant & 3) == 0)
        return address;
    for (size_t i = 0; i < sum.count; i++)
        if (!is_multiple_of_4(terms, sum.coefficients[i], sum.atoms[i]))
            return address;
    return linear_scale(terms, 32, 1, sum, -(sum.constant & 3));
}

enum alias { ALIAS_SAME, ALIAS_DIFFERENT, ALIAS_UNKNOWN };

struct place {
    term address, base;
    uint32_t offset;
};

static struct place place_of(struct terms *terms, term address)
{
    struct place place = {.address = address};
    place.base = address_base(terms, address, &place.offset);
    return place;
}

static enum alias alias_of(const struct place *a, const struct place *b)
{
    if (term_same(a->address, b->address))
        return ALIAS_SAME;
    if (!term_same(a->base, b->base) || (a->offset - b->offset) % 4 != 0)
        return ALIAS_UNKNOWN;
    return ALIAS_DIFFERENT;
}

/* The words that the two addresses can mean do not meet, as far as bounds tell. */
static bool lie_apart(const struct terms *terms, term a, term b)
{
    const struct bounds *left = bounds_of(terms, a), *right = bounds_of(terms, b);
    return left->high / 4 < right->low / 4 || right->high / 4 < left->low / 4;
}

static term store_node(struct terms *terms, term memory, term address, term word)
{
    term parts[] = {memory, address, word};
    return term_intern(terms, TERM_STORE, sort_memory(), parts, 3);
}

static term select_node(struct terms *terms, term memory, term address)
{
    term parts[] = {memory, address};
    return term_intern(terms, TERM_SELECT, sort_word(32), parts, 2);
}

/* Skips stores to other words: the value stored, or the memory where the search ends. */
static term select_search(struct terms *terms, term memory, const struct place *place, term *word)
{
    *word = (term){0};
    for (int steps = 0; steps < SELECT_STEPS_MAX; steps++) {
        const struct node *node = node_of(terms, memory);
        if (node->kind != TERM_STORE)
            return memory;
        struct place stored = place_of(terms, node->arguments[1]);
        enum alias alias = alias_of(place, &stored);
        if (alias == ALIAS_SAME)
            *word = node->arguments[2];
        if (alias == ALIAS_SAME ||
            (alias == ALIAS_UNKNOWN && !lie_apart(terms, place->address, stored.address)))
            return memory;
        memory = node->arguments[0];
    }
    return memory;
}

/* select(store(m, a, v), a) = v; select(store(m, b, v), a) = select(m, a) if a and b differ;
 * select(ite(c, m, n), a) = ite(c, select(m, a), select(n, a)) */
static term select_rules(struct terms *terms, term memory, term address)
{
    struct place place = place_of(terms, address);
    term word;
    term rest = select_search(terms, memory, &place, &word);
    if (!term_is_none(word))
        return word;
    const struct node *node = node_of(terms, rest);
    if (node->kind != TERM_ITE || terms->depth >= DEPTH_MAX)
        return select_node(terms, rest, address);
    terms->depth++;
    term then = term_select(terms, node->arguments[1], address);
    term otherwise = term_select(terms, node->arguments[2], address);
    terms->depth--;
    return term_ite(terms, node->arguments[0], then, otherwise);
}

term term_select(struct terms *terms, term memory, term address)
{
    memory_require(terms, memory, address);
    address = address_aligned(terms, address);
    term result = remembered_get(terms, OPERATION_SELECT, memory, address);
    if (term_is_none(result)) {
        result = select_rules(terms, memory, address);
        remembered_put(terms, OPERATION_SELECT, memory, address, result);
    }
    return result;
}

/* Looks for the place of a store in the run of stores of its base: the stores passed, from the
 * newest, are later in order; `below` is what they and the new store stand on. */
static size_t store_search(struct terms *terms, term memory, const struct place *place,
                           term *passed, term *below)
{
    size_t count = 0;
    *below = memory;
    for (term at = memory; count < STORE_STEPS_MAX; at = node_of(terms, at)->arguments[0]) {
        const struct node *node = node_of(terms, at);
        if (node->kind != TERM_STORE)
            break;
        struct place stored = place_of(terms, node->arguments[1]);
        enum alias alias = alias_of(place, &stored);
        if (alias == ALIAS_SAME) {
            *below = node->arguments[0];
            return count;
        }
        if (alias != ALIAS_DIFFERENT || stored.offset < place->offset)
            break;
        passed[count++] = at;
        *below = node->arguments[0];
    }
    return count;
}

/* store(m, a, select(m, a)) = m; store(store(m, a, v), a, w) = store(m, a, w); stores to words
 * that differ change places */
term term_store(struct terms *terms, term memory, term address, term word)
{
    memory_require(terms, memory, address);
    require(term_sort(terms, word).kind == SORT_WORD && width_of(terms, word) == 32,
            "a memory holds 32-bit words");
    address = address_aligned(terms, address);
    if (term_same(term_select(terms, memory, address), word))
        return memory;
    struct place place = place_of(terms, address);
    term passed[STORE_STEPS_MAX], below;
    size_t count = store_search(terms, memory, &place, passed, &below);
    term result = term_same(term_select(terms, below, address), word)
                      ? below
                      : store_node(terms, below, address, word);
    while (count > 0) {
        const struct node *node = node_of(terms, passed[--count]);
        result = store_node(terms, result, node->arguments[1], node->arguments[2]);
    }
    return result;
}

/* Equality */

struct writes {
    term addresses[2 * EQUAL_STEPS_MAX];
    size_t count;
};

/* The newest memory that both chains stand on, and the addresses written above it. */
static bool common_root(const struct terms *terms, term a, term b, struct writes *writes)
{
    writes->count = 0;
    while (!term_same(a, b)) {
        term *later = a.id > b.id ? &a : &b; /* a node is made after its parts */
        const struct node *node = node_of(terms, *later);
        if (node->kind != TERM_STORE || writes->count == 2 * EQUAL_STEPS_MAX)
            return false;
        writes->addresses[writes->count++] = node->arguments[1];
        *later = node->arguments[0];
    }
    return true;
}

static bool eq_of_branches(struct terms *terms, term a, term b, term *result)
{
    const struct node *left = node_of(terms, a), *right = node_of(terms, b);
    if (terms->depth >= EQUAL_DEPTH_MAX || left->kind != TERM_ITE)
        return false;
    bool is_same = right->kind == TERM_ITE && term_same(left->arguments[0], right->arguments[0]);
    terms->depth++;
    term then = memory_eq(terms, left->arguments[1], is_same ? right->arguments[1] : b);
    term otherwise = memory_eq(terms, left->arguments[2], is_same ? right->arguments[2] : b);
    terms->depth--;
    *result = bool_ite(terms, left->arguments[0], then, otherwise);
    return true;
}

/* Memories over one root are equal iff they agree in every word written above it. */
term memory_eq(struct terms *terms, term a, term b)
{
    term result;
    struct writes writes;
    if (term_same(a, b))
        return term_true(terms);
    if (common_root(terms, a, b, &writes)) {
        struct scratch_mark mark = scratch_mark(terms);
        term *parts = scratch_take(terms, writes.count * sizeof *parts);
        for (size_t i = 0; i < writes.count; i++)
            parts[i] = term_eq(terms, term_select(terms, a, writes.addresses[i]),
                               term_select(terms, b, writes.addresses[i]));
        result = term_and_all(terms, parts, writes.count);
        scratch_release(terms, mark);
        return result;
    }
    if (a.id > b.id)
        return memory_eq(terms, b, a);
    result = remembered_get(terms, OPERATION_EQ, a, b);
    if (!term_is_none(result))
        return result;
    term parts[] = {a, b};
    if (!eq_of_branches(terms, a, b, &result) && !eq_of_branches(terms, b, a, &result))
        result = term_intern(terms, TERM_EQ, sort_bool(), parts, 2);
    remembered_put(terms, OPERATION_EQ, a, b, result);
    return result;
}
