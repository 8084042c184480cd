/* The oracle of a scenario's file, what it brings, and media that are broken. */
#include "cosim/scenario_load.h"

#include "base/array.h"
#include "base/file.h"
#include "cosim/scenario_oracle.h"

#include <string.h>

enum { STEPS_MAX = 1 << 30, MILLION = 1000000, CONTENT_MAX = 1518 };

/* --- Lists of events: [step, device, kind, ...] --- */

static bool read_content(const struct loading *loading, const struct place *place,
                         struct text *content)
{
    const char *digits = NULL;
    if (place->value == NULL || !json_is_string(place->value))
        return place_refuse(&loading->file, place, "bytes in hexadecimal are wanted here");
    if (!place_string(&loading->file, place, &digits))
        return false;
    size_t length = strlen(digits);
    char *bytes = ARENA_ARRAY(loading->file.arena, char, length / 2 + 1);
    for (size_t i = 0; i < length; i++) {
        const char *hexadecimal = "0123456789abcdef", *at = strchr(hexadecimal, digits[i]);
        if (at == NULL || length % 2 != 0 || length / 2 > CONTENT_MAX)
            return place_refuse(&loading->file, place, "bytes in hexadecimal are wanted here");
        bytes[i / 2] = (char)(bytes[i / 2] << 4 | (int)(at - hexadecimal));
    }
    *content = (struct text){bytes, length / 2};
    return true;
}

struct event_form {
    const char *name;
    enum device_event_kind kind;
    bool has_number, has_content;
};
static const struct event_form event_forms[] = {
    {"tick", DEVICE_EVENT_TICK, false, false},     {"done", DEVICE_EVENT_DONE, false, false},
    {"byte", DEVICE_EVENT_BYTE, true, false},      {"frame", DEVICE_EVENT_FRAME, false, true},
    {"message", DEVICE_EVENT_MESSAGE, true, true},
};

static bool has_elements(const struct loading *loading, const struct place *list, size_t count)
{
    return json_array_size(list->value) == count ||
           place_refuse(&loading->file, list, "an event of this kind has %zu parts", count);
}

static bool read_device_event(const struct loading *loading, const struct place *list,
                              const struct event_form *form, struct oracle_event *event)
{
    struct place device = place_element(list, 2);
    struct place number = place_element(list, 3),
                 content = place_element(list, 3 + form->has_number);
    event->event.kind = form->kind;
    return has_elements(loading, list, 3u + form->has_number + form->has_content) &&
           place_word(&loading->file, &device, 0, BUS_DEVICES - 1, &event->device) &&
           (!form->has_number ||
            place_word(&loading->file, &number, 0, 0xFFFF, &event->event.number)) &&
           (!form->has_content || read_content(loading, &content, &event->event.content));
}

static bool read_event(const struct loading *loading, const struct place *list,
                       struct oracle_event *event)
{
    struct place step = place_element(list, 0), kind = place_element(list, 1);
    const char *name = NULL;
    if (!place_is_list(&loading->file, list))
        return false;
    if (step.value == NULL || kind.value == NULL)
        return place_refuse(&loading->file, list, "an event begins with its step and its kind");
    if (!place_number(&loading->file, &step, event->step, INT64_MAX, &event->step) ||
        !place_string(&loading->file, &kind, &name))
        return false;
    event->is_reset = strcmp(name, "reset") == 0;
    if (event->is_reset)
        return has_elements(loading, list, 2);
    for (size_t i = 0; i < sizeof event_forms / sizeof *event_forms; i++) {
        if (strcmp(event_forms[i].name, name) == 0)
            return read_device_event(loading, list, &event_forms[i], event);
    }
    return place_refuse(&loading->file, &kind, "there are no events '%s'", name);
}

