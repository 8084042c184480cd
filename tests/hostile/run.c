/* One run of a case, and all that can be seen of it. */
#include "tests/hostile/hostile.h"

#include "base/require.h"

#include <string.h>

enum { LINES_MAX = 64 };

struct watch {
    struct arena *arena;
    const struct hostile *hostile;
    struct record *record;
    bool is_counted;
    struct sink {
        struct watch *watch;
        unsigned device;
    } sinks[BUS_DEVICES];
    struct medium {
        struct watch *watch;
        struct device_store inner;
    } media[BUS_DEVICES];
};

/* ---- what is observed ---- */

static void fold(uint64_t *digest, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        *digest = (*digest ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
}

static void fold_number(uint64_t *digest, uint64_t number)
{
    *digest = (*digest ^ number) * UINT64_C(0x9E3779B97F4A7C15);
    *digest ^= *digest >> 29;
}

static void fold_access(struct watch *watch, uint64_t kind, uint64_t step, uint32_t address,
                        uint32_t word)
{
    uint64_t *digest = &watch->record->observed;
    fold_number(digest, kind << 60 | step);
    fold_number(digest, (uint64_t)address << 32 | word);
}

static void see_read(void *self, uint64_t step, uint32_t address, uint32_t word)
{
    struct watch *watch = self;
    fold_access(watch, 1, step, address, word);
    if (watch->is_counted)
        cover_number("read of device", (address - BUS_ADDRESS) / BUS_WINDOW_BYTES, 1);
}

static void see_write(void *self, uint64_t step, uint32_t address, uint32_t word)
{
    struct watch *watch = self;
    uint32_t device = (address - BUS_ADDRESS) / BUS_WINDOW_BYTES;
    fold_access(watch, 2, step, address, word);
    if (!watch->is_counted)
        return;
    cover_number("write of device", device, 1);
    if ((device == 1 || device == 5) && address % BUS_WINDOW_BYTES == 28)
        cover_number("disk command", word & 0xFF, 1);
}

static void see_lines(void *self, uint64_t step, uint32_t lines)
{
    fold_access(self, 3, step, 0, lines);
}

static void see_event(void *self, const struct oracle_event *event)
{
    struct watch *watch = self;
    fold_access(watch, 4, event->step, event->is_reset ? 99 : event->device, event->event.number);
    if (!event->is_reset)
        fold(&watch->record->observed, event->event.content.at, event->event.content.length);
    if (!watch->is_counted)
        return;
    cover("event", event->is_reset ? "reset" : device_event_name(event->event.kind), 1);
    if (!event->is_reset)
        cover_number("event of device", event->device, 1);
}

static void see_checkpoint(void *self, uint64_t step)
{
    struct watch *watch = self;
    (void)step;
    if (watch->is_counted)
        cover("checkpoint", "seen", 1);
}

static void see_sent(void *self, struct text content)
{
    struct sink *sink = self;
    fold_number(&sink->watch->record->sent, sink->device);
    fold(&sink->watch->record->sent, content.at, content.length);
    if (sink->watch->is_counted)
        cover_number("sent by device", sink->device, 1);
}

/* ---- disks that are watched ---- */

static bool count_sector(const struct medium *medium, const char *what, bool is_done)
{
    if (medium->watch->is_counted)
        cover("sector", is_done ? what : "failed", 1);
    return is_done;
}

static bool read_sector(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct medium *medium = self;
    require(sector < medium->inner.sector_count, "a disk reads where there is something");
    return count_sector(medium, "read", medium->inner.read(medium->inner.self, sector, bytes));
}

static bool write_sector(void *self, uint32_t sector,
                         const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct medium *medium = self;
    require(sector < medium->inner.sector_count, "a disk writes where there is something");
    return count_sector(medium, "written", medium->inner.write(medium->inner.self, sector, bytes));
}

static bool flush(void *self)
{
    struct medium *medium = self;
    return medium->inner.flush(medium->inner.self);
}

static struct device_store watched_store(struct watch *watch, unsigned device)
{
    const struct hostile *hostile = watch->hostile;
    struct medium *medium = &watch->media[device];
    medium->watch = watch;
    medium->inner =
        store_defective_new(watch->arena, store_memory_new(watch->arena, hostile->sectors),
                            hostile->defects, hostile->defect_count);
    return (struct device_store){medium, hostile->sectors, read_sector, write_sector, flush};
}

/* ---- the machine ---- */

static struct bus make_bus(struct watch *watch)
{
    struct bus bus = {0};
    struct device_outlet outlets[BUS_DEVICES];
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        watch->sinks[d] = (struct sink){watch, d};
        outlets[d] = (struct device_outlet){&watch->sinks[d], see_sent};
    }
    bus.devices[0] = device_new_timer(watch->arena);
    bus.devices[1] = device_new_disk(watch->arena, watched_store(watch, 1));
    bus.devices[2] = device_new_serial(watch->arena, outlets[2]);
    bus.devices[3] = device_new_network(watch->arena, outlets[3]);
    bus.devices[4] = device_new_controller(watch->arena, outlets[4]);
    bus.devices[5] = device_new_disk(watch->arena, watched_store(watch, 5));
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if ((watch->hostile->present >> d & 1) == 0)
            bus.devices[d] = NULL;
    }
    return bus;
}

