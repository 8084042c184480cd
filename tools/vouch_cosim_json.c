#include "tools/vouch_cosim_json.h"

#include "base/require.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct cosim_json {
    json_t *runs;
};

static const struct location nowhere = {0};

static void set(json_t *object, const char *key, json_t *value)
{
    require(value != NULL && json_object_set_new(object, key, value) == 0, "memory for JSON");
}

static void set_number(json_t *object, const char *key, uint64_t number)
{
    set(object, key, json_integer((json_int_t)number));
}

/* JSON is UTF-8; names and paths need not be. Of such a one, the bytes beyond ASCII are left out.
 */
static json_t *text_json(const char *string)
{
    json_t *json = json_string(string);
    if (json != NULL)
        return json;
    char *ascii = calloc(1, strlen(string) + 1), *end = ascii;
    require(ascii != NULL, "memory for JSON");
    for (const char *at = string; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x80)
            *end++ = *at;
    }
    json = json_string(ascii);
    free(ascii);
    return json;
}

static void set_text(json_t *object, const char *key, const char *string)
{
    set(object, key, string == NULL ? json_null() : text_json(string));
}

struct cosim_json *cosim_json_new(void)
{
    struct cosim_json *json = calloc(1, sizeof *json);
    require(json != NULL, "memory for JSON");
    json->runs = json_array();
    require(json->runs != NULL, "memory for JSON");
    return json;
}

static json_t *divergence_json(const struct cosim_divergence *divergence)
{
    json_t *object = json_object();
    set_text(object, "conjunct", cosim_conjunct_name(divergence->conjunct));
    set_text(object, "text", divergence->text);
    set_text(object, "place", divergence->place);
    set_number(object, "abstract", divergence->abstract);
    set_number(object, "concrete", divergence->concrete);
    set_number(object, "process", divergence->process);
    set(object, "address",
        divergence->has_address ? json_integer(divergence->address) : json_null());
    set_number(object, "step", divergence->step);
    set_number(object, "user_steps", divergence->user_steps);
    set_number(object, "kernel_runs", divergence->kernel_runs);
    set_number(object, "last_agreement", divergence->last_agreement);
    set(object, "found_by_sweep_only", json_boolean(divergence->was_found_by_sweep_only));
    set(object, "not_found_by_sweep", json_boolean(divergence->was_not_found_by_sweep));
    return object;
}

static json_t *counts_json(const struct cosim_counts *counts)
{
    json_t *object = json_object(), *compared = json_object();
    set_number(object, "steps", counts->steps);
    set_number(object, "user_steps", counts->user_steps);
    set_number(object, "abstract_steps", counts->abstract_steps);
    set_number(object, "kernel_steps", counts->kernel_steps);
    set_number(object, "kernel_runs", counts->kernel_runs);
    set_number(object, "page_faults", counts->page_faults);
    set_number(object, "swap_reads", counts->swap_reads);
    set_number(object, "swap_writes", counts->swap_writes);
    set_number(object, "checks", counts->checks);
    set_number(object, "sweeps", counts->sweeps);
    for (unsigned i = 0; i < COSIM_CONJUNCT_COUNT; i++)
        set_number(compared, cosim_conjunct_name((enum cosim_conjunct)i), counts->compared[i]);
    set(object, "compared", compared);
    return object;
}

void cosim_json_add(struct cosim_json *json, const struct job_outcome *outcome)
{
    json_t *object = json_object();
    bool has_diverged = outcome->result.status == COSIM_DIVERGED;
    set_text(object, "name", outcome->name);
    set_text(object, "status", cosim_status_name(outcome->result.status));
    set_text(object, "reason", outcome->reason);
    set_text(object, "replay", outcome->replay);
    set(object, "as_recorded",
        outcome->has_expectation ? json_boolean(outcome->is_as_expected) : json_null());
    set(object, "counts", counts_json(&outcome->result.counts));
    set(object, "divergence",
        has_diverged ? divergence_json(&outcome->result.divergence) : json_null());
    require(json_array_append_new(json->runs, object) == 0, "memory for JSON");
}

bool cosim_json_write(struct cosim_json *json, const char *path, struct fault *fault)
{
    const size_t flags = JSON_INDENT(1) | JSON_SORT_KEYS | JSON_ENSURE_ASCII;
    bool is_standard = strcmp(path, "-") == 0;
    FILE *out = is_standard ? stdout : fopen(path, "w");
    bool is_written = out != NULL && json_dumpf(json->runs, out, flags) == 0 &&
                      fputc('\n', out) != EOF && fflush(out) == 0;
    if (!is_written)
        fault_at(fault, nowhere, "cannot write %s: %s", path, strerror(errno));
    if (out != NULL && !is_standard && fclose(out) != 0 && is_written)
        is_written = fault_at(fault, nowhere, "cannot write %s: %s", path, strerror(errno));
    json_decref(json->runs);
    free(json);
    return is_written;
}
