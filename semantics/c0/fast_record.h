/* The recording reading of the rules (private to the machine): each operation of the domain becomes
 * an instruction. */
#ifndef SEMANTICS_C0_FAST_RECORD_H
#define SEMANTICS_C0_FAST_RECORD_H

#include "semantics/c0/fast_emit.h"

/* A place: cells at a constant offset from the sum of up to two registers, in memory or (then from
 * one register at most) in the window. */
struct fast_place {
    bool is_in_frame;
    bool is_scalar; /* a local of elementary type: the compiler saw to its initialisation */
    uint32_t register_count, registers[2];
    uint32_t offset;
};

struct fast_recorder {
    struct fast_emitter emitter;
    const struct c0_function *function;
    struct c0_flow flow;
    const struct c0_frame_layout *layout;
    ARRAY(struct fast_place) places; /* of the node being recorded */
};

/* Records a node; true if control can only go on with `next`. */
bool fast_record_node(struct fast_recorder *recorder, const struct c0_flow_node *node);

#endif
