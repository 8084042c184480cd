/* The commands that a user gives by hand: "monitor steps". */
#include "gdb/inside.h"

#include <ctype.h>
#include <inttypes.h>

enum { WORDS_MOST = 256 };

struct monitor_command {
    const char *name, *operands, *summary;
    void (*run)(struct gdb_session *session, struct text operands);
};

/* The next word; empty: there is none. */
static struct text take_word(struct text *rest)
{
    while (rest->length != 0 && isspace((unsigned char)rest->at[0]))
        *rest = (struct text){rest->at + 1, rest->length - 1};
    struct text word = {rest->at, 0};
    while (word.length < rest->length && !isspace((unsigned char)rest->at[word.length]))
        word.length++;
    *rest = (struct text){rest->at + word.length, rest->length - word.length};
    return word;
}

static bool take_operand(struct text *rest, uint32_t *number)
{
    struct text word = take_word(rest);
    return word.length != 0 && text_to_word(word, number);
}

static void show_steps(struct gdb_session *session, struct text operands)
{
    (void)operands;
    gdb_say(session, "%" PRIu64 " steps\n", physical_steps(session->setup.physical));
}

static void show_devices(struct gdb_session *session, struct text operands)
{
    (void)operands;
    const struct bus *bus = physical_bus(session->setup.physical);
    for (unsigned i = 0; i < BUS_DEVICES; i++) {
        const struct device *device = bus->devices[i];
        if (device != NULL)
            gdb_say(session, "%u at 0x%08" PRIx32 ": %-10s line %s, awaits %s\n", i,
                    BUS_ADDRESS + i * BUS_WINDOW_BYTES, device->class->name,
                    device->class->line(device) ? "up" : "down",
                    device_event_name(device->class->awaits(device)));
    }
}

/* A memory in which nothing can go wrong: reset goes before all else that a step may meet. */
static bool read_nothing(void *self, uint32_t address, uint32_t *word)
{
    (void)self, (void)address;
    *word = 0;
    return true;
}

static bool write_nothing(void *self, uint32_t address, uint32_t word)
{
    (void)self, (void)address, (void)word;
    return true;
}

/* The reset button, as far as the processor goes; devices and memory keep their state. */
static void reset(struct gdb_session *session, struct text operands)
{
    (void)operands;
    struct vamp_memory memory = {NULL, UINT64_C(1) << 32, read_nothing, write_nothing};
    struct vamp_diagnosis diagnosis;
    vamp_step(vamp_machine_state(session->machine), &memory, 1 << VAMP_INTERRUPT_RESET, &diagnosis);
    gdb_say(session, "reset: dpc is 0, the rest of the machine as it was\n");
}

static void show_words(struct gdb_session *session, struct text operands)
{
    uint32_t address, count = 1, word;
    struct text rest = operands;
    if (!take_operand(&rest, &address) || address % 4 != 0) {
        gdb_say(session, "read: the address of a word is missing\n");
        return;
    }
    take_operand(&rest, &count);
    for (uint32_t i = 0; i < count && i < WORDS_MOST; i++, address += 4) {
        if (!vamp_machine_read(session->machine, address, &word)) {
            gdb_say(session, "0x%08" PRIx32 ": no memory\n", address);
            return;
        }
        gdb_say(session, "0x%08" PRIx32 ": 0x%08" PRIx32 "\n", address, word);
    }
}

static void show_place(struct gdb_session *session, struct text operands)
{
    uint32_t address;
    struct gdb_place place;
    if (!take_operand(&operands, &address)) {
        gdb_say(session, "translate: the address is missing\n");
        return;
    }
    if (gdb_memory_locate(session->machine, vamp_machine_state(session->machine), address, &place))
        gdb_say(session, "0x%08" PRIx32 " is 0x%08" PRIx32 "%s\n", address, place.address,
                place.is_protected ? ", protected" : "");
    else
        gdb_say(session, "0x%08" PRIx32 " has no page\n", address);
}

static void show_digest(struct gdb_session *session, struct text operands)
{
    (void)operands;
    char digest[65];
    physical_digest(session->setup.physical, digest);
    gdb_say(session, "%s\n", digest);
}

static void show_help(struct gdb_session *session, struct text operands);

static const struct monitor_command commands[] = {
    {"help", "", "these commands", show_help},
    {"steps", "", "how many steps the machine has done", show_steps},
    {"devices", "", "what is on the bus", show_devices},
    {"read", "ADDRESS [WORDS]", "words of physical memory", show_words},
    {"translate", "ADDRESS", "the physical address in the present mode", show_place},
    {"digest", "", "SHA-256 of registers, memory and devices", show_digest},
    {"reset", "", "presses the reset button", reset},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void show_help(struct gdb_session *session, struct text operands)
{
    (void)operands;
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        gdb_say(session, "%-9s %-15s  %s\n", commands[i].name, commands[i].operands,
                commands[i].summary);
}

void gdb_monitor(struct gdb_session *session, struct text line)
{
    struct text name = take_word(&line);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (text_is(name, commands[i].name)) {
            commands[i].run(session, line);
            return;
        }
    }
    gdb_say(session, "unknown; `monitor help` lists the commands\n");
}
