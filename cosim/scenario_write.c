/* Writing a scenario down. The file is laid out by hand: an event a line, programs in lines of
 * eight words, zeros left out. */
#include "cosim/scenario_load.h"

#include "base/file.h"
#include "image/digest.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static void append_string(struct text_builder *out, const char *string)
{
    json_t *value = json_string(string);
    char *dumped = value == NULL ? NULL : json_dumps(value, JSON_ENCODE_ANY);
    text_append(out, "%s", dumped == NULL ? "\"\"" : dumped);
    free(dumped);
    json_decref(value);
}

/* The text is a reader's, so no valid UTF-8 is to be expected of it. */
static void append_hexadecimal(struct text_builder *out, struct text content)
{
    text_append(out, "\"");
    for (size_t i = 0; i < content.length; i++)
        text_append(out, "%02x", (unsigned char)content.at[i]);
    text_append(out, "\"");
}

/* An absolute path, so that the file can be put anywhere. */
static void append_path(struct text_builder *out, const char *path)
{
    char absolute[PATH_MAX];
    append_string(out, realpath(path, absolute) == NULL ? path : absolute);
}

/* --- Programs --- */

/* Behind the words of a line, which has no two zeros in succession. */
static uint32_t line_end(const uint32_t *words, uint32_t from, uint32_t count)
{
    enum { WORDS_OF_LINE = 8 };
    uint32_t end = from;
    while (end < count && end < from + WORDS_OF_LINE &&
           !(words[end] == 0 && end + 1 < count && words[end + 1] == 0))
        end++;
    return end;
}

/* Runs of zeros are left out: "@40" is the byte address of the word behind them. */
static void append_words(struct text_builder *out, const uint32_t *words, uint32_t count)
{
    const char *between = "";
    while (count != 0 && words[count - 1] == 0)
        count--;
    text_append(out, "[");
    for (uint32_t i = 0; i < count;) {
        uint32_t from = i;
        while (words[from] == 0)
            from++;
        from = from - i < 2 ? i : from;
        text_append(out, "%s\n    \"", between);
        if (from != i)
            text_append(out, "@%x ", from * 4);
        for (i = from; i < line_end(words, from, count); i++)
            text_append(out, "%s%08x", i == from ? "" : " ", words[i]);
        text_append(out, "\"");
        between = ",";
    }
    text_append(out, "]");
}

static void append_program(struct text_builder *out, const struct scenario_program *program)
{
    text_append(out, "\n  {\"name\": ");
    append_string(out, program->name);
    text_append(out,
                ", \"sector\": %u, \"pages\": %u, \"memory_pages\": %u, \"priority\": %u,\n   ",
                program->sector, program->pages, program->memory_pages, program->priority);
    text_append(out, "\"started\": %s, \"driver\": %s, \"words\": ",
                (program->flags & SCENARIO_STARTED) != 0 ? "true" : "false",
                (program->flags & SCENARIO_DRIVER) != 0 ? "true" : "false");
    append_words(out, program->words, program->word_count);
    text_append(out, "}");
}

/* --- The oracle --- */

static void append_event(struct text_builder *out, const struct oracle_event *event)
{
    if (event->is_reset) {
        text_append(out, "\n  [%" PRIu64 ", \"reset\"]", event->step);
        return;
    }
    text_append(out, "\n  [%" PRIu64 ", \"%s\", %u", event->step,
                device_event_name(event->event.kind), event->device);
    if (event->event.kind == DEVICE_EVENT_BYTE || event->event.kind == DEVICE_EVENT_MESSAGE)
        text_append(out, ", %u", event->event.number);
    if (event->event.kind == DEVICE_EVENT_FRAME || event->event.kind == DEVICE_EVENT_MESSAGE) {
        text_append(out, ", ");
        append_hexadecimal(out, event->event.content);
    }
    text_append(out, "]");
}

static void append_list(struct text_builder *out, const struct scenario *scenario)
{
    text_append(out, ",\n  \"until\": ");
    text_append(out, scenario->events_end == SCENARIO_FOREVER ? "\"forever\"" : "%" PRIu64,
                scenario->events_end);
    const char *between = "";
    text_append(out, ", \"drawn_devices\": [");
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if ((scenario->drawn_devices >> d & 1) == 0)
            continue;
        text_append(out, "%s%u", between, d);
        between = ", ";
    }
    text_append(out, "], \"events\": [");
    for (size_t i = 0; i < scenario->event_count; i++) {
        append_event(out, &scenario->events[i]);
        text_append(out, "%s", i + 1 == scenario->event_count ? "" : ",");
    }
    text_append(out, "]");
}

