/* Numbers and names as a timeline shows them. */
#include "cosim/timeline_parts.h"

#include "semantics/vamp/vamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAME_LETTERS = 13 }; /* of a program, that there is room for */

/* --- XML --- */

/* Bytes of the UTF-8 character at `at`; 0: there is none. */
static size_t character_bytes(const unsigned char *at)
{
    size_t length = at[0] < 0x80                    ? 1
                    : at[0] >= 0xC2 && at[0] < 0xE0 ? 2
                    : at[0] >= 0xE0 && at[0] < 0xF0 ? 3
                    : at[0] >= 0xF0 && at[0] < 0xF5 ? 4
                                                    : 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    /* Too long for what it means, half of a pair, beyond the last one, or no character of XML. */
    if (length == 3 && ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] >= 0xA0) ||
                        (at[0] == 0xEF && at[1] == 0xBF && at[2] >= 0xBE)))
        return 0;
    if (length == 4 && ((at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] >= 0x90)))
        return 0;
    return length == 1 && (at[0] < ' ' || at[0] == 0x7F) ? 0 : length;
}

const char *timeline_escaped(struct arena *arena, const char *text)
{
    struct text_builder escaped = {.arena = arena};
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0';) {
        size_t length = character_bytes(at);
        if (length == 0)
            text_append(&escaped, "?");
        else if (*at == '&')
            text_append(&escaped, "&amp;");
        else if (*at == '<')
            text_append(&escaped, "&lt;");
        else if (*at == '>')
            text_append(&escaped, "&gt;");
        else
            text_append_bytes(&escaped, (const char *)at, length);
        at += length == 0 ? 1 : length;
    }
    return text_built(&escaped);
}

/* --- Numbers --- */

const char *timeline_number(struct arena *arena, uint64_t number)
{
    char digits[24];
    struct text_builder grouped = {.arena = arena};
    int length = snprintf(digits, sizeof digits, "%" PRIu64, number);
    for (int i = 0; i < length; i++)
        text_append(&grouped, i > 0 && (length - i) % 3 == 0 ? ",%c" : "%c", digits[i]);
    return text_built(&grouped);
}

uint64_t timeline_tick_step(uint64_t length, unsigned ticks)
{
    uint64_t step = 1;
    while (length / step > ticks) {
        static const unsigned factors[] = {2, 5, 10};
        unsigned i = 0;
        while (i < 2 && length / (step * factors[i]) > ticks)
            i++;
        if (length / (step * factors[i]) <= ticks)
            return step * factors[i];
        step *= 10;
    }
    return step;
}

const char *timeline_tick(struct arena *arena, uint64_t number, uint64_t step)
{
    static const struct {
        uint64_t unit;
        const char *letter;
    } units[] = {{1000000000, "G"}, {1000000, "M"}, {1000, "k"}};
    for (size_t i = 0; number != 0 && i < sizeof units / sizeof *units; i++) {
        uint64_t unit = units[i].unit, least = unit == 1000 ? unit : unit / 10;
        if (step % least != 0 || number < least)
            continue;
        if (step % unit == 0 && number % unit == 0)
            return arena_printf(arena, "%s %s", timeline_number(arena, number / unit),
                                units[i].letter);
        return arena_printf(arena, "%s.%" PRIu64 " %s", timeline_number(arena, number / unit),
                            number % unit / (unit / 10), units[i].letter);
    }
    return timeline_number(arena, number);
}

/* --- Names --- */

const char *timeline_process(struct arena *arena, const struct timeline *timeline, uint32_t process)
{
    const char *name = process < timeline->names.count ? timeline->names.at[process] : NULL;
    if (name == NULL || *name == '\0')
        return arena_printf(arena, "process %" PRIu32, process);
    size_t letters = strlen(name) > NAME_LETTERS ? NAME_LETTERS - 2 : strlen(name);
    return arena_printf(arena, "%s%s (%" PRIu32 ")",
                        timeline_escaped(arena, arena_copy(arena, name, letters)),
                        letters < strlen(name) ? ".." : "", process);
}

const char *timeline_device(unsigned device)
{
    static const char *const names[BUS_DEVICES] = {"timer",      "swap disk",   "serial", "network",
                                                   "controller", "system disk", NULL,     NULL};
    return names[device] != NULL ? names[device] : "device";
}

/* Why the kernel was started, in a word or two: of several causes, the first. */
const char *timeline_cause(struct arena *arena, const struct timeline_span *kernel)
{
    static const char *const names[] = {
        [VAMP_INTERRUPT_RESET] = "reset",        [VAMP_INTERRUPT_ILL] = "illegal",
        [VAMP_INTERRUPT_MAL] = "misaligned",     [VAMP_INTERRUPT_PFF] = "fetch beyond",
        [VAMP_INTERRUPT_PFLS] = "access beyond", [VAMP_INTERRUPT_TRAP] = "trap",
        [VAMP_INTERRUPT_OVF] = "overflow",
    };
    for (unsigned bit = 0; bit < 32; bit++) {
        if ((kernel->cause >> bit & 1) == 0)
            continue;
        if (bit == VAMP_INTERRUPT_TRAP)
            return arena_printf(arena, "trap %" PRIu32, kernel->data);
        if (bit < sizeof names / sizeof *names)
            return names[bit];
        if (bit >= VAMP_INTERRUPT_DEVICE_0 && bit < VAMP_INTERRUPT_DEVICE_0 + BUS_DEVICES)
            return timeline_device(bit - VAMP_INTERRUPT_DEVICE_0);
        return arena_printf(arena, "cause %u", bit);
    }
    return "no cause";
}

const char *timeline_point_text(struct arena *arena, unsigned series,
                                const struct timeline_point *point)
{
    const char *step = timeline_number(arena, point->step);
    const char *number = timeline_number(arena, point->number);
    switch (series) {
    case TIMELINE_PRIMITIVES:
        return arena_printf(arena, "%s(%" PRIu32 "%s) for process %" PRIu32 ", step %s",
                            cvm_primitive_name(point->number), point->detail,
                            cvm_primitive_arguments(point->number) > 1 ? ", ..." : "",
                            point->process, step);
    case TIMELINE_FAULTS:
        return arena_printf(arena, "page fault of process %" PRIu32 " at 0x%08" PRIx32 ", step %s",
                            point->process, point->number, step);
    case TIMELINE_SWAP_READS:
    case TIMELINE_SWAP_WRITES:
        return arena_printf(arena, "page %" PRIu32 " of process %" PRIu32 " %s the disk, step %s",
                            point->detail, point->number,
                            series == TIMELINE_SWAP_READS ? "comes from" : "goes to", step);
    case TIMELINE_CHECKS:
        return arena_printf(arena, "check of %s values, step %s", number, step);
    case TIMELINE_SWEEPS:
        return arena_printf(arena, "sweep over %s values, step %s", number, step);
    case TIMELINE_DIVERGENCES:
        return arena_printf(arena, "divergence: %s, step %s", cosim_conjunct_name(point->number),
                            step);
    default:
        return arena_printf(arena, "%s: %s, step %s", timeline_device(series - TIMELINE_DEVICES),
                            device_event_name(point->number), step);
    }
}
