/* What the outside world brings while a scenario runs: text that somebody types, and bytes, frames
 * and messages drawn from the seed. The oracle asks each inlet once each poll_steps, as long as its
 * device has room; so what comes depends on the seed and on what the machine does, and on nothing
 * else. */
#include "base/random.h"
#include "cosim/scenario_oracle.h"

#include <string.h>

enum {
    SERIAL = 2,
    NETWORK = 3,
    CONTROLLER = 4,
    FRAME_BYTES_MAX = 1518,
    MESSAGE_WORDS_MAX = 8,
    MILLION = 1000000,
};

struct inlet {
    unsigned device;
    struct random random;
    struct text typed; /* what is left of it */
    uint32_t chance;   /* of a million questions so many bring something */
    char content[FRAME_BYTES_MAX];
};

/* A text's byte, or a drawn one, now and then with an error of the line (device.h). */
static void draw_byte(struct inlet *inlet, struct device_event *event)
{
    uint32_t byte = random_below(&inlet->random, random_chance(&inlet->random, 80) ? 128 : 256);
    uint32_t error = random_chance(&inlet->random, 5) ? random_below(&inlet->random, 8) : 0;
    *event = (struct device_event){.kind = DEVICE_EVENT_BYTE, .number = byte | error << 10};
}

static void draw_content(struct inlet *inlet, size_t size)
{
    for (size_t i = 0; i < size; i++)
        inlet->content[i] = (char)random_below(&inlet->random, 256);
}

static void draw_frame(struct inlet *inlet, struct device_event *event)
{
    bool is_long = random_chance(&inlet->random, 10);
    size_t size = random_between(&inlet->random, 1, is_long ? FRAME_BYTES_MAX : 64);
    draw_content(inlet, size);
    *event = (struct device_event){.kind = DEVICE_EVENT_FRAME, .content = {inlet->content, size}};
}

/* Of one of the first slots: random programs make schedules of few. */
static void draw_message(struct inlet *inlet, struct device_event *event)
{
    size_t size = 4 * (size_t)random_between(&inlet->random, 1, MESSAGE_WORDS_MAX);
    draw_content(inlet, size);
    *event = (struct device_event){.kind = DEVICE_EVENT_MESSAGE,
                                   .number = random_below(&inlet->random, 3),
                                   .content = {inlet->content, size}};
}

static bool poll_inlet(void *self, struct device_event *event)
{
    struct inlet *inlet = self;
    if (inlet->typed.length != 0) {
        unsigned char byte = (unsigned char)*inlet->typed.at++;
        inlet->typed.length--;
        *event = (struct device_event){.kind = DEVICE_EVENT_BYTE, .number = byte};
        return true;
    }
    if (random_below(&inlet->random, MILLION) >= inlet->chance)
        return false;
    if (inlet->device == SERIAL)
        draw_byte(inlet, event);
    else if (inlet->device == NETWORK)
        draw_frame(inlet, event);
    else
        draw_message(inlet, event);
    return true;
}

static bool is_exhausted(void *self)
{
    const struct inlet *inlet = self;
    return inlet->typed.length == 0 && inlet->chance == 0;
}

static void make_inlet(struct arena *arena, const struct scenario *scenario, unsigned device,
                       uint32_t per_million, struct oracle_inlet *made)
{
    struct inlet *inlet = ARENA_NEW(arena, struct inlet);
    uint64_t chance = scenario->oracle.poll_steps > MILLION
                          ? (uint64_t)per_million * MILLION
                          : scenario->oracle.poll_steps * per_million;
    inlet->device = device;
    inlet->random.state = (scenario->oracle.seed + device) * UINT64_C(0xA0761D6478BD642F);
    inlet->chance = chance > MILLION ? MILLION : (uint32_t)chance;
    if (device == SERIAL)
        inlet->typed = scenario->serial;
    *made = (struct oracle_inlet){
        .self = inlet, .poll = poll_inlet, .is_exhausted = is_exhausted, .descriptor = -1};
}

void scenario_inlets(struct arena *arena, const struct scenario *scenario,
                     struct oracle_inlet inlets[BUS_DEVICES])
{
    const struct scenario_inputs *inputs = &scenario->inputs;
    if (inputs->serial_bytes != 0 || scenario->serial.length != 0)
        make_inlet(arena, scenario, SERIAL, inputs->serial_bytes, &inlets[SERIAL]);
    if (inputs->network_frames != 0)
        make_inlet(arena, scenario, NETWORK, inputs->network_frames, &inlets[NETWORK]);
    if (inputs->controller_messages != 0)
        make_inlet(arena, scenario, CONTROLLER, inputs->controller_messages, &inlets[CONTROLLER]);
}
