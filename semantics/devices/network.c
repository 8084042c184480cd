/* The network interface: a queue of received frames, a buffer for the frame to send. A frame is its
 * length in bytes and little-endian words, the last one filled up with zeros (docs/DEVICES.md). */
#include "semantics/devices/device.h"

#include <string.h>

enum {
    PORT_CTRL,
    PORT_STATUS,
    PORT_RXLEN,
    PORT_RXDATA,
    PORT_RXDONE,
    PORT_TXLEN,
    PORT_TXDATA,
    PORT_TXGO,
};

enum { CTRL_RX_ON = 1, CTRL_RX_IRQ = 2, CTRL_TX_IRQ = 4, CTRL_ALL = 7 };
enum { STATUS_READY = 1, STATUS_IDLE = 2, STATUS_OVERRUN = 4 };

/* An Ethernet frame without its check sequence, with a VLAN tag (choice). */
enum { FRAME_BYTES = 1518, FRAME_WORDS = (FRAME_BYTES + 3) / 4, QUEUE_FRAMES = 16 };

struct frame {
    uint32_t length_bytes;
    uint32_t words[FRAME_WORDS]; /* 0 behind the last byte */
};

struct network {
    struct device device;
    struct device_outlet outlet;
    uint32_t ctrl;
    bool has_overrun;
    struct frame queue[QUEUE_FRAMES]; /* a ring */
    unsigned first, count;
    unsigned words_read; /* of the first frame */
    struct frame sending;
    unsigned words_written; /* of `sending` */
    bool is_sending;
};

/* The current frame; NULL where there is none. */
static const struct frame *current_frame(const struct network *network)
{
    return network->count > 0 ? &network->queue[network->first] : NULL;
}

static uint32_t status(const struct network *network)
{
    return (network->count > 0 ? STATUS_READY : 0) | (network->is_sending ? 0 : STATUS_IDLE) |
           (network->has_overrun ? STATUS_OVERRUN : 0);
}

/* The next word of the current frame; 0 behind its end and where there is no frame. */
static uint32_t pop_word(struct network *network)
{
    const struct frame *frame = current_frame(network);
    if (frame == NULL || network->words_read * 4 >= frame->length_bytes)
        return 0;
    return frame->words[network->words_read++];
}

static void drop_frame(struct network *network)
{
    if (network->count == 0)
        return;
    network->first = (network->first + 1) % QUEUE_FRAMES;
    network->count--;
    network->words_read = 0;
}

static uint32_t network_read(struct device *device, uint32_t port)
{
    struct network *network = (struct network *)device;
    const struct frame *frame = current_frame(network);
    switch (port) {
    case PORT_CTRL:
        return network->ctrl;
    case PORT_STATUS:
        return status(network);
    case PORT_RXLEN:
        return frame != NULL ? frame->length_bytes : 0;
    case PORT_RXDATA:
        return pop_word(network);
    case PORT_TXLEN:
        return network->sending.length_bytes;
    default: /* RXDONE, TXDATA and TXGO are for writing only */
        return 0;
    }
}

/* Begins a frame; a length that no frame has counts as 0, and is read back so (choice). */
static void begin_frame(struct network *network, uint32_t length_bytes)
{
    network->sending =
        (struct frame){.length_bytes = length_bytes <= FRAME_BYTES ? length_bytes : 0};
    network->words_written = 0;
}

/* Words behind the end of the longest frame are ignored. */
static void push_word(struct network *network, uint32_t word)
{
    if (network->words_written < FRAME_WORDS)
        network->sending.words[network->words_written++] = word;
}

/* The transmitter's ports rest while it works (choice); a frame without a length is not sent. */
static void write_transmitter(struct network *network, uint32_t port, uint32_t word)
{
    if (network->is_sending)
        return;
    if (port == PORT_TXLEN)
        begin_frame(network, word);
    else if (port == PORT_TXDATA)
        push_word(network, word);
    else
        network->is_sending = network->sending.length_bytes > 0;
}

static void network_write(struct device *device, uint32_t port, uint32_t word)
{
    struct network *network = (struct network *)device;
    switch (port) {
    case PORT_CTRL:
        network->ctrl = word & CTRL_ALL;
        break;
    case PORT_STATUS: /* writing a 1 takes the overrun back (choice) */
        if ((word & STATUS_OVERRUN) != 0)
            network->has_overrun = false;
        break;
    case PORT_RXDONE:
        drop_frame(network);
        break;
    case PORT_TXLEN:
    case PORT_TXDATA:
    case PORT_TXGO:
        write_transmitter(network, port, word);
        break;
    default:
        break;
    }
}

