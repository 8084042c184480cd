/* Both machines, made alike: the same devices, but for the swap disk, the same content of the
 * system disk, and the same kernel. */
#include "cosim/consis.h"
#include "cosim/lockstep.h"
#include "physical/store.h"

enum { TIMER, SWAP_DISK = CVM_HIDDEN_DEVICE, SERIAL, NETWORK, CONTROLLER, SYSTEM_DISK };

static const struct location nowhere = {0};

/* --- The physical machine --- */

static void see_read(void *self, uint64_t step, uint32_t address, uint32_t word)
{
    struct cosim *cosim = self;
    log_access(cosim, LOG_READ, step, address, word);
    if (cosim->consis != NULL)
        consis_device_read(cosim->consis, address, word);
    patience_note_read(self, (address - BUS_ADDRESS) / BUS_WINDOW_BYTES,
                       address % BUS_WINDOW_BYTES / 4, word);
}

static void see_write(void *self, uint64_t step, uint32_t address, uint32_t word)
{
    struct cosim *cosim = self;
    log_access(cosim, LOG_WRITE, step, address, word);
    if (cosim->consis != NULL)
        consis_device_write(cosim->consis, address, word);
    patience_note_write(self, (address - BUS_ADDRESS) / BUS_WINDOW_BYTES,
                        address % BUS_WINDOW_BYTES / 4, word);
}

static void see_event(void *self, const struct oracle_event *event)
{
    struct cosim *cosim = self;
    const struct cosim_observer *observer = &cosim->setup.observer;
    cosim->is_button_pressed = cosim->is_button_pressed || event->is_reset;
    log_event(cosim, event);
    if (event->is_reset)
        patience_reset(cosim);
    if (observer->event != NULL)
        observer->event(observer->self, event);
    if (!event->is_reset)
        lockstep_tell(cosim, &(struct cosim_moment){.kind = COSIM_EVENT,
                                                    .step = event->step,
                                                    .process = cvm_current(cosim->abstract),
                                                    .device = event->device,
                                                    .number = event->event.kind});
}

static bool load(struct cosim *cosim, struct fault *fault)
{
    const struct image *image = cosim->kernel->image;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *segment = &image->segments[i];
        if (!vamp_machine_load(cosim->processor, segment->address, segment->content))
            return fault_at(fault, nowhere,
                            "%s: the image does not fit into the memory that it is "
                            "for",
                            cosim->kernel->path);
    }
    return true;
}

/* What is beyond the frames, and frames beyond NOISE_END, may hold anything too, but it would cost
 * memory (choice). */
void cosim_fill_memory(const struct cosim_kernel *kernel, struct vamp_machine *processor)
{
    enum { NOISE_END = 1 << 26 };
    uint64_t frames = kernel->first_frame + (uint64_t)kernel->parameters.frame_count;
    uint64_t end = frames * VAMP_PAGE_BYTES < NOISE_END ? frames * VAMP_PAGE_BYTES : NOISE_END;
    for (uint32_t address = kernel->tables; address < end; address += 4)
        vamp_machine_write(processor, address, address * UINT32_C(2654435761));
}

static void set_breakpoints(struct cosim *cosim)
{
    const struct cosim_kernel *kernel = cosim->kernel;
    vamp_machine_break_in_system_mode_only(cosim->processor, true);
    vamp_machine_add_breakpoint(cosim->processor, 0);
    vamp_machine_add_breakpoint(cosim->processor, kernel->exit);
    vamp_machine_add_breakpoint(cosim->processor, kernel->dispatch);
    for (unsigned i = 0; i < CVM_PRIMITIVE_COUNT; i++)
        vamp_machine_add_breakpoint(cosim->processor, kernel->primitives[i]);
}

/* C0 beside the code, where that is wanted. */
static bool make_consis(struct cosim *cosim, struct fault *fault)
{
    const struct cosim_kernel *kernel = cosim->kernel;
    const struct cosim_checks *checks = &cosim->setup.checks;
    struct consis_setup setup = {.certificates = checks->certificates,
                                 .kernel = kernel,
                                 .physical = cosim->physical,
                                 .is_stop = lockstep_is_stop,
                                 .self = cosim};
    if (!checks->consis)
        return true;
    if (setup.certificates == NULL)
        setup.certificates =
            consis_certificates_new(cosim->arena, kernel->concrete, kernel->image, NULL, fault);
    if (setup.certificates == NULL)
        return false;
    cosim->consis = consis_new(cosim->arena, &setup, fault);
    return cosim->consis != NULL;
}

