/* Traces written byte by byte, as docs/TRACES.md says and without the project's writer: what
 * another simulator would write, and what it should not. */
#ifndef TESTS_UNIT_TRACES_MADE_H
#define TESTS_UNIT_TRACES_MADE_H

#include "base/text.h"

struct made {
    struct text_builder file, block; /* what is written; records of the block in work */
    uint32_t block_flags;
    uint64_t block_step;
    uint64_t section_step, section_offset; /* of the last section in the index */
    struct text_builder index;
};

/* A file header: memory of that size. */
struct made made_new(struct arena *arena, uint32_t memory_bytes);
/* Ends the block in work, if there is one, and begins another one. */
void made_block(struct made *made, uint32_t flags, uint64_t step);
/* One number of the records. */
void made_number(struct made *made, uint64_t number);
/* Several: made_numbers(&made, 3, (uint64_t[]){1, 2, 3}). */
void made_numbers(struct made *made, size_t count, const uint64_t *numbers);
#define MADE(made, ...)                                                                            \
    made_numbers((made), sizeof((uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t),                     \
                 (uint64_t[]){__VA_ARGS__})
/* The whole file: the block in work, index and trailer. */
struct text made_end(struct made *made);
/* The file without index and trailer. */
struct text made_cut(struct made *made);

/* Bit by bit, independent of the project's. */
uint32_t made_crc(const char *bytes, size_t length);

#endif
