/* The automotive bus controller: a static schedule of slots, as FlexRay has it. In each slot one
 * node sends a message to all others; slots are the controller's clock, and each begins with an
 * interrupt. What the processor writes in one slot is sent in the next, what came in one slot is
 * read in the next (docs/DEVICES.md). */
#include "semantics/devices/device.h"

enum {
    PORT_CTRL,
    PORT_STATUS,
    PORT_NSLOTS,
    PORT_SLOTLEN,
    PORT_OWNSLOT,
    PORT_MSGLEN,
    PORT_ACK,
    PORT_SEND = 64,
    PORT_RECEIVE = 128,
};

enum { CTRL_RUN = 1 };
enum { MESSAGE_WORDS = 64 };
enum { SLOT_MASK = 0xFFFF, SLOT_NONE = 0xFFFF, STATUS_NEW = 0x10000 };

struct buffer {
    uint32_t words[MESSAGE_WORDS];
};

struct controller {
    struct device device;
    struct device_outlet outlet;
    bool is_running;
    uint32_t slot_count, slot_ticks, own_slot, message_words;
    uint32_t slot;       /* SLOT_NONE until the first slot begins */
    uint32_t ticks_left; /* to the next slot's start; 0 while the controller is stopped */
    bool is_line_up;
    /* [0] is the processor's, [1] the bus's. */
    struct buffer send[2], receive[2];
    bool has_message[2];
};

/* ---- the schedule */

/* A schedule without slots, or with slots without length, stands still. */
static bool has_schedule(const struct controller *controller)
{
    return controller->slot_count > 0 && controller->slot_ticks > 0;
}

/* What the bus side got is the processor's, and the bus side is empty again; the send buffers
 * change sides. */
static void swap_buffers(struct controller *controller)
{
    struct buffer written = controller->send[0];
    controller->send[0] = controller->send[1];
    controller->send[1] = written;
    controller->receive[0] = controller->receive[1];
    controller->has_message[0] = controller->has_message[1];
    controller->receive[1] = (struct buffer){0};
    controller->has_message[1] = false;
}

static void put_word(char bytes[4], uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (char)(word >> i * 8);
}

/* Tells the outside of the slot, and in the own slot sends the message with it. */
static void announce_slot(const struct controller *controller)
{
    char bytes[4 * (1 + MESSAGE_WORDS)];
    uint32_t words = controller->slot == controller->own_slot ? controller->message_words : 0;
    put_word(bytes, controller->slot);
    for (uint32_t i = 0; i < words; i++)
        put_word(bytes + 4 * (i + 1), controller->send[1].words[i]);
    if (controller->outlet.send != NULL)
        controller->outlet.send(controller->outlet.self, (struct text){bytes, 4 * (words + 1)});
}

/* Slot 0 follows the last one, and is the first after a start. */
static void begin_slot(struct controller *controller)
{
    bool is_last = controller->slot == SLOT_NONE || controller->slot + 1 == controller->slot_count;
    controller->slot = is_last ? 0 : controller->slot + 1;
    controller->ticks_left = controller->slot_ticks;
    controller->is_line_up = true;
    swap_buffers(controller);
    announce_slot(controller);
}

static void tick(struct controller *controller)
{
    if (controller->ticks_left == 0)
        return;
    if (--controller->ticks_left == 0)
        begin_slot(controller);
}

/* The first tick after a start begins slot 0. A message of a slot that did not end is lost. */
static void write_ctrl(struct controller *controller, uint32_t word)
{
    bool is_running = (word & CTRL_RUN) != 0;
    if (is_running == controller->is_running)
        return;
    controller->is_running = is_running;
    controller->slot = SLOT_NONE;
    controller->receive[1] = (struct buffer){0};
    controller->has_message[1] = false;
    controller->ticks_left = is_running && has_schedule(controller) ? 1 : 0;
}

/* ---- the ports */

static uint32_t status(const struct controller *controller)
{
    return controller->slot | (controller->has_message[0] ? STATUS_NEW : 0);
}

static uint32_t controller_read(struct device *device, uint32_t port)
{
    struct controller *controller = (struct controller *)device;
    if (port >= PORT_SEND && port < PORT_SEND + MESSAGE_WORDS)
        return controller->send[0].words[port - PORT_SEND];
    if (port >= PORT_RECEIVE && port < PORT_RECEIVE + MESSAGE_WORDS)
        return controller->receive[0].words[port - PORT_RECEIVE];
    switch (port) {
    case PORT_CTRL:
        return controller->is_running ? CTRL_RUN : 0;
    case PORT_STATUS:
        return status(controller);
    case PORT_NSLOTS:
        return controller->slot_count;
    case PORT_SLOTLEN:
        return controller->slot_ticks;
    case PORT_OWNSLOT:
        return controller->own_slot;
    case PORT_MSGLEN:
        return controller->message_words;
    default: /* ACK is for writing only */
        return 0;
    }
}

