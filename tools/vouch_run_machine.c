#include "tools/vouch_run_machine.h"

#include "base/file.h"
#include "gdb/server.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* --- Interruption --- */

static volatile sig_atomic_t was_signalled;

static void note_signal(int number)
{
    (void)number;
    was_signalled = 1;
}

bool run_machine_is_signalled(void *self)
{
    (void)self;
    return was_signalled != 0;
}

static bool is_interrupted(void *self)
{
    const struct run_machine *machine = self;
    bool is_called = machine->gdb != NULL && gdb_server_is_calling(machine->gdb);
    return is_called || run_machine_is_signalled(NULL);
}

/* Without SA_RESTART: a signal ends every wait. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = note_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

/* --- Recordings --- */

static struct location place_of(const char *path)
{
    return (struct location){path, 0, 0};
}

static bool load_recording(struct run_machine *machine, struct fault *fault)
{
    const struct run_options *options = machine->options;
    struct text file;
    if (!file_read(machine->arena, options->replay, &file, fault))
        return false;
    machine->recording = recording_parse(machine->arena, options->replay, file, fault);
    if (machine->recording == NULL)
        return false;
    const struct recording_setup *recorded = recording_setup(machine->recording);
    if (strcmp(recorded->image_digest, machine->image->digest) != 0)
        return fault_at(fault, place_of(options->replay),
                        "the recording is of another image (sha256 %s)", recorded->image_digest);
    if (recorded->memory_bytes > RUN_MEMORY_BYTES_LIMIT)
        return fault_at(fault, place_of(options->replay),
                        "the recording is of a machine with more memory than any: %u bytes",
                        recorded->memory_bytes);
    if (options->memory_bytes != 0 && options->memory_bytes != recorded->memory_bytes)
        return fault_at(fault, place_of(options->replay),
                        "the recording is of a machine with %u bytes of memory",
                        recorded->memory_bytes);
    return true;
}

static uint32_t memory_bytes(const struct run_machine *machine)
{
    if (machine->recording != NULL)
        return recording_setup(machine->recording)->memory_bytes;
    uint64_t asked = machine->options->memory_bytes;
    return asked == 0 ? VAMP_MEMORY_BYTES_DEFAULT : (uint32_t)asked;
}

static struct recording_setup describe(const struct run_machine *machine, const struct bus *bus)
{
    struct recording_setup setup = {.memory_bytes = memory_bytes(machine)};
    snprintf(setup.image_digest, sizeof setup.image_digest, "%s", machine->image->digest);
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        struct recording_device *device = &setup.devices[d];
        if (bus->devices[d] != NULL)
            snprintf(device->name, sizeof device->name, "%s", bus->devices[d]->class->name);
        device->sector_count = machine->outside.stores[d].sector_count;
    }
    return setup;
}

/* Whether the devices are those of the recording. */
static bool check_devices(const struct run_machine *machine, const struct recording_setup *setup,
                          struct fault *fault)
{
    const struct recording_setup *recorded = recording_setup(machine->recording);
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        const struct recording_device *here = &setup->devices[d], *there = &recorded->devices[d];
        if (strcmp(here->name, there->name) != 0 || here->sector_count != there->sector_count)
            return fault_at(fault, place_of(machine->options->replay),
                            "device %u of the recorded machine is not one of this program's", d);
    }
    return true;
}

/* From here on the recorder sees what the disks give. */
static void watch_disks(struct run_machine *machine)
{
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        struct device_store *store = &machine->outside.stores[d];
        if (store->sector_count != 0)
            *store =
                store_observed_new(machine->arena, *store, recorder_store(machine->recorder, d));
    }
}

/* Devices are made once to see what there is to be recorded, and then with a recorder behind. */
static bool make_devices(struct run_machine *machine, struct bus *bus, struct fault *fault)
{
    *bus = run_outside_bus(&machine->outside, machine->arena);
    struct recording_setup setup = describe(machine, bus);
    if (machine->recording != NULL)
        return check_devices(machine, &setup, fault);
    if (machine->options->record == NULL)
        return true;
    machine->recorder = recorder_new(machine->arena, machine->options->record, &setup, fault);
    if (machine->recorder == NULL)
        return false;
    watch_disks(machine);
    *bus = run_outside_bus(&machine->outside, machine->arena);
    return true;
}

/* --- The oracle --- */

