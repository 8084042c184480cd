/* vouch: picks the subcommand and sees to it that what it printed arrived. */
#include "tools/commands.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
};

static const struct command commands[] = {
    {"check", vouch_check, "proves an image against its C0 sources"},
    {"interp", vouch_interp, "runs a C0 function on the C0 machine"},
    {"run", vouch_run, "runs an image on the VAMP with its devices"},
    {"cosim", vouch_cosim, "runs the kernel beside the abstract machine it implements"},
    {"trace", vouch_trace, "shows, compares and counts recorded runs"},
    {"call", vouch_call, "runs a function of an image on the VAMP"},
    {"step", vouch_step, "executes single VAMP instructions: states in, changes out"},
    {NULL, NULL, NULL},
};

static void print_help(FILE *out)
{
    fputs("usage: vouch COMMAND ARGUMENT...\n"
          "\n"
          "Proves compiled C0 functions against their source.\n"
          "\n",
          out);
    for (const struct command *command = commands; command->name; command++)
        fprintf(out, "  %-8s %s\n", command->name, command->summary);
    fputs("\n"
          "  --help     this text; `vouch COMMAND --help` tells more\n"
          "  --version  the version of vouch\n"
          "\n"
          "exit code: 0 yes, 1 no (not proved, not returned, diverged), 2 bad usage or bad input;\n"
          "cosim: 3 nothing was shown\n",
          out);
}

static const struct command *find_command(const char *name)
{
    for (const struct command *command = commands; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return VOUCH_EXIT_BAD;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return VOUCH_EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("vouch " VOUCH_VERSION);
        return VOUCH_EXIT_OK;
    }
    const struct command *command = find_command(argv[1]);
    if (command)
        return command->run(argc - 1, argv + 1);
    fprintf(stderr, "vouch: error: there is no command '%s'; see vouch --help\n", argv[1]);
    return VOUCH_EXIT_BAD;
}

/* A standard stream that is closed would become the first file that is opened, a disk for one, and
 * what is printed would go there. Its descriptor is taken, such that its use still fails. */
static bool reserve_standard_streams(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
        int flags = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", flags) != stream)
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    int code = reserve_standard_streams() ? run(argc, argv) : VOUCH_EXIT_BAD;
    /* An answer that nobody could read is no answer. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "vouch: error: cannot write to the standard output\n");
        return VOUCH_EXIT_BAD;
    }
    return code;
}