/* The schedule can be written while the controller is stopped, and is ignored else (choice). */
static void write_schedule(struct controller *controller, uint32_t port, uint32_t word)
{
    if (controller->is_running)
        return;
    if (port == PORT_NSLOTS)
        controller->slot_count = word & SLOT_MASK;
    else if (port == PORT_SLOTLEN)
        controller->slot_ticks = word;
    else if (port == PORT_OWNSLOT)
        controller->own_slot = word & SLOT_MASK;
    else
        controller->message_words = word < MESSAGE_WORDS ? word : MESSAGE_WORDS;
}

static void controller_write(struct device *device, uint32_t port, uint32_t word)
{
    struct controller *controller = (struct controller *)device;
    if (port >= PORT_SEND && port < PORT_SEND + MESSAGE_WORDS) {
        controller->send[0].words[port - PORT_SEND] = word;
        return;
    }
    switch (port) {
    case PORT_CTRL:
        write_ctrl(controller, word);
        break;
    case PORT_NSLOTS:
    case PORT_SLOTLEN:
    case PORT_OWNSLOT:
    case PORT_MSGLEN:
        write_schedule(controller, port, word);
        break;
    case PORT_ACK:
        controller->is_line_up = false;
        break;
    default:
        break;
    }
}

/* ---- the outside */

static uint32_t word_at(const char *at)
{
    const unsigned char *bytes = (const unsigned char *)at;
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* A message of another slot than the current one comes too late or too early: it is lost. Of two
 * in one slot the later one stays. */
static bool receive_message(struct controller *controller, const struct device_event *event,
                            struct fault *fault)
{
    size_t words = event->content.length / 4;
    if (event->content.length % 4 != 0 || words > MESSAGE_WORDS || event->number >= SLOT_NONE)
        return fault_at(
            fault, (struct location){0},
            "the controller takes no message of %zu bytes in slot %u (at most %d words)",
            event->content.length, (unsigned)event->number, MESSAGE_WORDS);
    if (event->number != controller->slot)
        return true;
    controller->receive[1] = (struct buffer){0};
    controller->has_message[1] = true;
    for (size_t i = 0; i < words; i++)
        controller->receive[1].words[i] = word_at(event->content.at + 4 * i);
    return true;
}

static bool controller_input(struct device *device, const struct device_event *event,
                             struct fault *fault)
{
    struct controller *controller = (struct controller *)device;
    switch (event->kind) {
    case DEVICE_EVENT_TICK:
        tick(controller);
        return true;
    case DEVICE_EVENT_MESSAGE:
        return receive_message(controller, event, fault);
    case DEVICE_EVENT_NONE:
    case DEVICE_EVENT_DONE:
    case DEVICE_EVENT_BYTE:
    case DEVICE_EVENT_FRAME:
        break;
    }
    return device_refuse(device, event, fault);
}

static bool controller_line(const struct device *device)
{
    return ((const struct controller *)device)->is_line_up;
}

static enum device_event_kind controller_awaits(const struct device *device)
{
    const struct controller *controller = (const struct controller *)device;
    return controller->ticks_left > 0 ? DEVICE_EVENT_TICK : DEVICE_EVENT_NONE;
}

static void describe_buffer(const char *name, const struct buffer *buffer,
                            struct text_builder *into)
{
    text_append(into, " %s", name);
    unsigned last = MESSAGE_WORDS;
    while (last > 0 && buffer->words[last - 1] == 0)
        last--;
    for (unsigned i = 0; i < last; i++)
        text_append(into, ".%08x", (unsigned)buffer->words[i]);
}

static void controller_describe(const struct device *device, struct text_builder *into)
{
    const struct controller *controller = (const struct controller *)device;
    text_append(into, "controller run %d slots %u ticks %u own %u words %u slot %u left %u line %d",
                controller->is_running, (unsigned)controller->slot_count,
                (unsigned)controller->slot_ticks, (unsigned)controller->own_slot,
                (unsigned)controller->message_words, (unsigned)controller->slot,
                (unsigned)controller->ticks_left, controller->is_line_up);
    text_append(into, " new %d%d", controller->has_message[0], controller->has_message[1]);
    describe_buffer("send", &controller->send[0], into);
    describe_buffer("sending", &controller->send[1], into);
    describe_buffer("received", &controller->receive[0], into);
    describe_buffer("receiving", &controller->receive[1], into);
    text_append(into, "\n");
}

static const struct device_class controller_class = {
    .name = "controller",
    .read = controller_read,
    .write = controller_write,
    .input = controller_input,
    .line = controller_line,
    .awaits = controller_awaits,
    .describe = controller_describe,
};

/* A node that has not been told its slot sends in none. */
struct device *device_new_controller(struct arena *arena, struct device_outlet outlet)
{
    struct controller *controller = ARENA_NEW(arena, struct controller);
    controller->device.class = &controller_class;
    controller->outlet = outlet;
    controller->own_slot = SLOT_NONE;
    controller->slot = SLOT_NONE;
    return &controller->device;
}
