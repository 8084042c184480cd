#include "tools/vouch_cosim_job.h"

#include "base/require.h"
#include "cosim/minimise.h"
#include "cosim/timeline.h"
#include "image/digest.h"
#include "tools/vouch_cosim_report.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MINIMISE_RUNS = 2000 };

/* --- Who watches --- */

struct watch {
    struct scenario_tape *tape;
    struct timeline *timeline;       /* or NULL */
    struct cosim_coverage *coverage; /* or NULL */
};

static void watch_event(void *self, const struct oracle_event *event)
{
    scenario_tape_add(((const struct watch *)self)->tape, event);
}

static void watch_moment(void *self, const struct cosim_moment *moment)
{
    timeline_record(((const struct watch *)self)->timeline, moment);
}

static void watch_end(void *self, struct cosim *cosim, const struct cosim_result *result)
{
    cosim_coverage_add(((const struct watch *)self)->coverage, cosim, result);
}

static struct cosim_observer observer_of(struct watch *watch)
{
    return (struct cosim_observer){.self = watch,
                                   .event = watch_event,
                                   .moment = watch->timeline == NULL ? NULL : watch_moment,
                                   .finished = watch->coverage == NULL ? NULL : watch_end};
}

/* --- The scenario --- */

/* The options change what the file says. */
static struct scenario *scenario_of(struct arena *arena, const struct job_setting *setting,
                                    const struct job *job)
{
    const struct cosim_options *options = setting->options;
    struct scenario *scenario;
    if (job->scenario == NULL)
        scenario = scenario_draw(arena, setting->kernel, job->seed, options->steps);
    else
        *(scenario = ARENA_NEW(arena, struct scenario)) = *job->scenario;
    if (options->has_steps)
        scenario->max_steps = options->steps;
    scenario->checks.is_plain = scenario->checks.is_plain || options->is_plain;
    scenario->checks.consis = job->certificates != NULL;
    scenario->checks.certificates = job->certificates;
    return scenario;
}

/* --- What is left of a run --- */

/* A scenario's name in a file's, which is told as a word of a command: without what means something
 * to a shell, and not too long for a file. */
static const char *file_name(struct arena *arena, const char *name)
{
    enum { LENGTH_MAX = 200 };
    size_t length = strnlen(name, LENGTH_MAX);
    char *copy = arena_copy(arena, name, length);
    for (char *at = copy; *at != '\0'; at++) {
        bool is_plain = isalnum((unsigned char)*at) || strchr("._+", *at) != NULL;
        *at = is_plain || (*at & 0x80) != 0 ? *at : '-';
    }
    return copy;
}

/* A divergence can be reached again by a file; by the one that it came from, if that is one. */
static bool write_replay(struct arena *arena, const struct job_setting *setting,
                         const struct scenario *replay, struct job_outcome *outcome,
                         struct fault *fault)
{
    const char *folder = setting->options->replays;
    if (outcome->has_expectation && outcome->is_as_expected) {
        outcome->replay = replay->path;
        return true;
    }
    outcome->replay = arena_printf(arena, "%s%s%s.replay.json", folder == NULL ? "" : folder,
                                   folder == NULL ? "" : "/", file_name(arena, replay->name));
    return scenario_write(replay, outcome->replay, fault);
}

static bool write_timeline(struct arena *arena, const struct job_setting *setting,
                           const struct watch *watch, const struct job_outcome *outcome,
                           struct fault *fault)
{
    const struct timeline_caption caption = {outcome->name, &outcome->result};
    return watch->timeline == NULL ||
           timeline_write(arena, watch->timeline, &caption, setting->options->timeline, fault);
}

/* Nothing is written for a scenario that agrees: the exit code says so. */
static bool write_small(struct arena *arena, const struct job_setting *setting,
                        const struct scenario *scenario, const struct job_outcome *outcome,
                        FILE *out, struct fault *fault)
{
    const char *path = setting->options->minimise;
    struct minimise_stats stats;
    if (path == NULL)
        return true;
    const struct scenario *small = minimise(arena, scenario, outcome->result.divergence.conjunct,
                                            MINIMISE_RUNS, &stats, fault);
    if (small == NULL || !scenario_write(small, path, fault))
        return false;
    report_small(&stats, path, out);
    return true;
}

static const char *taken(struct arena *arena, char *text, size_t length)
{
    const char *copy = arena_copy(arena, text, length);
    free(text);
    return copy;
}

static bool keep_divergence(struct arena *arena, const struct job_setting *setting,
                            const struct scenario *scenario, const struct watch *watch,
                            struct job_outcome *outcome, struct fault *fault)
{
    if (outcome->result.status != COSIM_DIVERGED)
        return true;
    const struct scenario *replay =
        outcome->is_as_expected ? scenario
                                : scenario_replay(arena, scenario, watch->tape, &outcome->result);
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    require(out != NULL, "memory for a report");
    bool is_written = write_replay(arena, setting, replay, outcome, fault);
    report_divergence(arena, replay, outcome, out);
    is_written = is_written && write_small(arena, setting, scenario, outcome, out, fault);
    fclose(out);
    outcome->report = taken(arena, text, length);
    return is_written;
}

/* --- The run --- */

bool job_run(struct arena *arena, const struct job_setting *setting, const struct job *job,
             struct job_outcome *outcome, struct fault *fault)
{
    struct fault failure = {0};
    struct scenario *scenario = scenario_of(arena, setting, job);
    struct watch watch = {.tape = scenario_tape_new(arena), .coverage = setting->coverage};
    if (setting->options->timeline != NULL) {
        watch.timeline = timeline_new(arena);
        timeline_name_programs(watch.timeline, scenario->disk);
    }
    clock_t begun = clock();
    *outcome = (struct job_outcome){.name = scenario->name,
                                    .checks = scenario->checks,
                                    .max_steps = scenario->max_steps,
                                    .has_expectation = scenario->has_expectation};
    if (scenario->disk.length != 0)
        outcome->disk_digest = digest_of(arena, scenario->disk);
    outcome->result = scenario_run(arena, scenario, observer_of(&watch), &failure);
    outcome->seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
    outcome->is_as_expected = scenario_is_as_expected(scenario, &outcome->result);
    if (outcome->result.status == COSIM_FAILED)
        outcome->reason = arena_copy(arena, failure.message, strlen(failure.message));
    return keep_divergence(arena, setting, scenario, &watch, outcome, fault) &&
           write_timeline(arena, setting, &watch, outcome, fault);
}
