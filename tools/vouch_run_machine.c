#include "tools/vouch_run_machine.h"

#include "base/file.h"
#include "gdb/server.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { TIMER = 0, SWAP_DISK = 1, SERIAL = 2, NETWORK = 3, CONTROLLER = 4, SYSTEM_DISK = 5 };

static const struct location nowhere = {0};

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

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = note_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

/* --- Disks --- */

/* FILE, FILE,snapshot or FILE,read-only */
static const char *parse_disk(struct arena *arena, const char *value, enum store_mode *mode)
{
    const char *comma = strrchr(value, ',');
    *mode = STORE_READ_WRITE;
    if (comma != NULL && strcmp(comma, ",snapshot") == 0)
        *mode = STORE_SNAPSHOT;
    else if (comma != NULL && strcmp(comma, ",read-only") == 0)
        *mode = STORE_READ_ONLY;
    else
        return value;
    return arena_copy(arena, value, (size_t)(comma - value));
}

static bool open_disk(struct run_machine *machine, unsigned d, const char *value,
                      struct device_store *store, struct fault *fault)
{
    enum store_mode mode;
    const char *path = parse_disk(machine->arena, value, &mode);
    machine->files[d] = store_file_open(machine->arena, path, mode, store, fault);
    return machine->files[d] != NULL;
}

/* --- Devices --- */

static void print_serial(void *self, struct text content)
{
    (void)self;
    fwrite(content.at, 1, content.length, stdout);
    fflush(stdout);
}

static void drop(void *self, struct text content)
{
    (void)self, (void)content;
}

/* The disks of a live run; the recorder has to know of them before their stores are watched. */
static bool open_disks(struct run_machine *machine, struct device_store stores[BUS_DEVICES],
                       struct fault *fault)
{
    const struct run_options *options = machine->options;
    const char *const values[BUS_DEVICES] = {
        [SWAP_DISK] = options->swap,
        [SYSTEM_DISK] = options->disk,
    };
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (values[d] != NULL && !open_disk(machine, d, values[d], &stores[d], fault))
            return false;
    }
    return true;
}

static void find_recorded_disks(struct run_machine *machine,
                                struct device_store stores[BUS_DEVICES])
{
    const struct recording_setup *recorded = recording_setup(machine->recording);
    static const unsigned disks[] = {SWAP_DISK, SYSTEM_DISK};
    for (unsigned i = 0; i < sizeof disks / sizeof disks[0]; i++) {
        if (recorded->devices[disks[i]].sector_count != 0)
            stores[disks[i]] = recording_store(machine->recording, machine->arena, disks[i]);
    }
}

static struct bus make_bus(struct run_machine *machine,
                           const struct device_store stores[BUS_DEVICES])
{
    struct arena *arena = machine->arena;
    const char *serial = machine->options->serial;
    bool is_printed = serial == NULL || strcmp(serial, "stdio") == 0;
    struct device_outlet printer = {NULL, is_printed ? print_serial : drop}, nobody = {NULL, drop};
    struct bus bus = {{
        [TIMER] = device_new_timer(arena),
        [SERIAL] = device_new_serial(arena, printer),
        [NETWORK] = device_new_network(arena, nobody),
        [CONTROLLER] = device_new_controller(arena, nobody),
    }};
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (stores[d].sector_count != 0)
            bus.devices[d] = device_new_disk(arena, stores[d]);
    }
    return bus;
}

/* --- Recordings --- */

static struct recording_setup describe(const struct image *image, uint32_t memory_bytes,
                                       const struct bus *bus,
                                       const struct device_store stores[BUS_DEVICES])
{
    struct recording_setup setup = {.memory_bytes = memory_bytes};
    snprintf(setup.image_digest, sizeof setup.image_digest, "%s", image->digest);
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        struct recording_device *device = &setup.devices[d];
        if (bus->devices[d] != NULL)
            snprintf(device->name, sizeof device->name, "%s", bus->devices[d]->class->name);
        device->sector_count = stores[d].sector_count;
    }
    return setup;
}

static bool load_recording(struct run_machine *machine, struct fault *fault)
{
    const struct run_options *options = machine->options;
    struct location where = {options->replay, 0, 0};
    struct text file;
    if (!file_read(machine->arena, options->replay, &file, fault))
        return false;
    machine->recording = recording_parse(machine->arena, options->replay, file, fault);
    if (machine->recording == NULL)
        return false;
    const struct recording_setup *recorded = recording_setup(machine->recording);
    if (strcmp(recorded->image_digest, machine->image->digest) != 0)
        return fault_at(fault, where, "the recording is of another image (sha256 %s)",
                        recorded->image_digest);
    if (options->memory_bytes != 0 && options->memory_bytes != recorded->memory_bytes)
        return fault_at(fault, where, "the recording is of a machine with %u bytes of memory",
                        recorded->memory_bytes);
    return true;
}

