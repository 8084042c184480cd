/* vouch interp: runs a function of C0 sources on the C0 machine and prints what came out. */
#include "base/array.h"
#include "semantics/c0/front.h"
#include "semantics/c0/machine.h"
#include "semantics/c0/show.h"
#include "semantics/c0a/c0a.h"
#include "semantics/c0a/world.h"
#include "tools/commands.h"
#include "tools/vouch_arguments.h"

#include <string.h>

static const char usage[] =
    "usage: vouch interp SOURCE... --call F [ARG...] [OPTION...]\n"
    "\n"
    "Runs function F of the C0 sources on the C0 machine and prints one JSON object: status,\n"
    "result, steps, globals and, on a fault, the rule that was broken and where.\n"
    "\n"
    "  --call F ARG...     the function (a static one also as FILE:F) and its arguments: numbers,\n"
    "                      true, false, 'c', NULL; they end where the next option begins\n"
    "  --set GLOBAL=VALUE  sets a global, or a part of it such as g[2].f, before the call\n"
    "  --max-steps N       stops after N steps (default 1000000000)\n"
    "  --plain             steps by the plain reading of the rules: the slow reference\n"
    "  -I DIR, -D NAME[=VALUE]  for the preprocessor\n"
    "\n"
    "exit code: 0 returned, 1 fault or limit, 2 bad usage or source\n";

struct interp {
    struct arena *arena;
    ARRAY(const char *) sources;
    ARRAY(const char *) preprocessor_arguments;
    ARRAY(const char *) arguments; /* of the call */
    ARRAY(const char *) settings;
    const char *function; /* NULL until --call names it */
    uint64_t max_steps;
    bool is_plain, wants_help;
};

static const struct location nowhere = {0};

/* --- The command line --- */

/* --call F ARG...; `*i` is at F, and then at the last ARG. */
static bool parse_call(struct interp *interp, int argc, char **argv, int *i, struct fault *fault)
{
    if (interp->function != NULL)
        return fault_at(fault, nowhere, "--call is given twice");
    interp->function = argv[*i];
    while (*i + 1 < argc && !argument_is_option(argv[*i + 1]))
        ARRAY_PUSH(interp->arena, &interp->arguments, argv[++*i]);
    return true;
}

/* An option with a value; `*i` is at the option, and then at the last argument it took. */
static bool parse_valued(struct interp *interp, int argc, char **argv, int *i, struct fault *fault)
{
    const char *option = argv[*i];
    if (strcmp(option, "--call") != 0 && strcmp(option, "--set") != 0 &&
        strcmp(option, "--max-steps") != 0)
        return fault_at(fault, nowhere, "unknown option '%s'; see vouch interp --help", option);
    if (++*i == argc)
        return fault_at(fault, nowhere, "%s needs a value", option);
    if (strcmp(option, "--call") == 0)
        return parse_call(interp, argc, argv, i, fault);
    if (strcmp(option, "--max-steps") == 0)
        return argument_to_steps(argv[*i], &interp->max_steps, fault);
    ARRAY_PUSH(interp->arena, &interp->settings, argv[*i]);
    return true;
}

/* -IDIR or -I DIR, and the same of -D. */
static bool parse_preprocessor(struct interp *interp, int argc, char **argv, int *i,
                               struct fault *fault)
{
    const char *option = argv[*i];
    if (option[2] == '\0') {
        if (*i + 1 == argc)
            return fault_at(fault, nowhere, "%s needs a value", option);
        option = arena_printf(interp->arena, "%s%s", option, argv[++*i]);
    }
    ARRAY_PUSH(interp->arena, &interp->preprocessor_arguments, option);
    return true;
}

static bool parse_options(struct interp *interp, int argc, char **argv, struct fault *fault)
{
    for (int i = 1; i < argc; i++) {
        bool is_good = true;
        if (strcmp(argv[i], "--help") == 0)
            return interp->wants_help = true;
        if (strcmp(argv[i], "--plain") == 0)
            interp->is_plain = true;
        else if (strncmp(argv[i], "-I", 2) == 0 || strncmp(argv[i], "-D", 2) == 0)
            is_good = parse_preprocessor(interp, argc, argv, &i, fault);
        else if (argument_is_option(argv[i]))
            is_good = parse_valued(interp, argc, argv, &i, fault);
        else
            ARRAY_PUSH(interp->arena, &interp->sources, argv[i]);
        if (!is_good)
            return false;
    }
    if (interp->sources.count == 0)
        return fault_at(fault, nowhere, "no source is given; see vouch interp --help");
    if (interp->function == NULL)
        return fault_at(fault, nowhere, "--call is missing; see vouch interp --help");
    return true;
}

/* --- The run --- */

struct shown_machine {
    struct arena *arena;
    const struct c0_program *program;
    const struct c0_machine *machine;
};

