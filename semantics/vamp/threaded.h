/* The inside of the fast machine: memory and its decoded image. */
#ifndef SEMANTICS_VAMP_THREADED_H
#define SEMANTICS_VAMP_THREADED_H

#include "base/array.h"
#include "semantics/vamp/machine.h"

/* An instruction made ready for threaded code. `code` is one of these or, from CODE_INSTRUCTION
 * on, an instruction of isa.def. */
enum { CODE_UNDECODED, CODE_DECLINED, CODE_INSTRUCTION };

struct threaded_insn {
    uint8_t code;
    uint8_t rd; /* a write to r0 goes to register SINK */
    uint8_t rs1, rs2;
    uint32_t immediate; /* or the shift amount */
};

enum { SINK = VAMP_GPR_COUNT, CODE_LINE_SHIFT = 8 };

struct vamp_machine {
    struct arena *arena;
    struct vamp_state state;
    uint32_t memory_bytes;
    uint32_t *words;
    struct threaded_insn *insns; /* one a word, and two past the end that are always DECLINED */
    uint8_t *code_lines;         /* of 256 bytes each: may hold decoded instructions */
    ARRAY(uint32_t) breakpoints;
    bool stops_at_interrupts;
};

bool machine_is_breakpoint(const struct vamp_machine *machine, uint32_t address);

/* Runs from the present state until `limit` instructions are executed or the next one is not for
 * threaded code. dpc and pcp must be aligned and in memory. Returns how many were executed. */
uint64_t machine_run_threaded(struct vamp_machine *machine, uint64_t limit);

#endif
