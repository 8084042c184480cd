#include "tools/vouch_run_options.h"

#include "semantics/vamp/machine.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const struct location nowhere = {0};

enum value_kind {
    VALUE_NONE,   /* a switch */
    VALUE_TEXT,   /* a word, once */
    VALUE_NUMBER, /* any number */
    VALUE_COUNT,  /* a number from 1 on */
    VALUE_SIZE,   /* bytes, with K, M or G */
    VALUE_WORDS,  /* a word, any number of times */
};

struct option {
    const char *name;
    enum value_kind kind;
    void *value;   /* const char *, uint64_t, an array of words, or bool */
    bool *is_said; /* of a number, where it matters */
};

/* A decimal or 0x number; `*end` is what follows it. */
static bool parse_number(const char *text, uint64_t *number, const char **end)
{
    bool is_hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = is_hexadecimal ? text + 2 : text;
    unsigned base = is_hexadecimal ? 16 : 10;
    *number = 0;
    for (*end = digits; isxdigit((unsigned char)**end); ++*end) {
        int c = tolower((unsigned char)**end);
        unsigned digit = (unsigned)(isdigit(c) ? c - '0' : c - 'a' + 10);
        if (digit >= base)
            return false;
        if (*number > (UINT64_MAX - digit) / base)
            return false;
        *number = *number * base + digit;
    }
    return *end != digits;
}

static bool parse_size(const char *text, uint64_t *size_bytes)
{
    static const char units[] = "KMG";
    const char *end;
    if (!parse_number(text, size_bytes, &end))
        return false;
    const char *unit = *end == '\0' ? NULL : strchr(units, *end);
    if (*end != '\0' && (unit == NULL || end[1] != '\0'))
        return false;
    unsigned shift = unit == NULL ? 0 : 10 * (unsigned)(unit - units + 1);
    if (*size_bytes > UINT64_MAX >> shift)
        return false;
    *size_bytes <<= shift;
    return true;
}

static bool take_number(const struct option *option, const char *text, struct fault *fault)
{
    uint64_t *number = option->value;
    const char *end = "";
    bool is_size = option->kind == VALUE_SIZE;
    bool is_number = is_size ? parse_size(text, number) : parse_number(text, number, &end);
    if (!is_number || *end != '\0')
        return fault_at(fault, nowhere, "%s: '%s' is not a number%s", option->name, text,
                        is_size ? " of bytes" : "");
    if (*number == 0 && option->kind != VALUE_NUMBER)
        return fault_at(fault, nowhere, "%s: must not be 0", option->name);
    if (option->is_said != NULL)
        *option->is_said = true;
    return true;
}

static bool take_value(struct run_options *options, const struct option *option, const char *text,
                       struct fault *fault)
{
    const char **word = option->value;
    switch (option->kind) {
    case VALUE_NONE:
        return *(bool *)option->value = true;
    case VALUE_TEXT:
        if (*word != NULL)
            return fault_at(fault, nowhere, "%s is given twice", option->name);
        *word = text;
        return true;
    case VALUE_NUMBER:
    case VALUE_COUNT:
    case VALUE_SIZE:
        return take_number(option, text, fault);
    case VALUE_WORDS:
        ARRAY_PUSH(options->arena, &options->breakpoints, text);
        return true;
    }
    return false;
}

static bool take_option(struct run_options *options, const struct option *known, int argc,
                        char **argv, int *i, struct fault *fault)
{
    const char *name = argv[*i];
    while (known->name != NULL && strcmp(known->name, name) != 0)
        known++;
    if (known->name == NULL)
        return fault_at(fault, nowhere, "unknown option '%s'; see vouch run --help", name);
    if (known->kind == VALUE_NONE)
        return take_value(options, known, NULL, fault);
    if (++*i == argc)
        return fault_at(fault, nowhere, "%s needs a value", name);
    return take_value(options, known, argv[*i], fault);
}

/* All that comes to a replayed run from outside is in its recording. */
static bool check_replay(const struct run_options *options, struct fault *fault)
{
    bool has_host = options->swap != NULL || options->disk != NULL || options->network != NULL ||
                    options->controller != NULL;
    bool has_times = options->has_times || options->is_jittered || options->has_reset;
    if (options->record != NULL)
        return fault_at(fault, nowhere, "--replay and --record exclude each other");
    if (has_host)
        return fault_at(fault, nowhere,
                        "--replay: disks, network and controller are those of the recording");
    if (has_times)
        return fault_at(fault, nowhere, "--replay: when things happen is in the recording");
    return true;
}

