/* What an instruction does, in kinds: the words in which the descriptive readings of isa.def
 * (meaning.def: the plain and the symbolic one) describe it. */
#ifndef SEMANTICS_VAMP_EFFECT_H
#define SEMANTICS_VAMP_EFFECT_H

enum vamp_access { VAMP_ACCESS_NONE, VAMP_ACCESS_LOAD, VAMP_ACCESS_STORE };

enum vamp_control {
    VAMP_CONTROL_NEXT,   /* pcp' = pcp + 4 */
    VAMP_CONTROL_BRANCH, /* pcp' = taken ? target : pcp + 4 */
    VAMP_CONTROL_JUMP,   /* pcp' = target */
    VAMP_CONTROL_STOP,   /* trap, rfe: not executed in this reading */
};

enum vamp_special { VAMP_SPECIAL_NONE, VAMP_SPECIAL_READ, VAMP_SPECIAL_WRITE };

#endif
