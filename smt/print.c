/* Terms for a person: infix, with parentheses where they are needed. Shared parts are written out
 * each time, so that a text can be far larger than its term: it ends in "..." at a limit. */
#include "base/array.h"
#include "smt/solver.h"
#include "smt/store.h"

#include <stdlib.h>

enum { PRINT_BYTES_MAX = 1 << 20 };

/* How tightly an operator binds; an argument that binds less is put in parentheses. */
enum level {
    LEVEL_CHOICE,
    LEVEL_OR,
    LEVEL_AND,
    LEVEL_COMPARE,
    LEVEL_BITS,
    LEVEL_SUM,
    LEVEL_PRODUCT,
    LEVEL_UNARY,
    LEVEL_ATOM,
};

/* What is still to be written, the next on top: a text, or a term. */
struct item {
    const char *text;
    term t;
    enum level level;
};

struct printer {
    const struct terms *terms;
    struct text_builder *out;
    struct item *items;
    size_t count, capacity;
};

static void push(struct printer *p, struct item item)
{
    if (p->count == p->capacity) {
        p->capacity = p->capacity == 0 ? 64 : p->capacity * 2;
        p->items = realloc(p->items, p->capacity * sizeof *p->items);
        require(p->items != NULL, "out of memory");
    }
    p->items[p->count++] = item;
}

static void push_text(struct printer *p, const char *text)
{
    push(p, (struct item){.text = text});
}

static void push_term(struct printer *p, term t, enum level level)
{
    push(p, (struct item){.t = t, .level = level});
}

static bool is_small_negative(uint64_t value, unsigned width_bits)
{
    int64_t number = signed_of(value, width_bits);
    return width_bits > 1 && number < 0 && number >= -65536;
}

static void print_word(struct printer *p, uint64_t value, unsigned width_bits)
{
    if (is_small_negative(value, width_bits))
        text_append(p->out, "-%llu", (unsigned long long)(-value & mask_of(width_bits)));
    else if (value <= 65536)
        text_append(p->out, "%llu", (unsigned long long)value);
    else
        text_append(p->out, "0x%llx", (unsigned long long)value);
}

static bool is_bool_word(const struct terms *terms, const struct node *node)
{
    uint64_t one, zero;
    return node->kind == TERM_ITE && node->sort_kind == SORT_WORD &&
           term_is_constant(terms, node->arguments[1], &one) && one == 1 &&
           term_is_constant(terms, node->arguments[2], &zero) && zero == 0;
}

static enum level level_of(const struct terms *terms, const struct node *node)
{
    switch ((enum term_kind)node->kind) {
    case TERM_CONSTANT:
        return is_small_negative(node->word, node->width_bits) ? LEVEL_UNARY : LEVEL_ATOM;
    case TERM_NOT:
        return node_of(terms, node->arguments[0])->kind == TERM_VARIABLE ? LEVEL_UNARY
                                                                         : LEVEL_COMPARE;
    case TERM_BITNOT:
        return LEVEL_UNARY;
    case TERM_ITE:
        return is_bool_word(terms, node) ? LEVEL_ATOM : LEVEL_CHOICE;
    case TERM_OR:
        return LEVEL_OR;
    case TERM_AND:
        return LEVEL_AND;
    case TERM_EQ:
    case TERM_ULT:
    case TERM_SLT:
        return LEVEL_COMPARE;
    case TERM_BITAND:
    case TERM_BITOR:
    case TERM_BITXOR:
    case TERM_SHL:
    case TERM_LSHR:
    case TERM_ASHR:
        return LEVEL_BITS;
    case TERM_SUM:
        return node->count == 1 && node->word == 0 ? LEVEL_PRODUCT : LEVEL_SUM;
    case TERM_MUL:
    case TERM_UDIV:
    case TERM_UREM:
        return LEVEL_PRODUCT;
    case TERM_TRUE:
    case TERM_FALSE:
    case TERM_VARIABLE:
    case TERM_APPLY:
    case TERM_CONCAT:
    case TERM_EXTRACT:
    case TERM_ZEXT:
    case TERM_SEXT:
    case TERM_SELECT:
    case TERM_STORE:
        break;
    }
    return LEVEL_ATOM;
}

