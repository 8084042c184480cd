/* The serial line: a 16550A after the data sheet of National's PC16550D, word port p holding its
 * register p (docs/DEVICES.md). Time is counted in characters: DONE says that the character in the
 * transmitter's shift register is out, TICK that the time of one has passed. */
#include "semantics/devices/device.h"

#include <string.h>

enum {
    PORT_DATA, /* RBR, THR; with DLAB the low byte of the divisor */
    PORT_IER,  /* with DLAB the high byte of the divisor */
    PORT_IIR,  /* written: FCR */
    PORT_LCR,
    PORT_MCR,
    PORT_LSR,
    PORT_MSR,
    PORT_SCR,
};

enum { IER_RECEIVED = 0x01, IER_EMPTY = 0x02, IER_STATUS = 0x04, IER_MODEM = 0x08, IER_ALL = 0x0F };

/* Bits 3 to 0 of IIR, in the order of their priority. */
enum {
    IIR_STATUS = 0x06,
    IIR_RECEIVED = 0x04,
    IIR_TIMEOUT = 0x0C,
    IIR_EMPTY = 0x02,
    IIR_MODEM = 0x00,
    IIR_NONE = 0x01,
    IIR_FIFOS = 0xC0,
};

enum { FCR_ENABLE = 0x01, FCR_RESET_RECEIVER = 0x02, FCR_RESET_TRANSMITTER = 0x04 };

/* Word length, stop bits and parity are kept and have no effect: the line carries bytes (choice).
 */
enum { LCR_BREAK = 0x40, LCR_DLAB = 0x80 };

enum {
    MCR_DTR = 0x01,
    MCR_RTS = 0x02,
    MCR_OUT1 = 0x04,
    MCR_OUT2 = 0x08,
    MCR_LOOP = 0x10,
    MCR_ALL = 0x1F,
};

enum {
    LSR_READY = 0x01,
    LSR_OVERRUN = 0x02,
    LSR_PARITY = 0x04,
    LSR_FRAMING = 0x08,
    LSR_BREAK = 0x10,
    LSR_EMPTY = 0x20, /* THRE */
    LSR_IDLE = 0x40,  /* TEMT */
    LSR_FIFO_ERROR = 0x80,
    LSR_OF_CHARACTER = LSR_PARITY | LSR_FRAMING | LSR_BREAK,
};

enum {
    MSR_DELTA_CTS = 0x01,
    MSR_RING_ENDED = 0x04, /* TERI */
    MSR_CTS = 0x10,
    MSR_DSR = 0x20,
    MSR_RING = 0x40,
    MSR_CARRIER = 0x80,
    /* What is plugged in is there and ready, and does not ring (choice). */
    MSR_OUTSIDE = MSR_CTS | MSR_DSR | MSR_CARRIER,
};

enum { FIFO_BYTES = 16, TIMEOUT_CHARACTERS = 4 };

struct fifo {
    unsigned count;
    uint8_t bytes[FIFO_BYTES];  /* the oldest first; 0 behind the last */
    uint8_t errors[FIFO_BYTES]; /* of each byte, but of the oldest: those are in LSR */
};

struct serial {
    struct device device;
    struct device_outlet outlet;
    uint8_t ier, lcr, mcr, scratch, divisor_low, divisor_high;
    bool has_fifos;
    uint8_t trigger; /* bytes that raise "received data"; 1 without FIFOs */

    struct fifo received;      /* without FIFOs at most one byte: RBR */
    uint8_t last_read;         /* what RBR gives when nothing is there (choice) */
    uint8_t errors;            /* LSR bits 4 to 1, until it is read */
    unsigned quiet_characters; /* since a byte came or was read, in the time-out's sense */

    struct fifo waiting; /* without FIFOs at most one byte: THR */
    bool is_shifting;
    uint8_t shifting;
    bool is_empty;         /* THRE */
    bool empties_at_once;  /* THRE is not to be held back for a character, see note_empty */
    bool is_empty_pending; /* the interrupt of THRE */

