#include "gdb/memory.h"

static bool read_word(void *self, uint32_t address, uint32_t *word)
{
    return vamp_machine_read(self, address, word);
}

bool gdb_memory_locate(struct vamp_machine *machine, const struct vamp_state *state,
                       uint32_t address, struct gdb_place *place)
{
    struct vamp_memory memory = {
        .self = machine, .size_bytes = vamp_machine_memory_bytes(machine), .read = read_word};
    uint32_t aligned = address & ~UINT32_C(3), physical;
    if (!vamp_translate(state, &memory, aligned, false, &physical))
        return false;
    place->address = physical | address % 4;
    place->is_protected = !vamp_translate(state, &memory, aligned, true, &physical);
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

/* What isa.def says of memory, and nothing else of it: bytes that are loaded, or stored, or 0. */
enum { IS_STORE = 8 };
#define LOAD(bytes, is_signed, address) (bytes)
#define STORE(bytes, address) ((bytes) | IS_STORE)
#define WRITE(value) 0
#define WRITE_CHECKED(value, overflows) 0
#define BRANCH(condition, target) 0
#define JUMP(target) 0
#define JUMP_AND_LINK(target) 0
#define READ_SPECIAL 0
#define WRITE_SPECIAL(value) 0
#define RAISE_TRAP 0
#define RETURN_FROM_EXCEPTION 0
static const uint8_t accesses[VAMP_OP_COUNT] = {
#define VAMP_INSTRUCTION(name, mnemonic, format, operands, encoding, ...)                          \
    [VAMP_OP_##name] = __VA_ARGS__,
#include "semantics/vamp/isa.def"
#undef VAMP_INSTRUCTION
};

bool gdb_memory_access_of(enum vamp_op op, unsigned *size_bytes, bool *is_store)
{
    *size_bytes = accesses[op] & ~(unsigned)IS_STORE;
    *is_store = (accesses[op] & IS_STORE) != 0;
    return accesses[op] != 0;
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
