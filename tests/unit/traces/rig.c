#include "tests/unit/traces/rig.h"

#include "semantics/vamp/assemble.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { DATA = 0x1000, UNREAD = 0xF000 };

/* From address 0: the interrupt routine acknowledges device 0 and 3 and counts; main from 0x40. */
static const char interrupts_text[] = "lw r20,r0,0x1000\n"
                                      "nop\n"
                                      "nop\n"
                                      "lw r22,r0,-32760\n" /* device 0, port 2: its line drops */
                                      "sw r22,r0,0x1004\n"
                                      "addi r20,r20,1\n"
                                      "sw r20,r0,0x1000\n"
                                      "lw r22,r0,-20472\n" /* device 3, port 2 */
                                      "movs2i r23,ECA\n"
                                      "sw r23,r0,0x1008\n"
                                      "rfe\n"
                                      "nop\n"
                                      "nop\n"
                                      "nop\n"
                                      "nop\n"
                                      "nop\n"
                                      /* main, at 0x40 */
                                      "nop\n"
                                      "addi r11,r0,-1\n"
                                      "movi2s SR,r11\n"
                                      /* loop, at 0x4c */
                                      "addi r1,r1,1\n"
                                      "slli r2,r1,3\n"
                                      "andi r2,r2,0x7fc\n"
                                      "addi r2,r2,0x1100\n"
                                      "lw r3,r2,0\n"
                                      "add r3,r3,r1\n"
                                      "sw r3,r2,0\n"
                                      "sb r1,r2,5\n"
                                      "andi r4,r1,15\n"
                                      "bnez r4,20\n"
                                      "xor r5,r5,r3\n"
                                      "lw r6,r0,-28656\n" /* device 1, port 4 */
                                      "sw r5,r0,-28652\n" /* device 1, port 5 */
                                      "trap 7\n"
                                      "sw r6,r0,0x1010\n"
                                      "j -64\n"
                                      "add r7,r7,r6\n";

static const char waits_text[] = "nop\n"
                                 "lw r22,r0,-32760\n"
                                 "lw r22,r0,-20472\n"
                                 "rfe\n"
                                 "nop\n"
                                 "nop\n"
                                 "nop\n"
                                 "nop\n"
                                 "nop\n"
                                 "nop\n"
                                 "nop\n"
                                 "nop\n"
                                 "nop\n"
                                 "nop\n"
                                 "nop\n"
                                 "nop\n"
                                 /* at 0x40 */
                                 "addi r11,r0,-1\n"
                                 "movi2s SR,r11\n"
                                 "j -4\n"
                                 "nop\n";

static const char stops_text[] = "addi r1,r1,1\n"
                                 "sgri r2,r1,100\n"
                                 "beqz r2,-12\n"
                                 "sw r1,r0,0x1000\n"
                                 "lhgi r3,0x7000\n"
                                 "lw r4,r3,0\n"
                                 "nop\n";

struct world {
    const struct rig *rig;
    struct vamp_machine *machine;
    struct trace_writer *writer; /* NULL: nobody records */
    uint32_t lines;
};

static uint64_t mixed(uint64_t a, uint64_t b)
{
    uint64_t x = a * UINT64_C(0x9E3779B97F4A7C15) ^ (b + 1) * UINT64_C(0xC2B2AE3D27D4EB4F);
    x ^= x >> 29;
    x *= UINT64_C(0xBF58476D1CE4E5B9);
    return x ^ x >> 32;
}

/* --- The outside world --- */

static void change_lines(struct world *world, uint64_t step, uint32_t lines)
{
    world->lines = lines;
    if (world->writer != NULL)
        trace_writer_lines(world->writer, step, lines);
}

static bool read_device(void *self, uint32_t address, uint32_t *word)
{
    struct world *world = self;
    uint64_t step = vamp_machine_steps(world->machine);
    uint32_t device = (address - VAMP_DEVICES) / 0x1000;
    if (device == 7)
        return false;
    *word = (uint32_t)mixed(world->rig->seed, step);
    if (step >= world->rig->other_word_step)
        *word ^= 0x10;
    if (world->writer != NULL)
        trace_writer_read(world->writer, step, address, *word);
    if (address % 0x1000 == 8) {
        change_lines(world, step + 1, world->lines & ~(UINT32_C(1) << (13 + device)));
        vamp_machine_end_run(world->machine);
    }
    return true;
}

