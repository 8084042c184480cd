/* What is to be equal in the processor, in control blocks and in devices, one thing at a time
 * (docs/COSIM.md, "The relations"). */
#include "cosim/relation_state.h"

#include <string.h>

static uint32_t special(const struct relation *relation, enum vamp_spr number)
{
    return vamp_machine_state(relation->processor)->spr[number];
}

/* A word of the machine itself, or of who runs. */
static bool judge_word(struct relation *relation, enum cosim_conjunct conjunct, uint32_t p,
                       const char *place, uint32_t abstract, uint32_t concrete)
{
    relation_count(relation, conjunct, 1);
    if (abstract == concrete)
        return true;
    struct difference difference = {
        .conjunct = conjunct, .process = p, .abstract = abstract, .concrete = concrete};
    return report(relation, difference, place, "%s is 0x%08x and should be 0x%08x", place, concrete,
                  abstract);
}

/* --- Control --- */

uint32_t registers_in_processor(const struct relation *relation, enum cosim_point point)
{
    return point == COSIM_IN_KERNEL ? CVM_IDLE : cvm_current(relation->cvm);
}

/* Both sides have the same process running, or interrupted, or nobody. */
bool judge_current(struct relation *relation)
{
    uint32_t abstract = cvm_current(relation->cvm);
    uint32_t concrete = relation_word(relation, relation->kernel->current);
    relation_count(relation, COSIM_NEXT, 1);
    if (abstract == concrete)
        return true;
    struct difference difference = {.conjunct = COSIM_NEXT,
                                    .process = abstract,
                                    .has_address = true,
                                    .address = relation->kernel->current,
                                    .abstract = abstract,
                                    .concrete = concrete};
    return report(relation, difference, "current",
                  "process %u runs (0: nobody), and for the layer process %u", abstract, concrete);
}

/* The machine waits in the loop of two instructions at `idle`. */
static bool judge_waiting(struct relation *relation, uint32_t dpc, uint32_t pcp, bool is_begin)
{
    uint32_t loop = relation->kernel->idle, slot = loop + WORD_BYTES;
    uint32_t expected = !is_begin && dpc == slot ? slot : loop;
    return judge_word(relation, COSIM_CONTROL, CVM_IDLE, "the waiting machine's dpc", expected,
                      dpc) &&
           judge_word(relation, COSIM_CONTROL, CVM_IDLE, "the waiting machine's pcp",
                      expected == loop ? slot : loop, pcp);
}

/* The mode is that of who runs, and the kernel's own is the system's. */
bool judge_control(struct relation *relation, enum cosim_point point)
{
    const struct vamp_state *state = vamp_machine_state(relation->processor);
    uint32_t p = cvm_current(relation->cvm), mode = p != CVM_IDLE;
    if (point == COSIM_IN_PROCESS)
        return judge_word(relation, COSIM_CONTROL, p, "MODE", mode,
                          special(relation, VAMP_SPR_MODE)) &&
               (p != CVM_IDLE || judge_waiting(relation, state->dpc, state->pcp, false));
    if (!judge_word(relation, COSIM_CONTROL, p, "MODE", 0, special(relation, VAMP_SPR_MODE)))
        return false;
    if (point == COSIM_IN_KERNEL)
        return true;
    return judge_word(relation, COSIM_CONTROL, p, "EMODE", mode,
                      special(relation, VAMP_SPR_EMODE)) &&
           (p != CVM_IDLE ||
            judge_waiting(relation, special(relation, VAMP_SPR_EDPC),
                          special(relation, VAMP_SPR_EPC), point == COSIM_AT_EXIT));
}

/* --- Mask --- */

/* The layer's mask is the abstract machine's, and SR lets through what it says; for a process also
 * overflows. */
bool judge_mask(struct relation *relation, enum cosim_point point)
{
    uint32_t p = cvm_current(relation->cvm), mask = cvm_mask(relation->cvm);
    uint32_t status =
        mask << VAMP_INTERRUPT_DEVICE_0 | (p != CVM_IDLE ? UINT32_C(1) << VAMP_INTERRUPT_OVF : 0);
    if (!judge_word(relation, COSIM_MASK, CVM_IDLE, "the mask", mask,
                    relation_word(relation, relation->kernel->mask)))
        return false;
    switch (point) {
    case COSIM_IN_KERNEL:
        return judge_word(relation, COSIM_MASK, p, "SR", 0, special(relation, VAMP_SPR_SR));
    case COSIM_IN_PROCESS:
        return judge_word(relation, COSIM_MASK, p, "SR", status, special(relation, VAMP_SPR_SR));
    case COSIM_AT_ENTRY:
    case COSIM_AT_EXIT:
        break;
    }
    return judge_word(relation, COSIM_MASK, p, "ESR", status, special(relation, VAMP_SPR_ESR));
}

/* --- Page table registers --- */

/* PTL is the number of the last page; of no pages it is 0 (docs/CVM.md). */
bool judge_table_registers(struct relation *relation, enum cosim_point point)
{
    uint32_t p = cvm_current(relation->cvm);
    if (point == COSIM_IN_KERNEL || p == CVM_IDLE)
        return true;
    uint32_t pages = cvm_pages(relation->cvm, p);
    return judge_word(relation, COSIM_PAGES, p, "PTO",
                      relation->kernel->tables / VAMP_PAGE_BYTES + p,
                      special(relation, VAMP_SPR_PTO)) &&
           judge_word(relation, COSIM_PAGES, p, "PTL", pages == 0 ? 0 : pages - 1,
                      special(relation, VAMP_SPR_PTL));
}

