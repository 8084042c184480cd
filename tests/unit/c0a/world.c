/* What blocks see and do on the C0 machine: docs/C0-MACHINE.md, "asm blocks". */
#include "rig.h"

#define CELLS "0x800000" /* where the world's cells lie unless told */
enum { CELLS_ADDRESS = 0x800000 };

static uint32_t result_of(const char *text)
{
    struct rig rig = rig_of(text);
    uint32_t result = rig_result(&rig);
    rig_free(&rig);
    return result;
}

static void expect_fault(const char *text, enum c0_rule rule, uint32_t line)
{
    struct rig rig = rig_of(text);
    rig_expect_fault(&rig, rule, line);
    rig_free(&rig);
}

/* --- Variables --- */

Test(c0a_world, variable_of_a_block_is_that_of_c0)
{
    cr_expect_eq(result_of("int f(void) { int x; x = 5; asm { lw r1,[x]; addi r1,r1,2; sw r1,[x] }"
                           " return x; }"),
                 7);
    cr_expect_eq(result_of("static unsigned int g = 5u; unsigned int f(void) {"
                           " asm { lw r1,[g]; add r1,r1,r1; sw r1,[g] } return g; }"),
                 10);
}

Test(c0a_world, parameters_are_those_of_the_frame_that_runs)
{
    struct rig rig = rig_of("int sum; int f(int n) { int r; asm { lw r1,[n]; subi r2,r1,1;"
                            " sw r2,[n] } r = 0; if (n > 0) { r = f(n); }"
                            " asm { lw r1,[n]; lw r2,[sum]; add r2,r2,r1; sw r2,[sum] }"
                            " return n; }");
    const uint32_t five = 5;
    struct c0_outcome outcome = rig_call(&rig, "f", &five);
    cr_assert_eq(outcome.status, C0_RETURNED);
    cr_expect_eq(outcome.result, 4);
    cr_expect_eq(rig_global(&rig, "sum", 0), 4 + 3 + 2 + 1 + 0);
    rig_free(&rig);
}

Test(c0a_world, values_of_every_elementary_type_are_read)
{
    struct rig rig =
        rig_of("char c = (char)(-3); bool b = true; int g; int *p = &g; unsigned int r[3];"
               "int f(void) { asm { li r9,&r; lw r1,[c]; sw r1,0(r9); lw r1,[b];"
               " sw r1,4(r9); lw r1,[p]; sw r1,8(r9) } return 0; }");
    rig_result(&rig);
    cr_expect_eq(rig_global(&rig, "r", 0), (uint32_t)-3);
    cr_expect_eq(rig_global(&rig, "r", 1), 1);
    cr_expect_eq(rig_global(&rig, "r", 2), CELLS_ADDRESS + 4 * (rig_cell(&rig, "g") - 1));
    rig_free(&rig);
}

Test(c0a_world, null_is_address_zero)
{
    cr_expect_eq(result_of("int *p; int f(void) { int x; x = 1; asm { lw r1,[p]; sw r1,[x] }"
                           " return x; }"),
                 0);
}

Test(c0a_world, lw_to_register_zero_changes_nothing)
{
    cr_expect_eq(result_of("int g = 5; int f(void) { asm { lw r0,[g]; sw r0,[g] } return g; }"), 0);
}

/* --- Memory by address --- */

Test(c0a_world, cells_lie_word_by_word)
{
    cr_expect_eq(result_of("int g[3] = {1, 2, 4}; int f(void) { int x; x = 0; asm { li r1,&g;"
                           " lw r2,8(r1); lw r3,4(r1); add r2,r2,r3; sw r2,0(r1); sw r2,[x] }"
                           " return x + g[0]; }"),
                 12);
    cr_expect_eq(result_of("int g = 77; int f(void) { int x; x = 0; asm { li r1," CELLS ";"
                           " lw r2,0(r1); sw r2,[x] } return x; }"),
                 77);
}

Test(c0a_world, cells_lie_where_the_world_says)
{
    struct rig rig = rig_of("int g = 77; int f(void) { int x; x = 0; asm { li r1,0x2000;"
                            " lw r2,0(r1); li r3,&g; add r2,r2,r3; sw r2,[x] } return x; }");
    rig.world->cells_address = 0x2000;
    cr_expect_eq(rig_result(&rig), 0x2000 + 77);
    rig_free(&rig);
}