static bool write_device(void *self, uint32_t address, uint32_t word)
{
    struct world *world = self;
    if (world->writer != NULL)
        trace_writer_write(world->writer, vamp_machine_steps(world->machine), address, word);
    return address < UINT32_C(0xFFFFF000);
}

static uint32_t lines_now(void *self)
{
    return ((struct world *)self)->lines;
}

/* Lines rise only at steps that are multiples of this. */
enum { EVENT_STEPS = 16 };

/* The reset button is pressed, rarely, for one step. */
static void happen(struct world *world, uint64_t step)
{
    const struct rig *rig = world->rig;
    uint64_t chance = mixed(rig->seed + (step >= rig->other_line_step), step);
    if (step % EVENT_STEPS == 1 && (world->lines & 1) != 0)
        change_lines(world, step, world->lines & ~UINT32_C(1));
    if (step % EVENT_STEPS != 0 || step == 0)
        return;
    if (chance % 7 == 0)
        change_lines(world, step, world->lines | UINT32_C(1) << (13 + 3 * (chance >> 32 & 1)));
    if (chance % 5000 == 0)
        change_lines(world, step, world->lines | 1);
}

/* --- The machine --- */

static void load_text(struct vamp_machine *machine, const char *text)
{
    for (uint32_t address = 0; *text != '\0'; address += 4) {
        struct vamp_insn insn;
        struct fault fault = {0};
        size_t length = strcspn(text, "\n");
        cr_assert(
            vamp_assemble((struct text){text, length}, (struct location){0}, NULL, &insn, &fault),
            "%s", fault.message);
        vamp_machine_write(machine, address, vamp_encode(&insn));
        text += length + (text[length] == '\n');
    }
}

static void load_random(struct vamp_machine *machine, uint64_t seed)
{
    struct vamp_state *state = vamp_machine_state(machine);
    for (uint32_t address = 0; address < 0x4000; address += 4) {
        uint64_t random = mixed(seed, address);
        struct vamp_insn insn = {.op = (enum vamp_op)(random % VAMP_OP_COUNT),
                                 .rd = random >> 8 & 31,
                                 .rs1 = random >> 16 & 31,
                                 .rs2 = random >> 24 & 31,
                                 .sa = random >> 32 & 31,
                                 .immediate = (uint32_t)(random >> 40 & 0xFC)};
        bool is_jump = insn.op == VAMP_OP_JR || insn.op == VAMP_OP_JALR;
        vamp_machine_write(machine, address, is_jump ? 0x34210000 : vamp_encode(&insn));
    }
    for (unsigned i = 1; i < VAMP_GPR_COUNT; i++)
        state->gpr[i] = i % 4 == 0 ? UINT32_C(0xFFFF8000) + i * 0x100
                                   : (uint32_t)mixed(seed, i) % 0x8000 & ~UINT32_C(3);
}

static void load(const struct rig *rig, struct vamp_machine *machine)
{
    struct vamp_state *state = vamp_machine_state(machine);
    switch (rig->program) {
    case RIG_INTERRUPTS:
        load_text(machine, interrupts_text);
        break;
    case RIG_WAITS:
        load_text(machine, waits_text);
        break;
    case RIG_STOPS:
        load_text(machine, stops_text);
        break;
    case RIG_RANDOM:
        load_random(machine, rig->seed);
        break;
    }
    if (rig->program == RIG_INTERRUPTS || rig->program == RIG_WAITS)
        *state = (struct vamp_state){.dpc = 0x40, .pcp = 0x44};
    vamp_machine_write(machine, UNREAD, rig->other_memory);
}

static struct vamp_machine *new_machine(struct world *world, struct arena *arena)
{
    struct vamp_bus bus = {world, read_device, write_device, lines_now};
    world->machine = vamp_machine_new(arena, RIG_MEMORY_BYTES);
    load(world->rig, world->machine);
    vamp_machine_connect(world->machine, bus);
    return world->machine;
}