static struct physical *make_machine(struct watch *watch)
{
    const struct hostile *hostile = watch->hostile;
    struct physical_setup setup = {
        .memory_bytes = hostile->memory_bytes,
        .bus = make_bus(watch),
        .oracle = outside_oracle(watch->arena, hostile),
        .observer = {watch, see_read, see_write, see_lines, see_event, see_checkpoint},
        .checkpoint_steps = hostile->checkpoint_steps,
    };
    struct physical *physical = physical_new(watch->arena, &setup);
    struct vamp_machine *machine = physical_processor(physical);
    vamp_machine_load(machine, 0,
                      (struct text){(const char *)hostile->words, hostile->memory_bytes});
    for (size_t i = 0; i < hostile->breakpoint_count; i++)
        vamp_machine_add_breakpoint(machine, hostile->breakpoints[i]);
    physical_power_up(physical, hostile->entry);
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
        bool goes_on = outcome->status == PHYSICAL_LIMIT || outcome->status == PHYSICAL_BREAKPOINT;
        if (outcome->status == PHYSICAL_BREAKPOINT)
            fold_number(&record->breakpoints, now);
        if (!goes_on || now == hostile->max_steps)
            return;
        require(now > done || outcome->status == PHYSICAL_BREAKPOINT, "a run goes on");
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
                 struct record *record)
{
    struct arena *arena = arena_new();
    struct watch watch = {
        .arena = arena, .hostile = hostile, .record = record, .is_counted = is_counted};
    *record = (struct record){0};
    struct physical *physical = make_machine(&watch);
    struct physical_outcome outcome = {0};
    run_on(&watch, physical, manner, &outcome);
    record->status = outcome.status;
    record->diagnosis = outcome.diagnosis;
    record->steps = physical_steps(physical);
    record->state = *vamp_machine_state(physical_processor(physical));
    physical_digest(physical, record->digest);
    require((outcome.status == PHYSICAL_FAILED) == record->fault.is_set, "a failure has its fault");
    if (is_counted && manner != MANNER_STEPS)
        count_end(&watch, physical, &outcome);
    arena_free(arena);
}

/* ---- comparing ---- */

static bool differ(const char *what, uint64_t left, uint64_t right, FILE *out)
{
    if (left == right)
        return false;
    fprintf(out, "    %s: %#llx and %#llx\n", what, (unsigned long long)left,
            (unsigned long long)right);
    return true;
}

static bool states_differ(const struct vamp_state *left, const struct vamp_state *right, FILE *out)
{
    char name[16];
    bool do_differ =
        differ("dpc", left->dpc, right->dpc, out) | differ("pcp", left->pcp, right->pcp, out);
    for (unsigned i = 0; i < VAMP_GPR_COUNT; i++) {
        snprintf(name, sizeof name, "r%u", i);
        do_differ |= differ(name, left->gpr[i], right->gpr[i], out);
        snprintf(name, sizeof name, "s%u", i);
        do_differ |= differ(name, left->spr[i], right->spr[i], out);
    }
    return do_differ;
}

bool record_equals(const struct record *left, const struct record *right, FILE *out)
{
    bool do_differ = differ("status", left->status, right->status, out) |
                     differ("steps", left->steps, right->steps, out) |
                     differ("observed", left->observed, right->observed, out) |
                     differ("sent", left->sent, right->sent, out) |
                     differ("breakpoints", left->breakpoints, right->breakpoints, out) |
                     states_differ(&left->state, &right->state, out);
    if (left->status == PHYSICAL_STOPPED)
        do_differ |=
            differ("stop", left->diagnosis.stop, right->diagnosis.stop, out) |
            differ("stop's dpc", left->diagnosis.dpc, right->diagnosis.dpc, out) |
            differ("stop's word", left->diagnosis.word, right->diagnosis.word, out) |
            differ("stop's address", left->diagnosis.address, right->diagnosis.address, out);
    if (strcmp(left->digest, right->digest) != 0) {
        fprintf(out, "    digest: %s and %s\n", left->digest, right->digest);
        do_differ = true;
    }
    if (strcmp(left->fault.message, right->fault.message) != 0) {
        fprintf(out, "    fault: %s and %s\n", left->fault.message, right->fault.message);
        do_differ = true;
    }
    return !do_differ;
}