Test(c0a_world, address_of_a_global_is_made_of_halves_for_any_place)
{
    static const uint32_t places[] = {4,          0x7FFC,     0x8000,     0xFFFC,    0x10000,
                                      0x12348000, 0x7FFFFFFC, 0x80000000, 0xFFFF0000};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct rig rig = rig_of("int g; int f(void) { asm { li r3,&g; sw r3,[g] } return g; }");
        rig.world->cells_address = places[i];
        rig.machine = c0_machine_new(rig.arena, rig.program, (struct c0_limits){16, 64});
        c0_machine_attach(rig.machine, c0a_world_of(rig.world));
        cr_expect_eq(rig_result(&rig), places[i]);
        rig_free(&rig);
    }
}

Test(c0a_world, bytes_of_a_cell_are_read_and_written)
{
    cr_expect_eq(result_of("unsigned int g = 0x11223344u; unsigned int f(void) { asm { li r1,&g;"
                           " lbu r2,3(r1); addi r2,r2,1; sb r2,1(r1); lhu r3,0(r1); sh r3,2(r1) }"
                           " return g; }"),
                 0x12441244);
}

Test(c0a_world, other_memory_is_zero_first_and_keeps_words)
{
    struct rig rig = rig_of("unsigned int g; unsigned int f(void) { asm { li r1,0x300000;"
                            " lw r2,0(r1); sw r2,[g]; addi r3,r0,-2; sb r3,5(r1);"
                            " sw r3,0(r1) } return g; }");
    cr_expect_eq(rig_result(&rig), 0);
    cr_expect_eq(rig_result(&rig), (uint32_t)-2);
    cr_expect_eq(rig_memory(&rig, 0x300004), 0xFE00);
    rig_free(&rig);
}

Test(c0a_world, all_memory_up_to_the_devices_is_there)
{
    cr_expect_eq(result_of("int g; int f(void) { asm { addi r1,r0,5; sw r1,0(r0);"
                           " li r2,0xFFFF7FF0; sw r1,0(r2); sw r1,12(r2); lw r3,0(r0);"
                           " lw r4,0(r2); lw r5,12(r2); add r3,r3,r4; add r3,r3,r5;"
                           " sw r3,[g] } return g; }"),
                 15);
}

Test(c0a_world, misaligned_access_is_a_fault)
{
    expect_fault("int f(void) {\n asm { lw r1,2(r0) } return 0; }", C0_RULE_ASM_ADDRESS, 2);
    expect_fault("int f(void) {\n asm { sh r0,1(r0) } return 0; }", C0_RULE_ASM_ADDRESS, 2);
}

Test(c0a_world, stack_is_not_to_be_touched)
{
    const char *const accesses[] = {"lw r2,0(r1)", "sw r0,0(r1)", "lb r2,3(r1)", "lw r2,12(r1)",
                                    "sb r0,15(r1)"};
    const char *const open[] = {"lw r2,-4(r1)", "sw r0,16(r1)"};
    struct arena *arena = arena_new();
    for (size_t i = 0; i < 7; i++) {
        struct rig rig =
            rig_of(arena_printf(arena, "int f(void) { asm { li r1,0x5000; %s } return 0; }",
                                i < 5 ? accesses[i] : open[i - 5]));
        rig.world->stack_address = 0x5000;
        rig.world->stack_bytes = 16;
        if (i < 5)
            rig_expect_fault(&rig, C0_RULE_ASM_ADDRESS, 1);
        else
            rig_result(&rig);
        rig_free(&rig);
    }
    arena_free(arena);
}

Test(c0a_world, code_is_not_to_be_stored_to)
{
    struct rig rig = rig_of("int f(void) { asm { li r1,0x5000; lw r2,0(r1); sw r0,-4(r1);"
                            " sw r0,0(r1) } return 0; }");
    rig.world->code_address = 0x5000;
    rig.world->code_bytes = 8;
    struct c0_outcome outcome = rig_call(&rig, "f", NULL);
    cr_assert_eq(outcome.status, C0_FAULTED);
    cr_expect_eq(outcome.rule, C0_RULE_ASM_ADDRESS);
    cr_expect_eq(outcome.steps, 3);
    rig_free(&rig);
}

