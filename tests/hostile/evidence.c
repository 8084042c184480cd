/* Recordings and traces of runs. */
#include "base/file.h"
#include "base/require.h"
#include "tests/hostile/watch.h"
#include "traces/player.h"

#include <string.h>

enum { TRACE_INTERVAL = 64 };

static const char no_image[] = "0000000000000000000000000000000000000000000000000000000000000000";

/* ---- writing ---- */

static struct recording_setup setup_of(const struct hostile *hostile)
{
    static const char *const names[BUS_DEVICES] = {"timer",   "disk",       "serial",
                                                   "network", "controller", "disk"};
    struct recording_setup setup = {.memory_bytes = hostile->memory_bytes};
    memcpy(setup.image_digest, no_image, sizeof no_image);
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if ((hostile->present >> d & 1) == 0)
            continue;
        snprintf(setup.devices[d].name, sizeof setup.devices[d].name, "%s", names[d]);
        setup.devices[d].sector_count = d == 1 || d == 5 ? hostile->sectors : 0;
    }
    return setup;
}

void evidence_open(struct watch *watch)
{
    const struct evidence *evidence = watch->evidence;
    struct fault fault = {0};
    if (evidence == NULL)
        return;
    if (evidence->record != NULL) {
        struct recording_setup setup = setup_of(watch->hostile);
        watch->recorder = recorder_new(watch->arena, evidence->record, &setup, &fault);
        require(watch->recorder != NULL, "a recording can be written");
    }
    if (evidence->replayed.at != NULL) {
        struct recording_setup setup = setup_of(watch->hostile);
        watch->recording = recording_parse(watch->arena, "replayed", evidence->replayed, &fault);
        require(watch->recording != NULL, "what was recorded can be read");
        require(memcmp(recording_setup(watch->recording), &setup, sizeof setup) == 0,
                "the recording is of this machine");
    }
    if (evidence->trace != NULL) {
        struct trace_setup setup = {
            .path = evidence->trace, .recorder = "unit_hostile", .interval_steps = TRACE_INTERVAL};
        watch->trace = trace_writer_new(watch->arena, &setup, &fault);
        require(watch->trace != NULL, "a trace can be written");
    }
}

struct oracle *evidence_oracle(struct watch *watch, struct oracle *live)
{
    if (watch->recording != NULL)
        return recording_oracle(watch->recording);
    return watch->recorder != NULL ? recorder_oracle(watch->recorder, live) : live;
}

struct device_store evidence_store(struct watch *watch, unsigned device, struct device_store live)
{
    bool is_present = (watch->hostile->present >> device & 1) != 0;
    if (watch->recording != NULL && is_present)
        return recording_store(watch->recording, watch->arena, device);
    if (watch->recorder != NULL && is_present)
        return store_observed_new(watch->arena, live, recorder_store(watch->recorder, device));
    return live;
}

void evidence_begin(struct watch *watch, struct vamp_machine *machine)
{
    struct fault fault = {0};
    if (watch->trace != NULL)
        require(trace_writer_begin(watch->trace, machine, no_image, &fault), "a trace begins");
}

void evidence_end(struct watch *watch)
{
    const struct record *record = watch->record;
    struct fault fault = {0};
    if (watch->recorder != NULL) {
        struct recording_end end = {.status = record->status, .steps = record->steps};
        memcpy(end.digest, record->digest, sizeof end.digest);
        require(recorder_close(watch->recorder, &end, &fault), "a recording ends");
    }
    if (watch->trace != NULL) {
        struct trace_writer_end end = {.step = record->steps,
                                       .is_stopped = record->status == PHYSICAL_STOPPED,
                                       .reason = physical_status_name(record->status),
                                       .digest = record->digest};
        require(trace_writer_finish(watch->trace, &end, &fault), "a trace ends");
    }
}

/* ---- reading ---- */

static bool plays_to_end(struct trace_player *player, const struct record *record, FILE *out)
{
    enum trace_player_status status;
    struct trace_step step;
    struct fault fault = {0};
    while ((status = trace_player_next(player, &step, &fault)) == TRACE_PLAYER_STEP)
        cover("evidence", "steps played", 1);
    cover("evidence", "checkpoints passed", trace_player_checkpoints(player));
    const struct vamp_state *state = trace_player_state(player);
    if (status == TRACE_PLAYER_END && trace_player_step(player) == record->steps &&
        memcmp(state, &record->state, sizeof *state) == 0)
        return true;
    fprintf(out, "    the trace plays to step %llu of %llu: %s\n",
            (unsigned long long)trace_player_step(player), (unsigned long long)record->steps,
            fault.is_set ? fault.message : "another end");
    return false;
}

bool evidence_plays(const char *trace, const struct record *record, FILE *out)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct trace *opened = trace_open(arena, trace, &fault);
    struct trace_player *player = opened == NULL ? NULL : trace_player_new(arena, opened, &fault);
    bool is_good = player != NULL && plays_to_end(player, record, out);
    if (player == NULL)
        fprintf(out, "    the trace cannot be read: %s\n", fault.message);
    if (opened != NULL)
        trace_close(opened);
    arena_free(arena);
    return is_good;
}

bool evidence_is_equal(const char *left, const char *right)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct text a, b;
    bool is_equal = file_read(arena, left, &a, &fault) && file_read(arena, right, &b, &fault) &&
                    text_equals(a, b);
    arena_free(arena);
    return is_equal;
}
