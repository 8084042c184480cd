/* What is under check: the sources and the image, joined through a target's table. Names and
 * symbols are hints that join them; every use of a hint is checked against the bytes. */
#ifndef VALIDATOR_CHECK_SUBJECT_H
#define VALIDATOR_CHECK_SUBJECT_H

#include "image/image.h"
#include "semantics/c0/program.h"
#include "smt/term.h"
#include "validator/check/target.h"

struct region {
    uint32_t start, end; /* bytes; end is exclusive */
};

struct subject {
    const struct c0_program *program;
    const struct image *image;
    const struct target *target;
    struct region code, globals, heap, stack;
    uint32_t base_values[TARGET_REGISTERS_MAX]; /* by position in target->bases */
    const uint32_t *global_addresses;           /* by index of the global */
    const struct image_symbol *const *function_symbols; /* by index; NULL: no code */
    /* Code without a source that is believed, by the names the user gave. */
    const char *const *trusted_assembly;
    size_t trusted_assembly_count;
};

/* Joins them. Refuses an image whose memory map is unknown or contradictory, or that lacks a
 * global of the program. */
bool subject_join(struct arena *arena, const struct c0_program *program,
                  const struct image *image, const struct target *target,
                  struct subject *subject, struct fault *fault);

/* The C0 function whose code starts at `address`; NULL if none. */
const struct c0_function *subject_function_at(const struct subject *subject, uint32_t address);
/* The contract of the routine at `address`; NULL if none. */
const struct contract *subject_contract_at(const struct subject *subject, uint32_t address);

/* Sets the assembly to be believed. Each name is that of one piece of the image's code that has
 * neither a source nor a contract: whatever can be judged is judged. */
bool subject_trust(struct subject *subject, const char *const *names, size_t count,
                   struct fault *fault);
bool subject_trusts(const struct subject *subject, const struct image_symbol *symbol);

/* Layout of C0 values in the target's memory, in bytes. */
uint32_t layout_size_bytes(const struct subject *subject, const struct c0_type *type);
uint32_t layout_field_offset_bytes(const struct subject *subject, const struct c0_field *field);

/* [address, address + size) lies in the memory that C0 objects share: globals or heap. */
term shared_holds(const struct subject *subject, struct terms *terms, term address,
                  uint32_t size_bytes);
/* The word is one that typing allows for a value of elementary `type`: a bool is 0 or 1, a char
 * lies in -128..127, a pointer is NULL or an aligned address of a whole object in globals or
 * heap. True for int and unsigned. */
term typed_word(const struct subject *subject, struct terms *terms, term word,
                const struct c0_type *type);
/* int or unsigned: every word is a value. */
static inline bool type_is_number(const struct c0_type *type)
{
    return type->kind == C0_TYPE_INT || type->kind == C0_TYPE_UNSIGNED;
}

/* `new` as docs/ABI.md states it: the result, and the memory after. */
void new_contract(const struct subject *subject, struct terms *terms, term memory,
                  term size_bytes, term *result, term *memory_after);

#endif