    uint8_t modem_deltas; /* MSR bits 3 to 0 */

    bool has_listener; /* the driver has shown interest in what is received */
};

static void push(struct fifo *fifo, uint8_t byte, uint8_t errors)
{
    fifo->bytes[fifo->count] = byte;
    fifo->errors[fifo->count] = errors;
    fifo->count++;
}

static uint8_t pop(struct fifo *fifo)
{
    uint8_t byte = fifo->bytes[0];
    fifo->count--;
    memmove(fifo->bytes, fifo->bytes + 1, FIFO_BYTES - 1);
    memmove(fifo->errors, fifo->errors + 1, FIFO_BYTES - 1);
    fifo->bytes[FIFO_BYTES - 1] = fifo->errors[FIFO_BYTES - 1] = 0;
    return byte;
}

static unsigned capacity(const struct serial *serial)
{
    return serial->has_fifos ? FIFO_BYTES : 1;
}

/* ---- the receiver */

/* The errors of a character show in LSR when it is the next to be read. */
static void reveal_errors(struct serial *serial)
{
    serial->errors |= serial->received.errors[0];
    serial->received.errors[0] = 0;
}

/* A character is complete. One that finds no room is an overrun: without FIFOs it destroys the one
 * that was not read, with them it is lost itself. */
static void receive(struct serial *serial, uint8_t byte, uint8_t errors)
{
    struct fifo *received = &serial->received;
    serial->quiet_characters = 0;
    if (received->count == capacity(serial)) {
        serial->errors |= LSR_OVERRUN;
        if (serial->has_fifos)
            return;
        pop(received);
    }
    push(received, byte, errors);
    reveal_errors(serial);
}

static uint8_t read_received(struct serial *serial)
{
    serial->has_listener = true;
    if (serial->received.count > 0) {
        serial->last_read = pop(&serial->received);
        serial->quiet_characters = 0;
        reveal_errors(serial);
    }
    return serial->last_read;
}

static void reset_receiver(struct serial *serial)
{
    serial->received = (struct fifo){0};
    serial->quiet_characters = 0;
}

/* The time of one character passes. */
static void pass_character(struct serial *serial)
{
    if (serial->has_fifos && serial->received.count > 0 &&
        serial->quiet_characters < TIMEOUT_CHARACTERS)
        serial->quiet_characters++;
}

static bool is_triggered(const struct serial *serial)
{
    return serial->received.count >= serial->trigger;
}

static bool is_timed_out(const struct serial *serial)
{
    return serial->quiet_characters == TIMEOUT_CHARACTERS;
}

/* ---- the transmitter */

static void set_empty(struct serial *serial)
{
    if (!serial->is_empty && (serial->ier & IER_EMPTY) != 0)
        serial->is_empty_pending = true;
    serial->is_empty = true;
    serial->empties_at_once = false;
}

/* The last waiting character went to the shift register. With FIFOs, THRE and its interrupt are
 * held back for the time of that character, unless two were waiting at once since the last THRE or
 * FCR0 has just changed. */
static void note_empty(struct serial *serial)
{
    if (!serial->has_fifos || serial->empties_at_once)
        set_empty(serial);
}

static void shift_next(struct serial *serial)
{
    if (serial->is_shifting || serial->waiting.count == 0)
        return;
    serial->shifting = pop(&serial->waiting);
    serial->is_shifting = true;
    if (serial->waiting.count == 0)
        note_empty(serial);
}

/* A byte too many: THR is overwritten, the FIFO stays as it is (choice). */
static void write_transmitter(struct serial *serial, uint8_t byte)
{
    struct fifo *waiting = &serial->waiting;
    serial->is_empty_pending = false;
    if (waiting->count == capacity(serial)) {
        if (serial->has_fifos)
            return;
        pop(waiting);
    }
    push(waiting, byte, 0);
    serial->is_empty = false;
    if (waiting->count >= 2)
        serial->empties_at_once = true;
    shift_next(serial);
}

