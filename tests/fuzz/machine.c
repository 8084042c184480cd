/* The whole machine runs any image, whatever its devices are told: fast, plainly and in pieces
 * alike. The input is an image of its own, or changes to one that tests/hostile draws, so that
 * short inputs reach far; and what comes from outside. */
#include "base/require.h"
#include "tests/hostile/hostile.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STEPS_MAX = 2000, PAGES_MAX = 8, OWN_IMAGE = 1 };

struct input {
    const uint8_t *at;
    size_t left;
};

static uint32_t take(struct input *input, unsigned byte_count)
{
    uint32_t word = 0;
    for (; byte_count > 0 && input->left > 0; byte_count--, input->at++, input->left--)
        word = word << 8 | *input->at;
    return word;
}

static void take_event(struct hostile *hostile, struct input *input, uint64_t *step)
{
    if (hostile->script_count == SCRIPT_MAX)
        return;
    uint32_t head = take(input, 1), length = take(input, 1);
    *step += take(input, 1);
    struct scripted_event *scripted = &hostile->script[hostile->script_count++];
    *scripted = (struct scripted_event){
        .event = {.step = *step, .is_reset = head == 0xFF, .device = head % BUS_DEVICES},
        .answer = head == 0xFE   ? ORACLE_FAILED
                  : head == 0xFD ? ORACLE_END
                                 : ORACLE_EVENT,
    };
    struct device_event *event = &scripted->event.event;
    event->kind = (enum device_event_kind)(head / BUS_DEVICES % (DEVICE_EVENT_MESSAGE + 1));
    event->number = take(input, length % 3);
    length = length < input->left ? length : (uint32_t)input->left;
    event->content = (struct text){(const char *)input->at, length};
    input->at += length;
    input->left -= length;
}

/* An image that a seed stands for, with changes. */
static void draw(struct hostile *hostile, struct arena *arena, struct input *input)
{
    hostile_draw(hostile, arena, take(input, 2));
    uint64_t step = 0;
    while (input->left > 0) {
        if (take(input, 1) % 2 == 0) {
            uint32_t at = take(input, 2) % (hostile->memory_bytes / 4);
            hostile->words[at] = take(input, 4);
            continue;
        }
        if (!hostile->is_scripted)
            hostile->script_count = 0;
        hostile->is_scripted = true;
        step = step == 0 && hostile->script_count > 0
                   ? hostile->script[hostile->script_count - 1].event.step
                   : step;
        take_event(hostile, input, &step);
    }
}

/* An image of the input's own. */
static void fill(struct hostile *hostile, struct arena *arena, struct input *input)
{
    uint32_t head = take(input, 1);
    *hostile = (struct hostile){.kind = IMAGE_NOISE,
                                .memory_bytes = (head % PAGES_MAX + 1) * VAMP_PAGE_BYTES,
                                .present = 0x3F,
                                .sectors = 20,
                                .oracle = {.tick_steps = 7, .done_steps = 5, .poll_steps = 11},
                                .busy_outside = 50};
    hostile->words = ARENA_ARRAY(arena, uint32_t, hostile->memory_bytes / 4);
    for (uint32_t i = 0; input->left > 0 && i < hostile->memory_bytes / 4; i++)
        hostile->words[i] = take(input, 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct input input = {data, size};
    struct hostile hostile;
    struct record fast, other;
    if (take(&input, 1) % 4 == OWN_IMAGE)
        fill(&hostile, arena, &input);
    else
        draw(&hostile, arena, &input);
    hostile.max_steps = STEPS_MAX;
    hostile_run(&hostile, MANNER_FAST, false, NULL, &fast);
    hostile_run(&hostile, MANNER_PLAIN, false, NULL, &other);
    require(record_equals(&fast, &other, stderr), "a run is the same fast and plainly");
    hostile_run(&hostile, MANNER_PIECES, false, NULL, &other);
    require(record_equals(&fast, &other, stderr), "a run is the same in pieces");
    arena_free(arena);
    return 0;
}
