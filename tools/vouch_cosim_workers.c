#include "tools/vouch_cosim_workers.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct location nowhere = {0};

/* --- Without workers --- */

static bool run_here(const struct job_setting *setting, const struct job_source *source,
                     struct fault *fault)
{
    bool is_done = true;
    for (uint64_t i = 0; is_done && i < source->count; i++) {
        struct arena *arena = arena_new();
        struct job job = source->at(source->self, i);
        struct job_outcome outcome;
        is_done = job_run(arena, setting, &job, &outcome, fault);
        source->done(source->self, &job, &outcome);
        arena_free(arena);
    }
    return is_done;
}

/* --- The wire: an outcome as it is in memory, for both ends are the same program; its strings
 * behind it. --- */

enum { STRING_COUNT = 6, NO_STRING = UINT32_MAX };

static void list_strings(struct job_outcome *outcome, const char **strings[STRING_COUNT])
{
    strings[0] = &outcome->name;
    strings[1] = &outcome->disk_digest;
    strings[2] = &outcome->reason;
    strings[3] = &outcome->replay;
    strings[4] = &outcome->report;
    strings[5] = &outcome->result.divergence.place;
}

static bool send_string(const char *string, FILE *out)
{
    uint32_t length = string == NULL ? NO_STRING : (uint32_t)strlen(string);
    return fwrite(&length, sizeof length, 1, out) == 1 &&
           (string == NULL || fwrite(string, 1, length, out) == length);
}

static bool receive_string(struct arena *arena, const char **string, FILE *in)
{
    uint32_t length;
    *string = NULL;
    if (fread(&length, sizeof length, 1, in) != 1)
        return false;
    if (length == NO_STRING)
        return true;
    char *bytes = arena_alloc(arena, (size_t)length + 1);
    *string = bytes;
    return fread(bytes, 1, length, in) == length;
}

static bool send_outcome(const struct job_outcome *outcome, FILE *out)
{
    struct job_outcome copy = *outcome;
    const char **strings[STRING_COUNT];
    copy.result.divergence.call_count = 0; /* told by the report */
    bool is_sent = fwrite(&copy, sizeof copy, 1, out) == 1;
    list_strings(&copy, strings);
    for (unsigned i = 0; i < STRING_COUNT; i++)
        is_sent = is_sent && send_string(*strings[i], out);
    return is_sent && fflush(out) == 0;
}

static bool receive_outcome(struct arena *arena, struct job_outcome *outcome, FILE *in)
{
    const char **strings[STRING_COUNT];
    bool is_there = fread(outcome, sizeof *outcome, 1, in) == 1;
    list_strings(outcome, strings);
    for (unsigned i = 0; i < STRING_COUNT; i++)
        is_there = is_there && receive_string(arena, strings[i], in);
    return is_there;
}

/* --- A worker --- */

struct worker {
    pid_t pid;
    FILE *in;
};

/* Every `step`-th job from `first` on. What could not be written is told behind the outcomes, and
 * then the coverage. */
static bool work(const struct job_setting *setting, const struct job_source *source, uint64_t first,
                 uint64_t step, FILE *out)
{
    struct fault fault = {0};
    bool is_sent = true;
    for (uint64_t i = first; is_sent && i < source->count; i += step) {
        struct arena *arena = arena_new();
        struct job job = source->at(source->self, i);
        struct job_outcome outcome;
        job_run(arena, setting, &job, &outcome, &fault);
        is_sent = send_outcome(&outcome, out);
        arena_free(arena);
    }
    struct text_builder coverage = {.arena = arena_new()};
    if (setting->coverage != NULL)
        cosim_coverage_send(setting->coverage, &coverage);
    return is_sent && send_string(fault.is_set ? fault.message : NULL, out) &&
           send_string(text_built(&coverage), out) && fflush(out) == 0;
}

static bool start(struct worker *worker, const struct job_setting *setting,
                  const struct job_source *source, uint64_t first, uint64_t step,
                  struct fault *fault)
{
    int ends[2];
    if (pipe(ends) != 0)
        return fault_at(fault, nowhere, "cannot make a pipe: %s", strerror(errno));
    fflush(stdout);
    worker->pid = fork();
    if (worker->pid < 0)
        return fault_at(fault, nowhere, "cannot start a worker: %s", strerror(errno));
    if (worker->pid == 0) {
        FILE *out = fdopen(ends[1], "wb");
        close(ends[0]);
        _exit(out != NULL && work(setting, source, first, step, out) ? 0 : 1);
    }
    close(ends[1]);
    worker->in = fdopen(ends[0], "rb");
    return worker->in != NULL || fault_at(fault, nowhere, "cannot read from a worker");
}

/* --- Who leads them --- */

static bool collect(const struct job_source *source, struct worker *workers, uint64_t count,
                    struct fault *fault)
{
    for (uint64_t i = 0; i < source->count; i++) {
        struct arena *arena = arena_new();
        struct job job = source->at(source->self, i);
        struct job_outcome outcome;
        bool is_there = receive_outcome(arena, &outcome, workers[i % count].in);
        if (is_there)
            source->done(source->self, &job, &outcome);
        arena_free(arena);
        if (!is_there)
            return fault_at(fault, nowhere, "a worker died at run %llu", (unsigned long long)i + 1);
    }
    return true;
}

static bool collect_rest(const struct job_setting *setting, struct worker *worker,
                         struct fault *fault)
{
    struct arena *arena = arena_new();
    const char *message, *coverage;
    bool is_there =
        receive_string(arena, &message, worker->in) && receive_string(arena, &coverage, worker->in);
    if (!is_there)
        fault_at(fault, nowhere, "a worker died at its end");
    else if (message != NULL)
        fault_at(fault, nowhere, "%s", message);
    struct text rest = text_of(is_there ? coverage : "");
    if (is_there && setting->coverage != NULL && !cosim_coverage_receive(setting->coverage, &rest))
        fault_at(fault, nowhere, "a worker's coverage is of another kernel");
    arena_free(arena);
    return !fault->is_set;
}

/* Those who still run are not waited for once something is wrong: their pipes break. */
static bool stop(struct worker *workers, uint64_t count, struct fault *fault)
{
    for (uint64_t i = 0; i < count; i++) {
        int status = 0;
        if (workers[i].in != NULL)
            fclose(workers[i].in);
        if (workers[i].pid <= 0)
            continue;
        bool is_over = waitpid(workers[i].pid, &status, 0) == workers[i].pid && WIFEXITED(status) &&
                       WEXITSTATUS(status) == 0;
        if (!is_over)
            fault_at(fault, nowhere, "a worker died");
    }
    return !fault->is_set;
}

static bool run_apart(const struct job_setting *setting, const struct job_source *source,
                      uint64_t count, struct fault *fault)
{
    struct arena *arena = arena_new();
    struct worker *workers = ARENA_ARRAY(arena, struct worker, count);
    bool is_good = true;
    for (uint64_t i = 0; is_good && i < count; i++)
        is_good = start(&workers[i], setting, source, i, count, fault);
    is_good = is_good && collect(source, workers, count, fault);
    for (uint64_t i = 0; is_good && i < count; i++)
        is_good = collect_rest(setting, &workers[i], fault);
    is_good = stop(workers, count, fault) && is_good;
    arena_free(arena);
    return is_good;
}

bool workers_run(const struct job_setting *setting, const struct job_source *source,
                 uint64_t workers, struct fault *fault)
{
    uint64_t count = workers < source->count ? workers : source->count;
    return count <= 1 ? run_here(setting, source, fault) : run_apart(setting, source, count, fault);
}