Test(c0a_world, heap_belongs_to_its_objects_alone)
{
    const char *text = "struct s { unsigned int a; unsigned int b; }; struct s *p;"
                       "unsigned int f(void) { p = new(struct s); asm { lw r1,[p]; addi r2,r0,9;"
                       " sw r2,4(r1); lw r3,0(r1); %s } return p->b; }";
    struct arena *arena = arena_new();
    struct rig inside = rig_of(arena_printf(arena, text, ""));
    cr_expect_eq(rig_result(&inside), 9);
    rig_free(&inside);
    expect_fault(arena_printf(arena, text, "sw r2,8(r1)"), C0_RULE_ASM_ADDRESS, 1);
    expect_fault(arena_printf(arena, text, "lw r2,8(r1)"), C0_RULE_ASM_ADDRESS, 1);
    arena_free(arena);
}

Test(c0a_world, cell_without_a_value_is_not_read)
{
    expect_fault("struct s { int a; int b; }; struct s g;\nvoid set(void) { struct s l; l.a = 1;"
                 " g = l; }\nint f(void) { set();\n asm { li r1,&g; lw r2,0(r1); lw r3,4(r1) }"
                 " return 0; }",
                 C0_RULE_UNINITIALISED, 4);
}

/* --- Values stay of their type --- */

#define TYPED                                                                                      \
    "struct t { int a; struct t *next; }; bool gb; char gc; int gi; unsigned int gu; int ga[2];"   \
    "struct t gt; int *gp; struct t *gq; int f(void) { asm { %s } return 0; }"

static void expect_store(const char *lines, bool is_typed)
{
    struct arena *arena = arena_new();
    struct rig rig = rig_of(arena_printf(arena, TYPED, lines));
    if (is_typed)
        rig_result(&rig);
    else
        rig_expect_fault(&rig, C0_RULE_ASM_TYPE, 1);
    rig_free(&rig);
    arena_free(arena);
}

Test(c0a_world, store_to_a_bool_is_0_or_1)
{
    expect_store("li r1,&gb; addi r2,r0,1; sw r2,0(r1); sw r0,0(r1)", true);
    expect_store("li r1,&gb; addi r2,r0,2; sw r2,0(r1)", false);
    expect_store("li r1,&gb; addi r2,r0,1; sb r2,0(r1)", true);
    expect_store("li r1,&gb; addi r2,r0,1; sb r2,1(r1)", false);
}

Test(c0a_world, store_to_a_char_has_eight_bits)
{
    expect_store("li r1,&gc; li r2,127; sw r2,0(r1); li r2,-128; sw r2,0(r1)", true);
    expect_store("li r1,&gc; li r2,128; sw r2,0(r1)", false);
    expect_store("li r1,&gc; li r2,-129; sw r2,0(r1)", false);
    expect_store("li r1,&gc; li r2,128; sb r2,0(r1)", false);
}

Test(c0a_world, store_to_a_pointer_leads_to_an_object_of_its_type)
{
    expect_store("li r1,&gp; li r2,&gi; sw r2,0(r1); sw r0,0(r1)", true);
    expect_store("li r1,&gp; li r2,&ga; addi r2,r2,4; sw r2,0(r1)", true);
    expect_store("li r1,&gp; li r2,&gt; sw r2,0(r1)", true); /* its first field is an int */
    expect_store("li r1,&gq; li r2,&gt; sw r2,0(r1)", true);
    expect_store("li r1,&gt; sw r1,4(r1)", true);
    expect_store("li r1,&gp; li r2,&gu; sw r2,0(r1)", false);
    expect_store("li r1,&gp; li r2,&gi; addi r2,r2,2; sw r2,0(r1)", false);
    expect_store("li r1,&gp; addi r2,r0,8; sw r2,0(r1)", false);
    expect_store("li r1,&gq; li r2,&gi; sw r2,0(r1)", false);
    expect_store("li r1,&gq; li r2,&gt; addi r2,r2,4; sw r2,0(r1)", false);
    expect_store("li r1,&gp; addi r2,r0,4; sb r2,0(r1)", false);
}

Test(c0a_world, stored_pointer_is_followed_by_c0)
{
    cr_expect_eq(result_of("int g = 41; int *p; int f(void) { asm { li r1,&p; li r2,&g;"
                           " sw r2,0(r1) } *p = *p + 1; return g; }"),
                 42);
}

/* --- Devices --- */

