#include "tools/vouch_run_report.h"

#include "base/file.h"
#include "tools/commands.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- A replayed run --- */

/* How a replayed run came to its end. */
enum agreement {
    AGREEMENT_NONE,   /* nothing was replayed, or the user ended the run */
    AGREEMENT_FULL,   /* as recorded */
    AGREEMENT_CUT,    /* the recording has no end */
    AGREEMENT_BROKEN, /* otherwise than recorded */
};

static enum agreement agreement_of(const struct run_result *result)
{
    enum physical_status status = result->end.status;
    if (result->machine->recording == NULL || status == PHYSICAL_INTERRUPTED ||
        status == PHYSICAL_LIMIT || status == PHYSICAL_BREAKPOINT)
        return AGREEMENT_NONE;
    const struct recording_end *end = recording_end(result->machine->recording);
    if (end == NULL)
        return status == PHYSICAL_ORACLE_END ? AGREEMENT_CUT : AGREEMENT_BROKEN;
    bool is_same = end->steps == result->end.steps &&
                   strcmp(end->digest, result->end.digest) == 0 &&
                   (status == end->status || status == PHYSICAL_ORACLE_END);
    return is_same ? AGREEMENT_FULL : AGREEMENT_BROKEN;
}

enum physical_status run_reason(const struct run_result *result)
{
    return agreement_of(result) == AGREEMENT_FULL
               ? recording_end(result->machine->recording)->status
               : result->end.status;
}

static int exit_code(const struct run_result *result)
{
    switch (agreement_of(result)) {
    case AGREEMENT_FULL:
        return VOUCH_EXIT_OK;
    case AGREEMENT_CUT:
    case AGREEMENT_BROKEN:
        return VOUCH_EXIT_NO;
    case AGREEMENT_NONE:
        break;
    }
    bool is_intended = result->end.status == PHYSICAL_HALTED || result->end.status == PHYSICAL_IDLE;
    return is_intended ? VOUCH_EXIT_OK : VOUCH_EXIT_NO;
}

/* --- In words --- */

static uint32_t dpc_of(const struct run_result *result)
{
    return vamp_machine_state(physical_processor(result->machine->physical))->dpc;
}

/* " in f+0x1c" */
static void append_place(const struct run_result *result, uint32_t address,
                         struct text_builder *text)
{
    const struct image_symbol *function = image_function_at(result->machine->image, address);
    text_append(text, " at 0x%08x", address);
    if (function != NULL)
        text_append(text, " (%s+0x%x)", function->name, address - function->address);
}

static void append_end(const struct run_result *result, struct text_builder *text)
{
    char diagnosis[256];
    switch (run_reason(result)) {
    case PHYSICAL_HALTED:
    case PHYSICAL_FAILED:
        return;
    case PHYSICAL_IDLE:
        text_append(text, ": it waits for an interrupt, and none is to come");
        return;
    case PHYSICAL_LIMIT:
    case PHYSICAL_BREAKPOINT:
    case PHYSICAL_INTERRUPTED:
        append_place(result, dpc_of(result), text);
        return;
    case PHYSICAL_STOPPED:
        append_place(result, dpc_of(result), text);
        vamp_diagnosis_print(&result->outcome.diagnosis, diagnosis, sizeof diagnosis);
        text_append(text, ": %s", diagnosis);
        return;
    case PHYSICAL_ORACLE_END:
        if (recording_end(result->machine->recording) == NULL)
            text_append(text, ": the run was killed while it was recorded, or the file is cut");
        return;
    }
}

static void append_agreement(const struct run_result *result, struct text_builder *text)
{
    const struct recording_end *end;
    switch (agreement_of(result)) {
    case AGREEMENT_NONE:
    case AGREEMENT_CUT:
        return;
    case AGREEMENT_FULL:
        text_append(text, ", as recorded");
        return;
    case AGREEMENT_BROKEN:
        end = recording_end(result->machine->recording);
        if (end == NULL)
            text_append(text, "; the recorded run went on");
        else
            text_append(text,
                        "; recorded was: %s after %llu steps in the state %.16s, not in %.16s",
                        physical_status_name(end->status), (unsigned long long)end->steps,
                        end->digest, result->end.digest);
        return;
    }
}

