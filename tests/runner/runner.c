/* Runs the tests of a program that is written in Criterion's words (Test, TestSuite, cr_assert_eq).
 * Criterion's own runner is not used: its processes have threads of their own, so that a test which
 * forks may find a lock taken for ever, and runner and worker can wait for each other for ever.
 *
 * Here each test is a forked process of this one, which has no threads; it has a time limit, and
 * nothing that it started outlives it.
 *
 *     unit_x [--list | --verbose] [PATTERN...]     suite/name, as in a shell: 'host_*'
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS_MAX = 300, STATUS_FAILED = 1, STATUS_SKIPPED = 77 };

/* The linker's: what Test and TestSuite have left. */
extern struct criterion_test *__start_cr_tst[], *__stop_cr_tst[];
extern struct criterion_suite *__start_cr_sts[], *__stop_cr_sts[];

/* Criterion wants both sections to be there. */
__attribute__((used, section("cr_tst"))) static struct criterion_test *no_test;
__attribute__((used, section("cr_sts"))) static struct criterion_suite *no_suite;

static const struct criterion_test *test;
static struct criterion_test_extra_data no_data;
static pid_t test_process;
static jmp_buf end_of_test;
static unsigned failures;

/* --- What the macros call, in the test's process --- */

void criterion_send_assert(struct criterion_assert_stats *stats)
{
    if (stats->passed)
        return;
    failures++;
    fprintf(stderr, "%s:%u: %s/%s: %s\n", stats->file, stats->line, test->category, test->name,
            stats->message);
}

void cri_asserts_passed_incr(void) {}

void criterion_continue_test(void) {}

/* A process that a test has forked ends here; only the test's own goes on to its end. */
_Noreturn void criterion_abort_test(void)
{
    if (getpid() != test_process)
        _exit(STATUS_FAILED);
    longjmp(end_of_test, 1);
}

_Noreturn void criterion_skip_test(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s/%s is skipped: ", test->category, test->name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    _exit(STATUS_SKIPPED);
}

void cr_log(enum criterion_severity severity, const char *format, ...)
{
    (void)severity;
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

static const struct criterion_test_extra_data *suite_data(void)
{
    for (struct criterion_suite **suite = __start_cr_sts; suite < __stop_cr_sts; suite++) {
        if (*suite != NULL && strcmp((*suite)->name, test->category) == 0)
            return (*suite)->data;
    }
    return &no_data;
}

static void call(void (*function)(void))
{
    if (function != NULL)
        function();
}

void criterion_internal_test_setup(void)
{
    call(suite_data()->init);
    call(test->data->init);
}

void criterion_internal_test_main(void (*body)(void))
{
    if (setjmp(end_of_test) == 0)
        body();
}

void criterion_internal_test_teardown(void)
{
    if (setjmp(end_of_test) != 0)
        return;
    call(test->data->fini);
    call(suite_data()->fini);
}

/* By exit, so that leaks are looked for; not after a failure, which leaks. */
static _Noreturn void be_test(void)
{
    test_process = getpid();
    if (setjmp(end_of_test) == 0)
        test->test();
    fflush(NULL);
    if (failures != 0)
        _exit(STATUS_FAILED);
    exit(EXIT_SUCCESS);
}

/* --- The runner --- */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* A process group of its own, without input, that does not outlive the runner. */
static pid_t start(const sigset_t *mask)
{
    fflush(NULL);
    pid_t runner = getpid(), process = fork();
    if (process != 0) {
        setpgid(process, process);
        return process;
    }
    int nothing = open("/dev/null", O_RDWR);
    setpgid(0, 0);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != runner || nothing < 0 ||
        dup2(nothing, STDIN_FILENO) < 0 || sigprocmask(SIG_SETMASK, mask, NULL) != 0)
        _exit(STATUS_FAILED);
    close(nothing);
    be_test();
}

/* Where a process that did not end was in the kernel, to find out what it waited for. */
static void tell_where(pid_t process)
{
    char path[64], where[128] = "";
    snprintf(path, sizeof path, "/proc/%d/wchan", (int)process);
    FILE *file = fopen(path, "r");
    if (file != NULL && fgets(where, sizeof where, file) != NULL)
        fprintf(stderr, "%s/%s was in %s\n", test->category, test->name, where);
    if (file != NULL)
        fclose(file);
}

