/* The fast machine against the plain step: two machines, one program, equal states all along. */
#include "base/arena.h"
#include "semantics/vamp/machine.h"

#include <criterion/criterion.h>
#include <string.h>

enum { SMALL_BYTES = 1024 };

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static uint32_t below(uint64_t *seed, uint32_t bound)
{
    return (uint32_t)(next_random(seed) >> 32) % bound;
}

/* Any instruction, with operands that keep a program in a small memory for a while: few registers,
 * small immediates, short aligned distances; now and then none of that. */
static uint32_t random_instruction(uint64_t *seed)
{
    struct vamp_insn insn = {.op = (enum vamp_op)below(seed, VAMP_OP_COUNT)};
    if (below(seed, 50) == 0)
        return (uint32_t)next_random(seed);
    bool stops = insn.op == VAMP_OP_TRAP || insn.op == VAMP_OP_RFE || insn.op == VAMP_OP_MOVI2S;
    if (stops && below(seed, 8) != 0)
        insn.op = VAMP_OP_ADDI;
    insn.rd = (uint8_t)(below(seed, 8) == 0 ? 31 : below(seed, 6));
    insn.rs1 = (uint8_t)(below(seed, 8) == 0 ? 31 : below(seed, 6));
    insn.rs2 = (uint8_t)below(seed, 6);
    insn.sa = (uint8_t)below(seed, 32);
    insn.immediate = below(seed, 256) * (below(seed, 8) == 0 ? 1 : 4) - 512;
    return vamp_encode(&insn);
}

static uint32_t random_value(uint64_t *seed)
{
    switch (below(seed, 4)) {
    case 0:
        return (uint32_t)next_random(seed);
    case 1:
        return below(seed, 2) == 0 ? 0x7FFFFFFF : 0x80000000;
    default:
        return below(seed, SMALL_BYTES / 4) * 4;
    }
}

static void randomise_memory(struct vamp_machine *machine, uint64_t *seed)
{
    for (uint32_t at = 0; at < vamp_machine_memory_bytes(machine); at += 4)
        vamp_machine_write(machine, at, random_instruction(seed));
}

static void randomise_state(struct vamp_state *state, uint64_t *seed)
{
    memset(state, 0, sizeof *state);
    for (int i = 1; i < VAMP_GPR_COUNT; i++)
        state->gpr[i] = random_value(seed);
    state->spr[VAMP_SPR_SR] = below(seed, 2) << 6;
    state->dpc = below(seed, SMALL_BYTES / 4) * 4;
    state->pcp = below(seed, 3) == 0 ? below(seed, SMALL_BYTES / 4) * 4 : state->dpc + 4;
}

static void copy(struct vamp_machine *to, struct vamp_machine *from)
{
    uint32_t word;
    for (uint32_t at = 0; vamp_machine_read(from, at, &word); at += 4)
        vamp_machine_write(to, at, word);
    *vamp_machine_state(to) = *vamp_machine_state(from);
}

static bool agree(struct vamp_machine *left, struct vamp_machine *right)
{
    uint32_t a, b;
    for (uint32_t at = 0; vamp_machine_read(left, at, &a); at += 4) {
        if (!vamp_machine_read(right, at, &b) || a != b)
            return false;
    }
    return memcmp(vamp_machine_state(left), vamp_machine_state(right), sizeof(struct vamp_state)) ==
           0;
}

static bool same_end(const struct vamp_run *left, const struct vamp_run *right)
{
    return left->status == right->status && left->steps == right->steps &&
           (left->status != VAMP_RUN_STOPPED ||
            memcmp(&left->diagnosis, &right->diagnosis, sizeof left->diagnosis) == 0);
}

/* One run of a random length from a random state. */
static struct vamp_run run_both(struct vamp_machine *fast, struct vamp_machine *plain,
                                uint64_t *seed)
{
    uint64_t length = 1 + below(seed, below(seed, 4) == 0 ? 400 : 40);
    if (below(seed, 4) != 0) {
        randomise_state(vamp_machine_state(fast), seed);
        *vamp_machine_state(plain) = *vamp_machine_state(fast);
    }
    struct vamp_run left = vamp_machine_run(fast, length);
    struct vamp_run right = vamp_machine_run_plain(plain, length);
    cr_assert(same_end(&left, &right), "at 0x%x", vamp_machine_state(plain)->dpc);
    cr_assert(agree(fast, plain), "at 0x%x", vamp_machine_state(plain)->dpc);
    return left;
}

/* Branches in delay slots, stores into code, jumps out of memory, misaligned and overflowing
 * instructions are all frequent here. A program is run many times, so that code that was changed
 * after it had been executed is executed again. */
Test(vamp_threaded, agrees_with_the_plain_step_on_random_programs)
{
    struct arena *arena = arena_new();
    struct vamp_machine *fast = vamp_machine_new(arena, SMALL_BYTES);
    struct vamp_machine *plain = vamp_machine_new(arena, SMALL_BYTES);
    vamp_machine_stop_at_interrupts(fast, true);
    vamp_machine_stop_at_interrupts(plain, true);
    uint64_t seed = 20240229, step_count = 0;
    unsigned stop_count[VAMP_STOP_COUNT] = {0}, interrupt_count[VAMP_INTERRUPT_DEVICE_0] = {0};
    while (step_count < 1000000) {
        randomise_memory(fast, &seed);
        copy(plain, fast);
        uint32_t breakpoint = below(&seed, SMALL_BYTES / 4) * 4;
        vamp_machine_add_breakpoint(fast, breakpoint);
        vamp_machine_add_breakpoint(plain, breakpoint);
        for (int slice = 0; slice < 100; slice++) {
            struct vamp_run run = run_both(fast, plain, &seed);
            step_count += run.steps;
            stop_count[run.diagnosis.stop]++;
            if (run.diagnosis.stop == VAMP_STOP_INTERRUPT)
                interrupt_count[vamp_first_interrupt(run.diagnosis.interrupts)]++;
        }
        vamp_machine_remove_breakpoint(fast, breakpoint);
        vamp_machine_remove_breakpoint(plain, breakpoint);
    }
    static const enum vamp_stop stops[] = {VAMP_STOP_BUS_ERROR_FETCH, VAMP_STOP_BUS_ERROR,
                                           VAMP_STOP_RFE};
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++)
        cr_expect_neq(stop_count[stops[i]], 0, "no program stopped with %s",
                      vamp_stop_name(stops[i]));
    static const enum vamp_interrupt interrupts[] = {VAMP_INTERRUPT_ILL, VAMP_INTERRUPT_MAL,
                                                     VAMP_INTERRUPT_TRAP, VAMP_INTERRUPT_OVF};
    for (size_t i = 0; i < sizeof interrupts / sizeof interrupts[0]; i++)
        cr_expect_neq(interrupt_count[interrupts[i]], 0, "no program stopped with %s",
                      vamp_interrupt_name(interrupts[i]));
    arena_free(arena);
}