/* a op b op ..., pushed from the last */
static void push_infix(struct printer *p, const struct node *node, const char *operator,
                       enum level level)
{
    for (uint32_t i = node->count; i-- > 0;) {
        push_term(p, node->arguments[i], level);
        if (i > 0)
            push_text(p, operator);
    }
}

/* name(a, b, ...) */
static void push_call(struct printer *p, const struct node *node, const char *name)
{
    push_text(p, ")");
    push_infix(p, node, ", ", LEVEL_CHOICE);
    push_text(p, "(");
    push_text(p, name);
}

/* a comparison or its negation */
static void push_comparison(struct printer *p, const struct node *node, bool is_negated)
{
    const char *operator= is_negated ? " != " : " = ";
    bool swaps = is_negated && node->kind != TERM_EQ;
    if (node->kind == TERM_ULT)
        operator= is_negated ? " <=u " : " <u ";
    if (node->kind == TERM_SLT)
        operator= is_negated ? " <=s " : " <s ";
    push_term(p, node->arguments[swaps ? 0 : 1], LEVEL_BITS);
    push_text(p, operator);
    push_term(p, node->arguments[swaps ? 1 : 0], LEVEL_BITS);
}

static void push_not(struct printer *p, const struct node *node)
{
    const struct node *inner = node_of(p->terms, node->arguments[0]);
    if (inner->kind == TERM_EQ || inner->kind == TERM_ULT || inner->kind == TERM_SLT) {
        push_comparison(p, inner, true);
        return;
    }
    push_term(p, inner->self, LEVEL_ATOM);
    push_text(p, "!");
}

static void push_monomial(struct printer *p, uint64_t coefficient, term atom, unsigned width_bits,
                          bool is_first)
{
    bool is_negative = is_small_negative(coefficient, width_bits);
    uint64_t size = is_negative ? -coefficient & mask_of(width_bits) : coefficient;
    push_term(p, atom, size == 1 && !(is_negative && is_first) ? LEVEL_PRODUCT : LEVEL_UNARY);
    if (size != 1)
        push_text(p, arena_printf(p->out->arena, size > 65536 ? "0x%llx*" : "%llu*",
                                  (unsigned long long)size));
    if (is_first)
        push_text(p, is_negative ? "-" : "");
    else
        push_text(p, is_negative ? " - " : " + ");
}

static void push_sum(struct printer *p, const struct node *node)
{
    unsigned width_bits = node->width_bits;
    if (node->word != 0) {
        bool is_negative = is_small_negative(node->word, width_bits);
        uint64_t size = is_negative ? -node->word & mask_of(width_bits) : node->word;
        push_text(p, arena_printf(p->out->arena, size > 65536 ? "0x%llx" : "%llu",
                                  (unsigned long long)size));
        push_text(p, is_negative ? " - " : " + ");
    }
    for (uint32_t i = node->count; i-- > 0;)
        push_monomial(p, node->coefficients[i], node->arguments[i], width_bits, i == 0);
}

static void push_ite(struct printer *p, const struct node *node)
{
    if (is_bool_word(p->terms, node)) {
        push_text(p, ")");
        push_term(p, node->arguments[0], LEVEL_CHOICE);
        push_text(p, "bool(");
        return;
    }
    push_term(p, node->arguments[2], LEVEL_CHOICE);
    push_text(p, " : ");
    push_term(p, node->arguments[1], LEVEL_OR);
    push_text(p, " ? ");
    push_term(p, node->arguments[0], LEVEL_OR);
}

static void push_extract(struct printer *p, const struct node *node)
{
    push_text(p, arena_printf(p->out->arena, "[%u:%u]", node->low + node->width_bits - 1u,
                              (unsigned)node->low));
    push_term(p, node->arguments[0], LEVEL_ATOM);
}

