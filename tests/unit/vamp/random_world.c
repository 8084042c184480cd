#include "tests/unit/vamp/random_world.h"

#include <string.h>

uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

uint32_t random_below(uint64_t *seed, uint32_t bound)
{
    return (uint32_t)(random_next(seed) >> 32) % bound;
}

bool random_once_in(uint64_t *seed, uint32_t n)
{
    return random_below(seed, n) == 0;
}

/* Registers by what they hold at first: 1 to 5 addresses, 6 an address of the page table, 7 a page
 * table entry, 2 at times an address of a device; the rest are numbers. */
enum { FIRST_NUMBER = 8, NUMBERS = 5, TABLE_REGISTER = 6, ENTRY_REGISTER = 7 };
enum { KERNEL_BYTES = 4 * 24 };

static uint8_t pointer_register(uint64_t *seed)
{
    return (uint8_t)(random_once_in(seed, 6) ? 0 : 1 + random_below(seed, 5));
}

static uint8_t number_register(uint64_t *seed)
{
    return (uint8_t)(random_once_in(seed, 10) ? pointer_register(seed)
                                              : FIRST_NUMBER + random_below(seed, NUMBERS));
}

/* Most often of the page with that number, so that neighbours remain neighbours. */
static uint32_t random_entry(const struct random_world *world, uint32_t number, uint64_t *seed)
{
    uint32_t page = random_below(seed, world->page_count), low = random_below(seed, 1024);
    if (number < world->page_count && random_once_in(seed, 2))
        page = number;
    if (random_once_in(seed, 40))
        page = (uint32_t)random_next(seed) >> 12;
    return page << 12 | (random_once_in(seed, 12) ? 0 : 1 << 11) |
           (random_once_in(seed, 5) ? 1 << 10 : 0) | low;
}

/* --- Instructions --- */

/* Bytes from the delay slot: a few words, the jump itself, another page, or anything. */
static uint32_t random_distance(uint64_t *seed)
{
    switch (random_below(seed, 16)) {
    case 0:
        return (uint32_t)-4;
    case 1:
        return 0;
    case 2:
        return 4096 * (random_below(seed, 5) - 2) + 4 * (random_below(seed, 9) - 4);
    case 3:
        return random_below(seed, 2048) - 1024;
    default:
        return 4 * (random_below(seed, 129) - 64);
    }
}

static void make_access(struct vamp_insn *insn, uint64_t *seed)
{
    bool is_table = random_once_in(seed, 12);
    insn->rd = number_register(seed);
    insn->rs1 = is_table ? TABLE_REGISTER : pointer_register(seed);
    insn->immediate = 4 * (random_below(seed, 65) - 32);
    if (random_once_in(seed, 16))
        insn->immediate += random_below(seed, 4);
    if (is_table && insn->op == VAMP_OP_SW) {
        insn->rd = ENTRY_REGISTER;
        insn->immediate = 4 * random_below(seed, 16);
    }
}

static bool is_access(enum vamp_op op)
{
    return op <= VAMP_OP_SW;
}

static bool is_jump(enum vamp_op op)
{
    return op >= VAMP_OP_J && op <= VAMP_OP_JALR;
}

/* The rare ones would end most of what a program does. */
static enum vamp_op random_op(uint64_t *seed)
{
    enum vamp_op op = (enum vamp_op)random_below(seed, VAMP_OP_COUNT);
    bool is_rare =
        op == VAMP_OP_TRAP || op == VAMP_OP_RFE || op == VAMP_OP_MOVI2S || op == VAMP_OP_MOVS2I;
    if (is_rare && !random_once_in(seed, 6))
        return VAMP_OP_BNEZ;
    return op;
}

#define JUMP_TO_ITSELF UINT32_C(0x0BFFFFFC)
#define NO_OPERATION UINT32_C(0x34210000)

static uint32_t random_instruction(uint64_t *seed)
{
    if (random_once_in(seed, 150))
        return (uint32_t)random_next(seed);
    if (random_once_in(seed, 20))
        return NO_OPERATION;
    struct vamp_insn insn = {.op = random_op(seed)};
    if (random_once_in(seed, 5))
        insn.op = (enum vamp_op)random_below(seed, VAMP_OP_SW + 1);
    insn.rd = number_register(seed);
    insn.rs1 = number_register(seed);
    insn.rs2 = number_register(seed);
    insn.sa = (uint8_t)(random_once_in(seed, 3) ? random_below(seed, 32) : random_below(seed, 12));
    insn.immediate = random_below(seed, 65536) - 32768;
    if (insn.op == VAMP_OP_MOVI2S && random_once_in(seed, 2))
        insn.sa = random_once_in(seed, 4) ? VAMP_SPR_MODE : VAMP_SPR_SR;
    if (insn.op == VAMP_OP_JR || insn.op == VAMP_OP_JALR)
        insn.rs1 = random_once_in(seed, 4) ? 31 : pointer_register(seed);
    else if (is_jump(insn.op))
        insn.immediate = random_distance(seed);
    else if (is_access(insn.op))
        make_access(&insn, seed);
    return vamp_encode(&insn);
}

