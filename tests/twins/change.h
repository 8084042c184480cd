/* Changes of code: one instruction, two, or a register throughout a function. Chosen by a random
 * number, so that the same seed makes the same twins. */
#ifndef TESTS_TWINS_CHANGE_H
#define TESTS_TWINS_CHANGE_H

#include "semantics/vamp/vamp.h"
#include "validator/check/subject.h"

enum change {
    CHANGE_BIT,
    CHANGE_DROP,
    CHANGE_REPEAT,
    CHANGE_SWAP,
    CHANGE_REGISTER,
    CHANGE_CONSTANT,
    CHANGE_OPCODE,
    CHANGE_TARGET,   /* a branch or jump goes to another instruction of the function */
    CHANGE_CALLEE,   /* a call goes to another routine */
    CHANGE_FRAME,    /* a distance from the frame base is another one */
    CHANGE_WIDTH,    /* a load or store takes another number of bytes */
    CHANGE_SPECIAL,  /* another special register, or read instead of written */
    CHANGE_EXCHANGE, /* two registers change places throughout the function */
    CHANGE_TWO,      /* two of the above, in different places */
    CHANGE_COUNT,
};

const char *change_name(enum change change);

/* The code of one function, to be changed and put back. */
struct code {
    const struct subject *subject;
    const struct image_symbol *symbol;
    uint32_t *original; /* the words, as they were */
    uint32_t *words;    /* as they are */
    uint32_t count;
    uint64_t random;
};

struct code code_of(struct arena *arena, const struct subject *subject,
                    const struct image_symbol *symbol, uint64_t seed);
/* Makes a change at or near instruction `index` in `words`; what cannot be made there becomes a
 * flipped bit. The kind that it is comes back. */
enum change code_change(struct code *code, enum change change, uint32_t index);
/* Puts `words` into the image, or the original. */
void code_put(const struct code *code);
void code_restore(struct code *code);

#endif
