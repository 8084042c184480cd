/* A world in which C0's cells lie where an image would have them. */
#include "rig.h"

/* Globals from 0x1000 on, the last one first, with a gap between them; the heap at 0x2000. */
enum { GLOBALS = 0x1000, HEAP = 0x2000, HEAP_BYTES = 0x100 };

static uint32_t address_of_global(const struct rig *rig, const struct c0_variable *global)
{
    return GLOBALS + 0x100 * (rig->program->global_count - global->index);
}

static uint32_t place(void *self, uint32_t cell)
{
    struct c0_object object;
    const struct rig *rig = self;
    cr_assert(c0_machine_object(rig->machine, cell, &object));
    uint32_t first = object.global != NULL ? address_of_global(rig, object.global)
                                           : HEAP + 0x40 * object.heap_number;
    return first + 4 * (cell - object.first_cell);
}

static bool find(void *self, uint32_t address, uint32_t *cell)
{
    const struct rig *rig = self;
    for (*cell = 1; c0_machine_cell_type(rig->machine, *cell) != NULL; ++*cell)
        if (place(self, *cell) == address)
            return true;
    return false;
}

static bool is_heap(void *self, uint32_t address)
{
    (void)self;
    return address - HEAP < HEAP_BYTES;
}

static struct c0a_placement place_as_image(struct rig *rig)
{
    return (struct c0a_placement){rig, place, find, is_heap};
}

Test(c0a_placement, blocks_see_the_addresses_of_the_image)
{
    struct rig rig = rig_of("unsigned int a = 3u; unsigned int b = 4u; unsigned int *p = &b;"
                            "unsigned int f(void) { unsigned int x; x = 0u; asm { li r1,&a;"
                            " lw r2,0(r1); lw r3,-256(r1); lw r4,[p]; lw r5,0(r4); sw r2,0(r4);"
                            " sub r6,r1,r4; sw r6,[x] } return x; }");
    struct c0a_placement placement = place_as_image(&rig);
    rig.world->placement = &placement;
    cr_assert_eq(rig_result(&rig), 256);
    cr_assert_eq(rig.world->processor.gpr[3], 4);
    cr_assert_eq(rig.world->processor.gpr[5], 4);
    cr_assert_eq(rig_global(&rig, "b", 0), 3);
    rig_free(&rig);
}

Test(c0a_placement, what_lies_between_objects_is_the_blocks_own_but_for_free_heap)
{
    struct rig rig = rig_of("struct s { unsigned int w; }; struct s *p;"
                            "int f(void) { asm { li r1,0x1080; sw r1,0(r1); lw r2,0(r1) }"
                            " return 1; }"
                            "int h(void) { p = new(struct s); asm { lw r1,[p]; addi r2,r0,5;"
                            " sw r2,0(r1) } return 2; }"
                            "int k(void) { asm { li r1,0x2004; lw r2,0(r1) } return 3; }");
    struct c0a_placement placement = place_as_image(&rig);
    rig.world->placement = &placement;
    cr_assert_eq(rig_result(&rig), 1);
    cr_assert_eq(rig.world->processor.gpr[2], 0x1080);
    cr_assert_eq(rig_call(&rig, "h", NULL).status, C0_RETURNED);
    cr_assert_eq(c0_machine_read(rig.machine, rig_global(&rig, "p", 0)), 5);
    struct c0_outcome outcome = rig_call(&rig, "k", NULL);
    cr_assert_eq(outcome.status, C0_FAULTED);
    cr_assert_eq(outcome.rule, C0_RULE_ASM_ADDRESS);
    rig_free(&rig);
}

/* Memory that is the caller's. */
struct words {
    uint32_t at[16];
};

static bool read_words(void *self, uint32_t address, uint32_t *word)
{
    *word = ((const struct words *)self)->at[address / 4 % 16];
    return true;
}

static bool write_words(void *self, uint32_t address, uint32_t word)
{
    ((struct words *)self)->at[address / 4 % 16] = word;
    return true;
}

Test(c0a_placement, memory_besides_c0_may_be_the_callers)
{
    struct rig rig = rig_of("int f(void) { asm { addi r1,r0,8; lw r2,0(r1); sw r2,4(r1) }"
                            " return 0; }");
    struct words words = {{[2] = 77}};
    rig.world->other = (struct vamp_memory){&words, VAMP_DEVICES, read_words, write_words};
    cr_assert_eq(rig_result(&rig), 0);
    cr_assert_eq(words.at[3], 77);
    rig_free(&rig);
}
