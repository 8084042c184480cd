#include "tests/kernel/machine/kernel_machine.h"

#include "base/require.h"

enum { SWAP_DISK = 1, SYSTEM_DISK = 5, RFE = 63 };

static const struct location nowhere = {0};

static bool find_object(const struct image *image, const char *name, const char *file,
                        uint32_t *address, struct fault *fault)
{
    const struct image_symbol *symbol = image_symbol(image, name, file);
    if (symbol == NULL)
        return fault_at(fault, nowhere, "the kernel has no %s", name);
    *address = symbol->address;
    return true;
}

/* The one rfe of the kernel. */
static bool find_exit(const struct image *image, uint32_t *address, struct fault *fault)
{
    uint32_t word, count = 0;
    for (uint32_t at = 0; image_is_executable(image, at) && image_word(image, at, &word); at += 4) {
        if (word >> 26 == RFE) {
            *address = at;
            count++;
        }
    }
    return count == 1 || fault_at(fault, nowhere, "the kernel has %u rfe", count);
}

static void send(void *self, struct text content)
{
    struct kernel_machine *machine = self;
    text_append_bytes(&machine->serial, content.at, content.length);
}

static void send_nowhere(void *self, struct text content)
{
    (void)self, (void)content;
}

static struct bus make_bus(struct kernel_machine *machine)
{
    struct arena *arena = machine->arena;
    const struct device_outlet outlet = {machine, send}, nobody = {NULL, send_nowhere};
    return (struct bus){
        .devices = {device_new_timer(arena), device_new_disk(arena, machine->swap),
                    device_new_serial(arena, outlet), device_new_network(arena, nobody),
                    device_new_controller(arena, nobody), device_new_disk(arena, machine->system)}};
}

bool kernel_machine_new(struct kernel_machine *machine, struct arena *arena,
                        const struct kernel_machine_setup *setup, struct fault *fault)
{
    const struct image *image = image_load(arena, setup->image, IMAGE_MACHINE_VAMP, fault);
    if (image == NULL)
        return false;
    *machine = (struct kernel_machine){.arena = arena,
                                       .image = image,
                                       .swap = setup->swap,
                                       .system = setup->system,
                                       .serial = {.arena = arena}};
    if (!find_exit(image, &machine->exit, fault) ||
        !find_object(image, "current", "kernel/cvm/dispatch.c0", &machine->current, fault) ||
        !find_object(image, "page_count", "kernel/cvm/memory.c0", &machine->page_count, fault))
        return false;
    struct oracle_seed seed = {.seed = setup->seed,
                               .tick_steps = setup->tick_steps,
                               .done_steps = setup->done_steps,
                               .poll_steps = 10000,
                               .is_jittered = true};
    struct physical_setup physical = {.memory_bytes = MEMORY_BYTES,
                                      .bus = make_bus(machine),
                                      .oracle = oracle_new_seeded(arena, &seed)};
    machine->physical = physical_new(arena, &physical);
    machine->processor = physical_processor(machine->physical);
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *segment = &image->segments[i];
        if (!vamp_machine_load(machine->processor, segment->address, segment->content))
            return fault_at(fault, nowhere, "the kernel does not fit its memory");
    }
    physical_power_up(machine->physical, image->entry);
    vamp_machine_add_breakpoint(machine->processor, 0);
    vamp_machine_add_breakpoint(machine->processor, machine->exit);
    return true;
}

uint32_t kernel_machine_word(const struct kernel_machine *machine, uint32_t address)
{
    uint32_t word = 0;
    require(vamp_machine_read(machine->processor, address, &word), "the address is in memory");
    return word;
}

uint32_t kernel_machine_current(const struct kernel_machine *machine)
{
    return kernel_machine_word(machine, machine->current);
}

uint32_t kernel_machine_pages(const struct kernel_machine *machine, uint32_t p)
{
    return kernel_machine_word(machine, machine->page_count + 4 * p);
}

uint32_t kernel_machine_entry(const struct kernel_machine *machine, uint32_t p, uint32_t v)
{
    return kernel_machine_word(machine, TABLES_ADDRESS + p * PAGE_BYTES + v * 4);
}

bool kernel_machine_page(const struct kernel_machine *machine, uint32_t p, uint32_t v,
                         uint32_t words[PAGE_BYTES / 4])
{
    uint32_t entry = kernel_machine_entry(machine, p, v);
    if ((entry & ENTRY_VALID) != 0) {
        for (uint32_t i = 0; i < PAGE_BYTES / 4; i++)
            words[i] = kernel_machine_word(machine, (entry & ~UINT32_C(0xFFF)) + 4 * i);
        return true;
    }
    uint32_t sector = (p * VIRTUAL_PAGES + v) * SECTORS_OF_PAGE;
    for (uint32_t s = 0; s < SECTORS_OF_PAGE; s++) {
        unsigned char bytes[DEVICE_SECTOR_BYTES];
        if (!machine->swap.read(machine->swap.self, sector + s, bytes))
            return false;
        for (uint32_t i = 0; i < DEVICE_SECTOR_BYTES / 4; i++)
            words[s * (DEVICE_SECTOR_BYTES / 4) + i] =
                bytes[4 * i] | (uint32_t)bytes[4 * i + 1] << 8 | (uint32_t)bytes[4 * i + 2] << 16 |
                (uint32_t)bytes[4 * i + 3] << 24;
    }
    return true;
}
