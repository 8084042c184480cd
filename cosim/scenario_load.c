/* Reading a scenario's file: the whole, and what is said of it in a line. */
#include "cosim/scenario_load.h"

#include "base/file.h"
#include "cosim/scenario_disk.h"
#include "image/digest.h"

#include <string.h>

enum {
    FORMAT = 1,
    TICK_STEPS = 10000, /* as vouch run has them */
    DONE_STEPS = 1000,
    POLL_STEPS = 10000,
    SWEEP_CHECKS = 64,
    MAX_STEPS = 10000000,
};

const char *loading_path(const struct loading *loading, const char *path)
{
    const char *end = strrchr(loading->file.path, '/');
    if (path[0] == '/' || end == NULL)
        return path;
    return arena_printf(loading->file.arena, "%.*s/%s", (int)(end - loading->file.path),
                        loading->file.path, path);
}

static bool load_kernel(struct loading *loading, const struct place *top,
                        const struct cosim_kernel *given, FILE *diagnostics)
{
    struct place place = place_member(top, "kernel");
    const char *path = NULL;
    loading->scenario->kernel = given;
    if (!place_string(&loading->file, &place, &path))
        return false;
    if (given != NULL)
        return true;
    if (path == NULL)
        return place_refuse(&loading->file, top, "\"kernel\" is missing");
    loading->scenario->kernel = cosim_kernel_load(loading->file.arena, loading_path(loading, path),
                                                  diagnostics, loading->file.fault);
    return loading->scenario->kernel != NULL;
}

static bool load_disk(struct loading *loading, const struct place *top)
{
    struct place place = place_member(top, "disk");
    struct scenario *scenario = loading->scenario;
    const char *path = NULL;
    if (!place_string(&loading->file, &place, &path) || path == NULL)
        return path == NULL && !loading->file.fault->is_set;
    scenario->disk_path = loading_path(loading, path);
    if (!file_read(loading->file.arena, scenario->disk_path, &scenario->base, loading->file.fault))
        return false;
    bool is_disk = scenario->base.length != 0 && scenario->base.length % DEVICE_SECTOR_BYTES == 0 &&
                   scenario->base.length / DEVICE_SECTOR_BYTES <= STORE_MAX_SECTORS;
    return is_disk || place_refuse(&loading->file, &place, "%s is not made of sectors of %d bytes",
                                   scenario->disk_path, DEVICE_SECTOR_BYTES);
}

static bool load_checks(struct loading *loading, const struct place *checks)
{
    static const char *const keys[] = {"primitives", "user_steps", "sweep",
                                       "consis",     "plain",      NULL};
    const struct place_file *file = &loading->file;
    struct cosim_checks *read = &loading->scenario->checks;
    if (checks->value == NULL)
        return true;
    if (!place_is_object(file, checks, keys))
        return false;
    struct place primitives = place_member(checks, "primitives");
    struct place steps = place_member(checks, "user_steps"), sweep = place_member(checks, "sweep");
    struct place consis = place_member(checks, "consis"), plain = place_member(checks, "plain");
    return place_flag(file, &primitives, &read->at_primitives) &&
           place_number(file, &steps, 0, INT64_MAX, &read->user_steps) &&
           place_number(file, &sweep, 0, INT64_MAX, &read->sweep_checks) &&
           place_flag(file, &consis, &read->consis) && place_flag(file, &plain, &read->is_plain);
}

static bool load_limits(struct loading *loading, const struct place *limits)
{
    static const char *const keys[] = {"steps", NULL};
    if (limits->value == NULL)
        return true;
    struct place steps = place_member(limits, "steps");
    return place_is_object(&loading->file, limits, keys) &&
           place_number(&loading->file, &steps, 1, INT64_MAX, &loading->scenario->max_steps);
}

static bool find_conjunct(const char *name, enum cosim_conjunct *conjunct)
{
    for (unsigned i = 0; i < COSIM_CONJUNCT_COUNT; i++) {
        *conjunct = (enum cosim_conjunct)i;
        if (strcmp(cosim_conjunct_name(*conjunct), name) == 0)
            return true;
    }
    return false;
}

static bool load_expectation(struct loading *loading, const struct place *expect)
{
    static const char *const keys[] = {"conjunct", "step", NULL};
    struct scenario *scenario = loading->scenario;
    const char *name = NULL;
    if (expect->value == NULL)
        return true;
    struct place conjunct = place_member(expect, "conjunct"), step = place_member(expect, "step");
    if (!place_is_object(&loading->file, expect, keys) ||
        !place_string(&loading->file, &conjunct, &name) ||
        !place_number(&loading->file, &step, 0, INT64_MAX, &scenario->expected_step))
        return false;
    if (name == NULL || step.value == NULL)
        return place_refuse(&loading->file, expect, "\"conjunct\" and \"step\" are wanted here");
    scenario->has_expectation = true;
    return find_conjunct(name, &scenario->expected_conjunct) ||
           place_refuse(&loading->file, &conjunct, "there is no conjunct '%s'", name);
}

