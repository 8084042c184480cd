/* unit_hostile [COUNT [SEED [-v]]]: runs COUNT random images from SEED on, each fast, plainly and
 * in pieces, and some step by step. The sanitizers of the debug build judge what runs, this program
 * whether the runs agree, and a clock whether they end. */
#include "tests/hostile/hostile.h"
#include "base/file.h"
#include "base/require.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    COUNT_DEFAULT = 1000,
    SECONDS_MAX = 60,
    FAILURES_SHOWN = 10,
    STEPPED_ONE_IN = 4,
    RECORDED_ONE_IN = 4
};

static const char *const kinds[IMAGE_KINDS] = {"kernel", "mutated", "valid", "noise"};
static const char *const manners[] = {"fast", "plain", "pieces", "steps"};

static uint64_t seed_now;

/* ---- running it ---- */

static bool agrees(const struct hostile *hostile, enum manner manner, const struct record *fast)
{
    struct record record;
    hostile_run(hostile, manner, manner == MANNER_STEPS, NULL, &record);
    if (record_equals(fast, &record, stdout))
        return true;
    printf("seed %llu (%s): the runs fast and %s differ\n", (unsigned long long)hostile->seed,
           kinds[hostile->kind], manners[manner]);
    return false;
}

/* A recording that is replayed gives the same run and the same trace, and the trace can be played:
 * every step of it follows from the one before. */
static bool repeats(const struct hostile *hostile, const struct record *fast)
{
    struct arena *arena = arena_new();
    const char *place = arena_printf(arena, P_tmpdir "/unit_hostile.%ld", (long)getpid());
    struct evidence first = {.record = arena_printf(arena, "%s.recording", place),
                             .trace = arena_printf(arena, "%s.trace", place)};
    struct evidence again = {.trace = arena_printf(arena, "%s.again", place)};
    bool ends_alone = fast->status != PHYSICAL_FAILED && fast->status != PHYSICAL_ORACLE_END;
    struct record recorded, replayed;
    hostile_run(hostile, MANNER_FAST, false, &first, &recorded);
    bool is_good =
        record_equals(fast, &recorded, stdout) && evidence_plays(first.trace, &recorded, stdout);
    struct fault fault = {0};
    if (is_good && ends_alone) {
        require(file_read(arena, first.record, &again.replayed, &fault), "the recording is there");
        hostile_run(hostile, MANNER_PLAIN, false, &again, &replayed);
        is_good =
            record_equals(fast, &replayed, stdout) && evidence_is_equal(first.trace, again.trace);
        cover("evidence", "replayed", 1);
        unlink(again.trace);
    }
    unlink(first.record);
    unlink(first.trace);
    if (!is_good)
        printf("seed %llu (%s): recorded, it is another run\n", (unsigned long long)hostile->seed,
               kinds[hostile->kind]);
    arena_free(arena);
    return is_good;
}

static bool run_case(uint64_t seed, bool is_verbose)
{
    struct arena *arena = arena_new();
    struct hostile hostile;
    struct record fast;
    seed_now = seed;
    alarm(SECONDS_MAX);
    hostile_draw(&hostile, arena, seed);
    cover("image", kinds[hostile.kind], 1);
    hostile_run(&hostile, MANNER_FAST, true, NULL, &fast);
    if (is_verbose)
        printf("seed %llu: %s, %llu steps, %s %s\n", (unsigned long long)seed, kinds[hostile.kind],
               (unsigned long long)fast.steps, physical_status_name(fast.status), fast.digest);
    bool is_good = agrees(&hostile, MANNER_PLAIN, &fast) && agrees(&hostile, MANNER_PIECES, &fast);
    if (is_good && seed % STEPPED_ONE_IN == 0)
        is_good = agrees(&hostile, MANNER_STEPS, &fast);
    if (is_good && seed % RECORDED_ONE_IN == 1)
        is_good = repeats(&hostile, &fast);
    alarm(0);
    arena_free(arena);
    return is_good;
}

/* A run from a memory with one other bit must be seen to differ, or comparing means nothing. */
static bool sees_differences(void)
{
    struct arena *arena = arena_new();
    bool does = true;
    for (seed_now = 1; seed_now <= 5; seed_now++) {
        struct hostile hostile;
        struct record fast, other;
        FILE *nowhere = fopen("/dev/null", "w");
        hostile_draw(&hostile, arena, seed_now);
        hostile_run(&hostile, MANNER_FAST, false, NULL, &fast);
        hostile.words[hostile.memory_bytes / 4 - 1] ^= 1;
        hostile_run(&hostile, MANNER_PLAIN, false, NULL, &other);
        does = does && nowhere != NULL && !record_equals(&fast, &other, nowhere);
        if (nowhere != NULL)
            fclose(nowhere);
    }
    arena_free(arena);
    if (!does)
        printf("another memory gives the same record\n");
    return does;
}

/* Which case it was, should something end the program. */
static void print_seed(int number)
{
    char text[64];
    int length = snprintf(text, sizeof text, "signal %d at seed %llu\n", number,
                          (unsigned long long)seed_now);
    if (write(STDERR_FILENO, text, (size_t)length) < 0)
        _exit(3);
    _exit(2);
}

static void print_seed_at_exit(void)
{
    if (seed_now != UINT64_MAX)
        fprintf(stderr, "ended at seed %llu\n", (unsigned long long)seed_now);
}

static uint64_t number_of(const char *text)
{
    char *end;
    uint64_t number = strtoull(text, &end, 10);
    if (*end == '\0' && end != text && text[0] != '-')
        return number;
    fprintf(stderr, "usage: unit_hostile [COUNT [SEED [-v]]]\n");
    exit(2);
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? number_of(argv[1]) : COUNT_DEFAULT;
    uint64_t first = argc > 2 ? number_of(argv[2]) : 1;
    bool is_verbose = argc > 3 && strcmp(argv[3], "-v") == 0;
    uint64_t failures = 0;
    signal(SIGALRM, print_seed);
    signal(SIGABRT, print_seed);
    atexit(print_seed_at_exit);
    failures += !sees_differences();
    for (uint64_t i = 0; i < count && failures < FAILURES_SHOWN; i++)
        failures += !run_case(first + i, is_verbose);
    seed_now = UINT64_MAX;
    printf("%llu images from seed %llu, %llu failures\n", (unsigned long long)count,
           (unsigned long long)first, (unsigned long long)failures);
    bool is_complete = coverage_print(stdout);
    /* A few images do not meet everything. */
    return failures == 0 && (is_complete || count < COUNT_DEFAULT) ? 0 : 1;
}
