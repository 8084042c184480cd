/* vouch trace: recorded runs, shown, compared and counted. */
#include "tools/vouch_trace.h"
#include "tools/commands.h"
#include "tools/vouch_arguments.h"

#include <string.h>

static const char usage[] =
    "usage: vouch trace show FILE [--from STEP] [--count N] [--source IMAGE] [--registers]\n"
    "       vouch trace diff A B [--context N] [--source IMAGE]\n"
    "       vouch trace stat FILE [--brief]\n"
    "\n"
    "show prints a step a line: its number, s or u for system or user mode, dpc, the instruction,\n"
    "what changed, and interrupts that were taken. diff finds the first step in which two runs\n"
    "differ. stat tells what the trace holds. The steps are executed anew; a trace that does not\n"
    "follow from the semantics of the processor is refused.\n"
    "\n"
    "  --from STEP     begins with this step (default: the first)\n"
    "  --count N       shows so many steps (default: all)\n"
    "  --source IMAGE  names functions and source lines of the image that was recorded\n"
    "  --registers     shows all registers before each step\n"
    "  --context N     shows so many steps before and after the difference (default 5)\n"
    "  --brief         tells what is in the file, without executing anything\n"
    "\n"
    "exit code: 0 shown, the same; 1 different; 2 bad usage or input\n";

struct subcommand {
    const char *name;
    unsigned file_count;
    const char *options; /* that it takes, each followed by a blank */
    int (*run)(struct arena *arena, const struct trace_options *options, struct fault *fault);
};

static const struct subcommand subcommands[] = {
    {"show", 1, "--from --count --source --registers ", trace_show},
    {"diff", 2, "--context --source ", trace_compare},
    {"stat", 1, "--brief ", trace_stat},
};

static const struct location nowhere = {0};

static const struct subcommand *find_subcommand(const char *name)
{
    for (size_t i = 0; i < sizeof subcommands / sizeof subcommands[0]; i++) {
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    }
    return NULL;
}

static bool takes(const struct subcommand *subcommand, const char *option)
{
    size_t length = strlen(option);
    for (const char *at = subcommand->options; *at != '\0'; at += strcspn(at, " ") + 1) {
        if (strncmp(at, option, length) == 0 && at[length] == ' ')
            return true;
    }
    return false;
}

static bool set_value(struct trace_options *options, const char *option, const char *value,
                      struct fault *fault)
{
    if (strcmp(option, "--source") == 0) {
        options->source = value;
        return true;
    }
    if (strcmp(option, "--from") == 0) {
        options->has_from = true;
        return argument_to_steps(value, &options->from, fault);
    }
    uint64_t *number = strcmp(option, "--count") == 0 ? &options->count : &options->context;
    return argument_to_steps(value, number, fault);
}

static bool parse(const struct subcommand *subcommand, int argc, char **argv,
                  struct trace_options *options, struct fault *fault)
{
    for (int i = 2; i < argc; i++) {
        const char *argument = argv[i];
        if (argument[0] != '-') {
            if (options->file_count == subcommand->file_count)
                return fault_at(fault, nowhere, "unexpected argument '%s'; see vouch trace --help",
                                argument);
            options->files[options->file_count++] = argument;
        } else if (!takes(subcommand, argument)) {
            return fault_at(fault, nowhere, "vouch trace %s takes no option '%s'; see --help",
                            subcommand->name, argument);
        } else if (strcmp(argument, "--registers") == 0) {
            options->with_registers = true;
        } else if (strcmp(argument, "--brief") == 0) {
            options->is_brief = true;
        } else if (++i == argc) {
            return fault_at(fault, nowhere, "%s needs a value", argument);
        } else if (!set_value(options, argument, argv[i], fault)) {
            return false;
        }
    }
    if (options->file_count < subcommand->file_count)
        return fault_at(fault, nowhere, "vouch trace %s needs %u file%s; see --help",
                        subcommand->name, subcommand->file_count,
                        subcommand->file_count == 1 ? "" : "s");
    return true;
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

static int run(struct arena *arena, int argc, char **argv, struct fault *fault)
{
    struct trace_options options = {.count = UINT64_MAX, .context = 5};
    if (argc < 2) {
        fault_at(fault, nowhere, "show, diff or stat? see vouch trace --help");
        return VOUCH_EXIT_BAD;
    }
    const struct subcommand *subcommand = find_subcommand(argv[1]);
    if (subcommand == NULL) {
        fault_at(fault, nowhere, "vouch trace has no '%s'; see vouch trace --help", argv[1]);
        return VOUCH_EXIT_BAD;
    }
    if (!parse(subcommand, argc, argv, &options, fault))
        return VOUCH_EXIT_BAD;
    return subcommand->run(arena, &options, fault);
}

int vouch_trace(int argc, char **argv)
{
    if (wants_help(argc, argv)) {
        fputs(usage, stdout);
        return VOUCH_EXIT_OK;
    }
    struct fault fault = {0};
    struct arena *arena = arena_new();
    int code = run(arena, argc, argv, &fault);
    if (fault.is_set) {
        fflush(stdout);
        fault_print(&fault, stderr);
    }
    arena_free(arena);
    return code;
}