Test(c0a_world, words_from_the_first_device_on_go_to_the_bus)
{
    struct rig rig = rig_of("unsigned int g; unsigned int f(void) { asm { li r1,0xFFFF9004;"
                            " addi r2,r0,7; sw r2,0(r1); lw r3,4(r1); sw r3,[g] } return g; }");
    uint32_t read = rig_result(&rig);
    cr_assert_eq(rig.bus->count, 2);
    cr_expect_eq(rig.bus->log[0].address, 0xFFFF9004);
    cr_expect_eq(rig.bus->log[0].word, 7);
    cr_expect(rig.bus->log[0].is_write);
    cr_expect_eq(rig.bus->log[1].address, 0xFFFF9008);
    cr_expect_eq(rig.bus->log[1].word, read);
    rig_free(&rig);
}

Test(c0a_world, devices_are_accessed_by_aligned_words)
{
    struct arena *arena = arena_new();
    static const char *const accesses[] = {"lb r2,0(r1)", "sb r0,0(r1)", "lh r2,2(r1)",
                                           "lw r2,2(r1)", "sw r0,1(r1)"};
    for (size_t i = 0; i < sizeof accesses / sizeof *accesses; i++) {
        struct rig rig = rig_of(arena_printf(
            arena, "int f(void) { asm { li r1,0xFFFF8000; %s } return 0; }", accesses[i]));
        rig_expect_fault(&rig, C0_RULE_ASM_ADDRESS, 1);
        cr_expect_eq(rig.bus->count, 0);
        rig_free(&rig);
    }
    arena_free(arena);
}

Test(c0a_world, address_without_a_device_is_a_fault)
{
    expect_fault("int f(void) { asm { li r1,0xFFFFE000; lw r2,0(r1) } return 0; }",
                 C0_RULE_ASM_ADDRESS, 1);
    struct rig rig = rig_of("int f(void) { asm { li r1,0xFFFF8000; sw r0,0(r1) } return 0; }");
    rig.world->bus = (struct vamp_bus){0};
    rig_expect_fault(&rig, C0_RULE_ASM_ADDRESS, 1);
    rig_free(&rig);
}

/* --- Special registers and interrupts --- */

Test(c0a_world, special_registers_outlive_the_block)
{
    struct rig rig = rig_of("int g; int f(void) { asm { li r1,0x123; movi2s EPC,r1 }"
                            " asm { movs2i r2,EPC; sw r2,[g] } return g; }");
    cr_expect_eq(rig_result(&rig), 0x123);
    cr_expect_eq(rig.world->processor.spr[VAMP_SPR_EPC], 0x123);
    rig.world->processor.spr[VAMP_SPR_ECA] = 0x40;
    rig_free(&rig);
}

Test(c0a_world, special_registers_may_be_given_from_outside)
{
    struct rig rig = rig_of("int g; int f(void) { asm { movs2i r2,ECA; sw r2,[g] } return g; }");
    rig.world->processor.spr[VAMP_SPR_ECA] = 0x40;
    cr_expect_eq(rig_result(&rig), 0x40);
    rig_free(&rig);
}

Test(c0a_world, special_register_without_a_meaning_reads_zero)
{
    cr_expect_eq(result_of("int g; int f(void) { asm { addi r1,r0,5; movi2s s31,r1;"
                           " movs2i r2,s31; sw r2,[g] } return g; }"),
                 0);
}

#define OVERFLOW "li r2,0x7FFFFFFF; addio r3,r2,1"

Test(c0a_world, overflow_is_a_fault_where_it_interrupts)
{
    cr_expect_eq(result_of("int g; int f(void) { asm { " OVERFLOW "; sw r3,[g] } return g; }"),
                 0x80000000);
    expect_fault("int f(void) { asm { addi r1,r0,0x40; movi2s SR,r1; " OVERFLOW " } return 0; }",
                 C0_RULE_ASM_INTERRUPT, 1);
    cr_expect_eq(result_of("int g; int f(void) { asm { addi r1,r0,0x3F; movi2s SR,r1; " OVERFLOW
                           "; sw r3,[g] } return g; }"),
                 0x80000000);
}

Test(c0a_world, fault_leaves_the_processor_as_it_was)
{
    struct rig rig = rig_of("int f(void) { asm { addi r1,r0,0x40; movi2s SR,r1; addi r3,r0,9; "
                            "lw r3,1(r0) } return 0; }");
    rig_expect_fault(&rig, C0_RULE_ASM_ADDRESS, 1);
    cr_expect_eq(rig.world->processor.spr[VAMP_SPR_SR], 0x40);
    cr_expect_eq(rig.world->processor.spr[VAMP_SPR_ECA], 0);
    cr_expect_eq(rig.world->processor.spr[VAMP_SPR_ESR], 0);
    cr_expect_eq(rig.world->processor.gpr[3], 9);
    rig_free(&rig);
}