/* "halted after 25 steps" */
static const char *message(const struct run_result *result, struct arena *arena)
{
    struct text_builder text = {.arena = arena};
    text_append(&text, "%s after %llu steps", physical_status_name(run_reason(result)),
                (unsigned long long)result->end.steps);
    append_end(result, &text);
    append_agreement(result, &text);
    return text_built(&text);
}

/* --- As JSON --- */

static json_t *show_interrupts(const struct run_result *result)
{
    json_t *interrupts = json_object();
    for (unsigned cause = 0; cause < VAMP_INTERRUPT_COUNT; cause++) {
        uint64_t count =
            vamp_machine_interrupts(physical_processor(result->machine->physical), cause);
        if (count != 0)
            json_object_set_new(interrupts, vamp_interrupt_name((enum vamp_interrupt)cause),
                                json_integer((json_int_t)count));
    }
    return interrupts;
}

static json_t *show_devices(const struct run_result *result)
{
    json_t *devices = json_array();
    const struct bus *bus = physical_bus(result->machine->physical);
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (bus->devices[d] == NULL)
            continue;
        json_int_t events = (json_int_t)physical_events(result->machine->physical, d);
        json_array_append_new(devices, json_pack("{s:i,s:s,s:I}", "number", (int)d, "name",
                                                 bus->devices[d]->class->name, "events", events));
    }
    return devices;
}

/* As in vouch call. */
static json_t *show_fault(const struct run_result *result)
{
    char text[256];
    const struct vamp_diagnosis *diagnosis = &result->outcome.diagnosis;
    const struct image_symbol *function = image_function_at(result->machine->image, diagnosis->dpc);
    json_t *location = json_pack("{s:o}", "address", json_sprintf("0x%08x", diagnosis->dpc));
    if (function != NULL)
        json_object_set_new(
            location, "function",
            json_sprintf("%s+0x%x", function->name, diagnosis->dpc - function->address));
    vamp_diagnosis_print(diagnosis, text, sizeof text);
    return json_pack("{s:s,s:o,s:s}", "rule", vamp_stop_name(diagnosis->stop), "location", location,
                     "message", text);
}

static json_t *show_run(const struct run_result *result, struct arena *arena)
{
    const struct run_machine *machine = result->machine;
    uint32_t memory_bytes = vamp_machine_memory_bytes(physical_processor(machine->physical));
    json_t *json = json_pack(
        "{s:s,s:I,s:s,s:s,s:s,s:I,s:o,s:o}", "status", physical_status_name(run_reason(result)),
        "steps", (json_int_t)result->end.steps, "message", message(result, arena), "state",
        result->end.digest, "image", machine->image->digest, "memory", (json_int_t)memory_bytes,
        "interrupts", show_interrupts(result), "devices", show_devices(result));
    json_object_set_new(json, "dpc", json_sprintf("0x%08x", dpc_of(result)));
    if (result->end.status == PHYSICAL_STOPPED)
        json_object_set_new(json, "fault", show_fault(result));
    if (agreement_of(result) != AGREEMENT_NONE)
        json_object_set_new(json, "as_recorded",
                            json_boolean(agreement_of(result) == AGREEMENT_FULL));
    return json;
}

static bool write_summary(const struct run_result *result, struct arena *arena, struct fault *fault)
{
    const char *path = result->machine->options->json;
    json_t *json = show_run(result, arena);
    char *text = json_dumps(json, JSON_INDENT(2) | JSON_SORT_KEYS);
    json_decref(json);
    bool is_printed = strcmp(path, "-") == 0;
    bool is_written = is_printed
                          ? printf("%s\n", text) > 0
                          : file_write(path, text_of(arena_printf(arena, "%s\n", text)), fault);
    free(text);
    return is_written;
}

/* --- All of it --- */

int run_report(const struct run_result *result, struct fault *fault)
{
    const struct run_options *options = result->machine->options;
    struct arena *arena = result->machine->arena;
    fprintf(stderr, "vouch run: %s\n", message(result, arena));
    if (options->is_timed)
        fprintf(stderr, "vouch run: %.3f s on the processor, %.1f million steps a second\n",
                result->seconds,
                (double)result->end.steps / 1e6 / (result->seconds > 0 ? result->seconds : 1));
    if (options->json != NULL && !write_summary(result, arena, fault))
        return VOUCH_EXIT_BAD;
    return exit_code(result);
}
