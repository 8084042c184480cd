/* Random terms, built twice: through the constructors, and as plain values under some random
 * assignments, computed here with C's own operators. A constructor is right if the evaluator finds
 * the same values, and if what the store says about a term's bounds is true of them. */
#include "smt/evaluate.h"
#include "smt/solver.h"
#include "smt/store.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum {
    ASSIGNMENTS = 6,
    POOL = 24,   /* recent terms of a sort, to choose operands from */
    LEAVES = 3,  /* variables of a sort */
    ROUND = 600, /* terms of one store */
    WIDTHS = 7,
    MEMORY_WORDS = 400,
};

static const unsigned widths[WIDTHS] = {1, 7, 8, 16, 32, 33, 64};

enum op {
    OP_ADD,
    OP_SUB,
    OP_NEG,
    OP_MUL,
    OP_UDIV,
    OP_UREM,
    OP_SDIV,
    OP_SREM,
    OP_AND,
    OP_OR,
    OP_XOR,
    OP_NOT,
    OP_SHL,
    OP_LSHR,
    OP_ASHR,
    OP_CONCAT,
    OP_EXTRACT,
    OP_ZEXT,
    OP_SEXT,
    OP_OF_BOOL,
    OP_ITE_WORD,
    OP_SELECT,
    OP_APPLY,
    OP_CONSTANT,
    OP_BOOL_NOT,
    OP_BOOL_AND,
    OP_BOOL_OR,
    OP_IMPLIES,
    OP_BOOL_EQ,
    OP_BOOL_ITE,
    OP_EQ,
    OP_NE,
    OP_ULT,
    OP_ULE,
    OP_SLT,
    OP_SLE,
    OP_TRUTH,
    OP_MEMORY_EQ,
    OP_AND_ALL,
    OP_OR_ALL,
    OP_STORE,
    OP_MEMORY_ITE,
    OP_COUNT,
};

/* A memory as a value: what was written on a variable, the newest last. */
struct image {
    unsigned base, count;
    uint32_t indexes[MEMORY_WORDS], words[MEMORY_WORDS];
};

struct expr {
    term t;
    unsigned width_bits; /* 0: Boolean */
    uint64_t values[ASSIGNMENTS];
};

struct memory_expr {
    term t;
    struct image images[ASSIGNMENTS];
};

struct world {
    struct arena *arena;
    struct terms *terms;
    struct assignment *assignments[ASSIGNMENTS];
    struct expr words[WIDTHS][POOL], bools[POOL];
    struct memory_expr memories[POOL];
    unsigned memory_count;
    uint32_t base_words[2][ASSIGNMENTS][8]; /* words 0 to 7 of a variable; others are its default */
    uint32_t base_default[2][ASSIGNMENTS];
    uint64_t random;
    enum op sabotaged; /* this operation is given wrong values */
    unsigned mismatches;
};

