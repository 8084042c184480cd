/* The section as JSON: docs/AUDIT.md says what each member means. */
#include "cosim/section_runs.h"

#include "base/require.h"
#include "image/digest.h"

#include <inttypes.h>
#include <string.h>

/* Of a batch, so many runs that do not agree are described; all are counted. */
enum { DESCRIBED_MAX = 100 };

/* A string of JSON is UTF-8; paths need not be. Of such a one, the bytes beyond ASCII are spelled
 * out. */
json_t *section_text(const char *string)
{
    if (string == NULL)
        return json_null();
    json_t *json = json_string(string);
    if (json != NULL)
        return json;
    struct arena *arena = arena_new();
    struct text_builder spelled = {.arena = arena};
    for (const unsigned char *at = (const unsigned char *)string; *at != '\0'; at++)
        text_append(&spelled, *at < 0x80 ? "%c" : "\\x%02x", *at);
    json = json_string(text_built(&spelled));
    arena_free(arena);
    return json;
}

void section_set(json_t *object, const char *key, json_t *value)
{
    int failed = json_object_set_new(object, key, value);
    require(failed == 0, "the section can be put into JSON");
}

void section_set_text(json_t *object, const char *key, const char *string)
{
    section_set(object, key, section_text(string));
}

void section_set_number(json_t *object, const char *key, uint64_t number)
{
    section_set(object, key, json_integer((json_int_t)number));
}

json_t *section_file_json(const char *path, const char *digest)
{
    json_t *json = json_object();
    section_set_text(json, "path", path);
    section_set_text(json, "sha256", digest);
    return json;
}

/* Seeds have 64 bits, more than many readers of JSON keep of a number: they are texts. */
static void set_seed(json_t *object, const char *key, uint64_t seed)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%" PRIu64, seed);
    section_set_text(object, key, digits);
}

/* --- Parts of an entry --- */

static json_t *checks_json(const struct cosim_checks *checks)
{
    json_t *json = json_object();
    section_set(json, "at_primitives", json_boolean(checks->at_primitives));
    section_set(json, "consis", json_boolean(checks->consis));
    section_set(json, "plain", json_boolean(checks->is_plain));
    section_set_number(json, "sweep_checks", checks->sweep_checks);
    section_set_number(json, "user_steps", checks->user_steps);
    return json;
}

static json_t *compared_json(const uint64_t compared[COSIM_CONJUNCT_COUNT])
{
    json_t *json = json_object();
    for (unsigned i = 0; i < COSIM_CONJUNCT_COUNT; i++)
        section_set_number(json, cosim_conjunct_name(i), compared[i]);
    return json;
}

static json_t *counts_json(const struct cosim_counts *counts)
{
    json_t *json = json_object(), *events = json_array();
    for (unsigned i = 0; i < BUS_DEVICES; i++)
        json_array_append_new(events, json_integer((json_int_t)counts->events[i]));
    section_set_number(json, "steps", counts->steps);
    section_set_number(json, "user_steps", counts->user_steps);
    section_set_number(json, "abstract_steps", counts->abstract_steps);
    section_set_number(json, "kernel_steps", counts->kernel_steps);
    section_set_number(json, "kernel_runs", counts->kernel_runs);
    section_set_number(json, "page_faults", counts->page_faults);
    section_set_number(json, "swap_reads", counts->swap_reads);
    section_set_number(json, "swap_writes", counts->swap_writes);
    section_set_number(json, "checks", counts->checks);
    section_set_number(json, "sweeps", counts->sweeps);
    section_set(json, "compared", compared_json(counts->compared));
    section_set(json, "events", events);
    return json;
}

static json_t *statuses_json(const struct section_sum *sum)
{
    json_t *json = json_object();
    for (unsigned i = 0; i < SECTION_STATUS_COUNT; i++)
        section_set_number(json, cosim_status_name(i), sum->statuses[i]);
    return json;
}

static json_t *divergence_json(const struct cosim_result *result)
{
    const struct cosim_divergence *divergence = &result->divergence;
    if (result->status != COSIM_DIVERGED)
        return json_null();
    json_t *json = json_object();
    section_set_text(json, "conjunct", cosim_conjunct_name(divergence->conjunct));
    section_set_text(json, "text", divergence->text);
    section_set_number(json, "step", divergence->step);
    section_set_number(json, "user_steps", divergence->user_steps);
    section_set_number(json, "kernel_runs", divergence->kernel_runs);
    section_set_number(json, "last_agreement", divergence->last_agreement);
    section_set(json, "process",
                divergence->process == 0 ? json_null() : json_integer(divergence->process));
    section_set(json, "address",
                divergence->has_address ? json_integer(divergence->address) : json_null());
    section_set_text(json, "place", divergence->place);
    section_set_number(json, "abstract", divergence->abstract);
    section_set_number(json, "concrete", divergence->concrete);
    return json;
}

