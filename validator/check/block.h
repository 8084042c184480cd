/* What the steps of asm blocks and the machine's instructions mean in common: bytes and half-words
 * of memory, devices, and the values of the source's state in a function with blocks.
 *
 * In such a function the source's state holds, behind the variables, what the machine's holds in
 * registers: the block's own general registers, the special registers, the devices. Only the
 * latter two are shared; the block's registers are the source's, and mean nothing outside it. */
#ifndef VALIDATOR_CHECK_BLOCK_H
#define VALIDATOR_CHECK_BLOCK_H

#include "validator/check/subject.h"

/* How many values a state of the function has, and how many of them a relation may name. */
static inline uint32_t block_value_count(const struct target *target,
                                         const struct c0_function *function, bool has_blocks)
{
    return function->variable_count + (has_blocks ? target_devices(target) + 1 : 0);
}

static inline uint32_t block_named_count(const struct target *target,
                                         const struct c0_function *function, bool has_blocks)
{
    return function->variable_count + (has_blocks ? target->register_count : 0);
}

/* A word: a variable of elementary type, or a register. */
static inline bool block_value_is_word(const struct c0_function *function, uint32_t value)
{
    return value >= function->variable_count ||
           c0_type_is_elementary(function->variables[value]->type);
}

/* "x", "%r5" */
void block_value_print(const struct target *target, const struct c0_function *function,
                       uint32_t value, struct text_builder *out);

/* The value of `register` (special registers and devices count on) at the start of a walk. The
 * shared ones are the same on both sides. */
term block_start_value(struct terms *terms, const struct target *target, unsigned number);
/* What a general register holds behind node `node`, where control has left a block. */
term block_junk(struct terms *terms, const struct target *target, unsigned number, uint32_t node);

/* Bytes and half-words: the word they lie in, and their distance in bits from bit 0. */
term lane_word(struct terms *terms, term address);
term lane_shift(struct terms *terms, term address);
/* Out of a word, and into it. */
term lane_loaded(struct terms *terms, const struct effect *effect, term word, term shift);
term lane_stored(struct terms *terms, const struct effect *effect, term word, term shift);
/* The address is as aligned as the access must be. */
term lane_is_aligned(struct terms *terms, term address, unsigned size_bytes);

/* The access goes to a device, whatever the variables are. */
bool device_is_meant(const struct target *target, const struct terms *terms, term address);
/* An access to a device depends on all accesses before it, and counts for all after it: states of
 * the devices are equal for certain only after the same accesses in the same order. */
term device_read(struct terms *terms, term address, term *devices);
void device_write(struct terms *terms, term address, term word, term *devices);

#endif