/* Whether the devices are those of the recording. */
static bool check_devices(const struct run_machine *machine, const struct recording_setup *setup,
                          struct fault *fault)
{
    const struct recording_setup *recorded = recording_setup(machine->recording);
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        const struct recording_device *here = &setup->devices[d], *there = &recorded->devices[d];
        if (strcmp(here->name, there->name) != 0 || here->sector_count != there->sector_count)
            return fault_at(fault, (struct location){machine->options->replay, 0, 0},
                            "device %u of the recorded machine is not one of this program's", d);
    }
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
    struct oracle *oracle = oracle_new_seeded(machine->arena, &seed);
    return machine->recorder == NULL ? oracle : recorder_oracle(machine->recorder, oracle);
}

/* --- The processor --- */

static uint32_t memory_bytes(const struct run_machine *machine)
{
    if (machine->recording != NULL)
        return recording_setup(machine->recording)->memory_bytes;
    uint64_t asked = machine->options->memory_bytes;
    return asked == 0 ? VAMP_MEMORY_BYTES_DEFAULT : (uint32_t)asked;
}

static bool check_fit(const struct image *image, uint32_t size_bytes, struct fault *fault)
{
    struct location where = {image->path, 0, 0};
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *segment = &image->segments[i];
        uint64_t end = (uint64_t)segment->address + segment->size_bytes;
        if (end > size_bytes)
            return fault_at(fault, where,
                            "the image needs memory up to 0x%08llx, and the machine has %u bytes; "
                            "see --memory",
                            (unsigned long long)end, size_bytes);
    }
    if (image->entry % 4 != 0 || image->entry >= size_bytes)
        return fault_at(fault, where, "the entry 0x%08x is no place for an instruction",
                        image->entry);
    return true;
}

static void load_image(const struct run_machine *machine)
{
    for (size_t i = 0; i < machine->image->segment_count; i++)
        vamp_machine_load(physical_processor(machine->physical),
                          machine->image->segments[i].address, machine->image->segments[i].content);
    physical_power_up(machine->physical, machine->image->entry);
}

/* --- All together --- */

/* Around the stores of a live run; a replayed one is not recorded again. */
static bool begin_recording(struct run_machine *machine, const struct recording_setup *setup,
                            struct fault *fault)
{
    const char *path = machine->options->record;
    if (path != NULL)
        machine->recorder = recorder_new(machine->arena, path, setup, fault);
    return path == NULL || machine->recorder != NULL;
}

static void watch_disks(struct run_machine *machine, struct bus *bus,
                        const struct device_store stores[BUS_DEVICES])
{
    for (unsigned d = 0; d < BUS_DEVICES && machine->recorder != NULL; d++) {
        if (stores[d].sector_count != 0)
            bus->devices[d] = device_new_disk(
                machine->arena, store_observed_new(machine->arena, stores[d],
                                                   recorder_store(machine->recorder, d)));
    }
}

static bool load_inputs(struct run_machine *machine, struct fault *fault)
{
    machine->image = image_load(machine->arena, machine->options->image, IMAGE_MACHINE_VAMP, fault);
    return machine->image != NULL &&
           (machine->options->replay == NULL || load_recording(machine, fault)) &&
           check_fit(machine->image, memory_bytes(machine), fault);
}

bool run_machine_build(struct run_machine *machine, struct arena *arena,
                       const struct run_options *options, const struct physical_observer *observer,
                       uint64_t checkpoint_steps, struct fault *fault)
{
    struct device_store stores[BUS_DEVICES] = {0};
    *machine = (struct run_machine){.arena = arena, .options = options};
    if (!load_inputs(machine, fault))
        return false;
    if (machine->recording != NULL)
        find_recorded_disks(machine, stores);
    else if (!open_disks(machine, stores, fault))
        return false;
    struct bus bus = make_bus(machine, stores);
    struct recording_setup setup = describe(machine->image, memory_bytes(machine), &bus, stores);
    if (machine->recording != NULL && !check_devices(machine, &setup, fault))
        return false;
    if (!begin_recording(machine, &setup, fault))
        return false;
    watch_disks(machine, &bus, stores);
    struct physical_setup physical = {
        .memory_bytes = memory_bytes(machine),
        .bus = bus,
        .oracle = make_oracle(machine),
        .observer = *observer,
        .checkpoint_steps = checkpoint_steps,
        .is_interrupted = is_interrupted,
        .interrupter = machine,
    };
    catch_signals();
    machine->physical = physical_new(arena, &physical);
    load_image(machine);
    return true;
}

bool run_machine_find(const struct run_machine *machine, const char *place, uint32_t *address,
                      struct fault *fault)
{
    if (text_to_word(text_of(place), address))
        return true;
    const struct image_symbol *symbol = image_symbol(machine->image, place, NULL);
    if (symbol == NULL)
        return fault_at(fault, nowhere, "--break: the image has no symbol '%s'", place);
    *address = symbol->address;
    return true;
}

bool run_machine_close(struct run_machine *machine, const struct recording_end *end,
                       struct fault *fault)
{
    bool is_recorded = machine->recorder == NULL || recorder_close(machine->recorder, end, fault);
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (machine->files[d] != NULL)
            store_file_close(machine->files[d]);
    }
    return is_recorded;
}
