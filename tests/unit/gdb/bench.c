#include "tests/unit/gdb/bench.h"

#include "semantics/vamp/assemble.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void load(struct bench *bench, const char *program)
{
    for (uint32_t address = 0; *program != '\0'; address += 4) {
        struct vamp_insn insn;
        struct fault fault = {0};
        size_t length = strcspn(program, "\n");
        cr_assert(vamp_assemble((struct text){program, length}, (struct location){0}, NULL, &insn,
                                &fault),
                  "%s", fault.message);
        vamp_machine_write(bench->machine, address, vamp_encode(&insn));
        program += length + (program[length] == '\n');
    }
}

struct bench *bench_new_limited(const char *program, uint64_t max_steps)
{
    struct arena *arena = arena_new();
    struct bench *bench = ARENA_NEW(arena, struct bench);
    struct physical_setup setup = {.memory_bytes = BENCH_MEMORY_BYTES};
    bench->arena = arena;
    setup.bus.devices[0] = device_new_timer(arena);
    bench->physical = physical_new(arena, &setup);
    bench->machine = physical_processor(bench->physical);
    bench->state = vamp_machine_state(bench->machine);
    load(bench, program);
    struct gdb_setup gdb = {.physical = bench->physical, .max_steps = max_steps};
    bench->session = gdb_session_new(arena, &gdb);
    return bench;
}

struct bench *bench_new(const char *program)
{
    return bench_new_limited(program, BENCH_STEPS_MOST);
}

void bench_free(struct bench *bench)
{
    arena_free(bench->arena);
}

struct text bench_frame(struct bench *bench, const char *content)
{
    unsigned sum = 0;
    for (const char *at = content; *at != '\0'; at++)
        sum += (unsigned char)*at;
    return text_of(arena_printf(bench->arena, "$%s#%02x", content, sum % 256));
}

static struct text take_output(struct bench *bench)
{
    struct text output = gdb_session_output(bench->session);
    struct text copy = {text_copy(bench->arena, output), output.length};
    gdb_session_sent(bench->session, output.length);
    return copy;
}

struct text bench_send(struct bench *bench, struct text bytes)
{
    gdb_session_receive(bench->session, bytes);
    return take_output(bench);
}

/* Content as it is on the wire: }x is an escape, x*n a run. */
static void decode(struct text_builder *into, struct text wire)
{
    for (size_t i = 0; i < wire.length; i++) {
        char byte = wire.at[i];
        if (byte == '}' && i + 1 < wire.length) {
            byte = (char)(wire.at[++i] ^ 0x20);
            text_append_bytes(into, &byte, 1);
        } else if (byte == '*' && i + 1 < wire.length) {
            cr_assert(into->length > 0 && wire.at[i + 1] >= ' ');
            for (int count = wire.at[++i] - 29; count > 0; count--)
                text_append_bytes(into, (const char[]){into->at[into->length - 1]}, 1);
        } else {
            text_append_bytes(into, &byte, 1);
        }
    }
}

static void show(struct text_builder *into, struct text wire)
{
    struct text_builder content = {.arena = into->arena};
    decode(&content, wire);
    const char *text = text_built(&content);
    if (into->length > 0)
        text_append(into, "\n");
    if (text[0] != 'O' || strcmp(text, "OK") == 0) {
        text_append_bytes(into, text, content.length);
        return;
    }
    text_append(into, "O");
    for (size_t i = 1; i + 1 < content.length; i += 2)
        text_append(into, "%c", (int)strtol((char[]){text[i], text[i + 1], '\0'}, NULL, 16));
}

const char *bench_packets(struct bench *bench, struct text bytes)
{
    struct text_builder all = {.arena = bench->arena};
    const char *end = bytes.at + bytes.length;
    while (bytes.at < end) {
        const char *start = memchr(bytes.at, '$', (size_t)(end - bytes.at));
        const char *stop = start == NULL ? NULL : memchr(start, '#', (size_t)(end - start));
        if (stop == NULL)
            break;
        unsigned sum = 0;
        for (const char *at = start + 1; at < stop; at++)
            sum += (unsigned char)*at;
        cr_assert(end - stop >= 3);
        cr_assert_eq(sum % 256, strtoul((char[]){stop[1], stop[2], '\0'}, NULL, 16));
        show(&all, (struct text){start + 1, (size_t)(stop - start - 1)});
        bytes.at = stop + 3;
    }
    return text_built(&all);
}

const char *bench_ask(struct bench *bench, const char *content)
{
    gdb_session_receive(bench->session, bench_frame(bench, content));
    while (gdb_session_state(bench->session) == GDB_SESSION_RUNNING)
        gdb_session_run(bench->session);
    return bench_packets(bench, take_output(bench));
}
