#include "random_program.h"

#include <string.h>

enum kind { INT, UNSIGNED, CHAR, BOOL, POINTER, KIND_COUNT };

struct writer {
    struct text_builder out;
    uint64_t state;
    uint32_t function; /* the number of the one being written; it calls smaller ones */
    uint32_t loop;     /* how many loops enclose the statement */
};

uint32_t random_below(uint64_t *state, uint32_t bound)
{
    /* splitmix64 */
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) % bound);
}

static uint32_t pick(struct writer *w, uint32_t bound)
{
    return random_below(&w->state, bound);
}

static void put(struct writer *w, const char *text)
{
    text_append(&w->out, "%s", text);
}

static void put_expr(struct writer *w, enum kind kind, uint32_t depth);
static void put_place(struct writer *w, enum kind kind, uint32_t depth);

/* An index that is nearly always below `length`, a power of two. */
static void put_index(struct writer *w, uint32_t length, uint32_t depth)
{
    uint32_t choice = pick(w, 8);
    if (choice < 3) {
        text_append(&w->out, "[%u]", (unsigned)pick(w, length));
        return;
    }
    put(w, choice == 3 ? "[(unsigned int)(" : "[(");
    put_expr(w, INT, depth);
    if (pick(w, 60) == 0)
        put(w, ")]");
    else
        text_append(&w->out, choice == 3 ? ") & %uu]" : ") & %u]", (unsigned)length - 1);
}

/* A place of type struct s. */
static void put_record(struct writer *w, uint32_t depth)
{
    switch (pick(w, depth == 0 ? 3 : 6)) {
    case 0:
        put(w, "gs");
        return;
    case 1:
        put(w, "ls");
        return;
    case 2:
        put(w, "(*gp)");
        return;
    case 3:
        put(w, "gt");
        put_index(w, 4, depth - 1);
        return;
    case 4:
        put(w, "lt");
        put_index(w, 2, depth - 1);
        return;
    default:
        put(w, "(*");
        put_place(w, POINTER, depth - 1);
        put(w, ")");
        return;
    }
}

static void put_field(struct writer *w, const char *field, uint32_t depth)
{
    put_record(w, depth);
    put(w, field);
}

/* A place of elementary type. */
static void put_place(struct writer *w, enum kind kind, uint32_t depth)
{
    static const char *const scalars[KIND_COUNT][3] = {{"gi", "i0", "i1"},
                                                       {"gu", "u0", "u1"},
                                                       {"gc", "c0", "c1"},
                                                       {"gb", "b0", "b1"},
                                                       {"gp", "p0", "p1"}};
    static const char *const fields[KIND_COUNT] = {".i", ".u", ".c", ".b", ".n"};
    uint32_t choice = pick(w, depth == 0 ? 3 : 7);
    if (choice < 3) {
        put(w, scalars[kind][choice]);
    } else if (choice == 3 && kind == INT) {
        put(w, pick(w, 2) == 0 ? "ga" : "la");
        put_index(w, 8, depth - 1);
    } else if (choice == 4 && kind == INT) {
        put(w, pick(w, 2) == 0 ? "gm" : "lm");
        put_index(w, 4, depth - 1);
        put_index(w, 2, depth - 1);
    } else if (choice == 4 && kind == UNSIGNED) {
        put_field(w, ".in.w", depth - 1);
        put_index(w, 4, depth - 1);
    } else if (choice == 5 && kind == INT) {
        put(w, "*gq");
    } else {
        put_field(w, fields[kind], depth - 1);
    }
}

static void put_constant(struct writer *w, enum kind kind)
{
    static const char *const ints[] = {"0",  "1",   "2",    "(-1)",       "7",
                                       "31", "100", "4096", "2147483647", "(-2147483647 - 1)"};
    static const char *const unsigneds[] = {
        "0u",          "1u",          "2u",  "5u",    "255u",
        "0xffffffffu", "0x80000000u", "31u", "1024u", "sizeof(struct s)"};
    static const char *const chars[] = {"'a'", "'0'", "(char)200", "'z'"};
    if (kind == INT)
        put(w, ints[pick(w, sizeof ints / sizeof ints[0])]);
    else if (kind == UNSIGNED)
        put(w, unsigneds[pick(w, sizeof unsigneds / sizeof unsigneds[0])]);
    else if (kind == CHAR)
        put(w, chars[pick(w, 4)]);
    else if (kind == BOOL)
        put(w, pick(w, 2) == 0 ? "true" : "false");
    else
        put(w, pick(w, 3) == 0 ? "NULL" : "&gs");
}

