/* Tests that end in every way there is; ends.py knows which of them have to fail. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int prepared;

static void prepare(void)
{
    prepared = 7;
}

static void clean_up(void)
{
    if (prepared == 8)
        cr_assert_fail("found in the end");
}

TestSuite(good, .init = prepare, .fini = clean_up);
TestSuite(bad, .init = prepare, .fini = clean_up);
TestSuite(late, .timeout = 1);

Test(good, nothing_is_wrong) {}

Test(good, the_suite_was_prepared_for_each_test)
{
    cr_assert_eq(prepared, 7);
    prepared = 9;
}

Test(good, so_again)
{
    cr_assert_eq(prepared, 7);
}

Test(good, a_forked_process_may_fail)
{
    pid_t process = fork();
    if (process == 0)
        cr_assert_fail("in the forked process");
    int status;
    cr_assert_eq(waitpid(process, &status, 0), process);
    cr_assert_neq(status, 0);
}

Test(good, input_is_at_its_end)
{
    char byte;
    cr_assert_eq(read(STDIN_FILENO, &byte, 1), 0);
}

Test(good, skipped)
{
    cr_skip_test("for no reason");
}

Test(bad, assertion)
{
    cr_assert_eq(prepared, 8, "that is %d", prepared);
}

Test(bad, expectation_then_more)
{
    cr_expect_eq(prepared, 8);
    cr_assert_eq(prepared, 7);
}

Test(bad, in_the_end)
{
    prepared = 8;
}

Test(bad, death)
{
    raise(SIGKILL);
}

Test(bad, early_exit)
{
    exit(3);
}

/* It also ignores what can be ignored, and has left a process that holds the output. */
Test(late, never_ends)
{
    signal(SIGTERM, SIG_IGN);
    if (fork() == 0)
        signal(SIGHUP, SIG_IGN);
    for (;;)
        pause();
}

/* The process that is left must be gone when the program ends. */
Test(good, what_a_test_has_left_is_ended)
{
    if (fork() != 0)
        return;
    for (;;)
        pause();
}
