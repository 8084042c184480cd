/* Walks over terms without recursion: what is reachable, replacing variables, listing them. */
#include "smt/store.h"

#include <stdlib.h>

enum { WORD_BITS = 64 };

static void *memory_for(size_t count, size_t size_bytes)
{
    void *memory = calloc(count == 0 ? 1 : count, size_bytes);
    require(memory != NULL, "out of memory");
    return memory;
}

/* Marks a term; true if it was not marked before. */
static bool mark_add(uint64_t *marks, term t)
{
    uint64_t bit = (uint64_t)1 << (t.id % WORD_BITS);
    bool is_new = (marks[t.id / WORD_BITS] & bit) == 0;
    marks[t.id / WORD_BITS] |= bit;
    return is_new;
}

struct reach reach_of(const struct terms *terms, const term *roots, size_t count)
{
    uint32_t highest = 0;
    for (size_t i = 0; i < count; i++)
        highest = roots[i].id > highest ? roots[i].id : highest;
    size_t word_count = highest / WORD_BITS + 1, found = 0;
    uint64_t *marks = memory_for(word_count, sizeof *marks);
    for (size_t i = 0; i < count; i++)
        found += mark_add(marks, roots[i]);
    /* Arguments have smaller ids: one sweep downwards meets every term after its users. */
    for (size_t w = word_count; w-- > 0;) {
        for (int bit = WORD_BITS - 1; bit >= 0 && marks[w] != 0; bit--) {
            if ((marks[w] >> bit & 1) == 0)
                continue;
            const struct node *node = &terms->nodes[w * WORD_BITS + (size_t)bit];
            for (uint32_t i = 0; i < node->count; i++)
                found += mark_add(marks, node->arguments[i]);
        }
    }
    struct reach reach = {memory_for(found, sizeof(term)), 0};
    for (size_t w = 0; w < word_count; w++)
        for (uint64_t left = marks[w]; left != 0; left &= left - 1)
            reach.at[reach.count++] =
                (term){(uint32_t)(w * WORD_BITS + (size_t)__builtin_ctzll(left))};
    free(marks);
    return reach;
}

void reach_free(struct reach *reach)
{
    free(reach->at);
    *reach = (struct reach){0};
}

static term sum_rebuilt(struct terms *terms, const struct node *node, const term *arguments)
{
    unsigned width_bits = node->width_bits;
    term sum = term_word(terms, node->word, width_bits);
    for (uint32_t i = 0; i < node->count; i++)
        sum = linear_combine(terms, width_bits, 1, linear_of(terms, sum), node->coefficients[i],
                             linear_of(terms, arguments[i]), 0);
    return sum;
}

typedef term (*binary)(struct terms *terms, term a, term b);

static term folded(struct terms *terms, binary apply, const term *arguments, size_t count)
{
    term result = arguments[0];
    for (size_t i = 1; i < count; i++)
        result = apply(terms, result, arguments[i]);
    return result;
}

