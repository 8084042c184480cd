/* Whoever writes the certificate: wrong code is not proved. Relations made up at random, for images
 * that differ from their source, from parts that are plausible. */
#include "tests/unit/check/pairing.h"
#include "tests/unit/check/samples.h"
#include "validator/propose/propose.h"

#include <criterion/criterion.h>
#include <string.h>

enum { RLIMIT = 4000000 }; /* solver steps a question */

struct wrong {
    const char *source, *code, *name;
};

#define FUNCTION(name, body)                                                                       \
    "        .text\n        .globl " name "\n        .type " name ", function\n" name ":\n" body   \
    "        .size " name ", .-" name "\n"
#define WORD(name)                                                                                 \
    "        .bss\n        .globl " name "\n        .type " name ", object\n" name                 \
    ": .space 4\n        .size " name ", 4\n"

static const struct wrong wrongs[] = {
    {sum_source, sum_wrong_code, "sum"},
    /* goes round once too often, and counts in a register that nothing sets */
    {"int f(int n)\n{\n    int i;\n    i = 0;\n    while (i != n) {\n        i = i + 1;\n    }\n"
     "    return i;\n}\n",
     FUNCTION("f", "    lw r2, 4(r29)\n.Lagain:\n    addi r1, r1, 1\n    sne r3, r1, r2\n"
                   "    bnez r3, .Lagain\n    nop\n    jr r31\n    nop\n"),
     "f"},
    /* ends where the source does not */
    {"int g;\nint f(int n)\n{\n    int i;\n    i = n;\n    while (n == n) {\n        i = i + 1;\n"
     "        g = i;\n    }\n    return i;\n}\n",
     FUNCTION("f", "    lw r1, 4(r29)\n.Lagain:\n    addi r1, r1, 1\n    sw r1, g(r28)\n"
                   "    bnez r1, .Lagain\n    nop\n    jr r31\n    nop\n") WORD("g"),
     "f"},
    /* does not end where the source does */
    {"int g;\nint f(int n)\n{\n    int i;\n    i = 0;\n    while (i < 3) {\n        i = i + 1;\n"
     "    }\n    g = i;\n    return i;\n}\n",
     FUNCTION("f", "    addi r1, r0, 0\n.Lagain:\n    slei r2, r1, 3\n    bnez r2, .Lagain\n"
                   "    nop\n    sw r1, g(r28)\n    jr r31\n    nop\n") WORD("g"),
     "f"},
    /* trusts a register and a parameter word across a call */
    {"int h(int x)\n{\n    return x;\n}\nint f(int a, int b)\n{\n    int r;\n    int s;\n"
     "    r = h(a);\n    s = h(b);\n    return r - s;\n}\n",
     FUNCTION("h", "    lw r1, 4(r29)\n    jr r31\n    nop\n")
         FUNCTION("f", "    sw r31, 12(r29)\n    lw r2, 4(r29)\n    sw r2, 20(r29)\n    jal h\n"
                       "    addi r29, r29, 16\n    addi r29, r29, -16\n    addi r7, r1, 0\n"
                       "    lw r2, 8(r29)\n    sw r2, 20(r29)\n    jal h\n"
                       "    addi r29, r29, 16\n    addi r29, r29, -16\n    lw r31, 12(r29)\n"
                       "    jr r31\n    sub r1, r7, r1\n"),
     "f"},
    /* its callee's frame lies on the saved return address and the result */
    {"int h(int x)\n{\n    return x;\n}\nint f(int a, int b)\n{\n    int r;\n    int s;\n"
     "    r = h(a);\n    s = h(b);\n    return r - s;\n}\n",
     FUNCTION("h", "    lw r1, 4(r29)\n    jr r31\n    nop\n")
         FUNCTION("f", "    sw r31, 12(r29)\n    lw r2, 4(r29)\n    sw r2, 24(r29)\n    jal h\n"
                       "    addi r29, r29, 20\n    addi r29, r29, -20\n    sw r1, 16(r29)\n"
                       "    lw r2, 8(r29)\n    sw r2, 16(r29)\n    jal h\n"
                       "    addi r29, r29, 12\n    addi r29, r29, -12\n    lw r31, 12(r29)\n"
                       "    lw r7, 16(r29)\n    jr r31\n    sub r1, r7, r1\n"),
     "f"},
    /* keeps a load across a store that may change the word */
    {"int f(int *p, int *q)\n{\n    int i;\n    int s;\n    s = 0;\n    i = 0;\n"
     "    while (i < 4) {\n        *q = i;\n        s = s + *p;\n        i = i + 1;\n    }\n"
     "    return s;\n}\n",
     FUNCTION("f", "    lw r2, 4(r29)\n    lw r3, 8(r29)\n    addi r1, r0, 0\n"
                   "    addi r4, r0, 0\n    sw r4, 0(r3)\n    lw r5, 0(r2)\n.Lagain:\n"
                   "    sw r4, 0(r3)\n    addi r4, r4, 1\n    slsi r6, r4, 4\n"
                   "    bnez r6, .Lagain\n    add r1, r1, r5\n    jr r31\n    nop\n"),
     "f"},
    /* an aggregate below the frame of its callee by one word too few */
    {"int h(int x)\n{\n    return x;\n}\nint f(int a)\n{\n    int v[2];\n    int r;\n"
     "    v[0] = a;\n    v[1] = 7;\n    r = h(a);\n    return r + v[1];\n}\n",
     FUNCTION("h", "    lw r1, 4(r29)\n    jr r31\n    nop\n")
         FUNCTION("f", "    sw r31, 0(r29)\n    lw r2, 4(r29)\n    sw r2, 8(r29)\n"
                       "    addi r3, r0, 7\n    sw r3, 12(r29)\n    sw r2, 16(r29)\n"
                       "    jal h\n    addi r29, r29, 12\n    addi r29, r29, -12\n"
                       "    lw r3, 12(r29)\n    lw r31, 0(r29)\n    jr r31\n"
                       "    add r1, r1, r3\n"),
     "f"},
};