static void finish_sending(struct network *network)
{
    char bytes[FRAME_WORDS * 4];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(network->sending.words[i / 4] >> i % 4 * 8);
    if (network->outlet.send != NULL)
        network->outlet.send(network->outlet.self,
                             (struct text){bytes, network->sending.length_bytes});
    network->is_sending = false;
    begin_frame(network, 0);
}

/* With the receiver off a frame passes by; one that finds the queue full is an overrun. */
static bool receive_frame(struct network *network, struct text content, struct fault *fault)
{
    if (content.length == 0 || content.length > FRAME_BYTES)
        return fault_at(fault, (struct location){0},
                        "the network takes no frame of %zu bytes (1 to %d)", content.length,
                        FRAME_BYTES);
    if ((network->ctrl & CTRL_RX_ON) == 0)
        return true;
    if (network->count == QUEUE_FRAMES) {
        network->has_overrun = true;
        return true;
    }
    struct frame *frame = &network->queue[(network->first + network->count++) % QUEUE_FRAMES];
    *frame = (struct frame){.length_bytes = (uint32_t)content.length};
    for (size_t i = 0; i < content.length; i++)
        frame->words[i / 4] |= (uint32_t)(unsigned char)content.at[i] << i % 4 * 8;
    return true;
}

static bool network_input(struct device *device, const struct device_event *event,
                          struct fault *fault)
{
    struct network *network = (struct network *)device;
    switch (event->kind) {
    case DEVICE_EVENT_DONE:
        if (network->is_sending)
            finish_sending(network);
        return true;
    case DEVICE_EVENT_FRAME:
        return receive_frame(network, event->content, fault);
    case DEVICE_EVENT_NONE:
    case DEVICE_EVENT_TICK:
    case DEVICE_EVENT_BYTE:
    case DEVICE_EVENT_MESSAGE:
        break;
    }
    return device_refuse(device, event, fault);
}

/* Up while a frame is there or the transmitter is idle, each where its interrupt is enabled. */
static bool network_line(const struct device *device)
{
    const struct network *network = (const struct network *)device;
    return ((network->ctrl & CTRL_RX_IRQ) != 0 && network->count > 0) ||
           ((network->ctrl & CTRL_TX_IRQ) != 0 && !network->is_sending);
}

static enum device_event_kind network_awaits(const struct device *device)
{
    return ((const struct network *)device)->is_sending ? DEVICE_EVENT_DONE : DEVICE_EVENT_NONE;
}

static bool network_accepts(const struct device *device)
{
    const struct network *network = (const struct network *)device;
    return (network->ctrl & CTRL_RX_ON) != 0 && network->count < QUEUE_FRAMES;
}

static void describe_frame(const struct frame *frame, struct text_builder *into)
{
    text_append(into, " %u:", (unsigned)frame->length_bytes);
    unsigned last = FRAME_WORDS;
    while (last > 0 && frame->words[last - 1] == 0)
        last--;
    for (unsigned i = 0; i < last; i++)
        text_append_hexadecimal(into, frame->words[i], 8);
}

static void network_describe(const struct device *device, struct text_builder *into)
{
    const struct network *network = (const struct network *)device;
    text_append(into, "network ctrl %u overrun %d sending %d written %u", (unsigned)network->ctrl,
                network->has_overrun, network->is_sending, network->words_written);
    describe_frame(&network->sending, into);
    text_append(into, " received %u read %u", network->count, network->words_read);
    for (unsigned i = 0; i < network->count; i++)
        describe_frame(&network->queue[(network->first + i) % QUEUE_FRAMES], into);
    text_append(into, "\n");
}

static const struct device_class network_class = {
    .name = "network",
    .read = network_read,
    .write = network_write,
    .input = network_input,
    .line = network_line,
    .awaits = network_awaits,
    .accepts = network_accepts,
    .describe = network_describe,
};

struct device *device_new_network(struct arena *arena, struct device_outlet outlet)
{
    struct network *network = ARENA_NEW(arena, struct network);
    network->device.class = &network_class;
    network->outlet = outlet;
    return &network->device;
}
