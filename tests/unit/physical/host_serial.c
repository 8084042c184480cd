/* The serial line on files, pipes, a terminal and a pseudo-terminal. */
#include "host_rig.h"
#include "physical/host_io.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static bool is_exhausted(struct host *host)
{
    return host->inlet.is_exhausted(host->inlet.self);
}

Test(host_serial_files, input_comes_byte_by_byte_and_ends)
{
    struct host_rig *rig = host_rig_new();
    const char *input = host_rig_path(rig, "input");
    struct text content = {"all\0bytes\xFF\x80\n", 12};
    host_rig_put(rig, input, content);
    struct host *host =
        host_rig_opened(rig, host_serial_files(rig->arena, input, NULL, &rig->fault));
    cr_assert_not(is_exhausted(host));
    cr_assert(text_equals(host_await_bytes(rig, host, content.length), content));
    cr_assert(host_has_nothing(host));
    cr_assert(is_exhausted(host));
    cr_assert(host_has_nothing(host));
    host_send(host, text_of("nowhere"));
    host_rig_close(rig, host);
    host_rig_free(rig);
}

Test(host_serial_files, output_is_there_as_soon_as_it_was_sent)
{
    struct host_rig *rig = host_rig_new();
    const char *output = host_rig_path(rig, "output");
    host_rig_put(rig, output, text_of("what was there before, and longer"));
    struct host *host =
        host_rig_opened(rig, host_serial_files(rig->arena, NULL, output, &rig->fault));
    cr_assert_null(host->inlet.poll, "nothing comes in");
    host_send(host, (struct text){"a\0b", 3});
    cr_assert(text_equals(host_rig_get(rig, output), (struct text){"a\0b", 3}));
    host_send(host, text_of("c"));
    host_rig_close(rig, host);
    cr_assert(text_equals(host_rig_get(rig, output), (struct text){"a\0bc", 4}));
    host_rig_free(rig);
}

Test(host_serial_files, files_that_cannot_be_opened_are_refused)
{
    struct host_rig *rig = host_rig_new();
    const char *nothing = host_rig_path(rig, "no/such");
    host_rig_refused(rig, host_serial_files(rig->arena, nothing, NULL, &rig->fault), "cannot open");
    host_rig_refused(rig, host_serial_files(rig->arena, NULL, nothing, &rig->fault), "cannot open");
    host_rig_free(rig);
}

Test(host_serial_files, full_disk_is_a_failure)
{
    struct host_rig *rig = host_rig_new();
    struct host *host =
        host_rig_opened(rig, host_serial_files(rig->arena, NULL, "/dev/full", &rig->fault));
    host_send(host, text_of("a"));
    cr_assert(host->inlet.failure->is_set);
    host_send(host, text_of("b"));
    cr_assert_not(host_close(host, &rig->fault));
    cr_assert_not_null(strstr(rig->fault.message, "cannot write"));
    cr_assert_str_eq(rig->fault.file, "/dev/full");
    host_rig_free(rig);
}

Test(host_serial_files, directory_as_input_is_a_failure)
{
    struct host_rig *rig = host_rig_new();
    struct host *host =
        host_rig_opened(rig, host_serial_files(rig->arena, rig->directory, NULL, &rig->fault));
    cr_assert(host_has_nothing(host));
    cr_assert(host->failure.is_set);
    cr_assert(is_exhausted(host));
    cr_assert_not(host_close(host, &rig->fault));
    host_rig_free(rig);
}

/* Each test runs in a process of its own, which may lose its standard streams. */
struct pipes {
    int to_machine, from_machine;
};

static struct pipes replace_stdio(void)
{
    int in[2], out[2];
    cr_assert_eq(pipe(in), 0);
    cr_assert_eq(pipe(out), 0);
    cr_assert_geq(dup2(in[0], STDIN_FILENO), 0);
    cr_assert_geq(dup2(out[1], STDOUT_FILENO), 0);
    close(in[0]);
    close(out[1]);
    return (struct pipes){in[1], out[0]};
}