enum {
    WRONGS = sizeof wrongs / sizeof *wrongs,
    TRIES = 400,
    ONE_ARENA = 20,
    CUTS_MAX = 4,
    EQUALITIES_MAX = 12
};

struct maker {
    struct pairing *pairing;
    struct check_input input;
    uint64_t random;
};

static uint32_t draw(struct maker *maker, uint32_t below)
{
    maker->random = maker->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((maker->random >> 33) % below);
}

static struct symbol any_symbol(struct maker *maker)
{
    uint32_t choice = draw(maker, 8);
    if (choice == 0)
        return (struct symbol){SYMBOL_FRAME, 0};
    if (choice == 1)
        return (struct symbol){SYMBOL_RETURN, 0};
    const struct c0_function *function = maker->input.function;
    uint32_t variable = draw(maker, function->variable_count);
    while (!c0_type_is_elementary(function->variables[variable]->type))
        variable = (variable + 1) % function->variable_count;
    return (struct symbol){SYMBOL_LOCAL, variable};
}

static struct equality any_equality(struct maker *maker)
{
    static const unsigned registers[] = {1, 2, 3, 4, 5, 6, 7, 28, 29, 30, 31};
    struct equality equality = {.place = {.kind = PLACE_REGISTER}};
    equality.place.number = registers[draw(maker, sizeof registers / sizeof *registers)];
    if (draw(maker, 3) == 0)
        equality.place = (struct place){PLACE_SLOT, 0, (int32_t)(4 * draw(maker, 7)), 0};
    if (draw(maker, 4) == 0) {
        equality.constant = draw(maker, 5);
        return equality;
    }
    struct addend *addends = ARENA_ARRAY(maker->pairing->arena, struct addend, 2);
    addends[0] = (struct addend){1, any_symbol(maker)};
    addends[1] = (struct addend){draw(maker, 2) == 0 ? 1 : UINT32_MAX, any_symbol(maker)};
    equality.addends = addends;
    equality.addend_count = draw(maker, 8) == 0 ? 2 : 1;
    equality.constant = draw(maker, 4) == 0 ? 4 * draw(maker, 6) - 4 : 0;
    return equality;
}

