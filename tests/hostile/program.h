/* Programs of the VAMP, put into memory word by word. */
#ifndef TESTS_HOSTILE_PROGRAM_H
#define TESTS_HOSTILE_PROGRAM_H

#include "base/random.h"
#include "semantics/vamp/vamp.h"

struct program {
    struct random *random;
    uint32_t *words;
    uint32_t size_bytes;
    uint32_t at;     /* where the next instruction goes; what does not fit is dropped */
    uint32_t origin; /* physical minus virtual address */
};

/* What code may count on where it stands. */
struct surroundings {
    bool is_user;
    uint32_t code, code_bytes; /* as the code addresses itself */
    uint32_t data;
    uint32_t table;   /* the page table as the code addresses it */
    uint32_t wild;    /* percentage of what makes no sense */
    uint32_t devices; /* percentage of accesses to devices */
};

void put_word(struct program *program, uint32_t word);
/* `other`: RS2 or SA of an R instruction. */
void put_r(struct program *program, enum vamp_op op, uint32_t rd, uint32_t rs1, uint32_t other);
void put_i(struct program *program, enum vamp_op op, uint32_t rd, uint32_t rs1, int32_t immediate);
void put_j(struct program *program, enum vamp_op op, int32_t immediate);
void put_nop(struct program *program);
/* A register gets a number. */
void put_number(struct program *program, uint32_t rd, uint32_t number);
/* A special register gets it, by way of r23. */
void put_special(struct program *program, enum vamp_spr special, uint32_t number);
/* A branch with a no-op in its delay slot; `target` is an address like `at`. */
void put_branch(struct program *program, enum vamp_op op, uint32_t rs1, uint32_t target);
void put_jump(struct program *program, uint32_t target);
/* A branch whose target is not known yet, and its target: here. */
uint32_t put_branch_ahead(struct program *program, enum vamp_op op, uint32_t rs1);
void set_target(struct program *program, uint32_t branch);

/* Some word that decodes. */
uint32_t some_instruction(struct random *random);
uint32_t pick(struct random *random, const uint32_t *from, size_t count);
#define PICK(random, ...)                                                                          \
    pick((random), (const uint32_t[]){__VA_ARGS__},                                                \
         sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

/* code.c: a loop of `length` random pieces, its registers set up first. */
void put_task(struct program *program, const struct surroundings *here, uint32_t length);
/* drivers.c: what a driver would do with the device; what a handler would do when it interrupts. */
void put_driver(struct program *program, const struct surroundings *here, unsigned device);
void put_acknowledgement(struct program *program, unsigned device);
/* One access to a port. */
void put_port_access(struct program *program, unsigned device);

#endif