struct rig rig_of(enum rig_program program, uint64_t seed, uint64_t steps)
{
    return (struct rig){.program = program,
                        .seed = seed,
                        .steps = steps,
                        .interval = 64,
                        .other_word_step = UINT64_MAX,
                        .other_line_step = UINT64_MAX,
                        .reason = "limit"};
}

static void note(struct rig_states *states, const struct world *world)
{
    states->at[states->count++] =
        trace_registers_of(vamp_machine_state(world->machine), world->lines);
}

static void run_by_steps(const struct rig *rig, struct arena *arena, struct rig_states *states)
{
    struct world world = {.rig = rig};
    struct vamp_machine *machine = new_machine(&world, arena);
    *states = (struct rig_states){.at = ARENA_ARRAY(arena, struct trace_registers, rig->steps + 1)};
    for (uint64_t step = 0; step < rig->steps; step++) {
        happen(&world, step);
        note(states, &world);
        if (vamp_machine_run_plain(machine, 1).steps == 0)
            break;
    }
    happen(&world, vamp_machine_steps(machine));
    if (states->count == vamp_machine_steps(machine))
        note(states, &world);
    states->memory = ARENA_ARRAY(arena, uint32_t, RIG_MEMORY_BYTES / 4);
    for (uint32_t i = 0; i < RIG_MEMORY_BYTES / 4; i++)
        vamp_machine_read(machine, 4 * i, &states->memory[i]);
}

/* How far the run may go before something is due. */
static uint64_t part_steps(const struct rig *rig, const struct trace_writer *writer, uint64_t now)
{
    uint64_t interval = trace_writer_checkpoint_steps(writer);
    uint64_t part = rig->steps - now, random = 1 + mixed(~rig->seed, now) % 100;
    uint64_t due[] = {interval - now % interval, random, EVENT_STEPS - now % EVENT_STEPS,
                      now % EVENT_STEPS == 0 ? 1 : UINT64_MAX};
    for (unsigned i = 0; i < sizeof due / sizeof due[0]; i++)
        part = due[i] < part ? due[i] : part;
    return part;
}

static bool run_in_parts(struct world *world)
{
    for (;;) {
        uint64_t now = vamp_machine_steps(world->machine);
        happen(world, now);
        if (now % trace_writer_checkpoint_steps(world->writer) == 0)
            trace_writer_checkpoint(world->writer, now);
        if (now == world->rig->steps)
            return true;
        struct vamp_run run =
            vamp_machine_run(world->machine, part_steps(world->rig, world->writer, now));
        if (run.status == VAMP_RUN_STOPPED)
            return false;
    }
}

static const char *new_path(struct arena *arena)
{
    char *path = arena_printf(arena, "%s/rig-XXXXXX", BINARY_ROOT);
    int descriptor = mkstemp(path);
    cr_assert(descriptor >= 0);
    close(descriptor);
    return path;
}

const char *rig_record(const struct rig *rig, struct arena *arena, struct rig_states *states)
{
    struct fault fault = {0};
    struct trace_setup setup = {
        .path = new_path(arena), .recorder = "rig", .interval_steps = rig->interval};
    struct world world = {.rig = rig};
    world.writer = trace_writer_new(arena, &setup, &fault);
    cr_assert(world.writer != NULL, "%s", fault.message);
    struct vamp_machine *machine = new_machine(&world, arena);
    cr_assert(trace_writer_begin(world.writer, machine, NULL, &fault));
    bool is_stopped = !run_in_parts(&world);
    struct trace_writer_end end = {.step = vamp_machine_steps(machine),
                                   .is_stopped = is_stopped,
                                   .reason = is_stopped ? "stopped" : rig->reason,
                                   .digest = rig->digest};
    cr_assert(trace_writer_finish(world.writer, &end, &fault), "%s", fault.message);
    if (states != NULL)
        run_by_steps(rig, arena, states);
    return setup.path;
}

struct trace *rig_open(struct arena *arena, const char *path)
{
    struct fault fault = {0};
    struct trace *trace = trace_open(arena, path, &fault);
    cr_assert(trace != NULL, "%s", fault.message);
    return trace;
}
