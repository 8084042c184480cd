/* The symbolic reading of the whole step against the plain one: its terms, evaluated in a state,
 * say what the step does to that state: in both modes, with interrupts, page tables, devices. */
#include "semantics/vamp/sparse.h"
#include "semantics/vamp/symbolic.h"
#include "smt/evaluate.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { STATE_COUNT = 1000, SMALL_BYTES = 0x8000, TOUCHED_COUNT = 8 };

struct world {
    struct arena *arena; /* of one state */
    struct terms *terms;
    uint64_t seed;

    struct assignment *assignment;
    struct vamp_symbolic_state symbolic;
    struct vamp_symbolic_given given;
    term memory;

    struct vamp_sparse *sparse;
    struct vamp_state state;
    uint64_t memory_bytes;
    uint32_t word, lines, device_word;
    uint32_t touched[TOUCHED_COUNT]; /* addresses of words that were given a value */
    unsigned touched_count;
    bool is_device_there;
    struct {
        bool is_read, is_written;
        uint32_t address, word;
    } event;
};

/* What happened in all states, so that nothing is left out. */
static unsigned interrupt_counts[VAMP_INTERRUPT_COUNT], stop_counts[VAMP_STOP_COUNT];
static unsigned device_count, user_count, completed_count;

static uint32_t random_word(struct world *world)
{
    static const uint32_t edges[] = {0,          1,          2,          31,         32,
                                     0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x00007FFF, 0xFFFF8000};
    world->seed = world->seed * 6364136223846793005u + 1442695040888963407u;
    uint32_t word = (uint32_t)(world->seed >> 32);
    return word % 3 == 0 ? edges[(world->seed >> 20) % (sizeof edges / sizeof edges[0])] : word;
}

static uint32_t below(struct world *world, uint32_t bound)
{
    world->seed = world->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(world->seed >> 33) % bound;
}

static bool once_in(struct world *world, uint32_t count)
{
    return below(world, count) == 0;
}

/* --- Memory and devices around the plain step --- */

static bool is_device(const struct world *world, uint32_t address)
{
    return address >= world->memory_bytes && address >= VAMP_DEVICES && world->is_device_there;
}

static bool read_bus(void *self, uint32_t address, uint32_t *word)
{
    struct world *world = self;
    struct vamp_memory memory = vamp_sparse_memory(world->sparse);
    if (address < world->memory_bytes)
        return memory.read(memory.self, address, word);
    if (!is_device(world, address))
        return false;
    world->event.is_read = true;
    world->event.address = address;
    *word = world->device_word;
    return true;
}

static bool write_bus(void *self, uint32_t address, uint32_t word)
{
    struct world *world = self;
    struct vamp_memory memory = vamp_sparse_memory(world->sparse);
    if (address < world->memory_bytes)
        return memory.write(memory.self, address, word);
    if (!is_device(world, address))
        return false;
    world->event.is_written = true;
    world->event.address = address;
    world->event.word = word;
    return true;
}

static struct vamp_memory bus_of(struct world *world)
{
    return (struct vamp_memory){world, world->memory_bytes, read_bus, write_bus};
}

/* Gives a word of memory its value, if it is there. */
static void place(struct world *world, uint32_t address, uint32_t word)
{
    address &= ~UINT32_C(3);
    if (address >= world->memory_bytes)
        return;
    cr_assert_lt(world->touched_count, TOUCHED_COUNT);
    world->touched[world->touched_count++] = address;
    struct vamp_memory memory = vamp_sparse_memory(world->sparse);
    memory.write(memory.self, address, word);
}

/* --- Random states --- */

static uint32_t random_address(struct world *world, uint32_t size_bytes)
{
    uint32_t address = once_in(world, 6)   ? random_word(world)
                       : once_in(world, 6) ? VAMP_DEVICES + below(world, 0x8000)
                                           : below(world, SMALL_BYTES);
    return once_in(world, 8) ? address : address & ~(size_bytes - 1);
}