/* --- Registers --- */

static bool report_register(struct relation *relation, uint32_t p, const char *name,
                            bool is_in_processor, uint32_t abstract, uint32_t concrete)
{
    struct difference difference = {
        .conjunct = COSIM_REGISTERS, .process = p, .abstract = abstract, .concrete = concrete};
    return report(relation, difference, name, "process %u has 0x%08x in %s, and 0x%08x in its %s",
                  p, abstract, name, concrete, is_in_processor ? "processor" : "control block");
}

/* The registers of one process as the processor or a control block has them. */
struct concrete_registers {
    const uint32_t *gpr;
    uint32_t dpc, pcp, rm, ieeef, fcc;
};

static struct concrete_registers in_processor(const struct relation *relation,
                                              enum cosim_point point)
{
    const struct vamp_state *state = vamp_machine_state(relation->processor);
    bool is_interrupted = point != COSIM_IN_PROCESS;
    return (struct concrete_registers){
        .gpr = state->gpr,
        .dpc = is_interrupted ? state->spr[VAMP_SPR_EDPC] : state->dpc,
        .pcp = is_interrupted ? state->spr[VAMP_SPR_EPC] : state->pcp,
        .rm = state->spr[VAMP_SPR_RM],
        .ieeef = state->spr[VAMP_SPR_IEEEF],
        .fcc = state->spr[VAMP_SPR_FCC],
    };
}

static struct concrete_registers in_control_block(const struct relation *relation, uint32_t p)
{
    const struct cosim_kernel *kernel = relation->kernel;
    uint32_t block = kernel->control_blocks + p * kernel->control_block_bytes;
    return (struct concrete_registers){
        .gpr = relation->words + (block + kernel->gpr_offset) / WORD_BYTES,
        .dpc = relation_word(relation, block + kernel->dpc_offset),
        .pcp = relation_word(relation, block + kernel->pcp_offset),
        .rm = relation_word(relation, block + kernel->rm_offset),
        .ieeef = relation_word(relation, block + kernel->ieeef_offset),
        .fcc = relation_word(relation, block + kernel->fcc_offset),
    };
}

bool judge_registers(struct relation *relation, uint32_t p, enum cosim_point point)
{
    const struct vamp_state abstract = cvm_registers(relation->cvm, p);
    bool is_running = registers_in_processor(relation, point) == p;
    const struct concrete_registers concrete =
        is_running ? in_processor(relation, point) : in_control_block(relation, p);
    const struct {
        const char *name;
        uint32_t abstract, concrete;
    } others[] = {
        {"dpc", abstract.dpc, concrete.dpc},
        {"pcp", abstract.pcp, concrete.pcp},
        {"RM", abstract.spr[VAMP_SPR_RM], concrete.rm},
        {"IEEEF", abstract.spr[VAMP_SPR_IEEEF], concrete.ieeef},
        {"FCC", abstract.spr[VAMP_SPR_FCC], concrete.fcc},
    };
    enum { OTHERS = sizeof others / sizeof *others };
    relation_count(relation, COSIM_REGISTERS, VAMP_GPR_COUNT + OTHERS);
    for (unsigned r = 0; r < VAMP_GPR_COUNT; r++) {
        if (abstract.gpr[r] != concrete.gpr[r])
            return report_register(relation, p, arena_printf(relation->arena, "gpr[%u]", r),
                                   is_running, abstract.gpr[r], concrete.gpr[r]);
    }
    for (unsigned i = 0; i < OTHERS; i++) {
        if (others[i].abstract != others[i].concrete)
            return report_register(relation, p, others[i].name, is_running, others[i].abstract,
                                   others[i].concrete);
    }
    return true;
}

/* --- Devices --- */

static const char *describe(struct relation *relation, struct text_builder *into,
                            const struct device *device)
{
    if (into->arena == NULL)
        into->arena = relation->arena;
    into->length = 0;
    if (into->at != NULL)
        into->at[0] = '\0';
    device->class->describe(device, into);
    return text_built(into);
}

/* From the begin of the word where the two differ. */
static const char *difference_in(struct relation *relation, const char *text, size_t at)
{
    while (at != 0 && strchr(" \n", text[at - 1]) == NULL)
        at--;
    size_t length = strcspn(text + at, " \n");
    return length > 80 ? arena_printf(relation->arena, "%.80s...", text + at)
                       : arena_printf(relation->arena, "%.*s", (int)length, text + at);
}

bool judge_device(struct relation *relation, unsigned d)
{
    const struct device *abstract = cvm_devices(relation->cvm)->devices[d];
    const struct device *concrete = relation->setup.devices->devices[d];
    struct difference difference = {.conjunct = COSIM_DEVICES};
    if (abstract == NULL && concrete == NULL)
        return true;
    relation_count(relation, COSIM_DEVICES, 1);
    if (abstract == NULL || concrete == NULL)
        return report(relation, difference, arena_printf(relation->arena, "device %u", d),
                      "device %u is there on one side only", d);
    const char *left = describe(relation, &relation->described[0], abstract);
    const char *right = describe(relation, &relation->described[1], concrete);
    if (strcmp(left, right) == 0)
        return true;
    size_t at = 0;
    while (left[at] == right[at])
        at++;
    return report(relation, difference,
                  arena_printf(relation->arena, "device %u (%s)", d, concrete->class->name),
                  "device %u (%s) has %s on the abstract side, and %s", d, concrete->class->name,
                  difference_in(relation, left, at), difference_in(relation, right, at));
}
