/* What c0c makes of blocks: the instructions as they stand, together, with the places of variables
 * filled in. */
#include "rig.h"

#include "compiler/compile.h"
#include "compiler/link.h"

#include <string.h>

/* --- The code of a function --- */

struct listing {
    struct vamp_insn at[64];
    uint32_t count;
};

static struct listing list(const struct image *image, const char *function)
{
    struct listing listing = {.count = 0};
    const struct image_symbol *symbol = image_symbol(image, function, "t.c0");
    cr_assert_not_null(symbol);
    cr_assert_leq(symbol->size_bytes, 4 * 64);
    for (uint32_t i = 0; i < symbol->size_bytes / 4; i++) {
        uint32_t word;
        cr_assert(image_word(image, symbol->address + 4 * i, &word));
        cr_assert(vamp_decode(word, &listing.at[listing.count++]));
    }
    return listing;
}

static bool is_control(enum vamp_op op)
{
    return op == VAMP_OP_J || op == VAMP_OP_JAL || op == VAMP_OP_JR || op == VAMP_OP_JALR ||
           op == VAMP_OP_BEQZ || op == VAMP_OP_BNEZ;
}

static bool is_same(const struct vamp_insn *placed, const struct c0a_instruction *written)
{
    struct vamp_insn expected = written->insn;
    if (written->operand == C0A_VARIABLE)
        expected.rs1 = placed->rs1;
    if (written->operand != C0A_PLAIN)
        expected.immediate = placed->immediate;
    return vamp_encode(placed) == vamp_encode(&expected);
}

/* Where the block's instructions stand one after the other; the number of all if nowhere. */
static uint32_t find(const struct listing *listing, const struct c0a_code *code)
{
    for (uint32_t i = 0; i + code->count <= listing->count; i++) {
        uint32_t same = 0;
        while (same < code->count && is_same(&listing->at[i + same], &code->at[same]))
            same++;
        if (same == code->count)
            return i;
    }
    return listing->count;
}

static const struct vamp_insn *place_of(const struct listing *listing, const struct c0_asm *block)
{
    const struct c0a_code *code = block->code;
    uint32_t first = find(listing, code);
    cr_assert_lt(first, listing->count, "the block's instructions are kept together");
    cr_assert(first == 0 || !is_control(listing->at[first - 1].op),
              "the block does not begin in a delay slot");
    return &listing->at[first];
}

/* --- Operands --- */

Test(c0a_compile, parameters_and_locals_are_words_of_the_frame)
{
    struct rig rig =
        rig_of("int f(int n, unsigned int m) { int a[5]; int i; bool b; i = 0; b = true;"
               " a[0] = 0; asm { lw r1,[n]; lw r2,[m]; sw r1,[i]; lw r3,[b] }"
               " return i; }");
    struct listing listing = list(rig_image(rig.arena, rig.program), "f");
    const struct vamp_insn *at = place_of(&listing, rig_block(rig.program, 0));
    static const uint32_t offsets[] = {4, 8, 12 + 20, 16 + 20};
    for (uint32_t i = 0; i < 4; i++) {
        cr_expect_eq(at[i].rs1, 29);
        cr_expect_eq(at[i].immediate, offsets[i], "%u", (unsigned)at[i].immediate);
    }
    rig_free(&rig);
}

Test(c0a_compile, globals_are_words_from_their_base)
{
    struct rig rig = rig_of("int a[3]; int g; static int s = 5; int f(void) {"
                            " asm { lw r1,[g]; lw r2,[s] } return 0; }");
    const struct image *image = rig_image(rig.arena, rig.program);
    struct listing listing = list(image, "f");
    const struct vamp_insn *at = place_of(&listing, rig_block(rig.program, 0));
    cr_expect_eq(at[0].rs1, 28);
    cr_expect_eq(at[0].immediate, target_symbol(image, "g") - target_symbol(image, "__globals"));
    cr_expect_eq(at[1].rs1, 28);
    cr_expect_eq(at[1].immediate, target_symbol(image, "s") - target_symbol(image, "__globals"));
    rig_free(&rig);
}