static void randomise_special(struct world *world)
{
    static const uint32_t origins[] = {0, 1, 2, 7, 0xFFFFF, 0x100000, 0xFFFFFFFF};
    static const uint32_t lengths[] = {0, 3, 7, 0x7FFFFFFF, 0xFFFFF, 0xFFFFFFFF, 0x80000000};
    uint32_t *spr = world->state.spr;
    for (unsigned i = 0; i < VAMP_SPR_COUNT; i++)
        spr[i] = vamp_spr_exists(i) ? random_word(world) : 0;
    spr[VAMP_SPR_MODE] = once_in(world, 3) ? 0 : once_in(world, 4) ? random_word(world) : 1;
    spr[VAMP_SPR_PTO] = below(world, 8);
    spr[VAMP_SPR_PTL] = 0xFFFFF;
    if (once_in(world, 8))
        spr[VAMP_SPR_PTO] = origins[below(world, 7)];
    if (once_in(world, 4))
        spr[VAMP_SPR_PTL] = lengths[below(world, 7)];
    world->lines = once_in(world, 2) ? 0 : random_word(world) & ~UINT32_C(1);
    world->lines |= once_in(world, 30);
}

/* A page table entry for the address. */
static void place_entry(struct world *world, uint32_t address)
{
    uint32_t entry = below(world, 8) << 12 | (random_word(world) & 0x7FF) | 1 << 11;
    if (once_in(world, 4))
        entry &= ~(UINT32_C(1) << 11);
    if (once_in(world, 8))
        entry ^= random_word(world) & 0xFFFFF000;
    uint64_t at = (uint64_t)world->state.spr[VAMP_SPR_PTO] * 4096 + 4 * (address >> 12);
    if (at <= UINT32_MAX)
        place(world, (uint32_t)at, entry);
}

/* Registers that lead a load or store to a place of some interest. */
static void randomise(struct world *world)
{
    struct vamp_insn insn;
    struct vamp_state *state = &world->state;
    world->touched_count = 0;
    memset(&world->event, 0, sizeof world->event);
    world->sparse = vamp_sparse_new(world->arena);
    world->memory_bytes = once_in(world, 4) ? UINT64_C(1) << 32 : SMALL_BYTES;
    world->device_word = random_word(world);
    world->is_device_there = !once_in(world, 8);
    for (unsigned i = 1; i < VAMP_GPR_COUNT; i++)
        state->gpr[i] = random_word(world);
    randomise_special(world);
    state->dpc = random_address(world, 4);
    state->pcp = once_in(world, 3) ? random_word(world) : state->dpc + 4;
    uint32_t address = random_address(world, 4);
    if (!vamp_is_user_mode(state) && once_in(world, 2))
        address |= VAMP_DEVICES;
    if (vamp_decode(world->word, &insn) && insn.rs1 != 0)
        state->gpr[insn.rs1] = address - (once_in(world, 8) ? 0 : insn.immediate);
    place_entry(world, state->dpc);
    place_entry(world, address);
    place(world, address, random_word(world));
    if (!vamp_is_user_mode(state))
        return;
    uint32_t physical;
    struct vamp_memory bus = bus_of(world);
    if (vamp_translate(state, &bus, address & ~UINT32_C(3), false, &physical))
        place(world, physical, random_word(world));
}

/* False: the instruction cannot lie where it is fetched from. */
static bool place_instruction(struct world *world)
{
    struct vamp_memory bus = bus_of(world);
    uint32_t physical, word;
    uint32_t dpc = world->state.dpc & ~UINT32_C(3);
    if (!vamp_translate(&world->state, &bus, dpc, false, &physical) ||
        physical >= world->memory_bytes)
        return true;
    place(world, physical, world->word);
    return vamp_translate(&world->state, &bus, dpc, false, &physical) &&
           physical < world->memory_bytes && read_bus(world, physical, &word) &&
           word == world->word;
}

/* --- The symbolic side --- */

/* A variable with its value in this state; or the value itself. Both must mean the same. */
static term leaf(struct world *world, const char *name, unsigned number, uint32_t value,
                 bool is_constant)
{
    char text[16];
    if (is_constant)
        return term_word(world->terms, value, 32);
    snprintf(text, sizeof text, "%s%u", name, number);
    term variable = term_variable(world->terms, text, (struct sort){SORT_WORD, 32});
    assignment_set_word(world->assignment, variable, value);
    return variable;
}

