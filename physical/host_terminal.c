#include "physical/host_terminal.h"

#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

/* A process has one terminal, and a signal handler has no other way to it. */
static struct termios settings_before;
static volatile sig_atomic_t raw_descriptor = -1;

/* tcsetattr may be called in a signal handler. */
void host_terminal_restore(void)
{
    int descriptor = raw_descriptor;
    raw_descriptor = -1;
    if (descriptor >= 0)
        tcsetattr(descriptor, TCSANOW, &settings_before);
}

/* SA_RESETHAND has put the signal's own action back. */
static void restore_and_die(int number)
{
    host_terminal_restore();
    raise(number);
}

static void handle_signals(void)
{
    static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT};
    for (unsigned i = 0; i < sizeof deadly / sizeof *deadly; i++) {
        struct sigaction before, action = {.sa_handler = restore_and_die};
        action.sa_flags = (int)SA_RESETHAND;
        sigemptyset(&action.sa_mask);
        /* Who ignores a signal or handles it himself goes on to do so. */
        if (sigaction(deadly[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(deadly[i], &action, NULL);
    }
}

/* The interrupt and quit keys still work; output is processed as before. The key that would suspend
 * is a byte as any other: a shell's settings and ours would get mixed up (choice). */
static void set_raw(struct termios *settings)
{
    settings->c_iflag &= (tcflag_t) ~(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON);
    settings->c_lflag &= (tcflag_t) ~(ECHO | ECHONL | ICANON | IEXTEN);
    settings->c_cc[VMIN] = 1;
    settings->c_cc[VTIME] = 0;
    settings->c_cc[VSUSP] = _POSIX_VDISABLE;
}

bool host_terminal_make_raw(int descriptor)
{
    static bool is_restored_at_exit = false;
    if (!isatty(descriptor))
        return true;
    host_terminal_restore();
    if (tcgetattr(descriptor, &settings_before) != 0)
        return false;
    struct termios settings = settings_before;
    set_raw(&settings);
    if (!is_restored_at_exit && atexit(host_terminal_restore) != 0)
        return false;
    is_restored_at_exit = true;
    handle_signals();
    raw_descriptor = descriptor;
    return tcsetattr(descriptor, TCSANOW, &settings) == 0;
}