/* --- The end of the run --- */

Test(c0a_world, rfe_leaves_with_the_state_of_the_interrupted)
{
    struct rig rig = rig_of("int g; int f(void) { asm { addi r1,r0,3; movi2s EMODE,r1; li r2,0x100;"
                            " movi2s EDPC,r2; movi2s EPC,r1; movi2s ESR,r2; li r29,77; rfe }"
                            " g = 1; return 0; }");
    struct c0_outcome outcome = rig_call(&rig, "f", NULL);
    cr_assert_eq(outcome.status, C0_LEFT);
    cr_expect_eq(outcome.steps, 8);
    cr_expect_not(outcome.has_result);
    const struct vamp_state *state = &rig.world->processor;
    cr_expect_eq(state->dpc, 0x100);
    cr_expect_eq(state->pcp, 3);
    cr_expect_eq(state->spr[VAMP_SPR_SR], 0x100);
    cr_expect_eq(state->spr[VAMP_SPR_MODE], 3);
    cr_expect_eq(state->gpr[29], 77);
    cr_expect_eq(rig_global(&rig, "g", 0), 0);
    rig_free(&rig);
}

Test(c0a_world, next_call_runs_in_system_mode)
{
    struct rig rig = rig_of("int g; int f(void) { g = g + 1; asm { addi r1,r0,1; movi2s EMODE,r1;"
                            " movs2i r2,MODE; sw r2,[g]; rfe } return 0; }");
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(rig_call(&rig, "f", NULL).status, C0_LEFT);
        cr_expect_eq(rig.world->processor.spr[VAMP_SPR_MODE], 1);
        cr_expect_eq(rig_global(&rig, "g", 0), 0);
    }
    rig_free(&rig);
}

Test(c0a_world, rfe_leaves_from_any_depth)
{
    struct rig rig = rig_of("void down(int n) { if (n == 0) { asm { rfe } } else { down(n - 1); } }"
                            "int f(void) { down(5); return 0; }");
    cr_expect_eq(rig_call(&rig, "f", NULL).status, C0_LEFT);
    rig_free(&rig);
}

Test(c0a_world, each_instruction_is_a_step)
{
    struct rig rig = rig_of("int f(void) { asm { } asm { addi r1,r0,2; l: subi r1,r1,1; bnez r1,l;"
                            " nop; li r2,0x12345 } return 0; }");
    struct c0_outcome outcome = rig_call(&rig, "f", NULL);
    cr_assert_eq(outcome.status, C0_RETURNED);
    cr_expect_eq(outcome.steps, 1 + 2 * 3 + 2 + 1);
    rig_free(&rig);
}

Test(c0a_world, block_without_end_runs_to_the_limit)
{
    struct rig rig = rig_of("int f(void) { asm { l: j l; nop } return 0; }");
    struct c0_outcome outcome = rig_call(&rig, "f", NULL);
    cr_expect_eq(outcome.status, C0_LIMIT);
    cr_expect_eq(outcome.steps, 1000000);
    rig_free(&rig);
}

Test(c0a_world, machine_without_a_world_runs_no_block)
{
    struct rig rig = rig_of("int f(void) {\n asm { nop } return 0; }");
    rig.machine = c0_machine_new(rig.arena, rig.program, c0_limits_default());
    rig_expect_fault(&rig, C0_RULE_ASM_INTERRUPT, 2);
    rig_free(&rig);
}

/* --- Blocks in odd places --- */

Test(c0a_world, blocks_stand_wherever_statements_do)
{
    cr_expect_eq(result_of("int g; int f(void) { int i; i = 0; asm { } while (i < 3) { asm { } if"
                           " (i == 1) { asm { lw r1,[g]; addi r1,r1,10; sw r1,[g] } } else { asm {"
                           " lw r1,[g]; addi r1,r1,1; sw r1,[g] } } asm { l: lw r1,[i];"
                           " addi r1,r1,1; sw r1,[i] } } asm { j l; nop; l: } return g; }"),
                 12);
    cr_expect_eq(result_of("int f(void) { int i; i = 5; if (i == 5) { asm { } } while (i > 0) {"
                           " asm { lw r1,[i]; subi r1,r1,1; sw r1,[i] } } return i; }"),
                 0);
}
