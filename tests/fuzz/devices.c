/* A machine's devices take any accesses and any events, twice alike, and keep to their contracts.
 */
#include "base/require.h"
#include "physical/store.h"
#include "semantics/devices/bus.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SECTORS = 40 };

struct input {
    const uint8_t *at;
    size_t left;
};

static uint32_t take(struct input *input, unsigned byte_count)
{
    uint32_t word = 0;
    for (; byte_count > 0 && input->left > 0; byte_count--, input->at++, input->left--)
        word = word << 8 | *input->at;
    return word;
}

/* What was sent, for comparing. */
struct sink {
    uint64_t digest;
};

static void sink_send(void *self, struct text content)
{
    struct sink *sink = self;
    for (size_t i = 0; i < content.length; i++)
        sink->digest = (sink->digest ^ (unsigned char)content.at[i]) * UINT64_C(0x100000001b3);
    sink->digest = sink->digest * 31 + content.length;
}

struct machine {
    struct bus bus;
    struct sink sink;
};

static struct machine *machine_new(struct arena *arena)
{
    struct store_defect defects[] = {{7, 2, true, false}, {8, 3, false, true}};
    struct device_store swap = store_memory_new(arena, SECTORS);
    struct machine *machine = ARENA_NEW(arena, struct machine);
    struct device_outlet outlet = {&machine->sink, sink_send};
    machine->bus.devices[0] = device_new_timer(arena);
    machine->bus.devices[1] = device_new_disk(arena, store_defective_new(arena, swap, defects, 2));
    machine->bus.devices[2] = device_new_serial(arena, outlet);
    machine->bus.devices[3] = device_new_network(arena, outlet);
    machine->bus.devices[4] = device_new_controller(arena, outlet);
    machine->bus.devices[5] = device_new_disk(arena, store_memory_new(arena, SECTORS));
    return machine;
}

static const char *describe(struct arena *arena, const struct machine *machine)
{
    struct text_builder builder = {.arena = arena};
    for (unsigned d = 0; d < BUS_DEVICES; d++)
        if (machine->bus.devices[d] != NULL)
            machine->bus.devices[d]->class->describe(machine->bus.devices[d], &builder);
    return text_built(&builder);
}

static void check_device(const struct device *device)
{
    enum device_event_kind kind = device->class->awaits(device);
    require(kind == DEVICE_EVENT_NONE || kind == DEVICE_EVENT_TICK || kind == DEVICE_EVENT_DONE,
            "what a device waits for comes by itself");
    if (device->class->accepts != NULL)
        device->class->accepts(device);
}

/* One operation on both machines. */
struct operation {
    enum { ACCESS_READ, ACCESS_WRITE, ACCESS_MANY_READS, ACCESS_MANY_WRITES, EVENT, AWAITED } kind;
    uint32_t address, word, count;
    unsigned device;
    struct device_event event;
};

static struct operation take_operation(struct input *input)
{
    uint32_t head = take(input, 1);
    struct operation operation = {.kind = head % 6, .device = head / 6 % BUS_DEVICES};
    uint32_t port = take(input, 1);
    operation.address = BUS_ADDRESS + operation.device * BUS_WINDOW_BYTES + 4 * port;
    if (operation.kind == ACCESS_WRITE || operation.kind == ACCESS_MANY_WRITES)
        operation.word = take(input, port % 2 == 0 ? 4 : 1);
    if (operation.kind == ACCESS_MANY_READS || operation.kind == ACCESS_MANY_WRITES)
        operation.count = take(input, 1);
    if (operation.kind == EVENT) {
        operation.event.kind = port % 7; /* the last one is none */
        operation.event.number = take(input, port / 7 % 5);
        size_t length = take(input, port / 35 % 3);
        length = length < input->left ? length : input->left;
        operation.event.content = (struct text){(const char *)input->at, length};
        input->at += length;
        input->left -= length;
    }
    return operation;
}

/* What the processor gets. */
static uint32_t operate(struct machine *machine, const struct operation *operation)
{
    struct bus *bus = &machine->bus;
    struct device *device = bus->devices[operation->device];
    struct fault fault = {0};
    struct device_event event = operation->event;
    uint32_t word = 0, sum = 0;
    switch (operation->kind) {
    case ACCESS_READ:
        return bus_read(bus, operation->address, &word) ? word : 1;
    case ACCESS_WRITE:
        return bus_write(bus, operation->address, operation->word);
    case ACCESS_MANY_READS:
        for (uint32_t i = 0; i <= operation->count; i++)
            sum = sum * 31 + (bus_read(bus, operation->address, &word) ? word : 1);
        return sum;
    case ACCESS_MANY_WRITES:
        for (uint32_t i = 0; i <= operation->count; i++)
            bus_write(bus, operation->address, operation->word + i);
        return 0;
    case EVENT:
        require(bus_input(bus, operation->device, &event, &fault) != fault.is_set, "or a fault");
        return fault.is_set;
    case AWAITED:
        if (device == NULL || device->class->awaits(device) == DEVICE_EVENT_NONE)
            return 0;
        event.kind = device->class->awaits(device);
        require(bus_input(bus, operation->device, &event, &fault), "takes what it waits for");
        return 0;
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct machine *left = machine_new(arena), *right = machine_new(arena);
    struct input input = {data, size};
    while (input.left > 0) {
        struct operation operation = take_operation(&input);
        require(operate(left, &operation) == operate(right, &operation), "equal answers");
        uint32_t lines = bus_lines(&left->bus);
        require(lines == bus_lines(&right->bus) && lines < 1 << 6, "equal lines of what is there");
        for (unsigned d = 0; d < 6; d++)
            check_device(left->bus.devices[d]);
    }
    require(strcmp(describe(arena, left), describe(arena, right)) == 0, "equal states");
    require(left->sink.digest == right->sink.digest, "equal outputs");
    arena_free(arena);
    return 0;
}