/* What the runner waits for: the end of a process, or that somebody wants its own. */
static sigset_t awaited_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

/* Waits for the process and ends all that it has left. False: time is up. */
static bool await(pid_t process, double seconds, int *status)
{
    sigset_t signals = awaited_signals();
    double end = now() + seconds;
    siginfo_t info = {0};
    int number = 0;
    while (waitid(P_PID, (id_t)process, &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
           info.si_pid == 0 && now() < end && number != SIGTERM && number != SIGINT)
        number = sigtimedwait(&signals, NULL, &(struct timespec){.tv_sec = 1});
    bool has_ended = info.si_pid != 0;
    if (!has_ended)
        tell_where(process);
    kill(-process, SIGKILL);
    while (waitpid(process, status, 0) < 0 && errno == EINTR) {
    }
    if (number == SIGTERM || number == SIGINT) {
        raise(number);
        sigprocmask(SIG_UNBLOCK, &signals, NULL);
    }
    return has_ended;
}

static double limit(void)
{
    double own = test->data->timeout, of_suite = suite_data()->timeout;
    return own > 0 ? own : of_suite > 0 ? of_suite : SECONDS_MAX;
}

/* Of what Criterion has, no test here uses these; so nobody takes them for granted. */
static bool is_beyond_runner(const struct criterion_test_extra_data *data)
{
    return data->kind_ != CR_TEST_NORMAL || data->signal != 0 || data->exit_code != 0 ||
           data->disabled;
}

static bool tell(const char *what)
{
    fprintf(stderr, "%s/%s failed: %s\n", test->category, test->name, what);
    return false;
}

static bool run(const sigset_t *mask, unsigned *skipped)
{
    int status;
    if (is_beyond_runner(test->data) || is_beyond_runner(suite_data()))
        return tell("tests/runner does not know this kind of test");
    pid_t process = start(mask);
    if (process < 0)
        return tell(strerror(errno));
    if (!await(process, limit(), &status))
        return tell("it did not end in time");
    if (WIFSIGNALED(status))
        return tell(strsignal(WTERMSIG(status)));
    *skipped += WEXITSTATUS(status) == STATUS_SKIPPED;
    if (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == STATUS_SKIPPED)
        return true;
    char text[64];
    snprintf(text, sizeof text, "exit status %d", WEXITSTATUS(status));
    return tell(text);
}

static bool is_chosen(int count, char **patterns)
{
    char name[512];
    snprintf(name, sizeof name, "%s/%s", test->category, test->name);
    for (int i = 0; i < count; i++) {
        if (fnmatch(patterns[i], name, 0) == 0)
            return true;
    }
    return count == 0;
}

struct counts {
    unsigned tests, failed, skipped;
};

static void visit(struct counts *counts, const sigset_t *mask, bool lists, bool is_verbose)
{
    double begin = now();
    counts->tests++;
    if (lists) {
        printf("%s/%s\n", test->category, test->name);
        return;
    }
    bool passes = run(mask, &counts->skipped);
    counts->failed += !passes;
    if (is_verbose)
        printf("%s/%s%s %.2f s\n", test->category, test->name, passes ? "" : " FAILED",
               now() - begin);
}

int main(int argc, char **argv)
{
    struct counts counts = {0};
    bool lists = argc > 1 && strcmp(argv[1], "--list") == 0;
    bool is_verbose = argc > 1 && strcmp(argv[1], "--verbose") == 0;
    int first = lists || is_verbose ? 2 : 1;
    sigset_t mask, signals = awaited_signals();
    sigprocmask(SIG_BLOCK, &signals, &mask);
    for (struct criterion_test **at = __start_cr_tst; at < __stop_cr_tst; at++) {
        test = *at;
        if (test != NULL && is_chosen(argc - first, argv + first))
            visit(&counts, &mask, lists, is_verbose);
    }
    printf("%u tests, %u failed, %u skipped\n", counts.tests, counts.failed, counts.skipped);
    return counts.tests == 0 || counts.failed != 0;
}
