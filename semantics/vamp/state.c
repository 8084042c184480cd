/* Questions about the processor's state, and why it stopped in words. */
#include "semantics/vamp/vamp.h"

#include <stdio.h>

bool vamp_spr_exists(unsigned number)
{
    return number <= VAMP_SPR_EMODE || number == VAMP_SPR_MODE;
}

bool vamp_is_user_mode(const struct vamp_state *state)
{
    return state->spr[VAMP_SPR_MODE] != 0;
}

const char *vamp_stop_name(enum vamp_stop stop)
{
    switch (stop) {
    case VAMP_STOP_NONE:
        return "none";
    case VAMP_STOP_ILLEGAL_INSTRUCTION:
        return "illegal-instruction";
    case VAMP_STOP_MISALIGNED_FETCH:
    case VAMP_STOP_MISALIGNED_ACCESS:
        return "misaligned";
    case VAMP_STOP_BUS_ERROR_FETCH:
    case VAMP_STOP_BUS_ERROR:
        return "bus-error";
    case VAMP_STOP_TRAP:
        return "trap";
    case VAMP_STOP_RFE:
        return "rfe";
    case VAMP_STOP_OVERFLOW:
        return "overflow";
    case VAMP_STOP_USER_MODE:
        return "user-mode";
    }
    return "none";
}

void vamp_diagnosis_print(const struct vamp_diagnosis *diagnosis, char *buffer, size_t size_bytes)
{
    char text[64] = "";
    struct vamp_insn insn;
    if (vamp_decode(diagnosis->word, &insn))
        vamp_print(&insn, text, sizeof text);
    const char *name = vamp_stop_name(diagnosis->stop);
    switch (diagnosis->stop) {
    case VAMP_STOP_NONE:
        snprintf(buffer, size_bytes, "the machine runs");
        return;
    case VAMP_STOP_ILLEGAL_INSTRUCTION:
        snprintf(buffer, size_bytes, "%s: word 0x%08x at 0x%08x", name, diagnosis->word,
                 diagnosis->dpc);
        return;
    case VAMP_STOP_MISALIGNED_FETCH:
    case VAMP_STOP_BUS_ERROR_FETCH:
        snprintf(buffer, size_bytes, "%s: fetch from 0x%08x", name, diagnosis->address);
        return;
    case VAMP_STOP_MISALIGNED_ACCESS:
    case VAMP_STOP_BUS_ERROR:
        snprintf(buffer, size_bytes, "%s: %s at 0x%08x accesses 0x%08x", name, text, diagnosis->dpc,
                 diagnosis->address);
        return;
    case VAMP_STOP_TRAP:
    case VAMP_STOP_RFE:
        snprintf(buffer, size_bytes, "%s: %s at 0x%08x needs interrupts, which are not modelled",
                 name, text, diagnosis->dpc);
        return;
    case VAMP_STOP_OVERFLOW:
        snprintf(buffer, size_bytes, "%s: %s at 0x%08x overflows with the interrupt enabled", name,
                 text, diagnosis->dpc);
        return;
    case VAMP_STOP_USER_MODE:
        snprintf(buffer, size_bytes,
                 "%s: the instruction at 0x%08x is in user mode, which is not "
                 "modelled",
                 name, diagnosis->dpc);
        return;
    }
}
