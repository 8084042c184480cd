#include "tests/unit/physical/run_rig.h"

#include "semantics/vamp/assemble.h"

#include <criterion/criterion.h>
#include <string.h>

/* The rig's private part: code that is placed when the machine is made. */
struct code {
    uint32_t address, word;
};
struct whole_rig {
    struct run_rig rig;
    struct code code[256];
    unsigned count;
};

static void keep_sent(void *self, struct text content)
{
    struct run_rig *rig = self;
    text_append_bytes(&rig->sent, content.at, content.length);
}

struct run_rig *run_rig_new(void)
{
    struct arena *arena = arena_new();
    struct run_rig *rig = &ARENA_NEW(arena, struct whole_rig)->rig;
    rig->arena = arena;
    rig->seed = (struct oracle_seed){.tick_steps = 100, .done_steps = 40, .poll_steps = 50};
    rig->setup.memory_bytes = RUN_RIG_MEMORY;
    return rig;
}

void run_rig_free(struct run_rig *rig)
{
    arena_free(rig->arena);
}

void run_rig_code(struct run_rig *rig, uint32_t address, const char *lines)
{
    struct whole_rig *whole = (struct whole_rig *)rig;
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        struct vamp_insn insn;
        bool is_read = vamp_assemble((struct text){lines, length}, (struct location){0}, NULL,
                                     &insn, &rig->fault);
        cr_assert(is_read, "%.*s: %s", (int)length, lines, rig->fault.message);
        cr_assert_lt(whole->count, sizeof whole->code / sizeof whole->code[0]);
        whole->code[whole->count++] = (struct code){address, vamp_encode(&insn)};
        address += 4;
        lines += length + (lines[length] == '\n');
    }
}

void run_rig_start(struct run_rig *rig)
{
    const struct whole_rig *whole = (struct whole_rig *)rig;
    struct physical_setup setup = rig->setup;
    rig->sent = (struct text_builder){.arena = rig->arena};
    rig->fault = (struct fault){0};
    if (setup.bus.devices[RUN_RIG_TIMER] == NULL)
        setup.bus.devices[RUN_RIG_TIMER] = device_new_timer(rig->arena);
    setup.bus.devices[RUN_RIG_SERIAL] =
        device_new_serial(rig->arena, (struct device_outlet){rig, keep_sent});
    if (setup.oracle == NULL)
        setup.oracle = oracle_new_seeded(rig->arena, &rig->seed);
    rig->physical = physical_new(rig->arena, &setup);
    for (unsigned i = 0; i < whole->count; i++)
        cr_assert(vamp_machine_write(physical_processor(rig->physical), whole->code[i].address,
                                     whole->code[i].word));
    physical_power_up(rig->physical, 0);
}

struct physical_outcome run_rig_run(struct run_rig *rig, uint64_t max_steps)
{
    return physical_run(rig->physical, max_steps, false, &rig->fault);
}

void run_rig_expect(struct run_rig *rig, enum physical_status status, uint64_t steps)
{
    const char *digest = NULL;
    for (int is_plain = 1; is_plain >= 0; is_plain--) {
        run_rig_start(rig);
        struct physical_outcome outcome =
            physical_run(rig->physical, 1000000, is_plain, &rig->fault);
        cr_assert_eq(outcome.status, status, "%s %s", is_plain ? "plain" : "fast",
                     physical_status_name(outcome.status));
        cr_assert_eq(physical_steps(rig->physical), steps, "%s: %llu steps",
                     is_plain ? "plain" : "fast",
                     (unsigned long long)physical_steps(rig->physical));
        if (digest != NULL)
            cr_assert_str_eq(run_rig_digest(rig), digest);
        digest = run_rig_digest(rig);
    }
}

uint32_t run_rig_register(const struct run_rig *rig, unsigned number)
{
    return vamp_machine_state(physical_processor(rig->physical))->gpr[number];
}

const char *run_rig_digest(const struct run_rig *rig)
{
    char digest[65];
    physical_digest(rig->physical, digest);
    return arena_copy(rig->arena, digest, 64);
}
