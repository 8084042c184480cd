/* Processes as virtual machines: a VAMP in user mode whose page table maps its pages to
 * themselves. */
#include "semantics/cvm/state.h"

#include "base/require.h"

enum { PAGE_WORDS = VAMP_PAGE_BYTES / 4, ENTRY_VALID = 1 << 11 };

/* A process has what a processor shows in user mode. */
static const enum vamp_spr user_registers[] = {VAMP_SPR_RM, VAMP_SPR_IEEEF, VAMP_SPR_FCC};
enum { USER_REGISTERS = sizeof user_registers / sizeof *user_registers };

bool process_exists(const struct cvm *cvm, uint32_t p)
{
    return p != CVM_IDLE && p < cvm->setup.process_count;
}

/* --- What has changed --- */

static void note_process(struct cvm *cvm, uint32_t p)
{
    if (!cvm->processes[p].is_listed)
        ARRAY_PUSH(cvm->arena, &cvm->changed, p);
    cvm->processes[p].is_listed = true;
}

static void note_memory(struct cvm *cvm, uint32_t p)
{
    if (!cvm->processes[p].is_memory_listed)
        ARRAY_PUSH(cvm->arena, &cvm->changed_memory, p);
    cvm->processes[p].is_memory_listed = true;
}

/* --- Memory --- */

static void write_word(struct process *process, uint32_t address, uint32_t word)
{
    bool is_there = vamp_machine_write(process->machine, address, word);
    require(is_there, "a word of the process's machine");
}

static uint32_t read_word(const struct process *process, uint32_t address)
{
    uint32_t word = 0;
    bool is_there = vamp_machine_read(process->machine, address, &word);
    require(is_there, "a word of the process's machine");
    return word;
}

static void set_entry(struct process *process, uint32_t v, bool is_valid)
{
    write_word(process, process->capacity * VAMP_PAGE_BYTES + 4 * v,
               is_valid ? v * VAMP_PAGE_BYTES | ENTRY_VALID : 0);
}

/* Lines are noted by writing to them what is there. */
static void touch_line(void *self, uint32_t address)
{
    struct process *process = self;
    if (address < process->pages * VAMP_PAGE_BYTES)
        write_word(process, address, read_word(process, address));
}

static uint32_t larger_capacity(const struct cvm *cvm, uint32_t capacity, uint32_t pages)
{
    while (capacity < pages)
        capacity = capacity == 0 ? 1 : 2 * capacity;
    return capacity < cvm->setup.virtual_pages ? capacity : cvm->setup.virtual_pages;
}

/* Lines of all devices; SR masks them. */
static uint32_t lines_of_devices(void *self)
{
    struct cvm *cvm = self;
    return bus_lines(&cvm->setup.devices) << VAMP_INTERRUPT_DEVICE_0;
}

/* A machine with room for so many pages, and all that the present one has. Machines grow by
 * doubling and stay with their number, as the arena gives nothing back. */
static void make_room(struct cvm *cvm, struct process *process, uint32_t pages)
{
    if (process->machine != NULL && pages <= process->capacity)
        return;
    struct process before = *process;
    process->capacity = larger_capacity(cvm, before.capacity, pages == 0 ? 1 : pages);
    process->machine =
        vamp_machine_new(cvm->arena, (process->capacity + 1) * (uint32_t)VAMP_PAGE_BYTES);
    struct vamp_bus bus = {.self = cvm, .lines = lines_of_devices};
    vamp_machine_connect(process->machine, bus);
    vamp_machine_stop_at_interrupts(process->machine, true);
    for (uint32_t address = 0; address < process->pages * VAMP_PAGE_BYTES; address += 4)
        write_word(process, address, read_word(&before, address));
    for (uint32_t v = 0; v < process->pages; v++)
        set_entry(process, v, true);
    vamp_machine_track_changes(process->machine);
    if (before.machine != NULL)
        vamp_machine_each_changed_line(before.machine, touch_line, process);
}

/* All words of page v are zero, and all its lines changed. */
static void clear_page(struct process *process, uint32_t v)
{
    uint32_t first = v * VAMP_PAGE_BYTES;
    for (uint32_t address = first; address < first + VAMP_PAGE_BYTES; address += 4) {
        bool begins_line = address % VAMP_LINE_BYTES == 0;
        if (begins_line || read_word(process, address) != 0)
            write_word(process, address, 0);
    }
}

static void give_up_page(struct process *process, uint32_t v)
{
    set_entry(process, v, false);
    if (process->is_lost != NULL)
        process->is_lost[v] = false;
}

void process_resize(struct cvm *cvm, uint32_t p, uint32_t pages)
{
    struct process *process = &cvm->processes[p];
    require(pages <= cvm->setup.virtual_pages, "as many pages as a process can have");
    if (pages == process->pages)
        return;
    make_room(cvm, process, pages);
    for (uint32_t v = pages; v < process->pages; v++)
        give_up_page(process, v);
    for (uint32_t v = process->pages; v < pages; v++) {
        clear_page(process, v);
        set_entry(process, v, true);
    }
    process->pages = pages;
    note_process(cvm, p);
    note_memory(cvm, p);
}

uint32_t process_read(const struct cvm *cvm, uint32_t p, uint32_t address)
{
    return read_word(&cvm->processes[p], address);
}

