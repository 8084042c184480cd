/* What an instruction does, in kinds: the words in which the descriptive readings of isa.def
 * (meaning.def: the plain and the symbolic one) describe it, and what step.def asks of them. */
#ifndef SEMANTICS_VAMP_EFFECT_H
#define SEMANTICS_VAMP_EFFECT_H

#include "semantics/vamp/vamp.h"

enum vamp_access { VAMP_ACCESS_NONE, VAMP_ACCESS_LOAD, VAMP_ACCESS_STORE };

enum vamp_control {
    VAMP_CONTROL_NEXT,   /* pcp' = pcp + 4 */
    VAMP_CONTROL_BRANCH, /* pcp' = taken ? target : pcp + 4 */
    VAMP_CONTROL_JUMP,   /* pcp' = target */
    VAMP_CONTROL_TRAP,   /* as NEXT, and the cause is raised; `value` is EDATA */
    VAMP_CONTROL_RFE,
};

enum vamp_special { VAMP_SPECIAL_NONE, VAMP_SPECIAL_READ, VAMP_SPECIAL_WRITE };

/* Sets of causes, by the table of interrupts.def. */
enum vamp_kind { VAMP_KIND_ABORT, VAMP_KIND_REPEAT, VAMP_KIND_CONTINUE, VAMP_KIND_NEVER };

enum {
#define VAMP_INTERRUPT(number, name, text, is_maskable, kind, raised)                              \
    +((is_maskable) ? 0 : 1 << (number))
    VAMP_UNMASKABLE = 0
#include "semantics/vamp/interrupts.def"
#undef VAMP_INTERRUPT
    ,
#define VAMP_INTERRUPT(number, name, text, is_maskable, kind, raised)                              \
    +(VAMP_KIND_##kind == VAMP_KIND_CONTINUE ? 1 << (number) : 0)
    VAMP_CONTINUED = 0
#include "semantics/vamp/interrupts.def"
#undef VAMP_INTERRUPT
};

/* Not for user mode: rfe, and movs2i and movi2s but of RM, IEEEF, FCC. */
static inline bool vamp_is_privileged(const struct vamp_insn *insn)
{
    bool is_move = insn->op == VAMP_OP_MOVS2I || insn->op == VAMP_OP_MOVI2S;
    bool is_users =
        insn->sa == VAMP_SPR_RM || insn->sa == VAMP_SPR_IEEEF || insn->sa == VAMP_SPR_FCC;
    return insn->op == VAMP_OP_RFE || (is_move && !is_users);
}

static inline bool vamp_writes_special(enum vamp_special special, uint8_t number)
{
    return special == VAMP_SPECIAL_WRITE && vamp_spr_exists(number);
}

/* The bits of a word that an access of so many bytes has, if it is the lowest; its sign bit. */
static inline uint32_t vamp_access_mask(unsigned size_bytes)
{
    return size_bytes == 4 ? UINT32_MAX : (UINT32_C(1) << 8 * size_bytes) - 1;
}

static inline uint32_t vamp_access_sign(unsigned size_bytes)
{
    return vamp_access_mask(size_bytes) / 2 + 1;
}

#endif