/* A replay shows something only on what it was made on. */
static bool check_digest(const struct loading *loading, const struct place *digests,
                         const char *name, const char *digest)
{
    struct place place = place_member(digests, name);
    const char *wanted = NULL;
    if (!place_string(&loading->file, &place, &wanted))
        return false;
    return wanted == NULL || strcmp(wanted, digest) == 0 ||
           place_refuse(&loading->file, &place, "this was made with another %s: its digest is %s",
                        name, digest);
}

static bool check_digests(const struct loading *loading, const struct place *digests)
{
    static const char *const keys[] = {"image", "sources", "disk", NULL};
    struct arena *arena = loading->file.arena;
    const struct scenario *scenario = loading->scenario;
    if (digests->value == NULL)
        return true;
    return place_is_object(&loading->file, digests, keys) &&
           check_digest(loading, digests, "image", scenario->kernel->image->digest) &&
           check_digest(loading, digests, "disk", digest_of(arena, scenario->base)) &&
           check_digest(loading, digests, "sources",
                        scenario_digest_of_sources(arena, scenario->kernel));
}

static bool load_head(struct loading *loading, const struct place *top)
{
    static const char *const keys[] = {"scenario", "name",   "comment", "kernel",  "disk",
                                       "programs", "oracle", "inputs",  "defects", "checks",
                                       "limits",   "expect", "digests", NULL};
    struct place format = place_member(top, "scenario"), name = place_member(top, "name");
    struct place comment = place_member(top, "comment");
    const char *ignored;
    uint64_t version = 0;
    if (!place_is_object(&loading->file, top, keys) ||
        !place_number(&loading->file, &format, FORMAT, FORMAT, &version))
        return false;
    if (version != FORMAT)
        return place_refuse(&loading->file, top, "\"scenario\": %d is missing", FORMAT);
    return place_string(&loading->file, &name, &loading->scenario->name) &&
           place_string(&loading->file, &comment, &ignored);
}

static bool load_all(struct loading *loading, const struct place *top,
                     const struct cosim_kernel *kernel, FILE *diagnostics)
{
    if (!load_head(loading, top) || !load_kernel(loading, top, kernel, diagnostics) ||
        !load_disk(loading, top))
        return false;
    struct place programs = place_member(top, "programs"), oracle = place_member(top, "oracle");
    struct place inputs = place_member(top, "inputs"), defects = place_member(top, "defects");
    struct place checks = place_member(top, "checks"), limits = place_member(top, "limits");
    struct place expect = place_member(top, "expect"), digests = place_member(top, "digests");
    if (loading->scenario->disk_path == NULL && programs.value == NULL)
        return place_refuse(&loading->file, top, "\"disk\" or \"programs\" is missing");
    return load_checks(loading, &checks) && load_limits(loading, &limits) &&
           load_oracle(loading, &oracle) && load_inputs(loading, &inputs) &&
           load_defects(loading, &defects) && load_programs(loading, &programs) &&
           load_expectation(loading, &expect) && check_digests(loading, &digests);
}

static struct scenario defaults(const char *path)
{
    return (struct scenario){
        .name = path,
        .path = path,
        .oracle = {.tick_steps = TICK_STEPS, .done_steps = DONE_STEPS, .poll_steps = POLL_STEPS},
        .checks = {.at_primitives = true, .sweep_checks = SWEEP_CHECKS},
        .max_steps = MAX_STEPS};
}

struct scenario *scenario_load(struct arena *arena, const char *path,
                               const struct cosim_kernel *kernel, FILE *diagnostics,
                               struct fault *fault)
{
    struct loading loading = {.scenario = ARENA_NEW(arena, struct scenario)};
    struct place top;
    *loading.scenario = defaults(path);
    if (!place_open(&loading.file, arena, path, &top, fault))
        return NULL;
    bool is_good = load_all(&loading, &top, kernel, diagnostics);
    json_decref(top.value);
    if (is_good)
        scenario_make_disk(arena, loading.scenario);
    return is_good ? loading.scenario : NULL;
}

const char *scenario_kernel_path(struct arena *arena, const char *path, struct fault *fault)
{
    struct loading loading = {.scenario = ARENA_NEW(arena, struct scenario)};
    struct place top;
    const char *kernel = NULL;
    if (!place_open(&loading.file, arena, path, &top, fault))
        return NULL;
    struct place place = place_member(&top, "kernel");
    if (place_string(&loading.file, &place, &kernel) && kernel == NULL)
        place_refuse(&loading.file, &top, "\"kernel\" is missing");
    json_decref(top.value);
    return kernel == NULL ? NULL : loading_path(&loading, kernel);
}
