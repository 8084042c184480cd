/* What comes from outside: inlets of the seeded oracle that bring something by chance, and an
 * oracle that says whatever a script says, asked for or not. */
#include "tests/hostile/hostile.h"

#include "base/require.h"

/* ---- events ---- */

static struct text some_bytes(struct arena *arena, struct random *random, uint32_t length)
{
    char *bytes = arena_alloc(arena, length + 1);
    for (uint32_t i = 0; i < length; i++)
        bytes[i] = (char)random_word(random);
    return (struct text){bytes, length};
}

static struct device_event some_frame(struct arena *arena, struct random *random, bool is_rude)
{
    uint32_t most = random_chance(random, 80) ? 100 : 1514;
    uint32_t length = random_below(random, most + 1);
    if (is_rude && random_chance(random, 10))
        length = random_below(random, 5000);
    return (struct device_event){.kind = DEVICE_EVENT_FRAME,
                                 .content = some_bytes(arena, random, length)};
}

static struct device_event some_message(struct arena *arena, struct random *random, bool is_rude)
{
    uint32_t length = 4 * random_below(random, 20);
    uint32_t slot = random_below(random, 5);
    if (is_rude && random_chance(random, 10)) {
        length = random_below(random, 400);
        slot = random_word(random);
    }
    return (struct device_event){
        .kind = DEVICE_EVENT_MESSAGE, .number = slot, .content = some_bytes(arena, random, length)};
}

static struct device_event some_byte(struct random *random, bool is_rude)
{
    uint32_t errors = random_chance(random, 20) ? random_below(random, 8) << 10 : 0;
    return (struct device_event){.kind = DEVICE_EVENT_BYTE,
                                 .number = is_rude && random_chance(random, 10)
                                               ? random_word(random)
                                               : random_below(random, 256) | errors};
}

struct device_event some_event(struct arena *arena, struct random *random, unsigned device,
                               bool is_rude)
{
    if (is_rude && random_chance(random, 5))
        return (struct device_event){
            .kind = random_between(random, DEVICE_EVENT_TICK, DEVICE_EVENT_MESSAGE),
            .number = random_word(random),
            .content = some_bytes(arena, random, random_below(random, 40))};
    switch (device) {
    case 0:
        return (struct device_event){.kind = DEVICE_EVENT_TICK};
    case 2:
        return random_chance(random, 60)
                   ? some_byte(random, is_rude)
                   : (struct device_event){.kind = random_chance(random, 50) ? DEVICE_EVENT_DONE
                                                                             : DEVICE_EVENT_TICK};
    case 3:
        return random_chance(random, 70) ? some_frame(arena, random, is_rude)
                                         : (struct device_event){.kind = DEVICE_EVENT_DONE};
    case 4:
        return random_chance(random, 50) ? some_message(arena, random, is_rude)
                                         : (struct device_event){.kind = DEVICE_EVENT_TICK};
    default:
        return (struct device_event){.kind = DEVICE_EVENT_DONE};
    }
}

/* ---- inlets ---- */

struct chance_inlet {
    struct arena *arena;
    struct random random;
    unsigned device;
    uint32_t percent;
    uint32_t left;
    bool is_rude;
    struct fault failure;
};

static bool poll_chance(void *self, struct device_event *event)
{
    struct chance_inlet *inlet = self;
    if (!random_chance(&inlet->random, inlet->percent))
        return false;
    inlet->left--;
    if (inlet->is_rude && random_chance(&inlet->random, 1))
        fault_at(&inlet->failure, (struct location){0}, "the cable is cut");
    do {
        *event = some_event(inlet->arena, &inlet->random, inlet->device, inlet->is_rude);
    } while (!inlet->is_rude &&
             (event->kind == DEVICE_EVENT_TICK || event->kind == DEVICE_EVENT_DONE));
    return true;
}

static bool is_exhausted(void *self)
{
    return ((const struct chance_inlet *)self)->left == 0;
}

static struct oracle_inlet chance_inlet(struct arena *arena, const struct hostile *hostile,
                                        unsigned device)
{
    struct chance_inlet *inlet = ARENA_NEW(arena, struct chance_inlet);
    *inlet = (struct chance_inlet){
        .arena = arena,
        .random = {hostile->seed ^ (device + 1) * UINT64_C(0x2545F4914F6CDD1D)},
        .device = device,
        .percent = hostile->busy_outside,
        .left = 200,
        .is_rude = hostile->is_rude,
    };
    return (struct oracle_inlet){.self = inlet,
                                 .poll = poll_chance,
                                 .is_exhausted = is_exhausted,
                                 .descriptor = -1,
                                 .is_prompt = device == 4,
                                 .failure = &inlet->failure};
}

/* ---- the script ---- */

void hostile_script(struct hostile *hostile, struct arena *arena, struct random *random)
{
    uint64_t step = 0;
    hostile->script_count = random_below(random, SCRIPT_MAX);
    for (size_t i = 0; i < hostile->script_count; i++) {
        step += random_chance(random, 30) ? 0 : random_below(random, 200);
        unsigned device = random_below(random, 6);
        while ((hostile->present & ~UINT32_C(0xC0)) != 0 && (hostile->present >> device & 1) == 0)
            device = random_below(random, 6);
        if (hostile->is_rude && random_chance(random, 2))
            device = random_below(random, BUS_DEVICES);
        hostile->script[i] = (struct scripted_event){
            .event = {.step = step,
                      .is_reset = random_chance(random, 2),
                      .device = device,
                      .event = some_event(arena, random, device, hostile->is_rude)},
            .answer = ORACLE_EVENT,
        };
        if (hostile->is_rude && random_chance(random, 3))
            hostile->script[i].answer = random_chance(random, 50) ? ORACLE_END : ORACLE_FAILED;
    }
}

struct script_reader {
    struct oracle oracle;
    const struct hostile *hostile;
    size_t at;
};

static enum oracle_answer next_scripted(void *self, uint64_t now, const struct bus *bus,
                                        struct oracle_event *event, struct fault *fault)
{
    struct script_reader *reader = self;
    (void)bus;
    if (reader->at == reader->hostile->script_count)
        return ORACLE_NEVER;
    const struct scripted_event *scripted = &reader->hostile->script[reader->at];
    require(scripted->event.step >= now, "the machine asks at each step at which something comes");
    *event = scripted->event;
    for (size_t i = reader->at; i < reader->hostile->script_count; i++)
        event->is_reset_ahead |= reader->hostile->script[i].event.is_reset;
    if (scripted->answer == ORACLE_EVENT)
        reader->at += scripted->event.step == now;
    else if (scripted->event.step > now)
        return ORACLE_UNTIL;
    else if (scripted->answer == ORACLE_FAILED)
        fault_at(fault, (struct location){0}, "the script says so");
    return scripted->answer;
}

struct oracle *outside_oracle(struct arena *arena, const struct hostile *hostile)
{
    if (hostile->is_scripted) {
        struct script_reader *reader = ARENA_NEW(arena, struct script_reader);
        *reader = (struct script_reader){{.self = reader, .next = next_scripted}, hostile, 0};
        return &reader->oracle;
    }
    struct oracle_seed seed = hostile->oracle;
    for (unsigned device = 2; device <= 4 && hostile->busy_outside != 0; device++)
        seed.inlets[device] = chance_inlet(arena, hostile, device);
    return oracle_new_seeded(arena, &seed);
}
