/* An abstract machine with all its devices, whose kernel does what the test says: kdispatch takes
 * `op`, calls the primitive of that number, and answers `next`. */
#ifndef TESTS_UNIT_CVM_RIG_H
#define TESTS_UNIT_CVM_RIG_H

#include "semantics/cvm/cvm.h"

enum { RIG_PROCESSES = 8, RIG_PAGES = 8, RIG_SECTORS = 64, RIG_STEPS = 100000 };

struct rig {
    struct arena *arena;
    struct cvm_setup setup;
    const struct c0_program *program;
    struct cvm *cvm;
};

/* The setup may be changed, and the machine made, by hand. */
struct rig rig_setup(const char *kernel);
/* The kernel as above, after its reset: nobody runs. */
struct rig rig_new(void);
struct rig rig_of(const struct rig *rig);
void rig_free(struct rig *rig);

/* A checked C0 program with the primitives declared. */
const struct c0_program *rig_program(struct arena *arena, const char *text);
/* The same without them. */
const struct c0_program *rig_bare_program(struct arena *arena, const char *text);

uint32_t rig_global(const struct rig *rig, const char *name);
void rig_set_global(struct rig *rig, const char *name, uint32_t word);

/* The kernel calls the primitive, with arguments as they come. */
struct cvm_outcome rig_try(struct rig *rig, enum cvm_primitive primitive,
                           const uint32_t arguments[CVM_ARGUMENTS_MAX]);
#define TRY(rig, name, ...)                                                                        \
    rig_try(rig, CVM_PRIMITIVE_##name, (const uint32_t[CVM_ARGUMENTS_MAX]){__VA_ARGS__})
/* It must succeed; its result. */
uint32_t rig_call(struct rig *rig, enum cvm_primitive primitive,
                  const uint32_t arguments[CVM_ARGUMENTS_MAX]);
#define CALL(rig, name, ...)                                                                       \
    rig_call(rig, CVM_PRIMITIVE_##name, (const uint32_t[CVM_ARGUMENTS_MAX]){__VA_ARGS__})

/* The words of the lines of assembly text. */
size_t rig_assemble(const char *text, uint32_t *words, size_t limit);
/* Process p with so many pages, the text as code from 0 on, and p runs. */
void rig_start(struct rig *rig, uint32_t p, uint32_t pages, const char *text);
/* The kernel answers p, who runs then. */
void rig_dispatch(struct rig *rig, uint32_t p);
uint32_t rig_word(const struct rig *rig, uint32_t p, uint32_t address);
uint32_t rig_gpr(const struct rig *rig, uint32_t p, uint32_t r);

void rig_event(struct rig *rig, unsigned device, enum device_event_kind kind, uint32_t number);
/* The timer's line is up. */
void rig_raise_timer(struct rig *rig);

uint64_t rig_random(uint64_t *seed);
uint32_t rig_below(uint64_t *seed, uint32_t bound);

#endif