static void make_symbolic(struct world *world, bool is_constant)
{
    struct vamp_symbolic_state *symbolic = &world->symbolic;
    struct vamp_memory memory = vamp_sparse_memory(world->sparse);
    world->assignment = assignment_new(world->arena, 0);
    symbolic->dpc = leaf(world, "dpc", 0, world->state.dpc, is_constant);
    symbolic->pcp = leaf(world, "pcp", 0, world->state.pcp, is_constant);
    for (unsigned i = 1; i < VAMP_GPR_COUNT; i++)
        symbolic->gpr[i] = leaf(world, "r", i, world->state.gpr[i], is_constant);
    for (unsigned i = 0; i < VAMP_SPR_COUNT; i++)
        symbolic->spr[i] = leaf(world, "s", i, world->state.spr[i], is_constant);
    symbolic->memory = term_variable(world->terms, "memory", (struct sort){SORT_MEMORY, 0});
    for (unsigned i = 0; i < world->touched_count; i++) {
        uint32_t word;
        memory.read(memory.self, world->touched[i], &word);
        assignment_set_memory_word(world->assignment, symbolic->memory, world->touched[i], word);
    }
    world->given = (struct vamp_symbolic_given){
        .memory_bytes = world->memory_bytes,
        .word = world->word,
        .lines = leaf(world, "lines", 0, world->lines, is_constant),
        .device_word = leaf(world, "device", 0, world->device_word, is_constant),
    };
}

static uint32_t word_of(struct world *world, term t)
{
    return (uint32_t)evaluate_word(world->terms, world->assignment, t);
}

static bool bool_of(struct world *world, term t)
{
    return evaluate_bool(world->terms, world->assignment, t);
}

/* --- Agreement --- */

static void check_word(struct world *world, const struct vamp_symbolic_step *step, uint32_t address)
{
    uint32_t word;
    struct vamp_memory memory = vamp_sparse_memory(world->sparse);
    memory.read(memory.self, address, &word);
    cr_assert_eq(evaluate_memory_word(world->terms, world->assignment, step->after.memory, address),
                 word, "memory at 0x%08x after 0x%08x", address, world->word);
}

struct visitor {
    struct world *world;
    const struct vamp_symbolic_step *step;
};

static void check_change(void *self, uint32_t address, uint32_t word)
{
    (void)word;
    const struct visitor *visitor = self;
    check_word(visitor->world, visitor->step, address);
}

static void check_after(struct world *world, const struct vamp_symbolic_step *step,
                        const struct vamp_state *after)
{
    const struct vamp_symbolic_state *symbolic = &step->after;
    cr_assert_eq(word_of(world, symbolic->dpc), after->dpc, "dpc after 0x%08x", world->word);
    cr_assert_eq(word_of(world, symbolic->pcp), after->pcp, "pcp after 0x%08x", world->word);
    for (unsigned i = 0; i < VAMP_GPR_COUNT; i++)
        cr_assert_eq(word_of(world, symbolic->gpr[i]), after->gpr[i], "r%u after 0x%08x", i,
                     world->word);
    for (unsigned i = 0; i < VAMP_SPR_COUNT; i++)
        cr_assert_eq(word_of(world, symbolic->spr[i]), after->spr[i], "s%u after 0x%08x", i,
                     world->word);
    for (unsigned i = 0; i < world->touched_count; i++)
        check_word(world, step, world->touched[i]);
    vamp_sparse_each_change(world->sparse, check_change, &(struct visitor){world, step});
    cr_assert_eq(bool_of(world, step->reads_device), world->event.is_read);
    cr_assert_eq(bool_of(world, step->writes_device), world->event.is_written);
    if (world->event.is_read || world->event.is_written)
        cr_assert_eq(word_of(world, step->device_address), world->event.address);
    if (world->event.is_written)
        cr_assert_eq(word_of(world, step->written_word), world->event.word);
}