static bool make_physical(struct cosim *cosim, struct fault *fault)
{
    struct arena *arena = cosim->arena;
    struct device_store system = store_overlay_new(arena, cosim->setup.system);
    struct physical_setup setup = {
        .memory_bytes = cosim->kernel->parameters.memory_bytes,
        .bus.devices = {[TIMER] = device_new_timer(arena),
                        [SWAP_DISK] = device_new_disk(arena, swap_store(cosim)),
                        [SERIAL] = device_new_serial(arena, outlet_of_physical(cosim, SERIAL)),
                        [NETWORK] = device_new_network(arena, outlet_of_physical(cosim, NETWORK)),
                        [CONTROLLER] =
                            device_new_controller(arena, outlet_of_physical(cosim, CONTROLLER)),
                        [SYSTEM_DISK] = device_new_disk(arena, system)},
        .oracle = cosim->setup.oracle,
        .observer = {
            .self = cosim, .device_read = see_read, .device_write = see_write, .event = see_event}};
    cosim->physical = physical_new(arena, &setup);
    cosim->processor = physical_processor(cosim->physical);
    if (!load(cosim, fault))
        return false;
    cosim_fill_memory(cosim->kernel, cosim->processor);
    physical_power_up(cosim->physical, 0);
    set_breakpoints(cosim);
    vamp_machine_track_changes(cosim->processor);
    return make_consis(cosim, fault);
}

/* --- The abstract machine --- */

static bool make_abstract(struct cosim *cosim, struct fault *fault)
{
    struct arena *arena = cosim->arena;
    const struct cosim_kernel *kernel = cosim->kernel;
    struct device_store system = store_overlay_new(arena, cosim->setup.system);
    struct cvm_setup setup = {
        .process_count = kernel->parameters.process_count,
        .virtual_pages = kernel->parameters.virtual_pages,
        .kernel = kernel->abstract,
        .limits = c0_limits_default(),
        .devices.devices = {[TIMER] = device_new_timer(arena),
                            [SERIAL] = device_new_serial(arena, outlet_of_abstract(cosim, SERIAL)),
                            [NETWORK] =
                                device_new_network(arena, outlet_of_abstract(cosim, NETWORK)),
                            [CONTROLLER] =
                                device_new_controller(arena, outlet_of_abstract(cosim, CONTROLLER)),
                            [SYSTEM_DISK] = device_new_disk(arena, system)},
        .system_disk = patience_new(cosim, system),
        .observer = {.self = cosim,
                     .primitive_begins = primitive_begins,
                     .primitive_ends = primitive_ends,
                     .before_access = primitive_before_access,
                     .after_access = primitive_after_access},
        .counts_statements = cosim->setup.observer.finished != NULL,
        .is_plain = cosim->setup.checks.is_plain};
    cosim->abstract = cvm_new(arena, &setup, fault);
    return cosim->abstract != NULL;
}

/* --- Both --- */

/* Room on the swap disk for all pages that there could be (docs/CVM.md). */
static bool fits_swap(const struct cosim *cosim, struct fault *fault)
{
    const struct cosim_parameters *parameters = &cosim->kernel->parameters;
    uint32_t sectors = cosim_swap_sector(cosim->kernel, parameters->process_count, 0);
    return cosim->setup.swap.sector_count >= sectors ||
           fault_at(fault, nowhere, "a swap disk of %u sectors; the kernel needs %u",
                    (unsigned)cosim->setup.swap.sector_count, (unsigned)sectors);
}

bool lockstep_make_machines(struct cosim *cosim, struct fault *fault)
{
    if (cosim->kernel->image->entry != 0)
        return fault_at(fault, nowhere,
                        "%s: the image does not begin at address 0, where "
                        "interrupts lead",
                        cosim->kernel->path);
    if (!fits_swap(cosim, fault) || !make_abstract(cosim, fault) || !make_physical(cosim, fault))
        return false;
    struct relation_setup relation = {.kernel = cosim->kernel,
                                      .abstract = cosim->abstract,
                                      .processor = cosim->processor,
                                      .devices = physical_bus(cosim->physical),
                                      .swap = swap_view(cosim),
                                      .counts = &cosim->counts};
    cosim->relation = relation_new(cosim->arena, &relation);
    return true;
}
