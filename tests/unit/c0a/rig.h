/* What the tests of C0A share: programs with asm blocks, loaded from a text; the C0 machine with
 * its world; and the same programs compiled, on the VAMP machine. */
#ifndef TESTS_UNIT_C0A_RIG_H
#define TESTS_UNIT_C0A_RIG_H

#include "image/image.h"
#include "semantics/c0/front.h"
#include "semantics/c0a/c0a.h"
#include "semantics/c0a/world.h"
#include "semantics/vamp/machine.h"

#include <criterion/criterion.h>

/* The program of a text named "t.c0", or NULL; `*report` is what was printed. */
const struct c0_program *rig_load(struct arena *arena, const char *text, const char **report);

/* One block, in the body of f of RIG_HEAD, where everything that can be named is assigned. */
#define RIG_HEAD                                                                                   \
    "struct s { int a; struct s *next; }; enum { five = 5 };"                                      \
    "int gi; unsigned int gu; char gc; bool gb; int *gp; int ga[4]; struct s gs, *gq;"             \
    "static unsigned int gt; void act(void) { }"                                                   \
    "int f(int n, unsigned int m) { int i; char c; bool b; int *p; int later;"                     \
    " i = 0; c = 'c'; b = true; p = NULL;\n"
#define RIG_TAIL "\nlater = 0; return i + later; }\n"

void accepts_block(const char *lines);
/* The message of the first report, without its place. */
void refuses_block(const char *lines, const char *message);

/* The number-th asm block of the first function that has one. */
const struct c0_asm *rig_block(const struct c0_program *program, uint32_t number);

/* A bus of which each word read follows from all that was accessed before. */
struct rig_access {
    uint32_t address, word;
    bool is_write;
};
struct rig_bus {
    struct rig_access log[256];
    uint32_t count; /* beyond the log's length nothing is recorded, and the test is of no use */
    uint64_t history;
};
struct vamp_bus rig_bus_of(struct rig_bus *bus);
void rig_expect_same_accesses(const struct rig_bus *left, const struct rig_bus *right);

/* A program on the C0 machine. */
struct rig {
    struct arena *arena;
    const struct c0_program *program;
    struct c0_machine *machine;
    struct c0a_world *world;
    struct rig_bus *bus; /* connected to the world */
};
struct rig rig_of(const char *text);
void rig_free(struct rig *rig);
struct c0_outcome rig_call(struct rig *rig, const char *function, const uint32_t *arguments);
/* Runs f without arguments. */
uint32_t rig_result(struct rig *rig);
void rig_expect_fault(struct rig *rig, enum c0_rule rule, uint32_t line);
uint32_t rig_cell(const struct rig *rig, const char *global);
uint32_t rig_global(const struct rig *rig, const char *global, uint32_t offset_cells);
uint32_t rig_memory(const struct rig *rig, uint32_t address);

/* The same program compiled, in an image of the default map. */
struct target {
    const struct image *image;
    struct vamp_machine *machine; /* stops at interrupts */
    struct rig_bus *bus;
};
enum { TARGET_RETURN = 0x3FFF00 };
const struct image *rig_image(struct arena *arena, const struct c0_program *program);
struct target rig_compile(struct rig *rig);
struct target rig_run_on(struct rig *rig, const struct image *image);
/* Runs the function until it returns, comes to a breakpoint or stops. */
struct vamp_run target_call(struct target *target, const char *function, const uint32_t *arguments,
                            uint32_t argument_count);
uint32_t target_symbol(const struct image *image, const char *name);
uint32_t target_word(const struct target *target, uint32_t address);

#endif
