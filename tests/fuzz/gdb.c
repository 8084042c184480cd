/* Any bytes from a debugger: the session goes on or ends, and keeps to the protocol. The input is
 * sent as it is, or, if it begins with an F, as one packet for each of its lines. */
#include "base/require.h"
#include "gdb/hex.h"
#include "gdb/session.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY_BYTES = 0x8000, STEPS_MOST = 3000, SLICE_STEPS = 100 };

/* A loop that counts, stores and loads at 0x800, and writes to the timer. */
static const uint32_t program[] = {0x24210001, 0xAC010800, 0x8C020800,
                                   0xAC028000, 0x1000FFEC, 0x24630001};

static struct physical *machine_new(struct arena *arena)
{
    struct physical_setup setup = {.memory_bytes = MEMORY_BYTES};
    setup.bus.devices[0] = device_new_timer(arena);
    struct physical *physical = physical_new(arena, &setup);
    struct vamp_machine *machine = physical_processor(physical);
    for (uint32_t i = 0; i < sizeof program / sizeof program[0]; i++)
        vamp_machine_write(machine, 4 * i, program[i]);
    /* Ready for user mode: page 0 is at 0, page 1 at 0x5000 and protected, page 2 not valid. */
    vamp_machine_write(machine, 0x3000, 0x0800);
    vamp_machine_write(machine, 0x3004, 0x5C00);
    vamp_machine_state(machine)->spr[VAMP_SPR_PTO] = 3;
    vamp_machine_state(machine)->spr[VAMP_SPR_PTL] = 2;
    return physical;
}

/* Whole packets with their checksums, and single marks between them. Returns how many packets. */
static size_t check_output(struct text output)
{
    size_t count = 0;
    for (size_t i = 0; i < output.length; i++) {
        unsigned char sum = 0, stated = 0;
        if (output.at[i] == '+' || output.at[i] == '-')
            continue;
        require(output.at[i] == '$', "a packet begins");
        for (i++; i < output.length && output.at[i] != '#'; i++) {
            require(output.at[i] != '$', "and ends before another");
            sum = (unsigned char)(sum + (unsigned char)output.at[i]);
        }
        struct text digits = {output.at + i + 1, i < output.length ? output.length - i - 1 : 0};
        require(gdb_take_byte(&digits, &stated) && stated == sum, "with its checksum");
        i += 2;
        count++;
    }
    return count;
}

static size_t take_output(struct gdb_session *session)
{
    struct text output = gdb_session_output(session);
    size_t count = check_output(output);
    gdb_session_sent(session, output.length);
    return count;
}

static bool is_over(const struct gdb_session *session)
{
    enum gdb_session_state state = gdb_session_state(session);
    return state == GDB_SESSION_DETACHED || state == GDB_SESSION_KILLED;
}

static void send_packet(struct arena *arena, struct gdb_session *session, struct text line)
{
    struct text_builder packet = {.arena = arena};
    unsigned char sum = 0;
    for (size_t i = 0; i < line.length; i++)
        sum = (unsigned char)(sum + (unsigned char)line.at[i]);
    bool is_framed = memchr(line.at, '#', line.length) == NULL &&
                     memchr(line.at, '$', line.length) == NULL &&
                     (line.length == 0 || line.at[line.length - 1] != '}');
    text_append(&packet, "$");
    text_append_bytes(&packet, line.at, line.length);
    text_append(&packet, "#%02x", sum);
    gdb_session_receive(session, (struct text){packet.at, packet.length});
    bool was_running = gdb_session_state(session) == GDB_SESSION_RUNNING;
    gdb_session_run(session);
    while (gdb_session_state(session) == GDB_SESSION_RUNNING)
        gdb_session_run(session);
    size_t count = take_output(session);
    require(!is_framed || count > 0 || is_over(session), "a packet is answered");
    require(!was_running || is_over(session) || count > 0, "and a run's end is told");
}

static void send_packets(struct arena *arena, struct gdb_session *session, struct text lines)
{
    while (lines.length > 0 && !is_over(session)) {
        const char *end = memchr(lines.at, '\n', lines.length);
        size_t length = end == NULL ? lines.length : (size_t)(end - lines.at);
        send_packet(arena, session, (struct text){lines.at, length});
        size_t taken = end == NULL ? length : length + 1;
        lines = (struct text){lines.at + taken, lines.length - taken};
    }
}

/* In pieces, between which the machine runs for a while. */
static void send_bytes(struct gdb_session *session, struct text bytes)
{
    while (bytes.length > 0 && !is_over(session)) {
        size_t length = bytes.length < 16 ? bytes.length : 16;
        gdb_session_receive(session, (struct text){bytes.at, length});
        gdb_session_run(session);
        take_output(session);
        bytes = (struct text){bytes.at + length, bytes.length - length};
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct physical *physical = machine_new(arena);
    struct gdb_setup setup = {
        .physical = physical, .max_steps = STEPS_MOST, .slice_steps = SLICE_STEPS};
    struct gdb_session *session = gdb_session_new(arena, &setup);
    struct text input = {(const char *)data, size};
    if (size > 0 && data[0] == 'F')
        send_packets(arena, session, (struct text){input.at + 1, input.length - 1});
    else
        send_bytes(session, input);
    require(vamp_machine_state(physical_processor(physical))->gpr[0] == 0, "r0 is 0");
    require(physical_steps(physical) <= STEPS_MOST, "the limit of steps holds");
    arena_free(arena);
    return 0;
}
