/* The subcommands of vouch, one file each (tools/vouch_<name>.c).
 *
 * `argv[0]` is the subcommand's name, its arguments follow. The result is the exit code:
 * VOUCH_EXIT_OK, VOUCH_EXIT_NO, or VOUCH_EXIT_BAD after one message on stderr; of cosim also
 * VOUCH_EXIT_NOTHING. */
#ifndef TOOLS_COMMANDS_H
#define TOOLS_COMMANDS_H

enum {
    VOUCH_EXIT_OK = 0,  /* yes: everything is proved, the run returned */
    VOUCH_EXIT_NO = 1,  /* no: not proved, the run faulted or reached its limit, the sides differ */
    VOUCH_EXIT_BAD = 2, /* bad usage or bad input */
    VOUCH_EXIT_NOTHING = 3, /* nothing differed, and nothing was shown either */
};

int vouch_check(int argc, char **argv);
int vouch_interp(int argc, char **argv);
int vouch_call(int argc, char **argv);
int vouch_step(int argc, char **argv);
int vouch_trace(int argc, char **argv);
int vouch_run(int argc, char **argv);
int vouch_cosim(int argc, char **argv);

#endif
