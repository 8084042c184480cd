/* Blocks of C0A on the C0 machine: each step is one step of the VAMP (vamp_step), in a memory that
 * is C0's cells where they lie, and physical memory elsewhere. */
#include "semantics/c0a/world.h"

#include "base/require.h"
#include "semantics/c0a/c0a.h"

#include <string.h>

/* Where an instruction is fetched from: an address that no program can mean. */
#define FETCH_ADDRESS (VAMP_DEVICES - 16)
/* A distance that tells a branch that is taken from one that is not. */
enum { TELLING_DISTANCE = 256, CELLS_ADDRESS_DEFAULT = 8 << 20 };

struct c0a_world *c0a_world_new(struct arena *arena)
{
    struct c0a_world *world = ARENA_NEW(arena, struct c0a_world);
    world->memory = vamp_sparse_new(arena);
    world->cells_address = CELLS_ADDRESS_DEFAULT;
    return world;
}

static void fault(struct c0a_world *world, enum c0_rule rule)
{
    if (!world->is_faulted)
        world->rule = rule;
    world->is_faulted = true;
}

static bool lies_in(uint32_t address, uint32_t first, uint32_t size_bytes)
{
    return address - first < size_bytes;
}

/* The cell whose word lies at the address, if one does. */
static bool find_cell(const struct c0a_world *world, uint32_t address, uint32_t *cell)
{
    if (world->placement != NULL)
        return world->placement->cell(world->placement->self, address, cell);
    *cell = (address - world->cells_address) / 4 + 1;
    return address >= world->cells_address && c0_machine_cell_type(world->machine, *cell) != NULL;
}

static uint32_t address_of_cell(const struct c0a_world *world, uint32_t cell)
{
    if (cell != 0 && world->placement != NULL)
        return world->placement->address(world->placement->self, cell);
    return cell == 0 ? 0 : world->cells_address + 4 * (cell - 1);
}

/* The address is one of the heap's that no object has yet. */
static bool is_free(const struct c0a_world *world, uint32_t address)
{
    uint32_t cell;
    if (find_cell(world, address, &cell))
        return false;
    if (world->placement != NULL)
        return world->placement->is_heap(world->placement->self, address);
    return address >= world->cells_address && c0_machine_is_free(world->machine, cell);
}

/* Neither the stack nor heap that no object has yet: what is there belongs to C0's run alone. */
static bool is_open(const struct c0a_world *world, uint32_t address)
{
    return !lies_in(address, world->stack_address, world->stack_bytes) && !is_free(world, address);
}

static struct vamp_memory other_memory(const struct c0a_world *world)
{
    return world->other.read != NULL ? world->other : vamp_sparse_memory(world->memory);
}

/* What the machine sees of a value of the type: of a pointer the address. */
static uint32_t shown(const struct c0a_world *world, const struct c0_type *type, uint32_t word)
{
    return type->kind == C0_TYPE_POINTER ? address_of_cell(world, word) : word;
}

static bool read_word(void *self, uint32_t address, uint32_t *word)
{
    struct c0a_world *world = self;
    uint32_t cell;
    if (address == FETCH_ADDRESS && !world->is_fetched) {
        world->is_fetched = true;
        *word = world->instruction;
        return true;
    }
    if (address >= VAMP_DEVICES)
        return world->bus.read != NULL && world->bus.read(world->bus.self, address, word);
    *word = 0;
    if (!is_open(world, address)) {
        fault(world, C0_RULE_ASM_ADDRESS);
    } else if (find_cell(world, address, &cell)) {
        if (!c0_machine_is_initialised(world->machine, cell))
            fault(world, C0_RULE_UNINITIALISED);
        *word = shown(world, c0_machine_cell_type(world->machine, cell),
                      c0_machine_read(world->machine, cell));
    } else {
        struct vamp_memory memory = other_memory(world);
        return memory.read(memory.self, address, word);
    }
    return true;
}

/* A store through a raw address keeps the cell's word a value of its type. */
static void write_cell(struct c0a_world *world, uint32_t cell, uint32_t word)
{
    const struct c0_type *type = c0_machine_cell_type(world->machine, cell);
    bool is_typed = true;
    if (type->kind == C0_TYPE_BOOL)
        is_typed = word <= 1;
    else if (type->kind == C0_TYPE_CHAR)
        is_typed = word + 128 < 256;
    else if (type->kind == C0_TYPE_POINTER && word != 0) {
        is_typed = word % 4 == 0 && find_cell(world, word, &word) &&
                   c0_machine_is_pointer(world->machine, type, word);
    }
    if (is_typed)
        c0_machine_write(world->machine, cell, word);
    else
        fault(world, C0_RULE_ASM_TYPE);
}

