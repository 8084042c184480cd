#include "gdb/registers.h"

struct special {
    enum vamp_spr number;
    const char *name;
};

/* In the order of their numbers in the protocol. */
static const struct special specials[GDB_SPECIAL_COUNT] = {
    {VAMP_SPR_SR, "SR"},     {VAMP_SPR_ESR, "ESR"},     {VAMP_SPR_ECA, "ECA"},
    {VAMP_SPR_EPC, "EPC"},   {VAMP_SPR_EDPC, "EDPC"},   {VAMP_SPR_EDATA, "EDATA"},
    {VAMP_SPR_RM, "RM"},     {VAMP_SPR_IEEEF, "IEEEF"}, {VAMP_SPR_FCC, "FCC"},
    {VAMP_SPR_PTO, "PTO"},   {VAMP_SPR_PTL, "PTL"},     {VAMP_SPR_EMODE, "EMODE"},
    {VAMP_SPR_MODE, "MODE"},
};

uint32_t gdb_register_read(const struct vamp_state *state, unsigned number)
{
    if (number < GDB_REGISTER_DPC)
        return state->gpr[number];
    if (number == GDB_REGISTER_DPC)
        return state->dpc;
    if (number == GDB_REGISTER_PCP)
        return state->pcp;
    return state->spr[specials[number - GDB_REGISTER_SPECIAL].number];
}

void gdb_register_write(struct vamp_state *state, unsigned number, uint32_t word)
{
    if (number == 0)
        return;
    if (number < GDB_REGISTER_DPC)
        state->gpr[number] = word;
    else if (number == GDB_REGISTER_DPC)
        state->dpc = word;
    else if (number == GDB_REGISTER_PCP)
        state->pcp = word;
    else
        state->spr[specials[number - GDB_REGISTER_SPECIAL].number] = word;
}

/* What the ABI of C0 code keeps in a register (docs/ABI.md). */
static const char *type_of_general(unsigned number)
{
    if (number == 31)
        return "code_ptr";
    return number >= 28 ? "data_ptr" : "int32";
}

static const char *type_of_special(enum vamp_spr number)
{
    return number == VAMP_SPR_EPC || number == VAMP_SPR_EDPC ? "code_ptr" : "uint32";
}

static void describe(struct text_builder *into, const char *name, unsigned number, const char *type,
                     const char *more)
{
    text_append(into, "    <reg name=\"%s\" bitsize=\"32\" regnum=\"%u\" type=\"%s\"%s/>\n", name,
                number, type, more);
}

void gdb_registers_describe(struct text_builder *into)
{
    text_append(into, "<?xml version=\"1.0\"?>\n"
                      "<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
                      "<target version=\"1.0\">\n"
                      "  <feature name=\"org.vouch.vamp.core\">\n");
    for (unsigned i = 0; i < VAMP_GPR_COUNT; i++) {
        char name[8];
        snprintf(name, sizeof name, "r%u", i);
        describe(into, name, i, type_of_general(i), " group=\"general\"");
    }
    describe(into, "dpc", GDB_REGISTER_DPC, "code_ptr",
             " group=\"general\" altname=\"pc\" generic=\"pc\"");
    describe(into, "pcp", GDB_REGISTER_PCP, "code_ptr", " group=\"general\"");
    text_append(into, "  </feature>\n"
                      "  <feature name=\"org.vouch.vamp.special\">\n");
    for (unsigned i = 0; i < GDB_SPECIAL_COUNT; i++)
        describe(into, specials[i].name, GDB_REGISTER_SPECIAL + i,
                 type_of_special(specials[i].number), " group=\"system\"");
    text_append(into, "  </feature>\n"
                      "</target>\n");
}