void process_write(struct cvm *cvm, uint32_t p, uint32_t address, uint32_t word)
{
    struct process *process = &cvm->processes[p];
    if (process_page_is_lost(process, address / VAMP_PAGE_BYTES))
        return;
    write_word(process, address, word);
    note_memory(cvm, p);
}

bool process_page_is_lost(const struct process *process, uint32_t v)
{
    return process->is_lost != NULL && process->is_lost[v];
}

void process_lose_page(struct cvm *cvm, uint32_t p, uint32_t v)
{
    struct process *process = &cvm->processes[p];
    if (process->is_lost == NULL)
        process->is_lost = ARENA_ARRAY(cvm->arena, bool, cvm->setup.virtual_pages);
    clear_page(process, v);
    process->is_lost[v] = true;
    process->has_lost = true;
    note_memory(cvm, p);
}

/* --- The whole process --- */

void process_reset(struct cvm *cvm, uint32_t p)
{
    struct process *process = &cvm->processes[p];
    process_resize(cvm, p, 0);
    process->registers = (struct vamp_state){.dpc = 0, .pcp = 4};
    process->has_lost = false;
    note_process(cvm, p);
}

void process_clone(struct cvm *cvm, uint32_t dst, uint32_t src)
{
    const struct process *from = &cvm->processes[src];
    struct process *to = &cvm->processes[dst];
    process_reset(cvm, dst);
    process_resize(cvm, dst, from->pages);
    to->registers = from->registers;
    for (uint32_t address = 0; address < from->pages * VAMP_PAGE_BYTES; address += 4) {
        uint32_t word = read_word(from, address);
        if (word != 0)
            write_word(to, address, word);
    }
    for (uint32_t v = 0; v < from->pages; v++)
        to->has_lost = to->has_lost || process_page_is_lost(from, v);
}

void process_set_gpr(struct cvm *cvm, uint32_t p, uint32_t r, uint32_t word)
{
    if (r == 0)
        return;
    cvm->processes[p].registers.gpr[r] = word;
    note_process(cvm, p);
}

/* --- Execution --- */

/* User mode, the page table, the mask, and overflows enabled. PTL = 0 stands for no pages, as entry
 * 0 is not valid then. */
static void enter(const struct cvm *cvm, const struct process *process)
{
    struct vamp_state *state = vamp_machine_state(process->machine);
    *state = process->registers;
    state->spr[VAMP_SPR_MODE] = 1;
    state->spr[VAMP_SPR_SR] = cvm->mask << VAMP_INTERRUPT_DEVICE_0 | UINT32_C(1)
                                                                         << VAMP_INTERRUPT_OVF;
    state->spr[VAMP_SPR_PTO] = process->capacity;
    state->spr[VAMP_SPR_PTL] = process->pages == 0 ? 0 : process->pages - 1;
}

static void leave(struct process *process)
{
    const struct vamp_state *state = vamp_machine_state(process->machine);
    struct vamp_state *registers = &process->registers;
    registers->dpc = state->dpc;
    registers->pcp = state->pcp;
    for (unsigned r = 0; r < VAMP_GPR_COUNT; r++)
        registers->gpr[r] = state->gpr[r];
    for (unsigned i = 0; i < USER_REGISTERS; i++)
        registers->spr[user_registers[i]] = state->spr[user_registers[i]];
}

static bool read_any(void *machine, uint32_t address, uint32_t *word)
{
    return vamp_machine_read(machine, address, word);
}

static bool write_any(void *machine, uint32_t address, uint32_t word)
{
    return vamp_machine_write(machine, address, word);
}

/* The instruction that is interrupted. Its interrupt leaves the program counters of who is to go on
 * in EDPC and EPC. EDATA was 0: it stays so where no cause has data. */
static void step_interrupted(struct cvm *cvm, struct process *process, struct cvm_outcome *outcome)
{
    struct vamp_diagnosis diagnosis;
    struct vamp_state *state = vamp_machine_state(process->machine);
    struct vamp_memory memory = {process->machine, vamp_machine_memory_bytes(process->machine),
                                 read_any, write_any};
    bool is_done = vamp_step(state, &memory, lines_of_devices(cvm), &diagnosis);
    require(is_done && diagnosis.interrupts != 0, "the step ends in an interrupt, as announced");
    outcome->eca = state->spr[VAMP_SPR_ECA];
    outcome->edata = state->spr[VAMP_SPR_EDATA];
    state->dpc = state->spr[VAMP_SPR_EDPC];
    state->pcp = state->spr[VAMP_SPR_EPC];
}

bool process_run(struct cvm *cvm, uint32_t p, uint64_t max_steps, struct cvm_outcome *outcome)
{
    struct process *process = &cvm->processes[p];
    make_room(cvm, process, process->pages);
    note_process(cvm, p);
    note_memory(cvm, p);
    enter(cvm, process);
    struct vamp_run run = cvm->setup.is_plain ? vamp_machine_run_plain(process->machine, max_steps)
                                              : vamp_machine_run(process->machine, max_steps);
    bool is_interrupted = run.status == VAMP_RUN_STOPPED;
    require(is_interrupted ? run.diagnosis.stop == VAMP_STOP_INTERRUPT
                           : run.status == VAMP_RUN_LIMIT,
            "user mode stops for interrupts only");
    if (is_interrupted)
        step_interrupted(cvm, process, outcome);
    leave(process);
    outcome->steps = run.steps + is_interrupted;
    return is_interrupted;
}