static bool write_word(void *self, uint32_t address, uint32_t word)
{
    struct c0a_world *world = self;
    uint32_t cell;
    if (address >= VAMP_DEVICES)
        return world->bus.write != NULL && world->bus.write(world->bus.self, address, word);
    if (!is_open(world, address) || lies_in(address, world->code_address, world->code_bytes))
        fault(world, C0_RULE_ASM_ADDRESS);
    if (world->is_faulted)
        return true;
    if (find_cell(world, address, &cell)) {
        write_cell(world, cell, word);
        return true;
    }
    struct vamp_memory memory = other_memory(world);
    return memory.write(memory.self, address, word);
}

/* lw and sw of [x] do not go through memory: a local lies in none. */
static void move_variable(struct c0a_world *world, const struct c0a_instruction *instruction,
                          uint32_t *word)
{
    unsigned number = instruction->insn.rd;
    if (instruction->insn.op == VAMP_OP_SW)
        *word = world->processor.gpr[number];
    else if (number != 0)
        world->processor.gpr[number] = shown(world, instruction->variable->type, *word);
}

/* The instruction with the address of its global, or a branch with a distance to tell. */
static struct vamp_insn executable(const struct c0a_world *world,
                                   const struct c0a_instruction *instruction)
{
    struct vamp_insn insn = instruction->insn;
    if (insn.op == VAMP_OP_BEQZ || insn.op == VAMP_OP_BNEZ || insn.op == VAMP_OP_J)
        insn.immediate = TELLING_DISTANCE;
    if (instruction->operand != C0A_HIGH_HALF && instruction->operand != C0A_LOW_HALF)
        return insn;
    uint32_t address =
        address_of_cell(world, c0_machine_global_cell(world->machine, instruction->variable));
    uint32_t low = (uint32_t)(int32_t)(int16_t)(address & 0xFFFF);
    uint32_t high = (uint32_t)(int32_t)(int16_t)((address ^ low) >> 16);
    insn.immediate = instruction->operand == C0A_HIGH_HALF ? high : low;
    return insn;
}

/* One step of the processor on the instruction alone; true if a branch was taken. */
static bool execute(struct c0a_world *world, const struct vamp_insn *insn)
{
    struct vamp_memory memory = {world, VAMP_DEVICES, read_word, write_word};
    struct vamp_state *state = &world->processor;
    struct vamp_diagnosis diagnosis;
    state->spr[VAMP_SPR_MODE] = 0; /* a block runs for the kernel, whatever rfe went to before */
    state->dpc = FETCH_ADDRESS;
    state->pcp = FETCH_ADDRESS + 4;
    world->instruction = vamp_encode(insn);
    world->is_fetched = false;
    if (!vamp_step(state, &memory, 0, &diagnosis))
        fault(world, C0_RULE_ASM_ADDRESS);
    else if ((diagnosis.interrupts & UINT32_C(1) << VAMP_INTERRUPT_MAL) != 0)
        fault(world, C0_RULE_ASM_ADDRESS);
    else if (diagnosis.interrupts != 0)
        fault(world, C0_RULE_ASM_INTERRUPT);
    return state->pcp == FETCH_ADDRESS + 4 + TELLING_DISTANCE;
}

static enum c0_asm_outcome step(void *self, struct c0_machine *machine, const struct c0_asm *block,
                                uint32_t number, uint32_t *word, enum c0_rule *rule)
{
    struct c0a_world *world = self;
    const struct c0a_instruction *instruction = c0a_instruction(block, number);
    world->machine = machine;
    world->is_faulted = false;
    bool is_taken = true;
    if (instruction->operand == C0A_VARIABLE) {
        move_variable(world, instruction, word);
    } else {
        struct vamp_state before = world->processor;
        struct vamp_insn insn = executable(world, instruction);
        is_taken = execute(world, &insn);
        if (world->is_faulted)
            world->processor = before;
    }
    *rule = world->rule;
    if (world->is_faulted)
        return C0_ASM_FAULT;
    return is_taken || block->steps[number].kind != C0_ASM_STEP_BRANCH ? C0_ASM_GOES_ON
                                                                       : C0_ASM_NOT_TAKEN;
}

struct c0_asm_world c0a_world_of(struct c0a_world *world)
{
    return (struct c0_asm_world){world, step};
}