Test(host_serial_stdio, pipes_are_read_as_bytes_come)
{
    struct host_rig *rig = host_rig_new();
    struct pipes pipes = replace_stdio();
    struct host *host = host_rig_opened(rig, host_serial_stdio(rig->arena, &rig->fault));
    cr_assert(host_has_nothing(host));
    cr_assert_eq(write(pipes.to_machine, "abc", 3), 3);
    cr_assert(text_is(host_await_bytes(rig, host, 3), "abc"));
    cr_assert(host_has_nothing(host));
    cr_assert_not(is_exhausted(host), "the writer is still there");
    close(pipes.to_machine);
    cr_assert(host_has_nothing(host));
    cr_assert(is_exhausted(host));
    cr_assert_not(host->failure.is_set);
    char back[4];
    host_send(host, text_of("xyz"));
    cr_assert_eq(read(pipes.from_machine, back, 4), 3);
    cr_assert_eq(memcmp(back, "xyz", 3), 0);
    host_rig_close(rig, host);
    host_rig_free(rig);
}

Test(host_serial_stdio, reader_that_went_away_is_a_failure_and_no_death)
{
    struct host_rig *rig = host_rig_new();
    struct pipes pipes = replace_stdio();
    struct host *host = host_rig_opened(rig, host_serial_stdio(rig->arena, &rig->fault));
    close(pipes.from_machine);
    host_send(host, text_of("a"));
    cr_assert(host->failure.is_set);
    cr_assert_not_null(strstr(host->failure.message, "Broken pipe"));
    cr_assert_not(host_close(host, &rig->fault));
    host_rig_free(rig);
}

Test(host_serial_stdio, signals_make_no_wait_endless)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    host_rig_disturb();
    cr_assert_not(host_wait(ends[0], POLLIN, 50));
    cr_assert_eq(write(ends[1], "a", 1), 1);
    cr_assert(host_wait(ends[0], POLLIN, 50));
}

Test(host_serial_stdio, signals_and_a_slow_reader_lose_nothing)
{
    enum { BYTES = 300000 };
    struct host_rig *rig = host_rig_new();
    struct pipes pipes = replace_stdio();
    struct host *host = host_rig_opened(rig, host_serial_stdio(rig->arena, &rig->fault));
    cr_assert_eq(fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK), 0, "as another user may set it");
    pid_t child = fork();
    if (child == 0) {
        host_rig_disturb();
        static char bytes[BYTES];
        for (unsigned i = 0; i < BYTES; i++)
            bytes[i] = (char)(i % 251);
        for (unsigned i = 0; i < BYTES / 3; i++)
            host_send(host, (struct text){bytes + i, 1});
        host_send(host, (struct text){bytes + BYTES / 3, BYTES - BYTES / 3});
        _exit(host->failure.is_set);
    }
    close(STDOUT_FILENO);
    unsigned char bytes[1024];
    unsigned count = 0;
    ssize_t length;
    while ((length = read(pipes.from_machine, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < length; i++)
            cr_assert_eq(bytes[i], count++ % 251);
    }
    int status;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(status, 0);
    cr_assert_eq(count, (unsigned)BYTES);
    host_rig_free(rig);
}

static bool is_interrupted(void *self)
{
    (void)self;
    return true;
}

Test(host_serial_stdio, waiting_for_a_reader_ends_when_the_user_wants_it)
{
    struct host_rig *rig = host_rig_new();
    struct pipes pipes = replace_stdio();
    struct host *host = host_rig_opened(rig, host_serial_stdio(rig->arena, &rig->fault));
    host->interrupter = (struct host_interrupter){NULL, is_interrupted};
    host_rig_disturb();
    for (unsigned i = 0; i < 100000 && !host->failure.is_set; i++)
        host_send(host, text_of("abcdefgh"));
    cr_assert(host->failure.is_set);
    cr_assert_not(host_close(host, &rig->fault));
    close(pipes.to_machine);
    close(pipes.from_machine);
    host_rig_free(rig);
}

static struct termios settings_of(int descriptor)
{
    struct termios settings;
    cr_assert_eq(tcgetattr(descriptor, &settings), 0);
    return settings;
}

static bool is_raw(int descriptor)
{
    return (settings_of(descriptor).c_lflag & (ICANON | ECHO)) == 0;
}

/* Runs `use` in a process whose standard input is a terminal; its exit status. The terminal must
 * be as before afterwards. */
