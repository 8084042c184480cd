/* The syntactic half of isa.def: what decoder, encoder, printer and assembler share. */
#ifndef SEMANTICS_VAMP_FORMAT_H
#define SEMANTICS_VAMP_FORMAT_H

#include "semantics/vamp/vamp.h"

enum vamp_format_kind { VAMP_FORMAT_R, VAMP_FORMAT_I, VAMP_FORMAT_J };

/* The letters of the operands column. */
enum vamp_operand {
    VAMP_OPERAND_RD = 'd',
    VAMP_OPERAND_RS1 = '1',
    VAMP_OPERAND_RS2 = '2',
    VAMP_OPERAND_AMOUNT = 'a',
    VAMP_OPERAND_SPECIAL = 's',
    VAMP_OPERAND_IMMEDIATE = 'i',
    VAMP_OPERAND_OFFSET = 'o',
    VAMP_OPERAND_HIGH_HALF = 'h',
    VAMP_OPERAND_DISTANCE = 'p',
    VAMP_OPERAND_TRAP_CODE = 'c',
};

struct vamp_format {
    const char *mnemonic;
    enum vamp_format_kind kind;
    const char *operands; /* letters, in the order of writing */
    uint32_t encoding;    /* the op and fn fields in place */
};

const struct vamp_format *vamp_format(enum vamp_op op);

/* Width of the immediate field of an I or J instruction, and whether a sign-extended value has
 * that width. */
unsigned vamp_immediate_bits(enum vamp_format_kind kind);
bool vamp_immediate_fits(enum vamp_format_kind kind, uint32_t immediate);

#endif