static bool load_events(struct loading *loading, const struct place *list)
{
    struct scenario *scenario = loading->scenario;
    if (!place_is_list(&loading->file, list))
        return false;
    size_t count = json_array_size(list->value);
    struct oracle_event *events = ARENA_ARRAY(loading->file.arena, struct oracle_event, count);
    for (size_t i = 0; i < count; i++) {
        struct place element = place_element(list, i);
        events[i].step = i == 0 ? 0 : events[i - 1].step;
        if (!read_event(loading, &element, &events[i]))
            return false;
    }
    scenario->has_events = true;
    scenario->events = events;
    scenario->event_count = count;
    return true;
}

static bool load_end(struct loading *loading, const struct place *until, const struct place *object)
{
    const char *word = NULL;
    if (until->value == NULL)
        return place_refuse(&loading->file, object, "\"events\" need an \"until\"");
    loading->scenario->events_end = SCENARIO_FOREVER;
    if (!json_is_string(until->value))
        return place_number(&loading->file, until, 1, INT64_MAX, &loading->scenario->events_end);
    return place_string(&loading->file, until, &word) &&
           (strcmp(word, "forever") == 0 ||
            place_refuse(&loading->file, until, "a number of steps or \"forever\" is wanted here"));
}

static bool load_drawn_devices(struct loading *loading, const struct place *list)
{
    if (list->value == NULL)
        return true;
    if (!place_is_list(&loading->file, list))
        return false;
    for (size_t i = 0; i < json_array_size(list->value); i++) {
        struct place element = place_element(list, i);
        uint32_t device = 0;
        if (!place_word(&loading->file, &element, 0, BUS_DEVICES - 1, &device))
            return false;
        loading->scenario->drawn_devices |= 1u << device;
    }
    return true;
}

/* --- Recordings --- */

static bool load_recording(struct loading *loading, const struct place *place, const char *name)
{
    struct arena *arena = loading->file.arena;
    const struct cosim_kernel *kernel = loading->scenario->kernel;
    const char *path = loading_path(loading, name);
    struct text file;
    if (!file_read(arena, path, &file, loading->file.fault))
        return false;
    struct recording *recording = recording_parse(arena, path, file, loading->file.fault);
    if (recording == NULL)
        return false;
    const struct recording_setup *setup = recording_setup(recording);
    if (strcmp(setup->image_digest, kernel->image->digest) != 0 ||
        setup->memory_bytes != kernel->parameters.memory_bytes)
        return place_refuse(&loading->file, place,
                            "the recording is of another machine: %u bytes "
                            "of memory, image %s",
                            setup->memory_bytes, setup->image_digest);
    return scenario_read_recording(arena, recording, loading->scenario, loading->file.fault);
}

/* --- The whole --- */

static bool load_draws(struct loading *loading, const struct place *object)
{
    const struct place_file *file = &loading->file;
    struct oracle_seed *seed = &loading->scenario->oracle;
    struct place number = place_member(object, "seed"), jitter = place_member(object, "jitter");
    struct place tick = place_member(object, "tick_steps"),
                 done = place_member(object, "done_steps");
    struct place poll = place_member(object, "poll_steps");
    struct place reset = place_member(object, "reset_step");
    seed->has_reset = reset.value != NULL;
    return place_number(file, &number, 0, INT64_MAX, &seed->seed) &&
           place_number(file, &tick, 1, STEPS_MAX, &seed->tick_steps) &&
           place_number(file, &done, 1, STEPS_MAX, &seed->done_steps) &&
           place_number(file, &poll, 1, STEPS_MAX, &seed->poll_steps) &&
           place_number(file, &reset, 1, INT64_MAX, &seed->reset_step) &&
           place_flag(file, &jitter, &seed->is_jittered);
}

