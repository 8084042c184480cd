/* What an abstract machine is made of, and what it refuses. */
#include "rig.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect_no_machine(const char *kernel, const char *message)
{
    struct rig rig = rig_setup(kernel);
    struct fault fault = {0};
    cr_assert_null(cvm_new(rig.arena, &rig.setup, &fault));
    cr_assert_str_eq(fault.message, message);
    rig_free(&rig);
}

Test(cvm_new, wants_a_dispatcher)
{
    expect_no_machine("int other() { return 0; }\n", "the abstract kernel has no `kdispatch`");
    expect_no_machine("unsigned int kdispatch(unsigned int eca, unsigned int edata);\n",
                      "`kdispatch` is not defined, and is no primitive");
    expect_no_machine("unsigned int kdispatch(unsigned int eca) { return 0u; }\n",
                      "`kdispatch` is not `unsigned int kdispatch(unsigned int, unsigned int)`");
    expect_no_machine("int kdispatch(unsigned int eca, unsigned int edata) { return 0; }\n",
                      "`kdispatch` is not `unsigned int kdispatch(unsigned int, unsigned int)`");
}

#define IDLE "unsigned int kdispatch(unsigned int eca, unsigned int edata) { return 0u; }\n"

Test(cvm_new, wants_all_else_defined)
{
    expect_no_machine("void help(void);\n" IDLE, "`help` is not defined, and is no primitive");
    expect_no_machine("extern unsigned int far_away;\n" IDLE, "`far_away` is not defined");
}

Test(cvm_new, wants_primitives_declared_only)
{
    expect_no_machine("void cvm_reset(unsigned int p) { }\n" IDLE,
                      "`cvm_reset` is a primitive, and is defined");
}

Test(cvm_new, wants_primitives_of_their_types)
{
    struct rig rig = rig_setup(IDLE);
    struct fault fault = {0};
    rig.setup.kernel = rig_bare_program(rig.arena, "int cvm_get_mask(void);\n" IDLE);
    cr_assert_null(cvm_new(rig.arena, &rig.setup, &fault));
    cr_assert_str_eq(fault.message, "`cvm_get_mask` has not the type of the primitive");
    cr_assert_eq(fault.line, 1);
    rig_free(&rig);
}

Test(cvm_new, wants_sizes_that_can_be)
{
    struct rig rig = rig_setup(IDLE);
    struct fault fault = {0};
    rig.setup.virtual_pages = 1025;
    cr_assert_null(cvm_new(rig.arena, &rig.setup, &fault));
    cr_assert_str_eq(fault.message, "1025 pages for a process: 1 to 1024 can be");
    rig.setup.virtual_pages = 1024;
    rig.setup.process_count = 1;
    fault = (struct fault){0};
    cr_assert_null(cvm_new(rig.arena, &rig.setup, &fault));
    cr_assert_str_eq(fault.message, "1 process numbers: 2 to 65536 can be");
    rig_free(&rig);
}

Test(cvm_new, has_processes_as_after_a_reset)
{
    struct rig rig = rig_setup(IDLE);
    struct fault fault = {0};
    struct cvm *cvm = cvm_new(rig.arena, &rig.setup, &fault);
    struct vamp_state state = cvm_registers(cvm, RIG_PROCESSES - 1), fresh = {.pcp = 4};
    cr_assert_eq(memcmp(&state, &fresh, sizeof fresh), 0);
    cr_assert_eq(cvm_current(cvm), CVM_IDLE);
    cr_assert_eq(cvm_mask(cvm), 0);
    rig_free(&rig);
}