static struct oracle *make_oracle(struct run_machine *machine)
{
    const struct run_options *options = machine->options;
    if (machine->recording != NULL)
        return recording_oracle(machine->recording);
    struct oracle_seed seed = {
        .seed = options->seed,
        .tick_steps = options->tick_steps,
        .done_steps = options->done_steps,
        .poll_steps = options->poll_steps,
        .is_jittered = options->is_jittered,
        .idle_steps_per_second = options->idle_rate,
        .has_reset = options->has_reset,
        .reset_step = options->reset_step,
    };
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (machine->outside.hosts[d] != NULL)
            seed.inlets[d] = machine->outside.hosts[d]->inlet;
    }
    struct oracle *oracle = oracle_new_seeded(machine->arena, &seed);
    return machine->recorder == NULL ? oracle : recorder_oracle(machine->recorder, oracle);
}

/* --- The processor --- */

static bool check_fit(const struct image *image, uint32_t size_bytes, struct fault *fault)
{
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *segment = &image->segments[i];
        uint64_t end = (uint64_t)segment->address + segment->size_bytes;
        if (end > size_bytes)
            return fault_at(fault, place_of(image->path),
                            "the image needs memory up to 0x%08llx, and the machine has %u bytes; "
                            "see --memory",
                            (unsigned long long)end, size_bytes);
    }
    if (image->entry % 4 != 0 || image->entry >= size_bytes)
        return fault_at(fault, place_of(image->path),
                        "the entry 0x%08x is no place for an instruction", image->entry);
    return true;
}

static uint64_t steps_done(void *self)
{
    return physical_steps(self);
}

static void make_processor(struct run_machine *machine, const struct physical_setup *setup)
{
    const struct image *image = machine->image;
    machine->physical = physical_new(machine->arena, setup);
    for (size_t i = 0; i < image->segment_count; i++)
        vamp_machine_load(physical_processor(machine->physical), image->segments[i].address,
                          image->segments[i].content);
    physical_power_up(machine->physical, image->entry);
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        struct host *host = machine->outside.hosts[d];
        if (host == NULL)
            continue;
        host->clock = (struct host_clock){machine->physical, steps_done};
        host->interrupter = (struct host_interrupter){NULL, run_machine_is_signalled};
    }
}

/* --- All together --- */

static bool load_inputs(struct run_machine *machine, struct fault *fault)
{
    const struct run_options *options = machine->options;
    machine->image = image_load(machine->arena, options->image, IMAGE_MACHINE_VAMP, fault);
    return machine->image != NULL && (options->replay == NULL || load_recording(machine, fault)) &&
           check_fit(machine->image, memory_bytes(machine), fault);
}

bool run_machine_open(struct run_machine *machine, struct arena *arena,
                      const struct run_options *options, struct fault *fault)
{
    *machine = (struct run_machine){.arena = arena, .options = options};
    if (!load_inputs(machine, fault))
        return false;
    catch_signals();
    return run_outside_open(&machine->outside, arena, options, machine->recording, fault);
}

bool run_machine_build(struct run_machine *machine, const struct physical_observer *observer,
                       uint64_t checkpoint_steps, struct fault *fault)
{
    struct bus bus;
    if (!make_devices(machine, &bus, fault))
        return false;
    struct physical_setup setup = {
        .memory_bytes = memory_bytes(machine),
        .bus = bus,
        .oracle = make_oracle(machine),
        .observer = *observer,
        .checkpoint_steps = checkpoint_steps,
        .is_interrupted = is_interrupted,
        .interrupter = machine,
    };
    make_processor(machine, &setup);
    return true;
}

/* A global symbol, or else the local ones of that name, of which there should be one. */
static const struct image_symbol *find_symbol(const struct image *image, const char *name,
                                              size_t *count)
{
    const struct image_symbol *found = image_symbol(image, name, NULL);
    *count = found != NULL;
    for (size_t i = 0; found == NULL && i < image->symbol_count; i++)
        *count += strcmp(image->symbols[i].name, name) == 0;
    for (size_t i = 0; found == NULL && i < image->symbol_count; i++)
        found = strcmp(image->symbols[i].name, name) == 0 ? &image->symbols[i] : NULL;
    return found;
}

bool run_machine_find(const struct run_machine *machine, const char *place, uint32_t *address,
                      struct fault *fault)
{
    size_t count;
    if (text_to_word(text_of(place), address))
        return true;
    const struct image_symbol *symbol = find_symbol(machine->image, place, &count);
    if (count != 1)
        return fault_at(fault, (struct location){0}, "--break: the image has %s symbol '%s'%s",
                        count == 0 ? "no" : "more than one", place,
                        count == 0 ? "" : "; give an address");
    *address = symbol->address;
    return true;
}

bool run_machine_close(struct run_machine *machine, const struct recording_end *end,
                       struct fault *fault)
{
    bool is_recorded = machine->recorder == NULL || recorder_close(machine->recorder, end, fault);
    return run_outside_close(&machine->outside, fault) && is_recorded;
}