bool load_oracle(struct loading *loading, const struct place *object)
{
    static const char *const keys[] = {"seed",   "tick_steps",    "done_steps", "poll_steps",
                                       "jitter", "reset_step",    "recording",  "events",
                                       "until",  "drawn_devices", NULL};
    if (object->value == NULL)
        return true;
    if (!place_is_object(&loading->file, object, keys) || !load_draws(loading, object))
        return false;
    struct place recording = place_member(object, "recording"),
                 until = place_member(object, "until");
    struct place events = place_member(object, "events");
    struct place devices = place_member(object, "drawn_devices");
    const char *name = NULL;
    bool has_list = recording.value != NULL || events.value != NULL;
    if (recording.value != NULL && events.value != NULL)
        return place_refuse(&loading->file, &events, "\"recording\" is such a list already");
    if (!has_list && (until.value != NULL || devices.value != NULL))
        return place_refuse(&loading->file, until.value != NULL ? &until : &devices,
                            "this needs \"events\"");
    if (has_list && loading->scenario->oracle.has_reset)
        return place_refuse(&loading->file, object,
                            "\"reset_step\": the list has a reset among its events, or none");
    if (events.value != NULL &&
        (!load_events(loading, &events) || !load_end(loading, &until, object)))
        return false;
    return load_drawn_devices(loading, &devices) &&
           place_string(&loading->file, &recording, &name) &&
           (name == NULL || load_recording(loading, &recording, name));
}

bool load_inputs(struct loading *loading, const struct place *object)
{
    static const char *const keys[] = {"text", "serial_bytes", "network_frames",
                                       "controller_messages", NULL};
    const struct place_file *file = &loading->file;
    struct scenario_inputs *inputs = &loading->scenario->inputs;
    const char *typed = "";
    if (object->value == NULL)
        return true;
    if (!place_is_object(file, object, keys))
        return false;
    if (loading->scenario->has_events)
        return place_refuse(file, object, "a listed oracle has its inputs among its events");
    struct place text = place_member(object, "text"), bytes = place_member(object, "serial_bytes");
    struct place frames = place_member(object, "network_frames");
    struct place messages = place_member(object, "controller_messages");
    if (!place_string(file, &text, &typed) ||
        !place_word(file, &bytes, 0, MILLION, &inputs->serial_bytes) ||
        !place_word(file, &frames, 0, MILLION, &inputs->network_frames) ||
        !place_word(file, &messages, 0, MILLION, &inputs->controller_messages))
        return false;
    loading->scenario->serial = text_of(typed);
    return true;
}

/* --- Broken media --- */

static bool load_defect(const struct loading *loading, const struct place *object,
                        struct store_defect *defect)
{
    static const char *const keys[] = {"first", "count", "read", "write", NULL};
    const struct place_file *file = &loading->file;
    if (!place_is_object(file, object, keys))
        return false;
    struct place first = place_member(object, "first"), count = place_member(object, "count");
    struct place read = place_member(object, "read"), write = place_member(object, "write");
    *defect = (struct store_defect){.count = 1, .fails_read = true, .fails_write = true};
    if (first.value == NULL)
        return place_refuse(file, object, "\"first\" is missing");
    return place_word(file, &first, 0, STORE_MAX_SECTORS - 1, &defect->first) &&
           place_word(file, &count, 1, STORE_MAX_SECTORS, &defect->count) &&
           place_flag(file, &read, &defect->fails_read) &&
           place_flag(file, &write, &defect->fails_write);
}

static bool load_medium(const struct loading *loading, const struct place *list,
                        const struct store_defect **defects, size_t *count)
{
    if (list->value == NULL)
        return true;
    if (!place_is_list(&loading->file, list))
        return false;
    *count = json_array_size(list->value);
    struct store_defect *read = ARENA_ARRAY(loading->file.arena, struct store_defect, *count);
    *defects = read;
    for (size_t i = 0; i < *count; i++) {
        struct place element = place_element(list, i);
        if (!load_defect(loading, &element, &read[i]))
            return false;
    }
    return true;
}

bool load_defects(struct loading *loading, const struct place *object)
{
    static const char *const keys[] = {"swap", "system", NULL};
    struct scenario *scenario = loading->scenario;
    if (object->value == NULL)
        return true;
    if (!place_is_object(&loading->file, object, keys))
        return false;
    struct place swap = place_member(object, "swap"), system = place_member(object, "system");
    return load_medium(loading, &swap, &scenario->swap_defects, &scenario->swap_defect_count) &&
           load_medium(loading, &system, &scenario->system_defects, &scenario->system_defect_count);
}
