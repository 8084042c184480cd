#include "gdb/memory.h"

enum { ENTRY_VALID = 1 << 11, ENTRY_PROTECTED = 1 << 10 };

/* The entry of page px is the word at PTO*4096 + 4*px; there is none from PTL + 1 on, and none
 * outside memory. PTL is signed. */
static bool find_entry(const struct vamp_machine *machine, const struct vamp_state *state,
                       uint32_t page, uint32_t *entry)
{
    uint64_t at = (uint64_t)state->spr[VAMP_SPR_PTO] * VAMP_PAGE_BYTES + 4 * (uint64_t)page;
    uint32_t last_page = state->spr[VAMP_SPR_PTL];
    return last_page <= INT32_MAX && page <= last_page && at <= UINT32_MAX &&
           vamp_machine_read(machine, (uint32_t)at, entry);
}

bool gdb_memory_locate(const struct vamp_machine *machine, const struct vamp_state *state,
                       uint32_t address, struct gdb_place *place)
{
    if (!vamp_is_user_mode(state)) {
        *place = (struct gdb_place){.address = address};
        return true;
    }
    uint32_t entry;
    if (!find_entry(machine, state, address / VAMP_PAGE_BYTES, &entry) ||
        (entry & ENTRY_VALID) == 0)
        return false;
    uint32_t in_page = address % VAMP_PAGE_BYTES;
    *place = (struct gdb_place){.address = (entry - entry % VAMP_PAGE_BYTES) | in_page,
                                .is_protected = (entry & ENTRY_PROTECTED) != 0};
    return true;
}

/* The word that holds the byte at a virtual address. */
static bool find_word(struct vamp_machine *machine, uint64_t address, uint32_t *physical,
                      uint32_t *word)
{
    struct gdb_place place;
    if (address > UINT32_MAX ||
        !gdb_memory_locate(machine, vamp_machine_state(machine), (uint32_t)address, &place))
        return false;
    *physical = place.address;
    return vamp_machine_read(machine, place.address & ~UINT32_C(3), word);
}

size_t gdb_memory_read(struct vamp_machine *machine, uint32_t address, size_t count, char *bytes)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t physical, word;
        if (!find_word(machine, (uint64_t)address + i, &physical, &word))
            return i;
        bytes[i] = (char)(unsigned char)(word >> 8 * (physical % 4));
    }
    return count;
}

/* Finds the pages from the first to the last, then writes them from the last to the first: what is
 * written may be the page table itself. */
bool gdb_memory_write(struct vamp_machine *machine, uint32_t address, struct text bytes)
{
    if (bytes.length == 0)
        return true;
    size_t here = VAMP_PAGE_BYTES - address % VAMP_PAGE_BYTES;
    here = here < bytes.length ? here : bytes.length;
    struct text rest = {bytes.at + here, bytes.length - here};
    uint32_t first, last, word, beyond = address + (uint32_t)here;
    return find_word(machine, address, &first, &word) &&
           find_word(machine, (uint64_t)address + here - 1, &last, &word) &&
           (rest.length == 0 || beyond != 0) && gdb_memory_write(machine, beyond, rest) &&
           vamp_machine_load(machine, first, (struct text){bytes.at, here});
}

struct access_row {
    enum vamp_op op;
    unsigned size_bytes;
    bool is_store;
};

static const struct access_row accesses[] = {
    {VAMP_OP_LB, 1, false},  {VAMP_OP_LH, 2, false},  {VAMP_OP_LW, 4, false},
    {VAMP_OP_LBU, 1, false}, {VAMP_OP_LHU, 2, false}, {VAMP_OP_SB, 1, true},
    {VAMP_OP_SH, 2, true},   {VAMP_OP_SW, 4, true},
};

bool gdb_memory_access_of(enum vamp_op op, unsigned *size_bytes, bool *is_store)
{
    for (size_t i = 0; i < sizeof accesses / sizeof accesses[0]; i++) {
        if (accesses[i].op == op) {
            *size_bytes = accesses[i].size_bytes;
            *is_store = accesses[i].is_store;
            return true;
        }
    }
    return false;
}

static bool fetch(struct vamp_machine *machine, struct vamp_insn *insn)
{
    uint32_t dpc = vamp_machine_state(machine)->dpc, physical, word;
    return dpc % 4 == 0 && find_word(machine, dpc, &physical, &word) && vamp_decode(word, insn);
}

bool gdb_memory_next_access(struct vamp_machine *machine, struct gdb_access *access)
{
    const struct vamp_state *state = vamp_machine_state(machine);
    struct vamp_insn insn;
    struct gdb_place place;
    if (!fetch(machine, &insn) ||
        !gdb_memory_access_of(insn.op, &access->size_bytes, &access->is_store))
        return false;
    access->address = state->gpr[insn.rs1] + insn.immediate;
    return access->address % access->size_bytes == 0 &&
           gdb_memory_locate(machine, state, access->address, &place) &&
           !(access->is_store && place.is_protected);
}