static void reset_transmitter(struct serial *serial)
{
    serial->waiting = (struct fifo){0};
    set_empty(serial);
}

/* The character is out: on the line, in loopback mode in the receiver. A break holds the line, so
 * nobody outside sees what is sent meanwhile. */
static void finish_character(struct serial *serial)
{
    const char byte = (char)serial->shifting;
    serial->is_shifting = false;
    serial->shifting = 0;
    if ((serial->mcr & MCR_LOOP) != 0)
        receive(serial, (uint8_t)byte, 0);
    else if ((serial->lcr & LCR_BREAK) == 0 && serial->outlet.send != NULL)
        serial->outlet.send(serial->outlet.self, (struct text){&byte, 1});
    if (serial->waiting.count > 0)
        shift_next(serial);
    else
        set_empty(serial);
}

/* ---- the modem lines */

static uint8_t modem_lines(const struct serial *serial)
{
    uint8_t mcr = serial->mcr;
    if ((mcr & MCR_LOOP) == 0)
        return MSR_OUTSIDE;
    return (uint8_t)(((mcr & MCR_RTS) != 0 ? MSR_CTS : 0) | ((mcr & MCR_DTR) != 0 ? MSR_DSR : 0) |
                     ((mcr & MCR_OUT1) != 0 ? MSR_RING : 0) |
                     ((mcr & MCR_OUT2) != 0 ? MSR_CARRIER : 0));
}

/* CTS, DSR and DCD note any change, RI its end only. */
static void write_modem_control(struct serial *serial, uint8_t byte)
{
    uint8_t before = modem_lines(serial);
    serial->mcr = byte & MCR_ALL;
    uint8_t after = modem_lines(serial);
    serial->modem_deltas |= (uint8_t)(((before ^ after) & MSR_OUTSIDE) >> 4);
    if ((before & ~after & MSR_RING) != 0)
        serial->modem_deltas |= MSR_RING_ENDED;
}

/* ---- interrupts */

/* Bits 3 to 0 of IIR: the enabled cause of the highest priority. */
static uint8_t identify(const struct serial *serial)
{
    if ((serial->ier & IER_STATUS) != 0 && serial->errors != 0)
        return IIR_STATUS;
    if ((serial->ier & IER_RECEIVED) != 0 && is_triggered(serial))
        return IIR_RECEIVED;
    if ((serial->ier & IER_RECEIVED) != 0 && is_timed_out(serial))
        return IIR_TIMEOUT;
    if (serial->is_empty_pending)
        return IIR_EMPTY;
    if ((serial->ier & IER_MODEM) != 0 && serial->modem_deltas != 0)
        return IIR_MODEM;
    return IIR_NONE;
}

/* Reading IIR takes back the interrupt of THRE, if that is the one it shows. */
static uint8_t read_identification(struct serial *serial)
{
    uint8_t cause = identify(serial);
    if (cause == IIR_EMPTY)
        serial->is_empty_pending = false;
    return cause | (serial->has_fifos ? IIR_FIFOS : 0);
}

/* Enabling the interrupt of THRE while THR is empty raises it. */
static void write_interrupt_enable(struct serial *serial, uint8_t byte)
{
    uint8_t before = serial->ier;
    serial->ier = byte & IER_ALL;
    if ((byte & IER_RECEIVED) != 0)
        serial->has_listener = true;
    if ((serial->ier & IER_EMPTY) == 0)
        serial->is_empty_pending = false;
    else if ((before & IER_EMPTY) == 0)
        serial->is_empty_pending = serial->is_empty;
}

/* ---- the remaining registers */

