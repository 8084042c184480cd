/* A run of the physical machine alone, recorded, is an oracle for both. */
#include "scenario_rig.h"

#include "base/file.h"
#include "cosim/scenario_disk.h"
#include "cosim/scenario_oracle.h"

#include <criterion/criterion.h>
#include <string.h>

enum { STEPS = 150000 };

#define PROGRAMS                                                                                   \
    "{\"scenario\": 1, \"programs\": [{\"name\": \"a\", \"seed\": 3}, {\"name\": \"b\", "          \
    "\"seed\": 4}],\n \"limits\": {\"steps\": 150000}, "

static void send_nowhere(void *self, struct text content)
{
    (void)self, (void)content;
}

static struct recording_setup description(const struct scenario_rig *rig, const struct bus *bus,
                                          uint32_t swap, uint32_t system)
{
    struct recording_setup setup = {.memory_bytes = rig->kernel->parameters.memory_bytes};
    strcpy(setup.image_digest, rig->kernel->image->digest);
    for (unsigned d = 0; d <= 5; d++)
        strcpy(setup.devices[d].name, bus->devices[d]->class->name);
    setup.devices[1].sector_count = swap;
    setup.devices[5].sector_count = system;
    return setup;
}

/* As `vouch run --record` does it. */
static uint64_t record(struct scenario_rig *rig, const struct scenario *scenario, const char *path)
{
    struct arena *arena = rig->arena;
    const struct device_outlet outlet = {NULL, send_nowhere};
    const struct device_store system =
        store_overlay_new(arena, scenario_store(arena, scenario->disk));
    const struct device_store swap = store_memory_new(arena, 8 * 16 * SECTORS_OF_PAGE);
    struct physical_setup setup = {
        .memory_bytes = rig->kernel->parameters.memory_bytes,
        .bus = {.devices = {device_new_timer(arena), device_new_disk(arena, swap),
                            device_new_serial(arena, outlet), device_new_network(arena, outlet),
                            device_new_controller(arena, outlet), device_new_disk(arena, system)}}};
    struct recording_setup described =
        description(rig, &setup.bus, swap.sector_count, system.sector_count);
    struct recorder *recorder = recorder_new(arena, path, &described, &rig->fault);
    cr_assert(recorder);
    setup.oracle = recorder_oracle(recorder, scenario_oracle_new(arena, scenario).oracle);
    struct physical *physical = physical_new(arena, &setup);
    for (size_t i = 0; i < rig->kernel->image->segment_count; i++) {
        const struct image_segment *segment = &rig->kernel->image->segments[i];
        vamp_machine_load(physical_processor(physical), segment->address, segment->content);
    }
    physical_power_up(physical, 0);
    struct recording_end end = {.status = physical_run(physical, STEPS, false, &rig->fault).status,
                                .steps = physical_steps(physical)};
    physical_digest(physical, end.digest);
    cr_assert(recorder_close(recorder, &end, &rig->fault), "%s", rig->fault.message);
    uint64_t events = 0;
    for (unsigned d = 0; d < BUS_DEVICES; d++)
        events += physical_events(physical, d);
    return events;
}

Test(scenario_recording, a_recorded_run_goes_side_by_side)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *drawn = scenario_rig_load(
        &rig, "good/to-record.json",
        PROGRAMS "\"oracle\": {\"seed\": 9, \"tick_steps\": 5000, \"done_steps\": 40}}");
    uint64_t events = record(&rig, drawn, BINARY_ROOT "/scenarios/good/run.rec");
    struct scenario *recorded = scenario_rig_load(
        &rig, "good/recorded.json", PROGRAMS "\"oracle\": {\"recording\": \"run.rec\"}}");
    cr_expect(recorded->has_events);
    cr_expect_eq(recorded->event_count, events);
    cr_expect_gt(events, 20);
    cr_expect_eq(recorded->events_end, STEPS);
    recorded->max_steps = STEPS / 2; /* a run goes on to the end of its kernel's run */
    struct cosim_result result =
        scenario_run(rig.arena, recorded, (struct cosim_observer){0}, &rig.fault);
    cr_expect_eq(result.status, COSIM_AGREED, "%s", cosim_status_name(result.status));
    recorded->max_steps = 2 * STEPS;
    result = scenario_run(rig.arena, recorded, (struct cosim_observer){0}, &rig.fault);
    cr_expect_eq(result.status, COSIM_ORACLE_ENDED);
    scenario_rig_free(&rig);
}

Test(scenario_recording, one_of_another_image_is_refused)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *drawn = scenario_rig_load(
        &rig, "good/to-record.json", PROGRAMS "\"oracle\": {\"seed\": 9, \"done_steps\": 40}}");
    record(&rig, drawn, BINARY_ROOT "/scenarios/good/other.rec");
    struct cosim_kernel kernel = *rig.kernel;
    struct image image = *kernel.image;
    image.digest = "0123";
    kernel.image = &image;
    const char *path = scenario_rig_put(&rig, "good/recorded-elsewhere.json",
                                        PROGRAMS "\"oracle\": {\"recording\": \"other.rec\"}}");
    cr_expect_null(scenario_load(rig.arena, path, &kernel, stderr, &rig.fault));
    cr_expect(strstr(rig.fault.message, "the recording is of another machine"));
    scenario_rig_free(&rig);
}