static void push_memory(struct printer *p, const struct node *node)
{
    if (node->kind == TERM_STORE) {
        push_text(p, "}");
        push_term(p, node->arguments[2], LEVEL_CHOICE);
        push_text(p, " := ");
        push_term(p, node->arguments[1], LEVEL_CHOICE);
        push_text(p, "{");
    } else {
        push_text(p, "]");
        push_term(p, node->arguments[1], LEVEL_CHOICE);
        push_text(p, "[");
    }
    push_term(p, node->arguments[0], LEVEL_ATOM);
}

static void print_node(struct printer *p, const struct node *node)
{
    switch ((enum term_kind)node->kind) {
    case TERM_CONSTANT:
        print_word(p, node->word, node->width_bits);
        break;
    case TERM_TRUE:
        push_text(p, "true");
        break;
    case TERM_FALSE:
        push_text(p, "false");
        break;
    case TERM_VARIABLE:
        push_text(p, p->terms->symbols[node->word].name);
        break;
    case TERM_APPLY:
        push_call(p, node, p->terms->symbols[node->word].name);
        break;
    case TERM_ITE:
        push_ite(p, node);
        break;
    case TERM_NOT:
        push_not(p, node);
        break;
    case TERM_AND:
        push_infix(p, node, " && ", LEVEL_COMPARE);
        break;
    case TERM_OR:
        push_infix(p, node, " || ", LEVEL_AND);
        break;
    case TERM_EQ:
    case TERM_ULT:
    case TERM_SLT:
        push_comparison(p, node, false);
        break;
    case TERM_SUM:
        push_sum(p, node);
        break;
    case TERM_MUL:
        push_infix(p, node, "*", LEVEL_UNARY);
        break;
    case TERM_UDIV:
        push_infix(p, node, " /u ", LEVEL_UNARY);
        break;
    case TERM_UREM:
        push_infix(p, node, " %u ", LEVEL_UNARY);
        break;
    case TERM_BITAND:
        push_infix(p, node, " & ", LEVEL_SUM);
        break;
    case TERM_BITOR:
        push_infix(p, node, " | ", LEVEL_SUM);
        break;
    case TERM_BITXOR:
        push_infix(p, node, " ^ ", LEVEL_SUM);
        break;
    case TERM_BITNOT:
        push_call(p, node, "~");
        break;
    case TERM_SHL:
        push_infix(p, node, " << ", LEVEL_SUM);
        break;
    case TERM_LSHR:
        push_infix(p, node, " >>u ", LEVEL_SUM);
        break;
    case TERM_ASHR:
        push_infix(p, node, " >>s ", LEVEL_SUM);
        break;
    case TERM_CONCAT:
        push_call(p, node, "concat");
        break;
    case TERM_EXTRACT:
        push_extract(p, node);
        break;
    case TERM_ZEXT:
    case TERM_SEXT:
        push_call(p, node,
                  arena_printf(p->out->arena, "%s%u", node->kind == TERM_ZEXT ? "zext" : "sext",
                               (unsigned)node->width_bits));
        break;
    case TERM_SELECT:
    case TERM_STORE:
        push_memory(p, node);
        break;
    }
}

void term_print(const struct terms *terms, term t, struct text_builder *out)
{
    struct printer printer = {.terms = terms, .out = out};
    size_t start = out->length;
    push_term(&printer, t, LEVEL_CHOICE);
    while (printer.count != 0) {
        struct item item = printer.items[--printer.count];
        if (out->length - start > PRINT_BYTES_MAX) {
            text_append(out, "...");
            break;
        }
        if (item.text != NULL) {
            text_append(out, "%s", item.text);
            continue;
        }
        const struct node *node = node_of(terms, item.t);
        bool wraps = level_of(terms, node) < item.level;
        if (wraps) {
            text_append(out, "(");
            push_text(&printer, ")");
        }
        print_node(&printer, node);
    }
    free(printer.items);
}