static void put_arithmetic(struct writer *w, enum kind kind, uint32_t depth)
{
    static const char *const operators[] = {"+", "-", "*", "&", "|", "^", "+", "-"};
    uint32_t choice = pick(w, 12);
    put(w, "(");
    put_expr(w, kind, depth - 1);
    if (choice < 8) {
        text_append(&w->out, " %s ", operators[choice]);
        put_expr(w, kind, depth - 1);
    } else if (choice < 10) { /* a divisor that is rarely 0 */
        put(w, choice == 8 ? " / (" : " % (");
        put_expr(w, kind, depth - 1);
        put(w, pick(w, 12) == 0 ? ")" : kind == INT ? " | 1)" : " | 1u)");
    } else {
        put(w, choice == 10 ? " << (" : " >> (");
        put_expr(w, INT, depth - 1);
        put(w, pick(w, 30) == 0 ? ")" : " & 31)");
    }
    put(w, ")");
}

static void put_number(struct writer *w, enum kind kind, uint32_t depth)
{
    uint32_t choice = pick(w, 10);
    if (choice < 6) {
        put_arithmetic(w, kind, depth);
    } else if (choice == 6) {
        put(w, pick(w, 2) == 0 ? "(- " : "(~ ");
        put_expr(w, kind, depth - 1);
        put(w, ")");
    } else { /* a cast from another type; only int takes a bool */
        static const enum kind sources[] = {INT, UNSIGNED, CHAR, BOOL};
        put(w, kind == INT ? "(int)(" : "(unsigned int)(");
        put_expr(w, sources[pick(w, kind == INT ? 4 : 3)], depth - 1);
        put(w, ")");
    }
}

static void put_truth(struct writer *w, uint32_t depth)
{
    static const char *const comparisons[] = {"==", "!=", "<", "<=", ">", ">="};
    static const enum kind compared[] = {INT, UNSIGNED, CHAR, INT, BOOL, POINTER};
    uint32_t choice = pick(w, 12);
    put(w, choice == 11 ? "!(" : "(");
    if (choice < 6) {
        enum kind kind = compared[pick(w, 6)];
        uint32_t operator= pick(w, kind == BOOL || kind == POINTER ? 2 : 6);
        if (kind == POINTER)
            put_place(w, kind, depth - 1); /* NULL == NULL has no type */
        else
            put_expr(w, kind, depth - 1);
        text_append(&w->out, " %s ", comparisons[operator]);
        put_expr(w, kind, depth - 1);
    } else {
        put_expr(w, BOOL, depth - 1);
        if (choice < 11) {
            put(w, choice < 9 ? " && " : " || ");
            put_expr(w, BOOL, depth - 1);
        }
    }
    put(w, ")");
}

static void put_expr(struct writer *w, enum kind kind, uint32_t depth)
{
    if (depth == 0 || pick(w, 3) == 0) {
        if (pick(w, 3) == 0)
            put_constant(w, kind);
        else
            put_place(w, kind, depth);
        return;
    }
    if (kind == INT || kind == UNSIGNED) {
        put_number(w, kind, depth);
    } else if (kind == BOOL) {
        put_truth(w, depth);
    } else if (kind == CHAR) {
        put(w, "(char)(");
        put_expr(w, pick(w, 2) == 0 ? INT : UNSIGNED, depth - 1);
        put(w, ")");
    } else {
        put(w, "&gt");
        put_index(w, 4, depth - 1);
    }
}

static void put_block(struct writer *w, uint32_t count, uint32_t depth);

static void put_while(struct writer *w, uint32_t depth)
{
    uint32_t k = w->loop++;
    text_append(&w->out, "k%u = 0;\nwhile (k%u < %u", (unsigned)k, (unsigned)k,
                (unsigned)pick(w, 6));
    if (pick(w, 2) == 0) {
        put(w, " && ");
        put_expr(w, BOOL, 2);
    }
    put(w, ") {\n");
    put_block(w, 1 + pick(w, 3), depth - 1);
    text_append(&w->out, "k%u = k%u + 1;\n", (unsigned)k, (unsigned)k);
    put(w, "}\n");
    w->loop--;
}

static void put_if(struct writer *w, uint32_t depth)
{
    put(w, "if (");
    put_expr(w, BOOL, 3);
    put(w, ") {\n");
    put_block(w, pick(w, 3), depth - 1);
    put(w, "}");
    if (pick(w, 2) == 0) {
        put(w, " else {\n");
        put_block(w, pick(w, 3), depth - 1);
        put(w, "}");
    }
    put(w, "\n");
}

