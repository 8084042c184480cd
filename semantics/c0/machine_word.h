/* What the operations on words compute: the one definition that the plain and the fast machine
 * share. A divisor of 0 and INT_MIN / -1 are the caller's affair; only the low 5 bits of a shift
 * amount count. */
#ifndef SEMANTICS_C0_MACHINE_WORD_H
#define SEMANTICS_C0_MACHINE_WORD_H

#include "semantics/c0/rules.h"

static inline uint32_t c0_word_compute(enum c0_word_op op, uint32_t left, uint32_t right)
{
    int32_t signed_left = (int32_t)left, signed_right = (int32_t)right;
    switch (op) {
    case C0_WORD_ADD:
        return left + right;
    case C0_WORD_SUB:
        return left - right;
    case C0_WORD_MUL:
        return left * right;
    case C0_WORD_UDIV:
        return left / right;
    case C0_WORD_UREM:
        return left % right;
    case C0_WORD_SDIV:
        return (uint32_t)(signed_left / signed_right);
    case C0_WORD_SREM:
        return (uint32_t)(signed_left % signed_right);
    case C0_WORD_AND:
        return left & right;
    case C0_WORD_OR:
        return left | right;
    case C0_WORD_XOR:
        return left ^ right;
    case C0_WORD_SHL:
        return left << (right & 31);
    case C0_WORD_LSHR:
        return left >> (right & 31);
    case C0_WORD_ASHR:
        return (uint32_t)(signed_left >> (right & 31));
    case C0_WORD_EQ:
        return left == right;
    case C0_WORD_NE:
        return left != right;
    case C0_WORD_ULT:
        return left < right;
    case C0_WORD_ULE:
        return left <= right;
    case C0_WORD_SLT:
        return signed_left < signed_right;
    case C0_WORD_SLE:
        return signed_left <= signed_right;
    case C0_WORD_SEXT8:
        return (uint32_t)(int8_t)(left & 0xff);
    }
    return 0;
}

/* The operation has no result on those words: a division that the rules exclude. */
static inline bool c0_word_is_undefined(enum c0_word_op op, uint32_t left, uint32_t right)
{
    if (op == C0_WORD_UDIV || op == C0_WORD_UREM)
        return right == 0;
    if (op == C0_WORD_SDIV || op == C0_WORD_SREM)
        return right == 0 || (left == 0x80000000u && right == 0xffffffffu);
    return false;
}

#endif
