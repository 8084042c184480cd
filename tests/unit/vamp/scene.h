/* One step of the processor in a scene of its own: a state, some words of memory, page tables,
 * lines and devices. Every step is taken by vamp_step and, where its memory is one that a machine
 * can have, by both runs of the machine, which must do the same. */
#ifndef TESTS_UNIT_VAMP_SCENE_H
#define TESTS_UNIT_VAMP_SCENE_H

#include "semantics/vamp/vamp.h"

enum {
    SCENE_BYTES = 0x8000, /* of memory */
    SCENE_WORDS = 64,     /* that may be given a value */
    SCENE_DPC = 0x100,    /* where the instruction is, and what pcp is */
    SCENE_PCP = 0x104,

    /* In user mode the page table is at SCENE_TABLE and says, of the virtual pages: */
    SCENE_TABLE = 0x1000,
    SCENE_CODE_PAGE = 0,      /* valid, physical page 3: the instruction is there */
    SCENE_DATA_PAGE = 1,      /* valid, physical page 4 */
    SCENE_PROTECTED_PAGE = 2, /* valid and protected, physical page 5 */
    SCENE_INVALID_PAGE = 3,   /* not valid */
    SCENE_LAST_PAGE = 3,      /* PTL */
    SCENE_VALID = 1 << 11,
    SCENE_PROTECTED = 1 << 10,
};

/* A word of memory that was given a value. */
struct scene_word {
    uint32_t address, before, after;
};

/* What devices saw in a step. */
struct scene_access {
    unsigned count;
    bool is_write;
    uint32_t address, word;
};

struct scene {
    struct vamp_state before, after;
    uint64_t memory_bytes;
    struct scene_word words[SCENE_WORDS];
    unsigned word_count;
    uint32_t lines;   /* the causes from outside */
    bool has_devices; /* in every window, each port of which reads device_word */
    uint32_t device_word;
    struct scene_access access;
    bool has_run; /* false: the machine stopped */
    struct vamp_diagnosis diagnosis;
};

/* System mode; the instruction at SCENE_DPC; r1 = 0x11, r2 = 0x22 ... r31 = 0x231; every special
 * register but SR and MODE with a value of its own, all lines down. */
struct scene scene_system(const char *instruction);
/* The same in user mode, with the page table that is told above. */
struct scene scene_user(const char *instruction);

/* What a special register is in a new scene. */
uint32_t scene_special(enum vamp_spr number);

void scene_write(struct scene *scene, uint32_t address, uint32_t word);
/* After the step. */
uint32_t scene_read(const struct scene *scene, uint32_t address);
void scene_put(struct scene *scene, uint32_t address, const char *instruction);
/* The page table entry of a virtual page. */
void scene_map(struct scene *scene, uint32_t page, uint32_t entry);

void scene_step(struct scene *scene);
/* Goes on from `after`, with the memory as it is then. */
void scene_step_on(struct scene *scene);

/* The step is an interrupt with these causes (bits); ECA, SR, MODE, dpc, pcp say so, and EMODE,
 * ESR, EDPC and EPC have the values of `saved`. */
void scene_expect_interrupt(const struct scene *scene, uint32_t causes,
                            const struct vamp_state *saved);
/* ... an aborted or repeated instruction: saved are the values of before, and nothing else has
 * changed, but for EDATA, which is `data`. */
void scene_expect_without_effect(const struct scene *scene, uint32_t causes, uint32_t data);
/* ... a completed instruction, whose successor was at SCENE_PCP. */
void scene_expect_completed(const struct scene *scene, uint32_t causes);
void scene_expect_no_interrupt(const struct scene *scene);
/* The machine stops, and the state is as before. */
void scene_expect_stop(const struct scene *scene, enum vamp_stop stop, uint32_t address);

/* scene_machine.c: both runs of the machine, from the same state, end in the same. */
void scene_check_machines(const struct scene *scene);

#endif