/* A call of a smaller function, or of itself with a smaller depth. */
static void put_call(struct writer *w)
{
    uint32_t callee = pick(w, w->function + 1);
    static const char *const results[] = {"", "i0 = ", "gi = ", "i1 = "};
    if (callee == w->function)
        put(w, "if (d > 0) {\n");
    text_append(&w->out, "%sh%u(%s, ", results[pick(w, 4)], (unsigned)callee,
                callee == w->function ? "d - 1" : "d");
    put_expr(w, INT, 2);
    put(w, ", ");
    put_expr(w, UNSIGNED, 2);
    put(w, ", ");
    put_expr(w, BOOL, 2);
    put(w, callee == w->function ? ");\n}\n" : ");\n");
}

static void put_assignment(struct writer *w)
{
    enum kind kind = (enum kind)pick(w, KIND_COUNT);
    put_place(w, kind, 2);
    put(w, " = ");
    put_expr(w, kind, 3);
    put(w, ";\n");
}

static void put_copy(struct writer *w)
{
    const char *field = pick(w, 3) == 0 ? ".in" : "";
    put_field(w, field, 2);
    put(w, " = ");
    put_field(w, field, 2);
    put(w, ";\n");
}

static void put_stmt(struct writer *w, uint32_t depth)
{
    static const char *const pointers[] = {"gp", "p0", "p1", "gs.n"};
    uint32_t choice = pick(w, 20);
    if (choice < 3 && depth != 0 && w->loop < 3)
        put_while(w, depth);
    else if (choice < 7 && depth != 0)
        put_if(w, depth);
    else if (choice == 7 && w->loop < 2)
        put_call(w);
    else if (choice == 8)
        put_copy(w);
    else if (choice == 9)
        text_append(&w->out, "%s = new(struct s);\n", pointers[pick(w, 4)]);
    else if (choice == 10)
        text_append(&w->out, "gq = &gp->i;\n");
    else
        put_assignment(w);
}

static void put_block(struct writer *w, uint32_t count, uint32_t depth)
{
    for (uint32_t i = 0; i < count; i++)
        put_stmt(w, depth);
}

/* Elementary locals begin with a value; structs and arrays often do not. */
static void put_locals(struct writer *w)
{
    put(w, "int i1; unsigned int u1; char c0; char c1; bool b1; struct s *p0; struct s *p1;\n"
           "struct s ls; struct s lt[2]; int la[8]; int lm[4][2]; int k0; int k1; int k2;\n"
           "i1 = 3; u1 = 9u; c0 = 'c'; c1 = (char)130; b1 = false; p0 = &gs; p1 = &gt[1];\n");
    if (pick(w, 5) != 0)
        put(w, "ls = gs; lt[0] = gt[2]; lt[1] = ls;\n");
    if (pick(w, 5) != 0)
        put(w, "k0 = 0; while (k0 < 8) { la[k0] = ga[k0];"
               " lm[k0 / 2][k0 % 2] = k0; k0 = k0 + 1; }\n");
    put(w, "k0 = 0; k1 = 0; k2 = 0;\n");
}

static const char *program_text(struct arena *arena, uint64_t seed, bool has_external)
{
    struct writer w = {.out = {.arena = arena}, .state = seed};
    put(&w, "struct in { unsigned int w[4]; char x; };\n"
            "struct s { int i; unsigned int u; struct in in; char c; bool b; struct s *n; };\n"
            "int gi = 5; unsigned int gu = 77u; char gc = 'q'; bool gb = true;\n"
            "int ga[8] = {1, 2, 3, 4, 5, 6, 7, 8}; int gm[4][2];\n"
            "struct s gs; struct s gt[4]; struct s *gp = &gt[0]; int *gq = &ga[3];\n");
    if (has_external)
        put(&w, "int h0(int d, int i0, unsigned int u0, bool b0);\n");
    for (w.function = has_external; w.function < 4; w.function++) {
        text_append(&w.out, "int h%u(int d, int i0, unsigned int u0, bool b0) {\n",
                    (unsigned)w.function);
        put_locals(&w);
        put_block(&w, 4 + pick(&w, 10), 3);
        put(&w, "return ");
        put_expr(&w, INT, 2);
        put(&w, ";\n}\n");
    }
    put(&w, "int f() {\nint r;\ngs.n = &gs;\nr = h3(2, 11, 12u, true);\nreturn r;\n}\n");
    return text_built(&w.out);
}

const char *random_program(struct arena *arena, uint64_t seed)
{
    return program_text(arena, seed, false);
}

const char *random_program_with_external(struct arena *arena, uint64_t seed)
{
    return program_text(arena, seed, true);
}
