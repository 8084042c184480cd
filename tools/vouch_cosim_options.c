#include "tools/vouch_cosim_options.h"

#include "base/text.h"
#include "tools/vouch_arguments.h"
#include "tools/vouch_run_options.h"

#include <string.h>

static const struct location nowhere = {0};

enum { STEPS_DEFAULT = 2000000, WORKERS_MAX = 256 };

enum value_kind {
    VALUE_NONE,   /* a switch */
    VALUE_TEXT,   /* a word, once */
    VALUE_NUMBER, /* a decimal number */
    VALUE_RANGE,  /* --random: two numbers */
    VALUE_REPLAY, /* --replay: a file */
};

struct option {
    const char *name;
    enum value_kind kind;
    void *value;
    bool *is_said;
};

static bool take_text(const struct option *option, const char *text, struct fault *fault)
{
    const char **word = option->value;
    if (*word != NULL)
        return fault_at(fault, nowhere, "%s is given twice", option->name);
    *word = text;
    return true;
}

static bool take_number(const struct option *option, const char *text, uint64_t *number,
                        struct fault *fault)
{
    struct fault reason = {0};
    if (argument_to_steps(text, number, &reason))
        return true;
    return fault_at(fault, nowhere, "%s: '%s' is not a decimal number", option->name, text);
}

/* `values` are as many as the option takes. */
static bool take_values(struct cosim_options *options, const struct option *option, char **values,
                        struct fault *fault)
{
    if (option->is_said != NULL)
        *option->is_said = true;
    switch (option->kind) {
    case VALUE_NONE:
        return *(bool *)option->value = true;
    case VALUE_TEXT:
        return take_text(option, values[0], fault);
    case VALUE_NUMBER:
        return take_number(option, values[0], option->value, fault);
    case VALUE_RANGE:
        return take_number(option, values[0], &options->first, fault) &&
               take_number(option, values[1], &options->count, fault);
    case VALUE_REPLAY:
        ARRAY_PUSH(options->arena, &options->scenarios, values[0]);
        return true;
    }
    return false;
}

static int value_count(enum value_kind kind)
{
    return kind == VALUE_NONE ? 0 : kind == VALUE_RANGE ? 2 : 1;
}

static bool take_option(struct cosim_options *options, const struct option *known, int argc,
                        char **argv, int *i, struct fault *fault)
{
    const char *name = argv[*i];
    while (known->name != NULL && strcmp(known->name, name) != 0)
        known++;
    if (known->name == NULL)
        return fault_at(fault, nowhere, "unknown option '%s'; see vouch cosim --help", name);
    int count = value_count(known->kind);
    if (argc - *i - 1 < count)
        return fault_at(fault, nowhere, "%s needs %s", name, count == 1 ? "a value" : "two values");
    char **values = argv + *i + 1;
    *i += count;
    return take_values(options, known, values, fault);
}

/* Which runs are wanted. */
static bool check_runs(const struct cosim_options *options, struct fault *fault)
{
    if (options->is_random && options->scenarios.count != 0)
        return fault_at(fault, nowhere, "--random draws its scenarios; '%s' is a file",
                        options->scenarios.at[0]);
    if (!options->is_random && options->scenarios.count == 0)
        return fault_at(fault, nowhere, "a scenario is needed; see vouch cosim --help");
    if (options->is_random && options->kernel == NULL)
        return fault_at(fault, nowhere, "--random needs --kernel");
    if (options->is_random && (options->count == 0 || options->first > UINT64_MAX - options->count))
        return fault_at(fault, nowhere, "--random: there are no such seeds");
    if (options->workers == 0 || options->workers > WORKERS_MAX)
        return fault_at(fault, nowhere, "-j: from 1 to %d", WORKERS_MAX);
    return true;
}

/* What one run alone can give. */
static bool check_outputs(const struct cosim_options *options, struct fault *fault)
{
    bool is_one = options->is_random ? options->count == 1 : options->scenarios.count == 1;
    if (options->timeline != NULL && !is_one)
        return fault_at(fault, nowhere, "--timeline shows one run");
    if (options->minimise != NULL && !is_one)
        return fault_at(fault, nowhere, "--minimise shrinks one scenario");
    return true;
}

/* A file that is written is no other one's, and none that is read. */
static bool check_file(const struct cosim_options *options, const char *option, const char *path,
                       const char *other, struct fault *fault)
{
    return path == NULL || other == NULL || !run_is_same_file(options->arena, path, other) ||
           fault_at(fault, nowhere, "%s would overwrite '%s'", option, other);
}

static bool check_files(const struct cosim_options *options, struct fault *fault)
{
    bool prints_json = options->json != NULL && strcmp(options->json, "-") == 0;
    const struct {
        const char *option, *path;
    } written[] = {{"--minimise", options->minimise},
                   {"--timeline", options->timeline},
                   {"--audit", options->audit},
                   {"--json", prints_json ? NULL : options->json}};
    enum { WRITTEN = sizeof written / sizeof *written };
    for (unsigned i = 0; i < WRITTEN; i++) {
        const char *option = written[i].option, *path = written[i].path;
        bool is_apart = check_file(options, option, path, options->kernel, fault);
        for (unsigned k = i + 1; is_apart && k < WRITTEN; k++)
            is_apart = check_file(options, option, path, written[k].path, fault);
        for (size_t k = 0; is_apart && k < options->scenarios.count; k++)
            is_apart = check_file(options, option, path, options->scenarios.at[k], fault);
        if (!is_apart)
            return false;
    }
    return true;
}

bool cosim_options_parse(struct cosim_options *options, int argc, char **argv, struct fault *fault)
{
    const struct option known[] = {
        {"--help", VALUE_NONE, &options->wants_help, NULL},
        {"-h", VALUE_NONE, &options->wants_help, NULL},
        {"--replay", VALUE_REPLAY, NULL, &options->is_replay},
        {"--random", VALUE_RANGE, NULL, &options->is_random},
        {"--kernel", VALUE_TEXT, &options->kernel, NULL},
        {"-j", VALUE_NUMBER, &options->workers, NULL},
        {"--steps", VALUE_NUMBER, &options->steps, &options->has_steps},
        {"--plain", VALUE_NONE, &options->is_plain, NULL},
        {"--consis", VALUE_NONE, &options->is_consis, NULL},
        {"--proofs", VALUE_TEXT, &options->proofs, NULL},
        {"--replays", VALUE_TEXT, &options->replays, NULL},
        {"--minimise", VALUE_TEXT, &options->minimise, NULL},
        {"--timeline", VALUE_TEXT, &options->timeline, NULL},
        {"--audit", VALUE_TEXT, &options->audit, NULL},
        {"--json", VALUE_TEXT, &options->json, NULL},
        {"--coverage", VALUE_NONE, &options->is_coverage, NULL},
        {"--time", VALUE_NONE, &options->is_timed, NULL},
        {NULL, VALUE_NONE, NULL, NULL},
    };
    options->steps = STEPS_DEFAULT;
    options->workers = 1;
    for (int i = 1; i < argc && !options->wants_help; i++) {
        if (!argument_is_option(argv[i]))
            ARRAY_PUSH(options->arena, &options->scenarios, argv[i]);
        else if (!take_option(options, known, argc, argv, &i, fault))
            return false;
    }
    return options->wants_help || (check_runs(options, fault) && check_outputs(options, fault) &&
                                   check_files(options, fault));
}