/* What the ABI has everywhere, in most cases. */
static size_t usual(struct maker *maker, struct equality *equalities)
{
    static const struct addend frame = {1, {SYMBOL_FRAME, 0}}, back = {1, {SYMBOL_RETURN, 0}};
    const struct subject *subject = &maker->pairing->subject;
    size_t count = 0;
    for (size_t i = 0; i < subject->target->base_count; i++)
        equalities[count++] =
            (struct equality){{PLACE_REGISTER, subject->target->bases[i].number, 0, 0},
                              subject->base_values[i],
                              NULL,
                              0};
    equalities[count++] = (struct equality){{PLACE_REGISTER, 29, 0, 0}, 0, &frame, 1};
    equalities[count++] = (struct equality){
        draw(maker, 2) == 0 ? (struct place){PLACE_REGISTER, 31, 0, 0}
                            : (struct place){PLACE_SLOT, 0, 12 * (int32_t)draw(maker, 2), 0},
        0, &back, 1};
    return count;
}

static struct cut any_cut(struct maker *maker, const struct relation *found, size_t number)
{
    struct cut cut = {.kind = draw(maker, 2) == 0 ? CUT_LOOP : CUT_CALL};
    cut.node = draw(maker, maker->input.flow->count);
    cut.point.pc =
        maker->input.symbol->address + 4 * draw(maker, maker->input.symbol->size_bytes / 4);
    cut.point.next = cut.point.pc + 4;
    if (number < found->cut_count && draw(maker, 4) != 0) {
        cut.kind = found->cuts[number].kind;
        cut.point = found->cuts[number].point;
        if (draw(maker, 2) == 0)
            cut.node = found->cuts[number].node;
    }
    struct equality *equalities =
        ARENA_ARRAY(maker->pairing->arena, struct equality, 2 * EQUALITIES_MAX);
    cut.equality_count = draw(maker, 8) == 0 ? 0 : usual(maker, equalities);
    for (uint32_t more = draw(maker, EQUALITIES_MAX - 4); more > 0; more--)
        equalities[cut.equality_count++] = any_equality(maker);
    if (number < found->cut_count)
        for (size_t i = 0;
             i < found->cuts[number].equality_count && cut.equality_count < 2 * EQUALITIES_MAX; i++)
            if (draw(maker, 2) == 0 && found->cuts[number].equalities[i].place.kind != PLACE_BLOCK)
                equalities[cut.equality_count++] = found->cuts[number].equalities[i];
    cut.equalities = equalities;
    return cut;
}

/* What the search comes to, if anything. */
static struct relation proposed(struct maker *maker)
{
    struct arena *arena = maker->pairing->arena;
    struct terms *terms = terms_new(arena);
    struct solver *solver = solver_new(arena, terms, RLIMIT);
    struct relation relation = {.function = maker->input.function, .frame_bytes = 64};
    struct fault fault = {0};
    if (!propose_relation(arena, terms, solver, &maker->input, &relation, &fault))
        relation = (struct relation){.function = maker->input.function, .frame_bytes = 64};
    solver_free(solver);
    return relation;
}

static void try_relation(struct maker *maker, const struct wrong *wrong,
                         const struct relation *found)
{
    struct cut *cuts = ARENA_ARRAY(maker->pairing->arena, struct cut, CUTS_MAX);
    struct relation relation = *found;
    relation.cuts = cuts;
    relation.cut_count = 1 + draw(maker, CUTS_MAX);
    cuts[0] = (struct cut){.kind = CUT_ENTRY};
    for (size_t k = 1; k < relation.cut_count; k++)
        cuts[k] = any_cut(maker, found, k);
    if (draw(maker, 2) == 0)
        relation.frame_bytes = 4 * draw(maker, 16);
    struct check_result result = pairing_check(maker->pairing, wrong->name, &relation);
    cr_expect_neq(result.verdict, VERDICT_PROVED, "%s\n%s", wrong->code,
                  result.verdict == VERDICT_PROVED ? pairing_certificate(maker->pairing, &relation)
                                                   : "");
}

static void never_proved(const struct wrong *wrong)
{
    struct maker maker = {.random = 4711};
    for (unsigned i = 0; i < TRIES; i += ONE_ARENA) {
        maker.pairing = pairing_make(wrong->source, wrong->code);
        maker.input = pairing_input(maker.pairing, wrong->name);
        struct relation found = proposed(&maker);
        for (unsigned k = 0; k < ONE_ARENA; k++)
            try_relation(&maker, wrong, &found);
        pairing_free(maker.pairing);
    }
}

Test(hostile_certificate, wrong_code_is_not_proved_whoever_writes_the_certificate)
{
    for (size_t i = 0; i < WRONGS; i++)
        never_proved(&wrongs[i]);
}