static void append_oracle(struct text_builder *out, const struct scenario *scenario)
{
    const struct oracle_seed *seed = &scenario->oracle;
    text_append(out, " \"oracle\": {\"seed\": %" PRIu64 ", \"tick_steps\": %" PRIu64, seed->seed,
                seed->tick_steps);
    text_append(out, ", \"done_steps\": %" PRIu64 ", \"poll_steps\": %" PRIu64 ", \"jitter\": %s",
                seed->done_steps, seed->poll_steps, seed->is_jittered ? "true" : "false");
    if (seed->has_reset)
        text_append(out, ", \"reset_step\": %" PRIu64, seed->reset_step);
    if (scenario->has_events)
        append_list(out, scenario);
    text_append(out, "},\n");
    if (scenario->has_events)
        return;
    text_append(out, " \"inputs\": {\"text\": ");
    append_string(out, text_copy(out->arena, scenario->serial));
    text_append(out,
                ", \"serial_bytes\": %u, \"network_frames\": %u, \"controller_messages\": %u},\n",
                scenario->inputs.serial_bytes, scenario->inputs.network_frames,
                scenario->inputs.controller_messages);
}

/* --- The rest --- */

static void append_medium(struct text_builder *out, const char *name,
                          const struct store_defect *defects, size_t count)
{
    text_append(out, "\"%s\": [", name);
    for (size_t i = 0; i < count; i++)
        text_append(out, "%s{\"first\": %u, \"count\": %u, \"read\": %s, \"write\": %s}",
                    i == 0 ? "" : ", ", defects[i].first, defects[i].count,
                    defects[i].fails_read ? "true" : "false",
                    defects[i].fails_write ? "true" : "false");
    text_append(out, "]");
}

static void append_limits(struct text_builder *out, const struct scenario *scenario)
{
    const struct cosim_checks *checks = &scenario->checks;
    text_append(out, " \"defects\": {");
    append_medium(out, "swap", scenario->swap_defects, scenario->swap_defect_count);
    text_append(out, ", ");
    append_medium(out, "system", scenario->system_defects, scenario->system_defect_count);
    text_append(out, "},\n \"checks\": {\"primitives\": %s, \"user_steps\": %" PRIu64,
                checks->at_primitives ? "true" : "false", checks->user_steps);
    text_append(out, ", \"sweep\": %" PRIu64 ", \"consis\": %s, \"plain\": %s},\n",
                checks->sweep_checks, checks->consis ? "true" : "false",
                checks->is_plain ? "true" : "false");
    text_append(out, " \"limits\": {\"steps\": %" PRIu64 "},\n", scenario->max_steps);
    if (scenario->has_expectation)
        text_append(out, " \"expect\": {\"conjunct\": \"%s\", \"step\": %" PRIu64 "},\n",
                    cosim_conjunct_name(scenario->expected_conjunct), scenario->expected_step);
}

static void append_digests(struct text_builder *out, const struct scenario *scenario)
{
    text_append(out, " \"digests\": {\"image\": \"%s\",\n  \"sources\": \"%s\"",
                scenario->kernel->image->digest,
                scenario_digest_of_sources(out->arena, scenario->kernel));
    if (scenario->disk_path != NULL)
        text_append(out, ",\n  \"disk\": \"%s\"", digest_of(out->arena, scenario->base));
    text_append(out, "}\n}\n");
}

static void append_all(struct text_builder *out, const struct scenario *scenario)
{
    text_append(out, "{\n \"scenario\": 1,\n \"name\": ");
    append_string(out, scenario->name);
    text_append(out, ",\n \"kernel\": ");
    append_path(out, scenario->kernel->path);
    if (scenario->disk_path != NULL) {
        text_append(out, ",\n \"disk\": ");
        append_path(out, scenario->disk_path);
    }
    text_append(out, ",\n \"programs\": [");
    for (size_t i = 0; i < scenario->program_count; i++) {
        append_program(out, &scenario->programs[i]);
        text_append(out, "%s", i + 1 == scenario->program_count ? "" : ",");
    }
    text_append(out, "],\n");
    append_oracle(out, scenario);
    append_limits(out, scenario);
    append_digests(out, scenario);
}

bool scenario_write(const struct scenario *scenario, const char *path, struct fault *fault)
{
    struct text_builder out = {.arena = arena_new()};
    append_all(&out, scenario);
    bool is_good = file_write(path, (struct text){text_built(&out), out.length}, fault);
    arena_free(out.arena);
    return is_good;
}