static uint64_t next_random(struct world *w)
{
    w->random += 0x9e3779b97f4a7c15u;
    uint64_t x = w->random;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static unsigned below(struct world *w, unsigned limit)
{
    return (unsigned)(next_random(w) >> 33) % limit;
}

static uint64_t ones(unsigned width_bits)
{
    return width_bits == 0 ? 1 : width_bits == 64 ? UINT64_MAX : ((uint64_t)1 << width_bits) - 1;
}

static int64_t as_signed(uint64_t value, unsigned width_bits)
{
    uint64_t sign = (uint64_t)1 << (width_bits - 1);
    return (int64_t)((value ^ sign) - sign);
}

/* Values at the ends of ranges, small ones, masks, powers of two, any. */
static uint64_t interesting(struct world *w, unsigned width_bits)
{
    uint64_t top = (uint64_t)1 << (width_bits - 1);
    switch (below(w, 8)) {
    case 0:
        return below(w, 5) & ones(width_bits);
    case 1:
        return (0 - (uint64_t)below(w, 5)) & ones(width_bits);
    case 2:
        return (top + below(w, 3) - 1) & ones(width_bits);
    case 3:
        return (uint64_t)1 << below(w, width_bits);
    case 4:
        return ones(1 + below(w, width_bits));
    case 5:
        return ((ones(1 + below(w, width_bits))) << below(w, width_bits)) & ones(width_bits);
    case 6:
        return below(w, 300) & ones(width_bits);
    default:
        return next_random(w) & ones(width_bits);
    }
}

static unsigned width_index(struct world *w)
{
    static const unsigned likely[] = {4, 4, 4, 4, 2, 2, 0, 1, 3, 5, 6, 6};
    return likely[below(w, 12)];
}

static void report(struct world *w, enum op op, term t, unsigned k, uint64_t expected,
                   uint64_t found)
{
    if (w->mismatches++ != 0 || w->sabotaged != OP_COUNT)
        return;
    struct text_builder text = {.arena = w->arena};
    term_print(w->terms, t, &text);
    fprintf(stderr, "operation %d, assignment %u: expected %llx, found %llx\n%s\n", (int)op, k,
            (unsigned long long)expected, (unsigned long long)found, text_built(&text));
}

static void check_bounds(struct world *w, enum op op, const struct expr *e, unsigned k)
{
    const struct bounds *b = bounds_of(w->terms, e->t);
    uint64_t v = e->values[k];
    int64_t s = as_signed(v, e->width_bits);
    if (v < b->low || v > b->high || s < b->signed_low || s > b->signed_high || (v & ~b->ones) != 0)
        report(w, op, e->t, k, v, b->high);
}

static void check(struct world *w, enum op op, struct expr *e)
{
    for (unsigned k = 0; k < ASSIGNMENTS; k++) {
        uint64_t found = e->width_bits == 0 ? evaluate_bool(w->terms, w->assignments[k], e->t)
                                            : evaluate_word(w->terms, w->assignments[k], e->t);
        uint64_t expected = e->values[k];
        if (op == w->sabotaged)
            expected ^= 1;
        if (found != expected)
            report(w, op, e->t, k, expected, found);
        if (e->width_bits != 0 && w->sabotaged == OP_COUNT)
            check_bounds(w, op, e, k);
    }
}

/* The plain meaning of a binary operation on words. */
static uint64_t word_op(enum op op, uint64_t a, uint64_t b, unsigned n)
{
    int64_t sa = as_signed(a, n), sb = as_signed(b, n);
    bool overflows = sb == -1;
    switch ((int)op) {
    case OP_ADD:
        return (a + b) & ones(n);
    case OP_SUB:
        return (a - b) & ones(n);
    case OP_MUL:
        return (a * b) & ones(n);
    case OP_UDIV:
        return b == 0 ? ones(n) : a / b;
    case OP_UREM:
        return b == 0 ? a : a % b;
    case OP_SDIV:
        if (b == 0)
            return sa < 0 ? 1 : ones(n);
        return (overflows ? 0 - a : (uint64_t)(sa / sb)) & ones(n);
    case OP_SREM:
        return b == 0 ? a : (overflows ? 0 : (uint64_t)(sa % sb)) & ones(n);
    case OP_AND:
        return a & b;
    case OP_OR:
        return a | b;
    case OP_XOR:
        return a ^ b;
    case OP_SHL:
        return b >= n ? 0 : (a << b) & ones(n);
    case OP_LSHR:
        return b >= n ? 0 : a >> b;
    case OP_ASHR:
        return (uint64_t)(sa >> (b >= n ? n - 1 : b)) & ones(n);
    case OP_EQ:
        return a == b;
    case OP_NE:
        return a != b;
    case OP_ULT:
        return a < b;
    case OP_ULE:
        return a <= b;
    case OP_SLT:
        return sa < sb;
    case OP_SLE:
        return sa <= sb;
    }
    cr_assert_fail("not a binary operation");
    return 0;
}

typedef term (*binary)(struct terms *terms, term a, term b);

static binary constructor_of(enum op op)
{
    static const binary all[OP_COUNT] = {
        [OP_ADD] = term_add,         [OP_SUB] = term_sub,      [OP_MUL] = term_mul,
        [OP_UDIV] = term_udiv,       [OP_UREM] = term_urem,    [OP_SDIV] = term_sdiv,
        [OP_SREM] = term_srem,       [OP_AND] = term_bitand,   [OP_OR] = term_bitor,
        [OP_XOR] = term_bitxor,      [OP_SHL] = term_shl,      [OP_LSHR] = term_lshr,
        [OP_ASHR] = term_ashr,       [OP_EQ] = term_eq,        [OP_NE] = term_ne,
        [OP_ULT] = term_ult,         [OP_ULE] = term_ule,      [OP_SLT] = term_slt,
        [OP_SLE] = term_sle,         [OP_BOOL_AND] = term_and, [OP_BOOL_OR] = term_or,
        [OP_IMPLIES] = term_implies, [OP_BOOL_EQ] = term_eq};
    return all[op];
}

static struct expr constant(struct world *w, uint64_t value, unsigned width_bits)
{
    struct expr e = {.t = term_word(w->terms, value, width_bits), .width_bits = width_bits};
    for (unsigned k = 0; k < ASSIGNMENTS; k++)
        e.values[k] = value & ones(width_bits);
    return e;
}

static struct expr binary_of(struct world *w, enum op op, const struct expr *a,
                             const struct expr *b)
{
    struct expr e = {.t = constructor_of(op)(w->terms, a->t, b->t), .width_bits = a->width_bits};
    for (unsigned k = 0; k < ASSIGNMENTS; k++)
        e.values[k] = word_op(op, a->values[k], b->values[k], a->width_bits);
    return e;
}

/* A word operand: recent, or a constant, or near another one. */
static struct expr operand(struct world *w, unsigned index)
{
    struct expr *recent = &w->words[index][below(w, POOL)];
    switch (below(w, 8)) {
    case 0:
    case 1:
        return constant(w, interesting(w, widths[index]), widths[index]);
    case 2: {
        struct expr k = constant(w, interesting(w, widths[index]), widths[index]);
        return binary_of(w, OP_ADD, recent, &k);
    }
    case 3: {
        struct expr k = constant(w, interesting(w, widths[index]), widths[index]);
        return binary_of(w, OP_AND, recent, &k);
    }
    default:
        return *recent;
    }
}

static struct expr word_expr(struct world *w, enum op op, unsigned index)
{
    unsigned n = widths[index];
    struct expr a = operand(w, index), b = operand(w, index);
    if (op == OP_SHL || op == OP_LSHR || op == OP_ASHR) {
        if (below(w, 2) == 0)
            b = constant(w, below(w, n + 2), n);
    }
    return binary_of(w, op, &a, &b);
}

static struct expr negated(struct world *w, enum op op, unsigned index)
{
    struct expr a = operand(w, index), e = a;
    e.t = op == OP_NEG ? term_neg(w->terms, a.t) : term_bitnot(w->terms, a.t);
    for (unsigned k = 0; k < ASSIGNMENTS; k++)
        e.values[k] = (op == OP_NEG ? 0 - a.values[k] : ~a.values[k]) & ones(a.width_bits);
    return e;
}

/* Width changes land on the widths that have a pool, by a further change if they must. */
static struct expr resized(struct world *w, enum op op, unsigned index)
{
    unsigned n = widths[index], from = below(w, WIDTHS);
    struct expr a = operand(w, from), e = {.width_bits = n};
    if (op == OP_EXTRACT && a.width_bits >= n) {
        unsigned low = below(w, a.width_bits - n + 1);
        e.t = term_extract(w->terms, a.t, low + n - 1, low);
        for (unsigned k = 0; k < ASSIGNMENTS; k++)
            e.values[k] = (a.values[k] >> low) & ones(n);
    } else if (op == OP_CONCAT && a.width_bits < n) {
        struct expr b = operand(w, index);
        term low = term_extract(w->terms, b.t, n - a.width_bits - 1, 0);
        e.t = term_concat(w->terms, a.t, low);
        for (unsigned k = 0; k < ASSIGNMENTS; k++)
            e.values[k] =
                a.values[k] << (n - a.width_bits) | (b.values[k] & ones(n - a.width_bits));
    } else if (a.width_bits <= n) {
        bool is_signed = op == OP_SEXT;
        e.t = is_signed ? term_sext(w->terms, a.t, n) : term_zext(w->terms, a.t, n);
        for (unsigned k = 0; k < ASSIGNMENTS; k++)
            e.values[k] =
                is_signed ? (uint64_t)as_signed(a.values[k], a.width_bits) & ones(n) : a.values[k];
    } else {
        return negated(w, OP_NOT, index);
    }
    return e;
}

static struct expr *recent_bool(struct world *w)
{
    return &w->bools[below(w, POOL)];
}

static struct expr ite_of(struct world *w, struct expr a, struct expr b)
{
    struct expr *c = recent_bool(w), e = a;
    e.t = term_ite(w->terms, c->t, a.t, b.t);
    for (unsigned k = 0; k < ASSIGNMENTS; k++)
        e.values[k] = c->values[k] ? a.values[k] : b.values[k];
    return e;
}

static struct expr of_bool(struct world *w, unsigned n)
{
    struct expr *c = recent_bool(w), e = *c;
    e.width_bits = n;
    e.t = term_of_bool(w->terms, c->t, n);
    return e;
}

static struct expr applied(struct world *w, unsigned index)
{
    struct expr a = operand(w, 4), b = operand(w, 2), e = {.width_bits = widths[index]};
    term arguments[] = {a.t, b.t};
    static const char *const names[WIDTHS] = {"f1", "f7", "f8", "f16", "f32", "f33", "f64"};
    e.t = term_apply(w->terms, names[index], (struct sort){SORT_WORD, (uint8_t)widths[index]},
                     arguments, 2);
    for (unsigned k = 0; k < ASSIGNMENTS; k++) {
        /* any function: here one that both sides know */
        uint64_t value = (a.values[k] * 31 + b.values[k] * b.values[k]) & ones(widths[index]);
        assignment_set_apply(w->terms, w->assignments[k], e.t, value);
        e.values[k] = value;
    }
    return e;
}

static uint32_t image_read(struct world *w, const struct image *image, unsigned k, uint32_t index)
{
    for (unsigned i = image->count; i-- > 0;)
        if (image->indexes[i] == index)
            return image->words[i];
    return index < 8 ? w->base_words[image->base][k][index] : w->base_default[image->base][k];
}

static bool image_equals(struct world *w, const struct image *a, const struct image *b, unsigned k)
{
    for (unsigned i = 0; i < a->count; i++)
        if (image_read(w, a, k, a->indexes[i]) != image_read(w, b, k, a->indexes[i]))
            return false;
    for (unsigned i = 0; i < b->count; i++)
        if (image_read(w, a, k, b->indexes[i]) != image_read(w, b, k, b->indexes[i]))
            return false;
    for (uint32_t index = 0; index < 8; index++)
        if (image_read(w, a, k, index) != image_read(w, b, k, index))
            return false;
    return w->base_default[a->base][k] == w->base_default[b->base][k];
}

static struct expr address_operand(struct world *w)
{
    struct expr base = w->words[4][below(w, 4)];
    struct expr offset =
        constant(w, 4 * (uint64_t)below(w, 6) + (below(w, 4) == 0 ? below(w, 4) : 0), 32);
    if (below(w, 3) == 0)
        return offset;
    return below(w, 6) == 0 ? operand(w, 4) : binary_of(w, OP_ADD, &base, &offset);
}

static struct expr selected(struct world *w)
{
    struct memory_expr *m = &w->memories[below(w, w->memory_count)];
    struct expr a = address_operand(w), e = {.width_bits = 32};
    e.t = term_select(w->terms, m->t, a.t);
    for (unsigned k = 0; k < ASSIGNMENTS; k++)
        e.values[k] = image_read(w, &m->images[k], k, (uint32_t)(a.values[k] >> 2));
    return e;
}

static void stored(struct world *w)
{
    struct memory_expr *m = &w->memories[below(w, w->memory_count)];
    struct memory_expr *to = &w->memories[2 + below(w, POOL - 2)];
    struct expr a = address_operand(w), v = operand(w, 4);
    if (m->images[0].count == MEMORY_WORDS)
        return;
    if (below(w, 4) == 0)
        v = selected(w);
    term t = term_store(w->terms, m->t, a.t, v.t);
    if (to != m)
        *to = *m;
    to->t = t;
    for (unsigned k = 0; k < ASSIGNMENTS; k++) {
        struct image *image = &to->images[k];
        image->indexes[image->count] = (uint32_t)(a.values[k] >> 2);
        image->words[image->count++] = (uint32_t)v.values[k];
        uint32_t index = 0;
        for (unsigned i = 0; i < 3; i++) {
            index = i == 0 ? (uint32_t)(a.values[k] >> 2) : (uint32_t)next_random(w) & 7;
            uint32_t found = evaluate_memory_word(w->terms, w->assignments[k], t, index << 2);
            if (found != image_read(w, image, k, index))
                report(w, OP_STORE, t, k, image_read(w, image, k, index), found);
        }
    }
}

static void memory_branched(struct world *w)
{
    struct memory_expr *a = &w->memories[below(w, w->memory_count)];
    struct memory_expr *b = &w->memories[below(w, w->memory_count)];
    struct memory_expr made;
    struct expr *c = recent_bool(w);
    made.t = term_ite(w->terms, c->t, a->t, b->t);
    for (unsigned k = 0; k < ASSIGNMENTS; k++)
        made.images[k] = c->values[k] ? a->images[k] : b->images[k];
    /* images of different assignments may differ in length: the longest bounds the next store */
    for (unsigned k = 0; k < ASSIGNMENTS; k++)
        if (made.images[k].count + 40 > MEMORY_WORDS)
            return;
    w->memories[2 + below(w, POOL - 2)] = made;
}

static struct expr memory_compared(struct world *w)
{
    struct memory_expr *a = &w->memories[below(w, w->memory_count)];
    struct memory_expr *b = &w->memories[below(w, w->memory_count)];
    struct expr e = {.t = term_eq(w->terms, a->t, b->t)};
    for (unsigned k = 0; k < ASSIGNMENTS; k++)
        e.values[k] = image_equals(w, &a->images[k], &b->images[k], k);
    return e;
}

static uint64_t bool_op(enum op op, uint64_t a, uint64_t b)
{
    return op == OP_BOOL_AND  ? a && b
           : op == OP_BOOL_OR ? a || b
           : op == OP_IMPLIES ? !a || b
                              : a == b;
}

static struct expr bool_binary(struct world *w, enum op op)
{
    struct expr *a = recent_bool(w), *b = recent_bool(w), e = {0};
    e.t = constructor_of(op)(w->terms, a->t, b->t);
    for (unsigned k = 0; k < ASSIGNMENTS; k++)
        e.values[k] = bool_op(op, a->values[k], b->values[k]);
    return e;
}

static struct expr bool_all(struct world *w, enum op op)
{
    struct expr e = {0};
    term list[5];
    unsigned count = below(w, 6);
    for (unsigned k = 0; k < ASSIGNMENTS; k++)
        e.values[k] = op == OP_AND_ALL;
    for (unsigned i = 0; i < count; i++) {
        struct expr *a = recent_bool(w);
        list[i] = a->t;
        for (unsigned k = 0; k < ASSIGNMENTS; k++)
            e.values[k] =
                op == OP_AND_ALL ? e.values[k] && a->values[k] : e.values[k] || a->values[k];
    }
    e.t =
        op == OP_AND_ALL ? term_and_all(w->terms, list, count) : term_or_all(w->terms, list, count);
    return e;
}

static struct expr compared(struct world *w, enum op op)
{
    unsigned index = width_index(w);
    struct expr a = operand(w, index), b = operand(w, index);
    struct expr e = binary_of(w, op, &a, &b);
    e.width_bits = 0;
    return e;
}

static struct expr bool_unary(struct world *w, enum op op)
{
    struct expr e = op == OP_TRUTH ? operand(w, width_index(w)) : *recent_bool(w);
    e.t = op == OP_TRUTH ? term_truth(w->terms, e.t) : term_not(w->terms, e.t);
    for (unsigned k = 0; k < ASSIGNMENTS; k++)
        e.values[k] = op == OP_TRUTH ? e.values[k] != 0 : !e.values[k];
    e.width_bits = 0;
    return e;
}

static struct expr bool_expr(struct world *w, enum op op)
{
    switch ((int)op) {
    case OP_BOOL_AND:
    case OP_BOOL_OR:
    case OP_IMPLIES:
    case OP_BOOL_EQ:
        return bool_binary(w, op);
    case OP_AND_ALL:
    case OP_OR_ALL:
        return bool_all(w, op);
    case OP_BOOL_ITE:
        return ite_of(w, *recent_bool(w), *recent_bool(w));
    case OP_MEMORY_EQ:
        return memory_compared(w);
    case OP_BOOL_NOT:
    case OP_TRUTH:
        return bool_unary(w, op);
    default:
        return compared(w, op);
    }
}

static void one_step(struct world *w)
{
    enum op op = (enum op)below(w, OP_COUNT);
    unsigned index = width_index(w), keep = LEAVES + below(w, POOL - LEAVES);
    struct expr e;
    if (op == OP_STORE) {
        stored(w);
        return;
    }
    if (op == OP_MEMORY_ITE) {
        memory_branched(w);
        return;
    }
    if (op >= OP_BOOL_NOT) {
        e = bool_expr(w, op);
        check(w, op, &e);
        w->bools[keep] = e;
        return;
    }
    if (op == OP_NEG || op == OP_NOT)
        e = negated(w, op, index);
    else if (op == OP_CONCAT || op == OP_EXTRACT || op == OP_ZEXT || op == OP_SEXT)
        e = resized(w, op, index);
    else if (op == OP_OF_BOOL)
        e = of_bool(w, widths[index]);
    else if (op == OP_ITE_WORD)
        e = ite_of(w, operand(w, index), operand(w, index));
    else if (op == OP_SELECT)
        e = selected(w), index = 4;
    else if (op == OP_APPLY)
        e = applied(w, index);
    else if (op == OP_CONSTANT)
        e = constant(w, interesting(w, widths[index]), widths[index]);
    else
        e = word_expr(w, op, index);
    check(w, op, &e);
    w->words[index][keep] = e;
}

static struct expr leaf(struct world *w, const char *name, unsigned width_bits)
{
    struct sort sort = {width_bits == 0 ? SORT_BOOL : SORT_WORD, (uint8_t)width_bits};
    struct expr e = {.t = term_variable(w->terms, name, sort), .width_bits = width_bits};
    for (unsigned k = 0; k < ASSIGNMENTS; k++) {
        e.values[k] = width_bits == 0 ? below(w, 2) : interesting(w, width_bits);
        if (width_bits == 0)
            assignment_set_bool(w->assignments[k], e.t, e.values[k] != 0);
        else
            assignment_set_word(w->assignments[k], e.t, e.values[k]);
    }
    return e;
}

static void memory_leaf(struct world *w, unsigned base)
{
    struct memory_expr *m = &w->memories[base];
    m->t = term_variable(w->terms, base == 0 ? "M" : "N", (struct sort){SORT_MEMORY, 0});
    for (unsigned k = 0; k < ASSIGNMENTS; k++) {
        m->images[k].base = base;
        m->images[k].count = 0;
        w->base_default[base][k] = below(w, 2);
        assignment_set_memory_default(w->assignments[k], m->t, w->base_default[base][k]);
        for (uint32_t index = 0; index < 8; index++) {
            uint32_t word =
                below(w, 2) == 0 ? w->base_default[base][k] : (uint32_t)interesting(w, 32);
            w->base_words[base][k][index] = word;
            assignment_set_memory_word(w->assignments[k], m->t, index * 4, word);
        }
    }
}

static void world_start(struct world *w)
{
    w->arena = arena_new();
    w->terms = terms_new(w->arena);
    for (unsigned k = 0; k < ASSIGNMENTS; k++)
        w->assignments[k] = assignment_new(w->arena, 0);
    for (unsigned index = 0; index < WIDTHS; index++)
        for (unsigned i = 0; i < POOL; i++)
            w->words[index][i] =
                i < LEAVES
                    ? leaf(w, arena_printf(w->arena, "x%u_%u", widths[index], i), widths[index])
                    : w->words[index][i % LEAVES];
    for (unsigned i = 0; i < POOL; i++)
        w->bools[i] =
            i < LEAVES ? leaf(w, arena_printf(w->arena, "b%u", i), 0) : w->bools[i % LEAVES];
    memory_leaf(w, 0);
    memory_leaf(w, 1);
    for (unsigned i = 2; i < POOL; i++)
        w->memories[i] = w->memories[i % 2];
    w->memory_count = POOL;
}

/* The number of wrong values among `count` random terms. */
static unsigned mismatches_of(uint64_t seed, unsigned count, enum op sabotaged)
{
    struct world *w = calloc(1, sizeof *w);
    unsigned mismatches = 0;
    for (unsigned done = 0; done < count; done += ROUND) {
        w->random = seed + done;
        w->sabotaged = sabotaged;
        w->mismatches = 0;
        world_start(w);
        for (unsigned i = 0; i < ROUND; i++)
            one_step(w);
        mismatches += w->mismatches;
        if (w->mismatches != 0 && sabotaged == OP_COUNT)
            fprintf(stderr, "round that starts with %llu\n", (unsigned long long)(seed + done));
        arena_free(w->arena);
    }
    free(w);
    return mismatches;
}

Test(smt_random, every_constructor_keeps_the_meaning_of_random_terms)
{
    const char *wanted = getenv("SMT_RANDOM_TERMS");
    unsigned count = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : 240000;
    const char *seed = getenv("SMT_RANDOM_SEED");
    cr_assert_eq(mismatches_of(seed != NULL ? strtoull(seed, NULL, 10) : 1, count, OP_COUNT), 0);
}

Test(smt_random, a_wrong_meaning_of_any_operation_is_found_out)
{
    for (int op = 0; op < OP_COUNT; op++)
        if (op != OP_STORE && op != OP_MEMORY_ITE)
            cr_assert_neq(mismatches_of(1000, 3 * ROUND, (enum op)op), 0, "operation %d", op);
}
