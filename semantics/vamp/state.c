/* Questions about the processor's state, and why it stopped in words. */
#include "semantics/vamp/vamp.h"

#include "base/require.h"

#include <stdio.h>

bool vamp_spr_exists(unsigned number)
{
    return number <= VAMP_SPR_EMODE || number == VAMP_SPR_MODE;
}

const char *vamp_spr_name(unsigned number)
{
    static const char *const names[VAMP_SPR_COUNT] = {
        [VAMP_SPR_SR] = "SR",     [VAMP_SPR_ESR] = "ESR",     [VAMP_SPR_ECA] = "ECA",
        [VAMP_SPR_EPC] = "EPC",   [VAMP_SPR_EDPC] = "EDPC",   [VAMP_SPR_EDATA] = "EDATA",
        [VAMP_SPR_RM] = "RM",     [VAMP_SPR_IEEEF] = "IEEEF", [VAMP_SPR_FCC] = "FCC",
        [VAMP_SPR_PTO] = "PTO",   [VAMP_SPR_PTL] = "PTL",     [VAMP_SPR_EMODE] = "EMODE",
        [VAMP_SPR_MODE] = "MODE",
    };
    return number < VAMP_SPR_COUNT ? names[number] : NULL;
}

bool vamp_is_user_mode(const struct vamp_state *state)
{
    return state->spr[VAMP_SPR_MODE] != 0;
}

const char *vamp_interrupt_name(enum vamp_interrupt interrupt)
{
    switch (interrupt) {
#define VAMP_INTERRUPT(number, name, text, ...)                                                    \
    case VAMP_INTERRUPT_##name:                                                                    \
        return text;
#include "semantics/vamp/interrupts.def"
#undef VAMP_INTERRUPT
    case VAMP_INTERRUPT_COUNT:
        break;
    }
    require(false, "an interrupt of interrupts.def");
    return NULL;
}

enum vamp_interrupt vamp_first_interrupt(uint32_t causes)
{
    unsigned number = 0;
    require(causes != 0, "some cause");
    while ((causes >> number & 1) == 0)
        number++;
    return (enum vamp_interrupt)number;
}

const char *vamp_stop_name(enum vamp_stop stop)
{
    switch (stop) {
    case VAMP_STOP_NONE:
        return "none";
    case VAMP_STOP_BUS_ERROR_FETCH:
    case VAMP_STOP_BUS_ERROR:
        return "bus-error";
    case VAMP_STOP_PAGE_TABLE_FETCH:
    case VAMP_STOP_PAGE_TABLE:
        return "page-table";
    case VAMP_STOP_PHYSICAL_ADDRESS_FETCH:
    case VAMP_STOP_PHYSICAL_ADDRESS:
        return "physical-address";
    case VAMP_STOP_INTERRUPT:
        return "interrupt";
    case VAMP_STOP_RFE:
        return "rfe";
    }
    return "none";
}

const char *vamp_diagnosis_name(const struct vamp_diagnosis *diagnosis)
{
    if (diagnosis->stop == VAMP_STOP_INTERRUPT)
        return vamp_interrupt_name(vamp_first_interrupt(diagnosis->interrupts));
    return vamp_stop_name(diagnosis->stop);
}

/* An interrupt that was undone, by its first cause. */
static void print_interrupt(const struct vamp_diagnosis *diagnosis, const char *name,
                            const char *text, char *buffer, size_t size_bytes)
{
    enum vamp_interrupt first = vamp_first_interrupt(diagnosis->interrupts);
    if (first == VAMP_INTERRUPT_ILL)
        snprintf(buffer, size_bytes, "%s: word 0x%08x at 0x%08x", name, diagnosis->word,
                 diagnosis->dpc);
    else if (first == VAMP_INTERRUPT_PFF || (first == VAMP_INTERRUPT_MAL && text[0] == '\0'))
        snprintf(buffer, size_bytes, "%s: fetch from 0x%08x", name, diagnosis->address);
    else if (first == VAMP_INTERRUPT_PFLS || first == VAMP_INTERRUPT_MAL)
        snprintf(buffer, size_bytes, "%s: %s at 0x%08x accesses 0x%08x", name, text, diagnosis->dpc,
                 diagnosis->address);
    else
        snprintf(buffer, size_bytes, "%s: %s at 0x%08x would be an interrupt", name, text,
                 diagnosis->dpc);
}

void vamp_diagnosis_print(const struct vamp_diagnosis *diagnosis, char *buffer, size_t size_bytes)
{
    char text[64] = "";
    struct vamp_insn insn;
    if (diagnosis->word != 0 && vamp_decode(diagnosis->word, &insn))
        vamp_print(&insn, text, sizeof text);
    const char *name = vamp_diagnosis_name(diagnosis);
    switch (diagnosis->stop) {
    case VAMP_STOP_NONE:
        snprintf(buffer, size_bytes, "the machine runs");
        return;
    case VAMP_STOP_BUS_ERROR_FETCH:
        snprintf(buffer, size_bytes, "%s: fetch from 0x%08x", name, diagnosis->address);
        return;
    case VAMP_STOP_BUS_ERROR:
        snprintf(buffer, size_bytes, "%s: %s at 0x%08x accesses 0x%08x", name, text, diagnosis->dpc,
                 diagnosis->address);
        return;
    case VAMP_STOP_PAGE_TABLE_FETCH:
        snprintf(buffer, size_bytes, "%s: the entry for the fetch from 0x%08x is outside memory",
                 name, diagnosis->address);
        return;
    case VAMP_STOP_PAGE_TABLE:
        snprintf(buffer, size_bytes,
                 "%s: the entry for 0x%08x, accessed by %s at 0x%08x, is outside memory", name,
                 diagnosis->address, text, diagnosis->dpc);
        return;
    case VAMP_STOP_PHYSICAL_ADDRESS_FETCH:
        snprintf(buffer, size_bytes,
                 "%s: the fetch from 0x%08x leads to 0x%08x, which is outside memory", name,
                 diagnosis->dpc, diagnosis->address);
        return;
    case VAMP_STOP_PHYSICAL_ADDRESS:
        snprintf(buffer, size_bytes, "%s: %s at 0x%08x leads to 0x%08x, which is outside memory",
                 name, text, diagnosis->dpc, diagnosis->address);
        return;
    case VAMP_STOP_INTERRUPT:
        print_interrupt(diagnosis, name, text, buffer, size_bytes);
        return;
    case VAMP_STOP_RFE:
        snprintf(buffer, size_bytes, "%s: %s at 0x%08x has no interrupt to return from", name, text,
                 diagnosis->dpc);
        return;
    }
}
