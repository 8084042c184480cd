#include "cosim/conjunct.h"

#include "base/require.h"

const char *cosim_conjunct_name(enum cosim_conjunct conjunct)
{
    static const char *const names[COSIM_CONJUNCT_COUNT] = {
        [COSIM_CAUSES] = "causes",   [COSIM_CALLS] = "calls",     [COSIM_NEXT] = "next",
        [COSIM_CONTROL] = "control", [COSIM_KERNEL] = "kernel",   [COSIM_REGISTERS] = "registers",
        [COSIM_MEMORY] = "memory",   [COSIM_PAGES] = "pages",     [COSIM_TABLES] = "tables",
        [COSIM_FRAMES] = "frames",   [COSIM_DEVICES] = "devices", [COSIM_MASK] = "mask",
        [COSIM_FAULT] = "fault",     [COSIM_CONSIS] = "consis",
    };
    require((unsigned)conjunct < COSIM_CONJUNCT_COUNT, "a conjunct");
    return names[conjunct];
}