/* A device that does not answer is a stop that the terms cannot know. */
static void check_stop(struct world *world, const struct vamp_symbolic_step *step,
                       enum vamp_stop stop)
{
    enum vamp_stop told = VAMP_STOP_NONE;
    for (int i = VAMP_STOP_NONE; i < VAMP_STOP_COUNT; i++) {
        if (!bool_of(world, step->stops[i]))
            continue;
        cr_assert_eq(told, VAMP_STOP_NONE, "two stops at once");
        told = (enum vamp_stop)i;
    }
    if (told == VAMP_STOP_NONE && !world->is_device_there &&
        (bool_of(world, step->reads_device) || bool_of(world, step->writes_device)))
        told = VAMP_STOP_BUS_ERROR;
    cr_assert_eq(told, stop, "%s, not %s at 0x%08x", vamp_stop_name(told), vamp_stop_name(stop),
                 world->word);
}

static void count(const struct world *world, const struct vamp_diagnosis *diagnosis)
{
    stop_counts[diagnosis->stop]++;
    device_count += world->event.is_read || world->event.is_written;
    user_count += vamp_is_user_mode(&world->state);
    completed_count += diagnosis->stop == VAMP_STOP_NONE && diagnosis->interrupts == 0;
    for (int i = 0; i < VAMP_INTERRUPT_COUNT; i++)
        interrupt_counts[i] += diagnosis->interrupts >> i & 1;
}

static void check_state(struct world *world, uint32_t word, bool is_constant)
{
    struct vamp_diagnosis diagnosis;
    world->word = word;
    world->arena = arena_new();
    do
        randomise(world);
    while (!place_instruction(world));
    make_symbolic(world, is_constant);
    struct vamp_symbolic_step step =
        vamp_symbolic_step(world->terms, &world->symbolic, &world->given);
    vamp_sparse_mark(world->sparse);
    struct vamp_state after = world->state;
    struct vamp_memory bus = bus_of(world);
    bool has_run = vamp_step(&after, &bus, world->lines, &diagnosis);
    count(world, &diagnosis);
    cr_assert(bool_of(world, step.assumption));
    check_stop(world, &step, diagnosis.stop);
    if (has_run) {
        cr_assert_eq(word_of(world, step.interrupts), diagnosis.interrupts, "at 0x%08x", word);
        check_after(world, &step, &after);
    }
    arena_free(world->arena);
}

static uint32_t random_instruction(struct world *world, enum vamp_op op)
{
    struct vamp_insn insn = {.op = op};
    insn.rs1 = random_word(world) % 32;
    insn.rs2 = random_word(world) % 32;
    insn.rd = random_word(world) % 32;
    insn.sa = once_in(world, 2) ? random_word(world) % 32 : below(world, 17);
    insn.immediate = (uint32_t)(int16_t)random_word(world);
    return vamp_encode(&insn);
}

static uint32_t illegal_word(struct world *world)
{
    struct vamp_insn insn;
    uint32_t word = random_word(world);
    while (vamp_decode(word, &insn))
        word = random_word(world);
    return word;
}

static void check_op(int op)
{
    struct arena *arena = arena_new();
    struct world world = {.terms = terms_new(arena), .seed = 104729u * (unsigned)op + 1};
    for (int i = 0; i < STATE_COUNT; i++) {
        uint32_t word = op == VAMP_OP_COUNT ? illegal_word(&world)
                                            : random_instruction(&world, (enum vamp_op)op);
        check_state(&world, word, i % 2 == 1);
    }
    arena_free(arena);
}

Test(vamp_symbolic_step, agrees_with_the_plain_step_for_every_instruction)
{
    for (int op = 0; op <= VAMP_OP_COUNT; op++)
        check_op(op);
    for (int i = 0; i < VAMP_INTERRUPT_COUNT; i++) {
        bool is_raised = i <= VAMP_INTERRUPT_OVF || i >= VAMP_INTERRUPT_DEVICE_0;
        cr_expect_eq(interrupt_counts[i] > 0, is_raised, "%s was raised %u times",
                     vamp_interrupt_name((enum vamp_interrupt)i), interrupt_counts[i]);
    }
    for (int i = VAMP_STOP_NONE; i <= VAMP_STOP_PHYSICAL_ADDRESS; i++)
        cr_expect_gt(stop_counts[i], 0, "never: stop %d", i);
    cr_expect_gt(device_count, 100);
    cr_expect_gt(user_count, 20000);
    cr_expect_gt(completed_count, 10000);
}