/* --- Entries --- */

static json_t *scenario_json(const struct section_run *run)
{
    json_t *json = json_object();
    section_set_text(json, "name", run->name);
    section_set(json, "file",
                run->path == NULL ? json_null() : section_file_json(run->path, run->digest));
    if (run->path == NULL)
        set_seed(json, "seed", run->seed);
    else
        section_set(json, "seed", json_null());
    section_set_text(json, "disk", run->disk_digest);
    section_set(json, "checks", checks_json(&run->checks));
    section_set_number(json, "max_steps", run->max_steps);
    section_set_text(json, "status", cosim_status_name(run->result.status));
    section_set_text(json, "reason", run->reason);
    section_set(json, "counts", counts_json(&run->result.counts));
    section_set(json, "divergence", divergence_json(&run->result));
    return json;
}

/* How many of the runs had each kind of check. */
static json_t *batch_checks_json(const struct section_batch *batch)
{
    size_t at_primitives = 0, consis = 0, plain = 0, user_steps = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct cosim_checks *checks = &batch->first[i].checks;
        at_primitives += checks->at_primitives;
        consis += checks->consis;
        plain += checks->is_plain;
        user_steps += checks->user_steps > 0;
    }
    json_t *json = json_object();
    section_set_number(json, "at_primitives", at_primitives);
    section_set_number(json, "consis", consis);
    section_set_number(json, "plain", plain);
    section_set_number(json, "user_steps", user_steps);
    return json;
}

/* The digest of all digests, one a line. */
static json_t *batch_disks_json(const struct section_batch *batch)
{
    struct arena *arena = arena_new();
    struct text_builder digests = {.arena = arena};
    json_t *json = NULL;
    for (size_t i = 0; i < batch->count && json == NULL; i++) {
        const char *digest = batch->first[i].disk_digest;
        if (digest == NULL)
            json = json_null();
        else
            text_append(&digests, "%s\n", digest);
    }
    if (json == NULL)
        json = section_text(digest_of(arena, (struct text){digests.at, digests.length}));
    arena_free(arena);
    return json;
}

static json_t *batch_json(const struct section_batch *batch)
{
    const struct section_run *first = batch->first;
    struct section_sum sum = section_sum_of(first, batch->count);
    json_t *json = json_object(), *described = json_array();
    for (size_t i = 0; i < batch->count && json_array_size(described) < DESCRIBED_MAX; i++)
        if (first[i].result.status != COSIM_AGREED)
            json_array_append_new(described, scenario_json(&first[i]));
    set_seed(json, "first_seed", first->seed);
    set_seed(json, "last_seed", first[batch->count - 1].seed);
    section_set_number(json, "scenarios", batch->count);
    section_set(json, "disks", batch_disks_json(batch));
    section_set(json, "checks", batch_checks_json(batch));
    section_set_number(json, "max_steps", first->max_steps);
    section_set(json, "statuses", statuses_json(&sum));
    section_set(json, "counts", counts_json(&sum.counts));
    section_set(json, "not_agreed", described);
    return json;
}

/* --- The whole --- */

static json_t *totals_json(const struct section_run *runs, size_t count)
{
    struct section_sum sum = section_sum_of(runs, count);
    json_t *json = json_object(), *primitives = json_object(), *transitions = json_object();
    for (unsigned i = 0; i < CVM_PRIMITIVE_COUNT; i++)
        section_set_number(primitives, cvm_primitive_name(i), sum.counts.primitives[i]);
    for (unsigned i = 0; i < CVM_TRANSITION_COUNT; i++)
        section_set_number(transitions, cvm_transition_name(i), sum.counts.transitions[i]);
    section_set_number(json, "scenarios", count);
    section_set(json, "statuses", statuses_json(&sum));
    section_set(json, "counts", counts_json(&sum.counts));
    section_set(json, "primitives", primitives);
    section_set(json, "transitions", transitions);
    return json;
}

json_t *section_json(const struct cosim_section *section, const struct cosim_coverage *coverage)
{
    struct arena *arena = arena_new();
    size_t count = section->runs.count;
    const struct section_run *runs = section_sorted(arena, section);
    json_t *json = json_object(), *scenarios = json_array(), *batches = json_array();
    for (size_t i = 0; i < count;) {
        struct section_batch batch = section_batch_at(&runs[i], count - i);
        if (runs[i].path != NULL)
            json_array_append_new(scenarios, scenario_json(&runs[i]));
        else
            json_array_append_new(batches, batch_json(&batch));
        i += batch.count;
    }
    section_set(json, "agreed", json_boolean(cosim_section_agrees(section)));
    section_set(json, "scenarios", scenarios);
    section_set(json, "batches", batches);
    section_set(json, "totals", totals_json(runs, count));
    section_set(json, "coverage", section_coverage_json(coverage));
    arena_free(arena);
    return json;
}