/* Changing FCR0 empties both FIFOs; with FCR0 = 0 the other bits are not programmed. */
static void write_fifo_control(struct serial *serial, uint8_t byte)
{
    static const uint8_t triggers[4] = {1, 4, 8, 14};
    bool is_enabled = (byte & FCR_ENABLE) != 0;
    bool is_changed = is_enabled != serial->has_fifos;
    if (is_changed) {
        reset_receiver(serial);
        reset_transmitter(serial);
        serial->has_fifos = is_enabled;
        serial->trigger = 1;
    }
    if (!is_enabled)
        return;
    if ((byte & FCR_RESET_RECEIVER) != 0)
        reset_receiver(serial);
    if ((byte & FCR_RESET_TRANSMITTER) != 0)
        reset_transmitter(serial);
    serial->trigger = triggers[byte >> 6];
    if (is_changed)
        serial->empties_at_once = true;
}

/* Reading LSR takes back the errors it shows. */
static uint8_t read_line_status(struct serial *serial)
{
    uint8_t status = serial->errors;
    if (serial->received.count > 0)
        status |= LSR_READY;
    if (serial->is_empty)
        status |= LSR_EMPTY;
    if (serial->waiting.count == 0 && !serial->is_shifting)
        status |= LSR_IDLE;
    uint8_t in_fifo = serial->errors & LSR_OF_CHARACTER;
    for (unsigned i = 0; i < serial->received.count; i++)
        in_fifo |= serial->received.errors[i];
    if (serial->has_fifos && in_fifo != 0)
        status |= LSR_FIFO_ERROR;
    serial->errors = 0;
    serial->has_listener = true;
    return status;
}

static uint8_t read_modem_status(struct serial *serial)
{
    uint8_t status = modem_lines(serial) | serial->modem_deltas;
    serial->modem_deltas = 0;
    return status;
}

static uint32_t serial_read(struct device *device, uint32_t port)
{
    struct serial *serial = (struct serial *)device;
    bool is_divisor = (serial->lcr & LCR_DLAB) != 0;
    switch (port) {
    case PORT_DATA:
        return is_divisor ? serial->divisor_low : read_received(serial);
    case PORT_IER:
        return is_divisor ? serial->divisor_high : serial->ier;
    case PORT_IIR:
        return read_identification(serial);
    case PORT_LCR:
        return serial->lcr;
    case PORT_MCR:
        return serial->mcr;
    case PORT_LSR:
        return read_line_status(serial);
    case PORT_MSR:
        return read_modem_status(serial);
    case PORT_SCR:
        return serial->scratch;
    default:
        return 0;
    }
}

static void write_port_0_or_1(struct serial *serial, uint32_t port, uint8_t byte)
{
    bool is_divisor = (serial->lcr & LCR_DLAB) != 0;
    if (is_divisor && port == PORT_DATA)
        serial->divisor_low = byte;
    else if (is_divisor)
        serial->divisor_high = byte;
    else if (port == PORT_DATA)
        write_transmitter(serial, byte);
    else
        write_interrupt_enable(serial, byte);
}

/* LSR and MSR are for reading only (choice: the data sheet calls writing LSR a factory test). */
static void serial_write(struct device *device, uint32_t port, uint32_t word)
{
    struct serial *serial = (struct serial *)device;
    uint8_t byte = (uint8_t)word;
    switch (port) {
    case PORT_DATA:
    case PORT_IER:
        write_port_0_or_1(serial, port, byte);
        break;
    case PORT_IIR:
        write_fifo_control(serial, byte);
        break;
    case PORT_LCR:
        serial->lcr = byte;
        break;
    case PORT_MCR:
        write_modem_control(serial, byte);
        break;
    case PORT_SCR:
        serial->scratch = byte;
        break;
    default:
        break;
    }
}

/* ---- the outside */

/* A byte and its errors, shifted left by 8 from where LSR has them. A break is a character of
 * zeros. In loopback mode the line is cut off. */
static bool input_byte(struct serial *serial, uint32_t number, struct fault *fault)
{
    if ((number & ~(0xFFu | (uint32_t)LSR_OF_CHARACTER << 8)) != 0)
        return fault_at(fault, (struct location){0}, "the serial takes no byte 0x%x",
                        (unsigned)number);
    uint8_t errors = (uint8_t)(number >> 8);
    uint8_t byte = (errors & LSR_BREAK) != 0 ? 0 : (uint8_t)number;
    if ((serial->mcr & MCR_LOOP) == 0)
        receive(serial, byte, errors);
    return true;
}

