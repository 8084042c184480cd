/* Blocks of several files: names mean what they mean in C0, labels are each block's own. */
#include "rig.h"

#include "compiler/compile.h"
#include "compiler/link.h"

static const char *const paths[] = {SOURCE_ROOT "/tests/unit/c0a/first_file.c0",
                                    SOURCE_ROOT "/tests/unit/c0a/second_file.c0"};
/* other gives 54, *head is 3, and the first mark 4. */
enum { RESULT = 54 * 1000 + 3 * 100 + 4 };

static const struct c0_program *load(struct arena *arena, const char *const *names, size_t count)
{
    struct c0_front_options options = {.assembler = &c0a_assembler,
                                       .include_directory = SOURCE_ROOT "/include",
                                       .may_lack_definitions = count == 1};
    const struct c0_program *program = c0_load(arena, names, count, &options, stderr);
    cr_assert_not_null(program);
    return program;
}

Test(c0a_files, blocks_of_two_files_run_on_the_c0_machine)
{
    struct rig rig = {.arena = arena_new()};
    rig.program = load(rig.arena, paths, 2);
    rig.machine = c0_machine_new(rig.arena, rig.program, c0_limits_default());
    c0_machine_attach(rig.machine, c0a_world_of(c0a_world_new(rig.arena)));
    struct c0_outcome outcome = rig_call(&rig, "both", NULL);
    cr_assert_eq(outcome.status, C0_RETURNED, "rule %s", c0_rule_name(outcome.rule));
    cr_expect_eq(outcome.result, RESULT);
    rig_free(&rig);
}

Test(c0a_files, blocks_of_two_objects_are_linked)
{
    struct rig rig = {.arena = arena_new()};
    struct object *objects[2];
    struct fault fault = {0};
    struct compile_options options = {0};
    for (int i = 0; i < 2; i++) {
        const struct c0_program *program = load(rig.arena, &paths[i], 1);
        objects[i] = compile_unit(rig.arena, i == 0 ? "one" : "two", program, &options, &fault);
        cr_assert_not_null(objects[i], "%s", fault.message);
    }
    struct link_input input = {objects, 2, map_default(), NULL};
    struct text file;
    cr_assert(link_image(rig.arena, &input, &file, &fault), "%s", fault.message);
    struct target target =
        rig_run_on(&rig, image_parse(rig.arena, "t.elf", file, IMAGE_MACHINE_VAMP, &fault));
    cr_expect_eq(target_call(&target, "both", NULL, 0).status, VAMP_RUN_BREAKPOINT);
    cr_expect_eq(vamp_machine_state(target.machine)->gpr[1], RESULT);
    rig_free(&rig);
}