term term_rebuild(struct terms *terms, const struct node *node, const term *arguments)
{
    switch ((enum term_kind)node->kind) {
    case TERM_CONSTANT:
    case TERM_TRUE:
    case TERM_FALSE:
    case TERM_VARIABLE:
        return node->self;
    case TERM_APPLY:
        return term_apply(terms, terms->symbols[node->word].name,
                          (struct sort){(enum sort_kind)node->sort_kind, node->width_bits},
                          arguments, node->count);
    case TERM_ITE:
        return term_ite(terms, arguments[0], arguments[1], arguments[2]);
    case TERM_NOT:
        return term_not(terms, arguments[0]);
    case TERM_AND:
        return term_and_all(terms, arguments, node->count);
    case TERM_OR:
        return term_or_all(terms, arguments, node->count);
    case TERM_EQ:
        return term_eq(terms, arguments[0], arguments[1]);
    case TERM_SUM:
        return sum_rebuilt(terms, node, arguments);
    case TERM_MUL:
        return folded(terms, term_mul, arguments, node->count);
    case TERM_UDIV:
        return term_udiv(terms, arguments[0], arguments[1]);
    case TERM_UREM:
        return term_urem(terms, arguments[0], arguments[1]);
    case TERM_BITAND:
        return folded(terms, term_bitand, arguments, node->count);
    case TERM_BITOR:
        return folded(terms, term_bitor, arguments, node->count);
    case TERM_BITXOR:
        return folded(terms, term_bitxor, arguments, node->count);
    case TERM_BITNOT:
        return term_bitnot(terms, arguments[0]);
    case TERM_SHL:
        return term_shl(terms, arguments[0], arguments[1]);
    case TERM_LSHR:
        return term_lshr(terms, arguments[0], arguments[1]);
    case TERM_ASHR:
        return term_ashr(terms, arguments[0], arguments[1]);
    case TERM_ULT:
        return term_ult(terms, arguments[0], arguments[1]);
    case TERM_SLT:
        return term_slt(terms, arguments[0], arguments[1]);
    case TERM_CONCAT:
        return term_concat(terms, arguments[0], arguments[1]);
    case TERM_EXTRACT:
        return term_extract(terms, arguments[0], node->low + node->width_bits - 1u, node->low);
    case TERM_ZEXT:
        return term_zext(terms, arguments[0], node->width_bits);
    case TERM_SEXT:
        return term_sext(terms, arguments[0], node->width_bits);
    case TERM_SELECT:
        return term_select(terms, arguments[0], arguments[1]);
    case TERM_STORE:
        return term_store(terms, arguments[0], arguments[1], arguments[2]);
    }
    require(false, "a kind");
    return (term){0};
}

/* The images of a node's arguments; false if all are as they were. */
static bool arguments_changed(const struct node *node, const term *images, term *arguments)
{
    bool changes = false;
    for (uint32_t i = 0; i < node->count; i++) {
        arguments[i] = images[node->arguments[i].id];
        changes = changes || !term_same(arguments[i], node->arguments[i]);
    }
    return changes;
}

term term_replace(struct terms *terms, term t, const term *from, const term *to, size_t count)
{
    term *images = memory_for((size_t)t.id + 1, sizeof *images);
    for (size_t i = 0; i < count; i++) {
        struct sort old = term_sort(terms, from[i]), new = term_sort(terms, to[i]);
        require(old.kind == new.kind &&old.width_bits == new.width_bits,
                "a term is replaced by one of its sort");
        if (from[i].id <= t.id)
            images[from[i].id] = to[i];
    }
    struct reach reach = reach_of(terms, &t, 1);
    for (size_t i = 0; i < reach.count; i++) {
        term old = reach.at[i];
        if (!term_is_none(images[old.id]))
            continue;
        const struct node *node = node_of(terms, old);
        struct scratch_mark mark = scratch_mark(terms);
        term *arguments = scratch_take(terms, node->count * sizeof *arguments);
        images[old.id] =
            arguments_changed(node, images, arguments) ? term_rebuild(terms, node, arguments) : old;
        scratch_release(terms, mark);
    }
    term result = images[t.id];
    reach_free(&reach);
    free(images);
    return result;
}

term term_substitute(struct terms *terms, term t, const term *from, const term *to, size_t count)
{
    for (size_t i = 0; i < count; i++)
        require(kind_of(terms, from[i]) == TERM_VARIABLE, "variables are replaced");
    return term_replace(terms, t, from, to, count);
}

void term_each_variable(const struct terms *terms, term t, void (*visit)(void *self, term v),
                        void *self)
{
    struct reach reach = reach_of(terms, &t, 1);
    for (size_t i = 0; i < reach.count; i++)
        if (kind_of(terms, reach.at[i]) == TERM_VARIABLE)
            visit(self, reach.at[i]);
    reach_free(&reach);
}