static bool serial_input(struct device *device, const struct device_event *event,
                         struct fault *fault)
{
    struct serial *serial = (struct serial *)device;
    switch (event->kind) {
    case DEVICE_EVENT_TICK:
        pass_character(serial);
        return true;
    case DEVICE_EVENT_DONE:
        pass_character(serial);
        if (serial->is_shifting)
            finish_character(serial);
        return true;
    case DEVICE_EVENT_BYTE:
        return input_byte(serial, event->number, fault);
    case DEVICE_EVENT_NONE:
    case DEVICE_EVENT_FRAME:
    case DEVICE_EVENT_MESSAGE:
        break;
    }
    return fault_at(fault, (struct location){0},
                    "serial: takes bytes, ticks and ends of work only");
}

/* The chip's own interrupt output; OUT2 does not gate it (choice). */
static bool serial_line(const struct device *device)
{
    return identify((const struct serial *)device) != IIR_NONE;
}

/* Time matters while a character is being sent, and while the time-out can still interrupt. */
static enum device_event_kind serial_awaits(const struct device *device)
{
    const struct serial *serial = (const struct serial *)device;
    if (serial->is_shifting)
        return DEVICE_EVENT_DONE;
    bool can_time_out = serial->has_fifos && serial->received.count > 0 &&
                        (serial->ier & IER_RECEIVED) != 0 && !is_triggered(serial) &&
                        !is_timed_out(serial);
    return can_time_out ? DEVICE_EVENT_TICK : DEVICE_EVENT_NONE;
}

/* Not before the driver listens: what comes earlier would be gone when it sets up the FIFOs. */
static bool serial_accepts(const struct device *device)
{
    const struct serial *serial = (const struct serial *)device;
    return serial->has_listener && (serial->mcr & MCR_LOOP) == 0 &&
           serial->received.count < capacity(serial);
}

static void describe_fifo(const struct fifo *fifo, struct text_builder *into)
{
    for (unsigned i = 0; i < fifo->count; i++)
        text_append(into, " %02x.%02x", fifo->bytes[i], fifo->errors[i]);
}

static void serial_describe(const struct device *device, struct text_builder *into)
{
    const struct serial *serial = (const struct serial *)device;
    text_append(into, "serial ier %02x lcr %02x mcr %02x scr %02x divisor %02x%02x", serial->ier,
                serial->lcr, serial->mcr, serial->scratch, serial->divisor_high,
                serial->divisor_low);
    text_append(into, " fifos %d trigger %d errors %02x quiet %u deltas %x last %02x listener %d",
                serial->has_fifos, serial->trigger, serial->errors, serial->quiet_characters,
                serial->modem_deltas, serial->last_read, serial->has_listener);
    text_append(into, " empty %d%d%d", serial->is_empty, serial->empties_at_once,
                serial->is_empty_pending);
    text_append(into, " shifting %d %02x received", serial->is_shifting, serial->shifting);
    describe_fifo(&serial->received, into);
    text_append(into, " waiting");
    describe_fifo(&serial->waiting, into);
    text_append(into, "\n");
}

static const struct device_class serial_class = {
    .name = "serial",
    .read = serial_read,
    .write = serial_write,
    .input = serial_input,
    .line = serial_line,
    .awaits = serial_awaits,
    .accepts = serial_accepts,
    .describe = serial_describe,
};

/* Master reset: all registers 0 but IIR (nothing pending) and LSR (THR and shift register empty).
 */
struct device *device_new_serial(struct arena *arena, struct device_outlet outlet)
{
    struct serial *serial = ARENA_NEW(arena, struct serial);
    serial->device.class = &serial_class;
    serial->outlet = outlet;
    serial->trigger = 1;
    serial->is_empty = true;
    return &serial->device;
}