/* --- Memory --- */

static uint32_t move(enum vamp_op op, uint8_t number, enum vamp_spr special)
{
    struct vamp_insn insn = {.op = op, .rd = number, .rs1 = number, .sa = (uint8_t)special};
    return vamp_encode(&insn);
}

/* Goes past the interrupted instruction: (EDPC, EPC) := (EPC, EPC + 4). */
static uint32_t skipping_instruction(uint32_t number)
{
    struct vamp_insn add = {.op = VAMP_OP_ADDI, .rd = 27, .rs1 = 27, .immediate = 4};
    switch (number) {
    case 0:
        return move(VAMP_OP_MOVS2I, 27, VAMP_SPR_EPC);
    case 1:
        return move(VAMP_OP_MOVI2S, 27, VAMP_SPR_EDPC);
    case 2:
        return vamp_encode(&add);
    default:
        return move(VAMP_OP_MOVI2S, 27, VAMP_SPR_EPC);
    }
}

/* What a kernel does: reads special registers, computes, changes the page table; at times it goes
 * wrong. */
static uint32_t kernel_instruction(uint64_t *seed)
{
    struct vamp_insn store = {.op = VAMP_OP_SW,
                              .rd = ENTRY_REGISTER,
                              .rs1 = TABLE_REGISTER,
                              .immediate = 4 * random_below(seed, 16)};
    struct vamp_insn add = {.op = VAMP_OP_ADDI,
                            .rd = (uint8_t)(1 + random_below(seed, 12)),
                            .rs1 = number_register(seed),
                            .immediate = 4 * random_below(seed, 9) - 16};
    switch (random_below(seed, 8)) {
    case 0:
    case 1:
        return move(VAMP_OP_MOVS2I, number_register(seed), random_below(seed, 17));
    case 2:
        return move(VAMP_OP_MOVI2S, number_register(seed),
                    random_once_in(seed, 8) ? random_below(seed, 32) : VAMP_SPR_EDATA);
    case 3:
        return vamp_encode(&store);
    default:
        return random_once_in(seed, 8) ? random_instruction(seed) : vamp_encode(&add);
    }
}

/* The kernel, from address 0 on: it returns soon, most often past the interrupted instruction. */
static uint32_t kernel_word(const struct random_world *world, uint32_t number, uint64_t *seed)
{
    if (number < world->kernel_words)
        return kernel_instruction(seed);
    if (world->kernel_skips && number < world->kernel_words + 4)
        return skipping_instruction(number - world->kernel_words);
    return move(VAMP_OP_RFE, 0, 0);
}

/* Sizes of all kinds: most often some pages, at times pages in part or less than one. */
struct random_world random_world(uint64_t *seed)
{
    struct random_world world = {.page_count = 4 + random_below(seed, 9)};
    world.memory_bytes = world.page_count * VAMP_PAGE_BYTES;
    if (random_once_in(seed, 4))
        world.memory_bytes -= 4 * random_below(seed, VAMP_PAGE_BYTES / 4);
    if (random_once_in(seed, 30))
        world.memory_bytes = 4 * random_below(seed, 20);
    world.kernel_words = random_below(seed, 12);
    world.kernel_skips = !random_once_in(seed, 4);
    world.table = VAMP_PAGE_BYTES * (1 + random_below(seed, world.page_count - 1));
    return world;
}

/* Jumps into the delay slot, to themselves and elsewhere. */
static uint32_t random_at_page_end(uint64_t *seed)
{
    struct vamp_insn jump = {.op = random_once_in(seed, 2) ? VAMP_OP_JAL : VAMP_OP_BEQZ};
    switch (random_below(seed, 4)) {
    case 0:
        return vamp_encode(&jump);
    case 1:
        return JUMP_TO_ITSELF;
    default:
        jump.immediate = random_distance(seed);
        return vamp_encode(&jump);
    }
}

/* Waiting, here and there. */
enum { WAITING_BYTES = 640 };

uint32_t random_word(const struct random_world *world, uint32_t address, uint64_t *seed)
{
    if (address - world->table < 4 * 16)
        return random_entry(world, (address - world->table) / 4, seed);
    if (address < KERNEL_BYTES)
        return kernel_word(world, address / 4, seed);
    if (address % VAMP_PAGE_BYTES >= VAMP_PAGE_BYTES - 8 && random_once_in(seed, 2))
        return random_at_page_end(seed);
    if (address % WAITING_BYTES < 8)
        return address % 8 == 0 ? JUMP_TO_ITSELF : NO_OPERATION;
    return random_instruction(seed);
}

uint32_t random_address(const struct random_world *world, uint64_t *seed)
{
    uint32_t address = random_below(seed, world->page_count * VAMP_PAGE_BYTES / 4) * 4;
    if (random_once_in(seed, 5))
        address = VAMP_PAGE_BYTES * (1 + random_below(seed, world->page_count)) -
                  4 * random_below(seed, 4);
    if (random_once_in(seed, 40))
        address += random_below(seed, 4);
    return random_once_in(seed, 60) ? (uint32_t)random_next(seed) : address;
}