static int on_terminal(void (*use)(void))
{
    static struct arena *arena; /* still held where the process ends in the middle */
    int master, slave, status;
    cr_assert_eq(openpty(&master, &slave, NULL, NULL, NULL), 0);
    struct termios before = settings_of(slave);
    cr_assert_neq(before.c_lflag & ICANON, 0u);
    pid_t child = fork();
    if (child == 0) {
        arena = arena_new();
        dup2(slave, STDIN_FILENO);
        struct fault fault = {0};
        struct host *host = host_serial_stdio(arena, &fault);
        if (host == NULL || !is_raw(STDIN_FILENO))
            _exit(99);
        use();
        host_close(host, &fault);
        _exit(is_raw(STDIN_FILENO) ? 98 : 0);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    struct termios after = settings_of(slave);
    cr_assert_eq(after.c_lflag, before.c_lflag);
    cr_assert_eq(after.c_iflag, before.c_iflag);
    cr_assert_eq(memcmp(after.c_cc, before.c_cc, sizeof after.c_cc), 0);
    close(master);
    close(slave);
    return status;
}

static void close_only(void) {}

static void leave_by_exit(void)
{
    exit(7);
}

static void die_by_term(void)
{
    raise(SIGTERM);
}

static void die_by_interrupt(void)
{
    raise(SIGINT);
}

static void die_by_abort(void)
{
    abort();
}

static void die_by_hangup(void)
{
    raise(SIGHUP);
}

Test(host_serial_stdio, terminal_is_restored_by_closing)
{
    cr_assert_eq(on_terminal(close_only), 0);
}

Test(host_serial_stdio, terminal_is_restored_at_exit)
{
    int status = on_terminal(leave_by_exit);
    cr_assert(WIFEXITED(status));
    cr_assert_eq(WEXITSTATUS(status), 7);
}

Test(host_serial_stdio, terminal_is_restored_before_a_deadly_signal)
{
    static void (*const deaths[])(void) = {die_by_term, die_by_interrupt, die_by_abort,
                                           die_by_hangup};
    static const int signals[] = {SIGTERM, SIGINT, SIGABRT, SIGHUP};
    for (unsigned i = 0; i < 4; i++) {
        int status = on_terminal(deaths[i]);
        cr_assert(WIFSIGNALED(status));
        cr_assert_eq(WTERMSIG(status), signals[i]);
    }
}

Test(host_serial_pty, bytes_go_both_ways_as_they_are)
{
    struct host_rig *rig = host_rig_new();
    struct host *host = host_rig_opened(rig, host_serial_pty(rig->arena, &rig->fault));
    cr_assert(host_has_nothing(host));
    int user = open(host->name, O_RDWR | O_NOCTTY);
    cr_assert_geq(user, 0);
    char bytes[256], back[256];
    for (unsigned i = 0; i < 256; i++)
        bytes[i] = (char)i;
    cr_assert_eq(write(user, bytes, 256), 256);
    struct text all = {bytes, 256};
    cr_assert(text_equals(host_await_bytes(rig, host, 256), all));
    host_send(host, all);
    for (size_t count = 0; count < 256;) {
        ssize_t length = read(user, back + count, 256 - count);
        cr_assert_gt(length, 0);
        count += (size_t)length;
    }
    cr_assert_eq(memcmp(back, bytes, 256), 0);
    close(user);
    cr_assert(host_has_nothing(host), "who hangs up may come back");
    cr_assert_not(is_exhausted(host));
    cr_assert_not(host->failure.is_set);
    host_rig_close(rig, host);
    host_rig_free(rig);
}

Test(host_serial_pty, who_reads_gets_the_time_to_do_so_at_the_end)
{
    struct host_rig *rig = host_rig_new();
    struct host *host = host_rig_opened(rig, host_serial_pty(rig->arena, &rig->fault));
    int user = open(host->name, O_RDWR | O_NOCTTY);
    host_send(host, text_of("last words"));
    pid_t child = fork();
    if (child == 0) {
        char bytes[16];
        close(host->inlet.descriptor); /* what a fork has copied would keep the line up */
        poll(NULL, 0, 100);
        _exit(read(user, bytes, sizeof bytes) == 10 && memcmp(bytes, "last words", 10) == 0 ? 0
                                                                                            : 1);
    }
    int status;
    host_rig_close(rig, host);
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(status, 0);
    close(user);
    host_rig_free(rig);
}

Test(host_serial_pty, what_nobody_reads_is_lost_after_a_while)
{
    struct host_rig *rig = host_rig_new();
    struct host *host = host_rig_opened(rig, host_serial_pty(rig->arena, &rig->fault));
    for (unsigned i = 0; i < 200000; i++)
        host_send(host, text_of("x"));
    cr_assert_not(host->failure.is_set);
    host_rig_close(rig, host);
    host_rig_free(rig);
}
