/* A question as an SMT-LIB 2.6 script, for any solver. Parts that are used more than once, or lie
 * deep, are definitions of their own, so that the text is as small as the terms and no deeper than
 * a line. */
#include "smt/solver.h"
#include "smt/store.h"

#include <stdlib.h>
#include <string.h>

enum { INLINE_DEPTH_MAX = 6 };

struct script {
    const struct terms *terms;
    struct text_builder *out;
    const char *prefix;   /* of definitions: no symbol's name begins with it */
    const char **symbols; /* as the script spells them, by symbol */
    uint32_t *definition; /* by id: its number, 0 if the term stands where it is used */
    uint32_t definition_count;
};

/* Names */

static bool is_reserved(const char *name)
{
    static const char *const words[] = {
        "_",
        "!",
        "as",
        "let",
        "exists",
        "forall",
        "match",
        "par",
        "true",
        "false",
        "not",
        "and",
        "or",
        "xor",
        "ite",
        "if",
        "iff",
        "implies",
        "distinct",
        "select",
        "store",
        "const",
        "concat",
        "extract",
        "repeat",
        "map",
        "default",
        "zero_extend",
        "union",
        "sign_extend",
        "rotate_left",
        "rotate_right",
        "intersect",
        "setminus",
        "subset",
        "complement",
        "div",
        "mod",
        "rem",
        "abs",
        "to_real",
        "to_int",
        "is_int",
        "lambda",
        "Bool",
        "BitVec",
        "Array",
        "Int",
        "Real",
        "String",
        "RegLan",
        "Seq",
        "Set",
        "RoundingMode",
        "BINARY",
        "DECIMAL",
        "HEXADECIMAL",
        "NUMERAL",
        "STRING",
        "assert",
        "continued-execution",
        "declare-fun",
        "define-fun",
        "check-sat",
        "exit",
        "error",
        "immediate-exit",
        "memout",
        "incomplete",
        "sat",
        "unsat",
        "unknown",
        "unsupported",
        "success",
        "logic",
        "theory",
        "none",
        "nil",
        "insert",
        "head",
        "tail",
        "is",
        "tuple",
        "pair",
        "first",
        "second",
    };
    static const char *const prefixes[] = {"bv",   "fp.", "str.", "re.",
                                           "seq.", "int", "ext_", "array-"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(name, words[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return *name == '\0';
}

static bool is_simple(const char *name)
{
    for (const char *c = name; *c != '\0'; c++)
        if (!(*c >= 'a' && *c <= 'z') && !(*c >= 'A' && *c <= 'Z') && !(*c >= '0' && *c <= '9') &&
            strchr("~!@$%^&*_-+=<>.?/", *c) == NULL)
            return false;
    return !(*name >= '0' && *name <= '9') && *name != '@' && *name != '.';
}

static bool is_quotable(const char *name)
{
    for (const char *c = name; *c != '\0'; c++)
        if (*c == '|' || *c == '\\' || *c < ' ' || *c > '~')
            return false;
    return true;
}

static bool is_taken(const struct terms *terms, const char *name)
{
    for (size_t i = 1; i < terms->symbol_count; i++)
        if (strcmp(terms->symbols[i].name, name) == 0)
            return true;
    return false;
}

/* The name itself where the language allows it, else the name made allowable and unique. */
static const char *symbol_spelled(const struct terms *terms, struct arena *arena, size_t symbol)
{
    const char *name = terms->symbols[symbol].name;
    if (is_reserved(name) || !is_quotable(name)) {
        char *changed = arena_printf(arena, "%s!%zu", name, symbol);
        for (char *c = changed; *c != '\0'; c++)
            if (*c == '|' || *c == '\\' || *c < ' ' || *c > '~')
                *c = '_';
        while (is_taken(terms, changed))
            changed = arena_printf(arena, "%s!", changed);
        name = changed;
    }
    return is_simple(name) ? name : arena_printf(arena, "|%s|", name);
}

static const char *free_prefix(const struct terms *terms, struct arena *arena)
{
    const char *prefix = "$";
    for (size_t i = 1; i < terms->symbol_count; i++)
        while (strncmp(terms->symbols[i].name, prefix, strlen(prefix)) == 0)
            prefix = arena_printf(arena, "%s$", prefix);
    return prefix;
}

/* Expressions, by a stack of what is still to be written: a text, or a term */

struct item {
    const char *text;
    term t;
};

struct items {
    struct item *at;
    size_t count, capacity;
};

static void push(struct items *items, struct item item)
{
    if (items->count == items->capacity) {
        items->capacity = items->capacity == 0 ? 64 : items->capacity * 2;
        items->at = realloc(items->at, items->capacity * sizeof *items->at);
        require(items->at != NULL, "out of memory");
    }
    items->at[items->count++] = item;
}

static void push_text(struct items *items, const char *text)
{
    push(items, (struct item){.text = text});
}

static void push_term(struct items *items, term t)
{
    push(items, (struct item){.t = t});
}

static const char *constant_text(struct arena *arena, uint64_t value, unsigned width_bits)
{
    value &= mask_of(width_bits);
    if (width_bits % 4 == 0)
        return arena_printf(arena, "#x%0*llx", (int)width_bits / 4, (unsigned long long)value);
    return arena_printf(arena, "(_ bv%llu %u)", (unsigned long long)value, width_bits);
}

static const char *operator_of(enum term_kind kind)
{
    switch (kind) {
    case TERM_ITE:
        return "ite";
    case TERM_NOT:
        return "not";
    case TERM_AND:
        return "and";
    case TERM_OR:
        return "or";
    case TERM_EQ:
        return "=";
    case TERM_MUL:
        return "bvmul";
    case TERM_UDIV:
        return "bvudiv";
    case TERM_UREM:
        return "bvurem";
    case TERM_BITAND:
        return "bvand";
    case TERM_BITOR:
        return "bvor";
    case TERM_BITXOR:
        return "bvxor";
    case TERM_BITNOT:
        return "bvnot";
    case TERM_SHL:
        return "bvshl";
    case TERM_LSHR:
        return "bvlshr";
    case TERM_ASHR:
        return "bvashr";
    case TERM_ULT:
        return "bvult";
    case TERM_SLT:
        return "bvslt";
    case TERM_CONCAT:
        return "concat";
    case TERM_SELECT:
        return "select";
    case TERM_STORE:
        return "store";
    case TERM_CONSTANT:
    case TERM_TRUE:
    case TERM_FALSE:
    case TERM_VARIABLE:
    case TERM_APPLY:
    case TERM_SUM:
    case TERM_EXTRACT:
    case TERM_ZEXT:
    case TERM_SEXT:
        break;
    }
    require(false, "a kind that one operator writes");
    return NULL;
}

/* ((_ extract 31 2) address): the address as an index */
static void push_index(struct items *items, term address)
{
    push_text(items, ")");
    push_term(items, address);
    push_text(items, " ((_ extract 31 2) ");
}

static void push_arguments(struct items *items, const struct node *node)
{
    bool has_index = node->kind == TERM_SELECT || node->kind == TERM_STORE;
    for (uint32_t i = node->count; i-- > 0;) {
        if (has_index && i == 1) {
            push_index(items, node->arguments[i]);
            continue;
        }
        push_term(items, node->arguments[i]);
        push_text(items, " ");
    }
}

/* The language's operators on words take two arguments, or from version 2.7 on any number; nested
 * pairs are understood by all. */
static void push_operation(struct items *items, const struct node *node)
{
    bool is_word_list = node->kind == TERM_MUL || node->kind == TERM_BITAND ||
                        node->kind == TERM_BITOR || node->kind == TERM_BITXOR;
    const char *operator= operator_of((enum term_kind)node->kind);
    if (!is_word_list || node->count <= 2) {
        push_text(items, ")");
        push_arguments(items, node);
        push_text(items, operator);
        push_text(items, "(");
        return;
    }
    for (uint32_t i = node->count; i-- > 1;) {
        push_text(items, ")");
        push_term(items, node->arguments[i]);
        push_text(items, " ");
    }
    push_term(items, node->arguments[0]);
    for (uint32_t i = 1; i < node->count; i++) {
        push_text(items, " ");
        push_text(items, operator);
        push_text(items, "(");
    }
}

static void push_monomial(const struct script *s, struct items *items, const struct node *node,
                          uint32_t i)
{
    if (node->coefficients[i] != 1)
        push_text(items, ")");
    push_term(items, node->arguments[i]);
    if (node->coefficients[i] == mask_of(node->width_bits) && node->width_bits > 1) {
        push_text(items, "(bvneg ");
    } else if (node->coefficients[i] != 1) {
        push_text(items, " ");
        push_text(items, constant_text(s->out->arena, node->coefficients[i], node->width_bits));
        push_text(items, "(bvmul ");
    }
}

/* (bvadd (bvadd a b) c) */
static void push_sum(const struct script *s, struct items *items, const struct node *node)
{
    uint32_t parts = node->count + (node->word != 0 ? 1 : 0);
    if (node->word != 0) {
        push_text(items, ")");
        push_text(items, constant_text(s->out->arena, node->word, node->width_bits));
        push_text(items, " ");
    }
    for (uint32_t i = node->count; i-- > 1;) {
        push_text(items, ")");
        push_monomial(s, items, node, i);
        push_text(items, " ");
    }
    push_monomial(s, items, node, 0);
    for (uint32_t i = 1; i < parts; i++)
        push_text(items, "(bvadd ");
}

static void push_application(const struct script *s, struct items *items, const struct node *node)
{
    if (node->count != 0) {
        push_text(items, ")");
        push_arguments(items, node);
    }
    push_text(items, s->symbols[node->word]);
    if (node->count != 0)
        push_text(items, "(");
}

static void push_width_change(const struct script *s, struct items *items, const struct node *node)
{
    unsigned inner_bits = width_of(s->terms, node->arguments[0]);
    push_text(items, ")");
    push_term(items, node->arguments[0]);
    push_text(items, node->kind == TERM_EXTRACT
                         ? arena_printf(s->out->arena, "((_ extract %u %u) ",
                                        node->low + node->width_bits - 1u, (unsigned)node->low)
                         : arena_printf(s->out->arena, "((_ %s_extend %u) ",
                                        node->kind == TERM_ZEXT ? "zero" : "sign",
                                        node->width_bits - inner_bits));
}

static void push_node(const struct script *s, struct items *items, const struct node *node)
{
    switch ((enum term_kind)node->kind) {
    case TERM_CONSTANT:
        push_text(items, constant_text(s->out->arena, node->word, node->width_bits));
        break;
    case TERM_TRUE:
        push_text(items, "true");
        break;
    case TERM_FALSE:
        push_text(items, "false");
        break;
    case TERM_VARIABLE:
    case TERM_APPLY:
        push_application(s, items, node);
        break;
    case TERM_SUM:
        push_sum(s, items, node);
        break;
    case TERM_EXTRACT:
    case TERM_ZEXT:
    case TERM_SEXT:
        push_width_change(s, items, node);
        break;
    case TERM_ITE:
    case TERM_NOT:
    case TERM_AND:
    case TERM_OR:
    case TERM_EQ:
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
    case TERM_ULT:
    case TERM_SLT:
    case TERM_CONCAT:
    case TERM_SELECT:
    case TERM_STORE:
        push_operation(items, node);
        break;
    }
}

/* The term as the script has it; `is_body` writes a definition's right side. */
static void write_term(const struct script *s, term t, bool is_body)
{
    struct items items = {0};
    push_term(&items, t);
    while (items.count != 0) {
        struct item item = items.at[--items.count];
        if (item.text != NULL)
            text_append_bytes(s->out, item.text, strlen(item.text));
        else if (s->definition[item.t.id] != 0 && !is_body)
            text_append(s->out, "%s%u", s->prefix, s->definition[item.t.id]);
        else
            push_node(s, &items, node_of(s->terms, item.t));
        is_body = false;
    }
    free(items.at);
}

/* Scripts */

static void write_sort(const struct script *s, struct sort sort)
{
    switch (sort.kind) {
    case SORT_BOOL:
        text_append(s->out, "Bool");
        break;
    case SORT_WORD:
        text_append(s->out, "(_ BitVec %u)", (unsigned)sort.width_bits);
        break;
    case SORT_MEMORY:
        text_append(s->out, "(Array (_ BitVec 30) (_ BitVec 32))");
        break;
    }
}

static void write_declarations(const struct script *s, const struct reach *reach)
{
    bool *is_used = calloc(s->terms->symbol_count, sizeof *is_used);
    require(is_used != NULL, "out of memory");
    for (size_t i = 0; i < reach->count; i++) {
        const struct node *node = node_of(s->terms, reach->at[i]);
        if (node->kind == TERM_VARIABLE || node->kind == TERM_APPLY)
            is_used[node->word] = true;
    }
    for (size_t i = 1; i < s->terms->symbol_count; i++) {
        if (!is_used[i])
            continue;
        const struct symbol *symbol = &s->terms->symbols[i];
        s->symbols[i] = symbol_spelled(s->terms, s->out->arena, i);
        text_append(s->out, "(declare-fun %s (", s->symbols[i]);
        for (size_t j = 0; j < symbol->count; j++) {
            if (j > 0)
                text_append(s->out, " ");
            write_sort(s, symbol->parameters[j]);
        }
        text_append(s->out, ") ");
        write_sort(s, symbol->sort);
        text_append(s->out, ")\n");
    }
    free(is_used);
}

/* Numbers the terms that get a definition: used twice, or too deep to stand in a line. */
static void choose_definitions(struct script *s, const struct reach *reach)
{
    uint32_t highest = reach->count == 0 ? 0 : reach->at[reach->count - 1].id;
    uint32_t *uses = calloc((size_t)highest + 1, sizeof *uses);
    uint8_t *depth = calloc((size_t)highest + 1, sizeof *depth);
    require(uses != NULL && depth != NULL, "out of memory");
    for (size_t i = 0; i < reach->count; i++) {
        const struct node *node = node_of(s->terms, reach->at[i]);
        for (uint32_t j = 0; j < node->count; j++)
            uses[node->arguments[j].id]++;
    }
    for (size_t i = 0; i < reach->count; i++) {
        const struct node *node = node_of(s->terms, reach->at[i]);
        for (uint32_t j = 0; j < node->count; j++)
            if (depth[node->arguments[j].id] >= depth[node->self.id])
                depth[node->self.id] = depth[node->arguments[j].id] + 1;
        if (node->count != 0 &&
            (uses[node->self.id] > 1 || depth[node->self.id] > INLINE_DEPTH_MAX)) {
            s->definition[node->self.id] = ++s->definition_count;
            depth[node->self.id] = 0;
        }
    }
    free(uses);
    free(depth);
}

static void write_definitions(const struct script *s, const struct reach *reach)
{
    for (size_t i = 0; i < reach->count; i++) {
        term t = reach->at[i];
        if (s->definition[t.id] == 0)
            continue;
        text_append(s->out, "(define-fun %s%u () ", s->prefix, s->definition[t.id]);
        write_sort(s, term_sort(s->terms, t));
        text_append(s->out, " ");
        write_term(s, t, true);
        text_append(s->out, ")\n");
    }
}

static void write_name(struct text_builder *out, const char *name)
{
    text_append(out, "; ");
    for (const char *c = name == NULL ? "" : name; *c != '\0'; c++)
        text_append(out, "%c", *c < ' ' || *c > '~' ? '?' : *c);
    text_append(out, "\n(set-logic QF_AUFBV)\n");
}

void smtlib_write(const struct terms *terms, const struct question *question,
                  struct text_builder *out)
{
    size_t count = question->assumption_count;
    term *roots = calloc(count + 1, sizeof *roots);
    struct script script = {.terms = terms, .out = out};
    script.prefix = free_prefix(terms, out->arena);
    script.symbols = calloc(terms->symbol_count, sizeof *script.symbols);
    script.definition = calloc(terms->count, sizeof *script.definition);
    require(roots != NULL && script.symbols != NULL && script.definition != NULL, "out of memory");
    if (count != 0)
        memcpy(roots, question->assumptions, count * sizeof *roots);
    roots[count] = question->goal;
    struct reach reach = reach_of(terms, roots, count + 1);
    write_name(out, question->name);
    write_declarations(&script, &reach);
    choose_definitions(&script, &reach);
    write_definitions(&script, &reach);
    for (size_t i = 0; i <= count; i++) {
        text_append(out, i == count ? "(assert (not " : "(assert ");
        write_term(&script, roots[i], false);
        text_append(out, i == count ? "))\n" : ")\n");
    }
    text_append(out, "(check-sat)\n");
    reach_free(&reach);
    free(script.definition);
    free(script.symbols);
    free(roots);
}
