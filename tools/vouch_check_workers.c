#include "tools/vouch_check_workers.h"

#include "base/array.h"
#include "tools/vouch_check_wire.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A worker takes the next number, decides that function, and writes "number ok-or-fault payload"
 * with its length in front to its pipe. */
struct worker {
    pid_t pid;
    int pipe;
    struct text_builder received;
    size_t used; /* bytes of `received` that were read as messages */
};

static const struct location nowhere = {0};

static void write_all(int pipe, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(pipe, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            _exit(3);
        bytes += written;
        length -= (size_t)written;
    }
}

_Noreturn static void work(const struct subject *subject,
                           const struct c0_function *const *functions, size_t count,
                           const struct decide_options *options, atomic_size_t *next, int pipe)
{
    for (;;) {
        size_t number = atomic_fetch_add(next, 1);
        if (number >= count)
            _exit(0);
        struct arena *arena = arena_new();
        struct decision decision;
        struct fault fault = {0};
        bool is_decided =
            decide_function(arena, subject, functions[number], options, &decision, &fault);
        struct text_builder payload = {.arena = arena}, message = {.arena = arena};
        if (is_decided)
            wire_write(subject, &decision, &payload);
        else if (fault.line != 0)
            text_append(&payload, "%s:%lu:%lu: %s", fault.file, (unsigned long)fault.line,
                        (unsigned long)fault.column, fault.message);
        else
            text_append(&payload, "%s%s%s", fault.file, fault.file[0] != '\0' ? ": " : "",
                        fault.message);
        text_append(&message, "%zu %zu %d ", payload.length, number, is_decided ? 1 : 0);
        write_all(pipe, message.at, message.length);
        write_all(pipe, text_built(&payload), payload.length);
        arena_free(arena);
    }
}

struct collection {
    struct arena *arena;
    const struct subject *subject;
    const struct c0_function *const *functions;
    size_t count;
    struct progress *progress;
    struct decision *decisions;
    bool *is_decided;
    struct fault *fault;
};

/* Reads complete messages off a worker's bytes. False: they make no sense. */
static bool take_messages(struct collection *collection, struct worker *worker)
{
    for (;;) {
        const char *at = text_built(&worker->received) + worker->used;
        size_t left = worker->received.length - worker->used, length, number;
        int ok, head = 0;
        if (sscanf(at, "%zu %zu %d %n", &length, &number, &ok, &head) != 3 || head == 0 ||
            left < (size_t)head || left - (size_t)head < length)
            return true;
        struct text payload = {at + head, length};
        worker->used += (size_t)head + length;
        if (number >= collection->count || collection->is_decided[number])
            return false;
        if (ok == 0) {
            fault_at(collection->fault, nowhere, "%.*s", (int)payload.length, payload.at);
            continue;
        }
        if (!wire_read(collection->arena, collection->subject, &payload,
                       &collection->decisions[number]) ||
            payload.length != 0)
            return false;
        collection->is_decided[number] = true;
        progress_step(collection->progress, collection->decisions[number].verdict.name,
                      collection->decisions[number].verdict.verdict == VERDICT_PROVED);
    }
}

/* True while the pipe is open. */
static bool receive(struct collection *collection, struct worker *worker)
{
    char buffer[65536];
    ssize_t length = read(worker->pipe, buffer, sizeof buffer);
    if (length < 0 && errno == EINTR)
        return true;
    if (length <= 0)
        return false;
    text_append_bytes(&worker->received, buffer, (size_t)length);
    if (take_messages(collection, worker))
        return true;
    kill(worker->pid, SIGKILL); /* it speaks nonsense: none of what it still says counts */
    return false;
}

static void collect(struct collection *collection, struct worker *workers, unsigned count)
{
    struct pollfd *polls = ARENA_ARRAY(collection->arena, struct pollfd, count);
    unsigned open = 0;
    for (unsigned i = 0; i < count; i++) {
        polls[i] = (struct pollfd){.fd = workers[i].pipe, .events = POLLIN};
        open += workers[i].pipe >= 0;
    }
    while (open > 0) {
        if (poll(polls, count, -1) < 0 && errno != EINTR)
            break;
        for (unsigned i = 0; i < count; i++) {
            if (polls[i].fd < 0 || polls[i].revents == 0)
                continue;
            if (!receive(collection, &workers[i])) {
                close(polls[i].fd);
                polls[i].fd = -1;
                open--;
            }
        }
    }
}

static void give_up(struct collection *collection, size_t number)
{
    const struct c0_function *function = collection->functions[number];
    const struct image_symbol *symbol = collection->subject->function_symbols[function->index];
    collection->decisions[number] = (struct decision){
        .verdict = {
            .name = function->name,
            .file = function->where.file,
            .line = function->where.line,
            .verdict = VERDICT_UNDECIDED,
            .reason = "the worker process that checked this function died",
            .reason_where = function->where,
            .code_start = symbol == NULL ? 0 : symbol->address,
            .code_end = symbol == NULL ? 0 : symbol->address + symbol->size_bytes,
        }};
}

static bool start(struct collection *collection, const struct decide_options *options,
                  struct worker *workers, unsigned number, atomic_size_t *next)
{
    int ends[2];
    if (pipe(ends) != 0)
        return fault_at(collection->fault, nowhere, "cannot make a pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid < 0) {
        close(ends[0]);
        close(ends[1]);
        return fault_at(collection->fault, nowhere, "cannot start a worker: %s",
                        strerror(errno));
    }
    if (pid == 0) {
        close(ends[0]);
        for (unsigned i = 0; i < number; i++)
            close(workers[i].pipe);
        work(collection->subject, collection->functions, collection->count, options, next,
             ends[1]);
    }
    close(ends[1]);
    workers[number] = (struct worker){pid, ends[0], {.arena = collection->arena}, 0};
    return true;
}

bool workers_decide(struct arena *arena, const struct subject *subject,
                    const struct c0_function *const *functions, size_t count, unsigned workers,
                    const struct decide_options *options, struct progress *progress,
                    struct decision *decisions, struct fault *fault)
{
    struct collection collection = {
        .arena = arena,
        .subject = subject,
        .functions = functions,
        .count = count,
        .progress = progress,
        .decisions = decisions,
        .is_decided = ARENA_ARRAY(arena, bool, count),
        .fault = fault,
    };
    atomic_size_t *next = mmap(NULL, sizeof *next, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (next == MAP_FAILED)
        return fault_at(fault, nowhere, "cannot share memory: %s", strerror(errno));
    atomic_init(next, 0);
    struct worker *started = ARENA_ARRAY(arena, struct worker, workers);
    unsigned started_count = 0;
    fflush(stdout);
    fflush(stderr);
    while (started_count < workers &&
           start(&collection, options, started, started_count, next))
        started_count++;
    collect(&collection, started, started_count);
    for (unsigned i = 0; i < started_count; i++)
        waitpid(started[i].pid, NULL, 0);
    munmap(next, sizeof *next);
    for (size_t i = 0; i < count; i++)
        if (!collection.is_decided[i])
            give_up(&collection, i);
    return !fault->is_set;
}
