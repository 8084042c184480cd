/* One run of a case. */
#include "tests/hostile/watch.h"

#include "base/require.h"

/* Somebody wants a run to end: it goes on right after. */
static bool is_called_away(void *self)
{
    struct watch *watch = self;
    return watch->is_cut && random_chance(&watch->cuts, 10);
}

static struct physical *make_machine(struct watch *watch)
{
    const struct hostile *hostile = watch->hostile;
    struct physical_setup setup = {
        .memory_bytes = hostile->memory_bytes,
        .bus = watch_bus(watch),
        .oracle = evidence_oracle(watch, outside_oracle(watch->arena, hostile)),
        .observer = watch_observer(watch),
        .is_interrupted = is_called_away,
        .interrupter = watch,
        .checkpoint_steps = watch->trace != NULL ? trace_writer_checkpoint_steps(watch->trace)
                                                 : hostile->checkpoint_steps,
    };
    struct physical *physical = physical_new(watch->arena, &setup);
    struct vamp_machine *machine = physical_processor(physical);
    for (uint32_t at = 0; at < hostile->memory_bytes; at += 4) {
        if (hostile->words[at / 4] != 0)
            vamp_machine_write(machine, at, hostile->words[at / 4]);
    }
    for (size_t i = 0; i < hostile->breakpoint_count; i++)
        vamp_machine_add_breakpoint(machine, hostile->breakpoints[i]);
    physical_power_up(physical, hostile->entry);
    evidence_begin(watch, machine);
    return physical;
}

/* ---- looking at each step ---- */

static bool read_memory(void *self, uint32_t address, uint32_t *word)
{
    return vamp_machine_read(self, address, word);
}

static bool write_nothing(void *self, uint32_t address, uint32_t word)
{
    (void)self, (void)address, (void)word;
    return false;
}

/* The instruction that comes next, if it can be fetched. */
static bool find_next(struct vamp_machine *machine, const struct vamp_memory *memory,
                      struct vamp_insn *insn, uint32_t *stored)
{
    const struct vamp_state *state = vamp_machine_state(machine);
    uint32_t physical, word;
    *stored = UINT32_MAX;
    if (state->dpc % 4 != 0 || !vamp_translate(state, memory, state->dpc, false, &physical) ||
        !vamp_machine_read(machine, physical, &word) || !vamp_decode(word, insn))
        return false;
    bool is_store = insn->op == VAMP_OP_SW || insn->op == VAMP_OP_SH || insn->op == VAMP_OP_SB;
    uint32_t address = (state->gpr[insn->rs1] + insn->immediate) & ~UINT32_C(3);
    if (is_store && vamp_translate(state, memory, address, true, &physical))
        *stored = physical;
    return true;
}

static void count_store(const struct vamp_state *state, uint32_t physical, const uint8_t *executed,
                        uint32_t memory_bytes)
{
    uint32_t table = state->spr[VAMP_SPR_PTO] << 12;
    if (physical < memory_bytes && executed[physical / 4] != 0)
        cover("step", "store to code", 1);
    if (vamp_is_user_mode(state) && physical - table < 4096)
        cover("step", "store to the page table in use", 1);
}

static void count_step(const struct vamp_state *before, const struct vamp_state *after,
                       const struct vamp_insn *insn)
{
    bool was_user = vamp_is_user_mode(before), is_user = vamp_is_user_mode(after);
    bool is_in_slot = before->pcp != before->dpc + 4;
    cover(was_user ? "instruction, user" : "instruction, system", vamp_mnemonic(insn->op), 1);
    cover("step", was_user ? "user" : "system", 1);
    if (is_in_slot)
        cover("step", was_user ? "in a delay slot, user" : "in a delay slot, system", 1);
    if (was_user && !is_user && after->dpc == 0 && after->pcp == 4)
        cover("step", "interrupt from user mode", 1);
    if (insn->op == VAMP_OP_RFE && !was_user && after->dpc == before->spr[VAMP_SPR_EDPC])
        cover("step", is_user ? "rfe to user mode" : "rfe to system mode", 1);
}