static uint32_t read_global(void *self, const struct c0_variable *global, uint32_t offset_cells)
{
    const struct shown_machine *shown = self;
    return c0_machine_read(shown->machine,
                           c0_machine_global_cell(shown->machine, global) + offset_cells);
}

static bool resolve_pointer(void *self, uint32_t pointer, struct c0_pointee *pointee)
{
    const struct shown_machine *shown = self;
    struct c0_object object;
    if (!c0_machine_object(shown->machine, pointer, &object))
        return false;
    if (object.global != NULL)
        pointee->global = c0_show_name(shown->arena, shown->program, object.global);
    pointee->heap_number = object.heap_number;
    pointee->type = object.type;
    pointee->offset_cells = pointer - object.first_cell;
    return true;
}

static const char *status_name(enum c0_status status)
{
    switch (status) {
    case C0_RETURNED:
        return "returned";
    case C0_FAULTED:
        return "fault";
    case C0_LIMIT:
        return "limit";
    case C0_LEFT:
        return "left";
    case C0_STOPPED:
        return "stopped";
    }
    return NULL;
}

static bool print_outcome(const struct interp *interp, const struct c0_program *program,
                          const struct c0_machine *machine, const struct c0_function *function,
                          const struct c0_outcome *outcome)
{
    struct shown_machine shown = {interp->arena, program, machine};
    struct c0_memory_view view = {&shown, read_global, resolve_pointer};
    const uint32_t *result = outcome->has_result ? &outcome->result : NULL;
    struct c0_run run = {
        .status = status_name(outcome->status),
        .result = c0_show_result(function->result, result, &view),
        .steps = outcome->steps,
        .globals = c0_show_globals(program, &view),
        .where = outcome->where,
    };
    if (outcome->status == C0_FAULTED)
        run.rule = c0_rule_name(outcome->rule);
    return c0_print_json(c0_show_run(&run), stdout);
}

static bool apply_settings(const struct interp *interp, const struct c0_program *program,
                           struct c0_machine *machine, struct fault *fault)
{
    for (size_t i = 0; i < interp->settings.count; i++) {
        struct c0_setting setting;
        if (!c0_parse_setting(program, text_of(interp->settings.at[i]), &setting, fault))
            return false;
        c0_machine_write(machine,
                         c0_machine_global_cell(machine, setting.global) + setting.offset_cells,
                         setting.word);
    }
    return true;
}

static int run_program(const struct interp *interp, const struct c0_program *program,
                       struct fault *fault)
{
    const struct c0_function *function =
        c0_resolve_function(program, text_of(interp->function), fault);
    if (function == NULL)
        return VOUCH_EXIT_BAD;
    uint32_t *arguments = ARENA_ARRAY(interp->arena, uint32_t, interp->arguments.count);
    struct c0_machine *machine = c0_machine_new(interp->arena, program, c0_limits_default());
    c0_machine_attach(machine, c0a_world_of(c0a_world_new(interp->arena)));
    if (!c0_parse_arguments(function, interp->arguments.at, (uint32_t)interp->arguments.count,
                            arguments, fault) ||
        !apply_settings(interp, program, machine, fault))
        return VOUCH_EXIT_BAD;
    struct c0_outcome outcome =
        interp->is_plain ? c0_machine_call_plain(machine, function, arguments, interp->max_steps)
                         : c0_machine_call(machine, function, arguments, interp->max_steps);
    if (!print_outcome(interp, program, machine, function, &outcome)) {
        fault_at(fault, nowhere, "cannot write to the standard output");
        return VOUCH_EXIT_BAD;
    }
    return outcome.status == C0_RETURNED || outcome.status == C0_LEFT ? VOUCH_EXIT_OK
                                                                      : VOUCH_EXIT_NO;
}

static int run_interp(struct interp *interp, int argc, char **argv, struct fault *fault)
{
    if (!parse_options(interp, argc, argv, fault))
        return VOUCH_EXIT_BAD;
    if (interp->wants_help) {
        fputs(usage, stdout);
        return VOUCH_EXIT_OK;
    }
    struct c0_front_options options = {
        .assembler = &c0a_assembler,
        .preprocessor_arguments = interp->preprocessor_arguments.at,
        .preprocessor_argument_count = interp->preprocessor_arguments.count,
    };
    const struct c0_program *program =
        c0_load(interp->arena, interp->sources.at, interp->sources.count, &options, stderr);
    return program == NULL ? VOUCH_EXIT_BAD : run_program(interp, program, fault);
}

int vouch_interp(int argc, char **argv)
{
    struct fault fault = {0};
    struct interp interp = {.arena = arena_new(), .max_steps = 1000000000};
    int code = run_interp(&interp, argc, argv, &fault);
    if (fault.is_set)
        fault_print(&fault, stderr);
    arena_free(interp.arena);
    return code;
}