Test(c0a_compile, li_gives_the_address_of_a_global)
{
    struct rig rig = rig_of("int a[9000]; int g; int f(void) { asm { li r5,&a; li r6,&g }"
                            " return 0; }");
    const struct image *image = rig_image(rig.arena, rig.program);
    struct listing listing = list(image, "f");
    const struct vamp_insn *at = place_of(&listing, rig_block(rig.program, 0));
    for (uint32_t i = 0; i < 4; i += 2) {
        cr_expect_eq(at[i].op, VAMP_OP_LHGI);
        cr_expect_eq(at[i + 1].op, VAMP_OP_XORI);
        cr_expect_eq(at[i].immediate << 16 ^ at[i + 1].immediate,
                     target_symbol(image, i == 0 ? "a" : "g"));
    }
    rig_free(&rig);
}

/* --- Together, and in no delay slot --- */

static void expect_together(const char *body)
{
    struct arena *arena = arena_new();
    struct rig rig = rig_of(arena_printf(
        arena, "int g; void act(void) { g = g + 1; } int f(int n) { int i; i = 0; %s }", body));
    struct listing listing = list(rig_image(rig.arena, rig.program), "f");
    place_of(&listing, rig_block(rig.program, 0));
    rig_free(&rig);
    arena_free(arena);
}

#define MARKED "asm { addi r7,r0,77; addi r8,r7,88 }"

Test(c0a_compile, delay_slots_around_a_block_take_nothing_from_it)
{
    expect_together(MARKED " return i;");
    expect_together("asm { addi r7,r0,77 } return i;");
    expect_together("while (i < n) { " MARKED " } return i;");
    expect_together("while (i < n) { i = i + 1; " MARKED " } return i;");
    expect_together("while (true) { " MARKED " } return i;");
    expect_together("if (n == 0) { " MARKED " } else { i = 2; } return i;");
    expect_together("if (n == 0) { i = 3; } else { " MARKED " } return i;");
    expect_together(MARKED " act(); return i;");
    expect_together("act(); " MARKED " return i;");
    expect_together(MARKED " if (n == 0) { i = 5; } return i;");
    expect_together("while (n > 0) { asm { addi r7,r0,77 } while (i > 0) { act(); } } return i;");
    expect_together("asm { addi r7,r0,77 } asm { addi r9,r0,99 } while (i < n) { } return i;");
}

Test(c0a_compile, void_function_may_end_with_a_block)
{
    struct rig rig = rig_of("int g; void f(void) { g = 1; asm { lw r1,[g]; sw r1,[g] } }");
    struct listing listing = list(rig_image(rig.arena, rig.program), "f");
    const struct vamp_insn *at = place_of(&listing, rig_block(rig.program, 0));
    cr_expect_eq(at[2].op, VAMP_OP_JR);
    cr_expect_eq(at[3].op, VAMP_OP_ORI);
    rig_free(&rig);
}

Test(c0a_compile, branches_of_a_block_keep_their_distances)
{
    struct rig rig = rig_of("int g; int f(int n) { int i; i = 0; while (i < n) { asm { lw r1,[n]\n"
                            "l: subi r1,r1,1; bnez r1,l; nop; j e; nop; nop; e: } i = i + 1; }"
                            " return i; }");
    struct listing listing = list(rig_image(rig.arena, rig.program), "f");
    const struct vamp_insn *at = place_of(&listing, rig_block(rig.program, 0));
    cr_expect_eq(at[2].immediate, (uint32_t)-8);
    cr_expect_eq(at[4].immediate, 8);
    rig_free(&rig);
}

Test(c0a_compile, nothing_is_made_of_what_follows_rfe)
{
    struct rig rig = rig_of("int g; void f(void) { g = 1; asm { rfe } g = 2; asm { nop } }");
    struct listing listing = list(rig_image(rig.arena, rig.program), "f");
    cr_expect_eq(listing.at[listing.count - 1].op, VAMP_OP_RFE);
    rig_free(&rig);
}

Test(c0a_compile, what_follows_a_block_that_may_end_is_made)
{
    struct rig rig = rig_of("int g; int f(int n) { asm { lw r1,[n]; beqz r1,l; nop; rfe; l: }"
                            " return 5; }");
    struct target target = rig_compile(&rig);
    const uint32_t zero = 0, one = 1;
    cr_expect_eq(target_call(&target, "f", &zero, 1).status, VAMP_RUN_BREAKPOINT);
    cr_expect_eq(vamp_machine_state(target.machine)->gpr[1], 5);
    struct vamp_run run = target_call(&target, "f", &one, 1);
    cr_expect_eq(run.status, VAMP_RUN_STOPPED);
    cr_expect_eq(run.diagnosis.stop, VAMP_STOP_RFE);
    rig_free(&rig);
}