static struct physical_outcome step_once(struct watch *watch, struct physical *physical,
                                         uint8_t *executed, struct fault *fault)
{
    struct vamp_machine *machine = physical_processor(physical);
    struct vamp_memory memory = {machine, watch->hostile->memory_bytes, read_memory, write_nothing};
    struct vamp_state before = *vamp_machine_state(machine);
    struct vamp_insn insn;
    uint32_t stored, at;
    bool is_found = find_next(machine, &memory, &insn, &stored);
    if (is_found && vamp_translate(&before, &memory, before.dpc, false, &at) &&
        at < memory.size_bytes)
        executed[at / 4] = 1;
    uint64_t step = physical_steps(physical);
    struct physical_outcome outcome = physical_run(physical, 1, false, fault);
    if (watch->is_counted && is_found && physical_steps(physical) != step) {
        count_step(&before, vamp_machine_state(machine), &insn);
        if (stored != UINT32_MAX)
            count_store(&before, stored, executed, watch->hostile->memory_bytes);
    }
    return outcome;
}

/* ---- the run ---- */

static void run_on(struct watch *watch, struct physical *physical, enum manner manner,
                   struct physical_outcome *outcome)
{
    const struct hostile *hostile = watch->hostile;
    struct record *record = watch->record;
    struct random random = {hostile->seed};
    uint8_t *executed = ARENA_ARRAY(watch->arena, uint8_t, hostile->memory_bytes / 4);
    for (;;) {
        uint64_t done = physical_steps(physical), left = hostile->max_steps - done;
        uint64_t piece = random_between(&random, 1, random_chance(&random, 50) ? 5 : 300);
        if (manner == MANNER_STEPS)
            *outcome = step_once(watch, physical, executed, &record->fault);
        else
            *outcome =
                physical_run(physical, manner == MANNER_PIECES && piece < left ? piece : left,
                             manner == MANNER_PLAIN, &record->fault);
        uint64_t now = physical_steps(physical);
        require(now <= hostile->max_steps, "a run ends at its limit");
        bool is_called = outcome->status == PHYSICAL_INTERRUPTED;
        bool goes_on = is_called || outcome->status == PHYSICAL_LIMIT ||
                       outcome->status == PHYSICAL_BREAKPOINT;
        if (outcome->status == PHYSICAL_BREAKPOINT)
            watch_fold(&record->breakpoints, now);
        if (!goes_on || (now == hostile->max_steps && !is_called))
            return;
        require(now > done || is_called || outcome->status == PHYSICAL_BREAKPOINT, "a run goes on");
    }
}

static void count_end(const struct watch *watch, struct physical *physical,
                      const struct physical_outcome *outcome)
{
    struct vamp_machine *machine = physical_processor(physical);
    cover("end", physical_status_name(outcome->status), 1);
    if (watch->record->breakpoints != 0)
        cover("end", "breakpoint", 1);
    if (outcome->status == PHYSICAL_STOPPED)
        cover("stop", vamp_diagnosis_name(&outcome->diagnosis), 1);
    for (unsigned cause = 0; cause < VAMP_INTERRUPT_COUNT; cause++)
        cover("interrupt", vamp_interrupt_name((enum vamp_interrupt)cause),
              vamp_machine_interrupts(machine, cause));
    for (uint32_t i = 0; i < 0x2000; i++) {
        uint32_t word;
        if (!vamp_machine_read(machine, 4 * i, &word) || word == watch->hostile->words[i])
            continue;
        cover("image", "rewrote its code", 1);
        break;
    }
    cover("steps", "all", physical_steps(physical));
}

void hostile_run(const struct hostile *hostile, enum manner manner, bool is_counted,
                 const struct evidence *evidence, struct record *record)
{
    struct arena *arena = arena_new();
    struct watch watch = {.arena = arena,
                          .hostile = hostile,
                          .record = record,
                          .is_counted = is_counted,
                          .evidence = evidence,
                          .is_cut = manner == MANNER_PIECES,
                          .cuts = {hostile->seed + 1}};
    *record = (struct record){0};
    evidence_open(&watch);
    struct physical *physical = make_machine(&watch);
    struct physical_outcome outcome = {0};
    run_on(&watch, physical, manner, &outcome);
    record->status = outcome.status;
    record->diagnosis = outcome.diagnosis;
    record->steps = physical_steps(physical);
    record->state = *vamp_machine_state(physical_processor(physical));
    physical_digest(physical, record->digest);
    require((outcome.status == PHYSICAL_FAILED) == record->fault.is_set, "a failure has its fault");
    evidence_end(&watch);
    if (is_counted && manner != MANNER_STEPS)
        count_end(&watch, physical, &outcome);
    arena_free(arena);
}