/* What is written of a run. */
static bool check_output(const struct run_options *options, struct fault *fault)
{
    bool is_serial_printed = options->serial == NULL || strcmp(options->serial, "stdio") == 0;
    if (options->record != NULL && options->has_gdb)
        return fault_at(fault, nowhere, "--record: what a debugger changes is in no recording");
    if (options->trace != NULL && options->has_gdb)
        return fault_at(fault, nowhere, "--trace: what a debugger changes is in no trace");
    if (options->trace == NULL && options->trace_interval != 0)
        return fault_at(fault, nowhere, "--trace-interval: there is no --trace");
    if (options->json != NULL && strcmp(options->json, "-") == 0 && is_serial_printed)
        return fault_at(fault, nowhere,
                        "--json -: the serial line has the standard output; give a file, or "
                        "--serial none");
    return true;
}

static bool check(const struct run_options *options, struct fault *fault)
{
    if (options->image == NULL)
        return fault_at(fault, nowhere, "an image is needed; see vouch run --help");
    if (options->memory_bytes % 4 != 0 || options->memory_bytes > RUN_MEMORY_BYTES_LIMIT)
        return fault_at(fault, nowhere, "--memory: must be a multiple of 4, up to 1G");
    if (options->gdb_port > 65535)
        return fault_at(fault, nowhere, "--gdb: there is no port %llu",
                        (unsigned long long)options->gdb_port);
    return (options->replay == NULL || check_replay(options, fault)) &&
           check_output(options, fault) && run_options_check_files(options, fault);
}

bool run_options_parse(struct run_options *options, int argc, char **argv, struct fault *fault)
{
    const struct option known[] = {
        {"--help", VALUE_NONE, &options->wants_help, NULL},
        {"-h", VALUE_NONE, &options->wants_help, NULL},
        {"--memory", VALUE_SIZE, &options->memory_bytes, NULL},
        {"--serial", VALUE_TEXT, &options->serial, NULL},
        {"--swap", VALUE_TEXT, &options->swap, NULL},
        {"--disk", VALUE_TEXT, &options->disk, NULL},
        {"--network", VALUE_TEXT, &options->network, NULL},
        {"--controller", VALUE_TEXT, &options->controller, NULL},
        {"--seed", VALUE_NUMBER, &options->seed, &options->has_times},
        {"--tick-steps", VALUE_COUNT, &options->tick_steps, &options->has_times},
        {"--done-steps", VALUE_COUNT, &options->done_steps, &options->has_times},
        {"--poll-steps", VALUE_COUNT, &options->poll_steps, &options->has_times},
        {"--idle-rate", VALUE_NUMBER, &options->idle_rate, NULL},
        {"--jitter", VALUE_NONE, &options->is_jittered, NULL},
        {"--reset", VALUE_NUMBER, &options->reset_step, &options->has_reset},
        {"--record", VALUE_TEXT, &options->record, NULL},
        {"--replay", VALUE_TEXT, &options->replay, NULL},
        {"--max-steps", VALUE_NUMBER, &options->max_steps, NULL},
        {"--plain", VALUE_NONE, &options->is_plain, NULL},
        {"--break", VALUE_WORDS, NULL, NULL},
        {"--trace", VALUE_TEXT, &options->trace, NULL},
        {"--trace-interval", VALUE_COUNT, &options->trace_interval, NULL},
        {"--gdb", VALUE_NUMBER, &options->gdb_port, &options->has_gdb},
        {"--json", VALUE_TEXT, &options->json, NULL},
        {"--time", VALUE_NONE, &options->is_timed, NULL},
        {NULL, VALUE_NONE, NULL, NULL},
    };
    for (int i = 1; i < argc && !options->wants_help; i++) {
        bool is_option = argv[i][0] == '-' && argv[i][1] != '\0';
        if (is_option && !take_option(options, known, argc, argv, &i, fault))
            return false;
        if (!is_option && options->image != NULL)
            return fault_at(fault, nowhere, "one image is run, and '%s' is another", argv[i]);
        if (!is_option)
            options->image = argv[i];
    }
    return options->wants_help || check(options, fault);
}