Test(c0a_compile, both_ways_of_an_if_may_end_in_rfe)
{
    struct rig rig = rig_of("int g; void f(int n) { if (n == 0) { asm { nop; rfe } } else {"
                            " g = 1; asm { rfe } } g = 2; }");
    struct listing listing = list(rig_image(rig.arena, rig.program), "f");
    cr_expect_eq(listing.at[listing.count - 1].op, VAMP_OP_RFE);
    rig_free(&rig);
}

Test(c0a_compile, branches_over_huge_blocks_become_long)
{
    struct arena *arena = arena_new();
    struct text_builder text = {.arena = arena};
    text_append(&text, "int g; int f(int n) { int i; i = 0; while (i < n) { if (i == 1) { asm {\n");
    for (uint32_t i = 0; i < 9000; i++)
        text_append(&text, "nop\n");
    text_append(&text, "lw r1,[g]\naddi r1,r1,5\nsw r1,[g]\n} } else { asm { lw r1,[g]\n"
                       "addi r1,r1,1\nsw r1,[g]\n} } i = i + 1; } return g; }");
    struct rig rig = rig_of(text_built(&text));
    struct target target = rig_compile(&rig);
    const uint32_t three = 3;
    cr_expect_eq(target_call(&target, "f", &three, 1).status, VAMP_RUN_BREAKPOINT);
    cr_expect_eq(vamp_machine_state(target.machine)->gpr[1], 7);
    cr_expect_eq(rig_call(&rig, "f", &three).result, 7);
    rig_free(&rig);
    arena_free(arena);
}

/* --- Beyond the reach of an instruction --- */

static bool compile(struct arena *arena, const char *source, bool has_far_globals,
                    struct text *image, struct fault *fault)
{
    const char *report;
    const struct c0_program *program = rig_load(arena, source, &report);
    cr_assert_not_null(program, "%s", report);
    struct compile_options options = {.has_far_globals = has_far_globals};
    struct object *object = compile_unit(arena, "t.c0", program, &options, fault);
    struct link_input input = {&object, 1, map_default(), NULL};
    return object != NULL && link_image(arena, &input, image, fault);
}

static void expect_compiled(const char *source, bool has_far_globals, const char *message)
{
    struct arena *arena = arena_new();
    struct text image;
    struct fault fault = {0};
    bool is_compiled = compile(arena, source, has_far_globals, &image, &fault);
    cr_expect_eq(is_compiled, message == NULL, "%s", fault.message);
    if (message != NULL)
        cr_expect_not_null(strstr(fault.message, message), "%s", fault.message);
    arena_free(arena);
}

Test(c0a_compile, local_beyond_16_bits_is_refused)
{
    expect_compiled("int f(void) { int a[8189]; int x; x = 1; a[0] = x; asm { lw r1,[x] }"
                    " return x; }",
                    false, NULL);
    expect_compiled("int f(void) { int a[8191]; int x; x = 1; a[0] = x; asm { lw r1,[x] }"
                    " return x; }",
                    false, "[x] lies 32768 bytes from the frame base, beyond the reach of lw");
}

Test(c0a_compile, global_beyond_16_bits_is_reached_by_its_address_alone)
{
    const char *named = "int a[9000]; int g; int f(void) { asm { lw r1,[g] } return 0; }";
    const char *loaded = "int a[9000]; int g; int f(void) { asm { li r1,&g; lw r1,0(r1) }"
                         " return 0; }";
    const char *message = "'g' is beyond 16 bits from the globals base; compile the units that use "
                          "it with --far-globals, and let asm blocks reach it by li and &g";
    expect_compiled(named, false, message);
    expect_compiled(named, true, message);
    expect_compiled(loaded, false, NULL);
    expect_compiled(loaded, true, NULL);
    expect_compiled("int g; int f(void) { asm { lw r1,[g] } return 0; }", true, NULL);
}