/* --- The state --- */

static uint32_t random_number(uint64_t *seed)
{
    switch (random_below(seed, 4)) {
    case 0:
        return (uint32_t)random_next(seed);
    case 1:
        return random_once_in(seed, 2) ? 0x7FFFFFFF : 0x80000000;
    default:
        return random_below(seed, 64) - 32;
    }
}

static uint32_t random_mask(uint64_t *seed)
{
    switch (random_below(seed, 4)) {
    case 0:
        return 0;
    case 1:
        return UINT32_C(1) << (random_once_in(seed, 2) ? VAMP_INTERRUPT_OVF
                                                       : random_below(seed, 21));
    default:
        return (uint32_t)random_next(seed);
    }
}

static void random_specials(const struct random_world *world, uint32_t *spr, uint64_t *seed)
{
    spr[VAMP_SPR_SR] = random_mask(seed);
    spr[VAMP_SPR_ESR] = random_mask(seed);
    spr[VAMP_SPR_EDPC] = random_address(world, seed);
    spr[VAMP_SPR_EPC] =
        random_once_in(seed, 4) ? random_address(world, seed) : spr[VAMP_SPR_EDPC] + 4;
    spr[VAMP_SPR_EDATA] = (uint32_t)random_next(seed);
    spr[12] = (uint32_t)random_next(seed); /* it reads 0 all the same */
    spr[VAMP_SPR_RM] = (uint32_t)random_next(seed);
    spr[VAMP_SPR_PTO] = world->table / VAMP_PAGE_BYTES;
    if (random_once_in(seed, 60))
        spr[VAMP_SPR_PTO] = (uint32_t)random_next(seed) >> random_below(seed, 32);
    spr[VAMP_SPR_PTL] = 15;
    if (random_once_in(seed, 8))
        spr[VAMP_SPR_PTL] =
            random_once_in(seed, 2) ? random_below(seed, 16) : (uint32_t)random_next(seed);
    spr[VAMP_SPR_EMODE] = random_once_in(seed, 3) ? 0 : 1;
    spr[VAMP_SPR_MODE] = random_once_in(seed, 3) ? 0 : 1;
    if (random_once_in(seed, 50))
        spr[VAMP_SPR_MODE] = (uint32_t)random_next(seed);
}

void random_state(const struct random_world *world, struct vamp_state *state, uint64_t *seed)
{
    memset(state, 0, sizeof *state);
    for (int i = 1; i < VAMP_GPR_COUNT; i++)
        state->gpr[i] = random_number(seed);
    for (int i = 1; i < TABLE_REGISTER; i++)
        state->gpr[i] = random_address(world, seed);
    state->gpr[31] = random_address(world, seed);
    if (random_once_in(seed, 2))
        state->gpr[2] = VAMP_DEVICES + 4 * random_below(seed, 8 * 1024);
    state->gpr[TABLE_REGISTER] = world->table;
    if (random_once_in(seed, 2))
        state->gpr[TABLE_REGISTER] = random_below(seed, world->page_count) * VAMP_PAGE_BYTES;
    state->gpr[ENTRY_REGISTER] = random_entry(world, random_below(seed, 16), seed);
    random_specials(world, state->spr, seed);
    state->dpc = random_address(world, seed);
    state->pcp = random_once_in(seed, 3) ? random_address(world, seed) : state->dpc + 4;
}

/* --- Devices --- */

static void access_bus(struct random_bus *bus, uint32_t address, uint32_t word)
{
    bus->history ^= address ^ (uint64_t)word << 32 ^ vamp_machine_steps(bus->machine);
    bus->history |= 1;
    uint64_t chance = random_next(&bus->history);
    if (chance % 3 == 0)
        bus->lines = (uint32_t)(chance >> 20) & (uint32_t)(chance >> 40);
    bus->lines &= chance % 61 == 0 ? UINT32_MAX : ~UINT32_C(1); /* a reset is rare */
    if (chance % 16 == 5)
        vamp_machine_end_run(bus->machine);
}

static bool read_bus(void *self, uint32_t address, uint32_t *word)
{
    struct random_bus *bus = self;
    if (address % 32 == 28)
        return false;
    access_bus(bus, address, 0);
    *word = (uint32_t)(bus->history >> 16);
    return true;
}

static bool write_bus(void *self, uint32_t address, uint32_t word)
{
    if (address % 32 == 28)
        return false;
    access_bus(self, address, word);
    return true;
}

static uint32_t read_lines(void *self)
{
    struct random_bus *bus = self;
    return bus->lines;
}

void random_bus_connect(struct random_bus *bus, struct vamp_machine *machine)
{
    *bus = (struct random_bus){.machine = machine, .history = 1};
    vamp_machine_connect(machine, (struct vamp_bus){bus, read_bus, write_bus, read_lines});
}
