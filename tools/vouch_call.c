/* vouch call: runs a function of an image on the VAMP machine and prints what came out. */
#include "tools/commands.h"
#include "tools/vouch_arguments.h"
#include "tools/vouch_call_image.h"

#include <string.h>

static const char usage[] =
    "usage: vouch call IMAGE F [ARG...] [OPTION...]\n"
    "\n"
    "Runs function F of the image on the VAMP machine and prints one JSON object: status, result,\n"
    "steps (instructions, delay slots included), globals and, on a fault, why the machine\n"
    "stopped and where.\n"
    "\n"
    "  F ARG...            the function (a static one also as FILE:F) and its arguments: numbers,\n"
    "                      true, false, 'c', NULL\n"
    "  --set GLOBAL=VALUE  sets a global, or a part of it such as g[2].f, before the call\n"
    "  --max-steps N       stops after N instructions (default 10000000000)\n"
    "\n"
    "exit code: 0 returned, 1 fault or limit, 2 bad usage or image\n";

struct options {
    struct arena *arena;
    ARRAY(const char *) operands; /* IMAGE F ARG... */
    ARRAY(const char *) settings;
    uint64_t max_steps;
    bool wants_help;
};

static const struct location nowhere = {0};

/* --- The command line --- */

static bool parse_options(struct options *options, int argc, char **argv, struct fault *fault)
{
    for (int i = 1; i < argc; i++) {
        const char *option = argv[i];
        if (!argument_is_option(option)) {
            ARRAY_PUSH(options->arena, &options->operands, option);
            continue;
        }
        if (strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0)
            return options->wants_help = true;
        bool is_set = strcmp(option, "--set") == 0;
        if (!is_set && strcmp(option, "--max-steps") != 0)
            return fault_at(fault, nowhere, "unknown option '%s'; see vouch call --help", option);
        if (++i == argc)
            return fault_at(fault, nowhere, "%s needs a value", option);
        if (is_set)
            ARRAY_PUSH(options->arena, &options->settings, argv[i]);
        else if (!argument_to_steps(argv[i], &options->max_steps, fault))
            return false;
    }
    if (options->operands.count < 2)
        return fault_at(fault, nowhere,
                        "an image and a function are needed; see vouch call --help");
    return true;
}

/* --- The run --- */

/* Typed arguments of a declared function, words of another. */
static bool parse_arguments(const struct options *options, const struct c0_function *declared,
                            uint32_t *words, struct fault *fault)
{
    const char *const *values = options->operands.at + 2;
    uint32_t count = (uint32_t)options->operands.count - 2;
    if (declared != NULL)
        return c0_parse_arguments(declared, values, count, words, fault);
    for (uint32_t i = 0; i < count; i++) {
        if (!text_to_word(text_of(values[i]), &words[i]))
            return fault_at(fault, nowhere, "'%s' is not a word", values[i]);
    }
    return true;
}

static bool prepare(const struct options *options, struct call_image *call, uint32_t *address,
                    const struct c0_function **declared, struct fault *fault)
{
    uint32_t count = (uint32_t)options->operands.count - 2;
    uint32_t *words = ARENA_ARRAY(options->arena, uint32_t, count);
    if (!call_load(call, options->arena, options->operands.at[0], fault) ||
        !call_find_function(call, options->operands.at[1], address, declared, fault) ||
        !parse_arguments(options, *declared, words, fault) ||
        !call_set_arguments(call, words, count, fault))
        return false;
    for (size_t i = 0; i < options->settings.count; i++) {
        if (!call_set_global(call, options->settings.at[i], fault))
            return false;
    }
    return true;
}

/* --- What came out --- */

static json_t *show_result(struct call_image *call, const struct c0_function *declared,
                           bool has_returned)
{
    struct c0_memory_view view = call_view(call);
    const uint32_t *result = has_returned ? &vamp_machine_state(call->machine)->gpr[1] : NULL;
    if (declared != NULL)
        return c0_show_result(declared->result, result, &view);
    return result == NULL ? json_null() : json_integer((int32_t)*result);
}

static json_t *show_globals(struct call_image *call)
{
    struct c0_memory_view view = call_view(call);
    return call->program == NULL ? json_object() : c0_show_globals(call->program, &view);
}

/* The rule that stopped the machine, and where it stands: "address", and "f+0x1c" as "function" if
 * a function is there. */
static json_t *show_fault(const struct call_image *call, const struct vamp_diagnosis *diagnosis)
{
    char message[256];
    uint32_t dpc = diagnosis->dpc;
    const struct image_symbol *function = image_function_at(call->image, dpc);
    json_t *location = json_pack("{s:o}", "address", json_sprintf("0x%08x", dpc));
    if (function != NULL)
        json_object_set_new(location, "function",
                            json_sprintf("%s+0x%x", function->name, dpc - function->address));
    vamp_diagnosis_print(diagnosis, message, sizeof message);
    return json_pack("{s:s,s:o,s:s}", "rule", vamp_diagnosis_name(diagnosis), "location", location,
                     "message", message);
}

static const char *status_name(enum vamp_run_status status)
{
    switch (status) {
    case VAMP_RUN_BREAKPOINT:
        return "returned";
    case VAMP_RUN_STOPPED:
        return "fault";
    case VAMP_RUN_LIMIT:
    case VAMP_RUN_ENDED: /* by a bus, and there is none */
        return "limit";
    }
    return NULL;
}

static bool print_run(struct call_image *call, const struct c0_function *declared,
                      const struct vamp_run *run)
{
    struct c0_run shown = {
        .status = status_name(run->status),
        .result = show_result(call, declared, run->status == VAMP_RUN_BREAKPOINT),
        .steps = run->steps,
        .globals = show_globals(call),
    };
    json_t *json = c0_show_run(&shown);
    if (run->status == VAMP_RUN_STOPPED)
        json_object_set_new(json, "fault", show_fault(call, &run->diagnosis));
    return c0_print_json(json, stdout);
}

static int run_call(struct options *options, int argc, char **argv, struct fault *fault)
{
    struct call_image call;
    uint32_t address;
    const struct c0_function *declared;
    if (!parse_options(options, argc, argv, fault))
        return VOUCH_EXIT_BAD;
    if (options->wants_help) {
        fputs(usage, stdout);
        return VOUCH_EXIT_OK;
    }
    if (!prepare(options, &call, &address, &declared, fault))
        return VOUCH_EXIT_BAD;
    struct vamp_run run = call_run(&call, address, options->max_steps);
    if (!print_run(&call, declared, &run)) {
        fault_at(fault, nowhere, "cannot write to the standard output");
        return VOUCH_EXIT_BAD;
    }
    return run.status == VAMP_RUN_BREAKPOINT ? VOUCH_EXIT_OK : VOUCH_EXIT_NO;
}

int vouch_call(int argc, char **argv)
{
    struct fault fault = {0};
    struct options options = {.arena = arena_new(), .max_steps = UINT64_C(10000000000)};
    int code = run_call(&options, argc, argv, &fault);
    if (fault.is_set)
        fault_print(&fault, stderr);
    arena_free(options.arena);
    return code;
}
