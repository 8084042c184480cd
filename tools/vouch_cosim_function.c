/* vouch cosim --function: runs functions of an image on drawn arguments and states, the C0 machine
 * of the sources beside the VAMP with the code, compared at every cut, call and return. */
#include "tools/vouch_cosim_function.h"

#include "base/array.h"
#include "cosim/consis_function.h"
#include "semantics/c0/front.h"
#include "semantics/c0/show.h"
#include "semantics/c0a/c0a.h"
#include "tools/commands.h"
#include "tools/vouch_arguments.h"
#include "validator/vamp/target.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS_DEFAULT = 300 };

static const char usage[] =
    "usage: vouch cosim --function NAME IMAGE SOURCE... [OPTION...]\n"
    "\n"
    "Runs the function on the C0 machine and its code on the VAMP, from drawn arguments, globals "
    "and\n"
    "heap objects, and evaluates the relations of the certificates at every cut, call and return.\n"
    "Prints the first divergence.\n"
    "\n"
    "  --function NAME    the function, a static one also as FILE:NAME; may be repeated; 'all':\n"
    "                     every function that has code\n"
    "  --proofs DIR       the certificates, as vouch check --proofs wrote them; else they are\n"
    "                     searched for. A function without one is compared at its calls and\n"
    "                     returns only\n"
    "  --runs N           calls of each function (default 300)\n"
    "  --seed S           draws other states (default 1)\n"
    "  -I DIR, -D NAME[=VALUE]  for the preprocessor\n"
    "\n"
    "exit code: 0 they agree, 1 they diverge, or nothing could be compared, 2 bad usage or input\n";

struct options {
    struct arena *arena;
    const char *image, *proofs;
    ARRAY(const char *) sources;
    ARRAY(const char *) functions;
    ARRAY(const char *) preprocessor_arguments;
    uint64_t runs, seed;
    bool wants_help;
};

static const struct location nowhere = {0};

/* --- The command line --- */

static bool take_preprocessor(struct options *options, int argc, char **argv, int *i,
                              struct fault *fault)
{
    const char *option = argv[*i], *value = "";
    if (option[2] == '\0') {
        if (*i + 1 >= argc)
            return fault_at(fault, nowhere, "%s needs a value", option);
        value = argv[++*i];
    }
    ARRAY_PUSH(options->arena, &options->preprocessor_arguments,
               arena_printf(options->arena, "%s%s", option, value));
    return true;
}

static bool take_number(const char *option, const char *value, uint64_t *number,
                        struct fault *fault)
{
    char *end = NULL;
    *number = strtoull(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || *number > UINT32_MAX)
        return fault_at(fault, nowhere, "%s takes a number up to %lu, not '%s'", option,
                        (unsigned long)UINT32_MAX, value);
    return true;
}

static bool take_option(struct options *options, int argc, char **argv, int *i, struct fault *fault)
{
    const char *option = argv[*i];
    if (strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0)
        return options->wants_help = true;
    if (strncmp(option, "-I", 2) == 0 || strncmp(option, "-D", 2) == 0)
        return take_preprocessor(options, argc, argv, i, fault);
    bool is_known = strcmp(option, "--function") == 0 || strcmp(option, "--proofs") == 0 ||
                    strcmp(option, "--runs") == 0 || strcmp(option, "--seed") == 0;
    if (!is_known)
        return fault_at(fault, nowhere,
                        "'%s' does not go with --function; see vouch cosim "
                        "--function --help",
                        option);
    if (*i + 1 >= argc)
        return fault_at(fault, nowhere, "%s needs a value", option);
    const char *value = argv[++*i];
    if (strcmp(option, "--runs") == 0)
        return take_number(option, value, &options->runs, fault);
    if (strcmp(option, "--seed") == 0)
        return take_number(option, value, &options->seed, fault);
    if (strcmp(option, "--proofs") == 0)
        options->proofs = value;
    else
        ARRAY_PUSH(options->arena, &options->functions, value);
    return true;
}

static bool parse(struct options *options, int argc, char **argv, struct fault *fault)
{
    for (int i = 1; i < argc; i++) {
        if (argument_is_option(argv[i])) {
            if (strcmp(argv[i], "--function") == 0 && i + 1 < argc &&
                (strcmp(argv[i + 1], "--help") == 0 || strcmp(argv[i + 1], "-h") == 0))
                continue;
            if (!take_option(options, argc, argv, &i, fault))
                return false;
        } else if (options->image == NULL) {
            options->image = argv[i];
        } else {
            ARRAY_PUSH(options->arena, &options->sources, argv[i]);
        }
    }
    if (options->wants_help)
        return true;
    if (options->image == NULL || options->sources.count == 0 || options->functions.count == 0)
        return fault_at(fault, nowhere,
                        "a function, an image and at least one source are needed; "
                        "see vouch cosim --function --help");
    if (options->runs == 0)
        return fault_at(fault, nowhere, "--runs takes at least 1");
    return true;
}

/* --- What is run --- */

struct job {
    const struct options *options;
    const struct c0_program *program;
    const struct consis_certificates *certificates;
    ARRAY(const struct c0_function *) functions;
};

static bool load(struct job *job, struct arena *arena, struct fault *fault)
{
    const struct options *options = job->options;
    struct c0_front_options front = {
        .assembler = &c0a_assembler,
        .preprocessor_arguments = options->preprocessor_arguments.at,
        .preprocessor_argument_count = options->preprocessor_arguments.count,
    };
    job->program = c0_load(arena, options->sources.at, options->sources.count, &front, stderr);
    if (job->program == NULL)
        return false; /* the front end has said why */
    const struct image *image = image_load(arena, options->image, vamp_target.elf_machine, fault);
    if (image == NULL)
        return false;
    job->certificates = consis_certificates_new(arena, job->program, image, options->proofs, fault);
    return job->certificates != NULL;
}

static void name_all(struct job *job, struct arena *arena)
{
    for (uint32_t i = 0; i < job->program->function_count; i++) {
        const struct c0_function *function = job->program->functions[i];
        if (function->body != NULL && consis_function_is_there(job->certificates, function))
            ARRAY_PUSH(arena, &job->functions, function);
    }
}

static bool name_functions(struct job *job, struct arena *arena, struct fault *fault)
{
    const struct options *options = job->options;
    for (size_t i = 0; i < options->functions.count; i++) {
        const char *name = options->functions.at[i];
        if (strcmp(name, "all") == 0) {
            name_all(job, arena);
            continue;
        }
        const struct c0_function *function =
            c0_resolve_function(job->program, text_of(name), fault);
        if (function == NULL)
            return false;
        if (!consis_function_is_there(job->certificates, function))
            return fault_at(fault, nowhere, "the image has no code of '%s'", name);
        ARRAY_PUSH(arena, &job->functions, function);
    }
    return true;
}

/* --- The runs --- */

struct tally {
    uint64_t agreed, unfinished, nothing;
    struct consis_counts counts;
};

static void add(struct tally *tally, const struct consis_try *attempt)
{
    tally->agreed += attempt->end == CONSIS_AGREES;
    tally->unfinished += attempt->end == CONSIS_GOES_ON;
    tally->nothing += attempt->end == CONSIS_NOTHING;
    tally->counts.cuts += attempt->counts.cuts;
    tally->counts.calls += attempt->counts.calls;
    tally->counts.returns += attempt->counts.returns;
    tally->counts.steps += attempt->counts.steps;
    tally->counts.values += attempt->counts.values;
}

static void print_divergence(const struct c0_function *function, uint64_t seed, uint64_t run,
                             const struct consis_try *attempt)
{
    const struct cosim_divergence *divergence = &attempt->divergence;
    printf("%s: diverges in run %" PRIu64 " of seed %" PRIu64 "\n", function->name, run, seed);
    printf("  arguments ");
    for (size_t i = 0; i < attempt->argument_count; i++)
        printf(" %s", attempt->arguments[i]);
    printf("\n  %s\n", divergence->text);
    if (divergence->place != NULL)
        printf("  %s: C0 has %" PRId32 " (0x%08" PRIx32 "), the code %" PRId32 " (0x%08" PRIx32
               ")\n",
               divergence->place, (int32_t)divergence->abstract, divergence->abstract,
               (int32_t)divergence->concrete, divergence->concrete);
}

/* A run of its own for each number, so that any can be repeated alone. */
static uint64_t seed_of(const struct options *options, uint64_t run)
{
    return options->seed << 32 | run;
}

static bool run_function(const struct job *job, const struct c0_function *function)
{
    const struct options *options = job->options;
    struct tally tally = {0};
    for (uint64_t run = 1; run <= options->runs; run++) {
        struct arena *arena = arena_new();
        struct consis_try attempt =
            consis_try_function(arena, job->certificates, function, seed_of(options, run));
        add(&tally, &attempt);
        if (attempt.end == CONSIS_DIFFERS)
            print_divergence(function, options->seed, run, &attempt);
        arena_free(arena);
        if (attempt.end == CONSIS_DIFFERS)
            return false;
    }
    size_t cuts = consis_function_cuts(job->certificates, function);
    printf("%s: %" PRIu64 " runs agree, %" PRIu64 " as far as they went, %" PRIu64
           " say nothing; %s%" PRIu64 " cuts, %" PRIu64 " calls, %" PRIu64 " returns, %" PRIu64
           " values\n",
           function->name, tally.agreed, tally.unfinished, tally.nothing,
           cuts == 0 ? "no certificate; " : "", tally.counts.cuts, tally.counts.calls,
           tally.counts.returns, tally.counts.values);
    if (tally.agreed + tally.unfinished == 0)
        printf("%s: nothing was compared\n", function->name);
    return tally.agreed + tally.unfinished != 0;
}

static int run(struct options *options, int argc, char **argv, struct fault *fault)
{
    struct job job = {.options = options};
    bool agree = true;
    if (!parse(options, argc, argv, fault))
        return VOUCH_EXIT_BAD;
    if (options->wants_help) {
        fputs(usage, stdout);
        return VOUCH_EXIT_OK;
    }
    if (!load(&job, options->arena, fault) || !name_functions(&job, options->arena, fault))
        return VOUCH_EXIT_BAD;
    for (size_t i = 0; i < job.functions.count; i++)
        agree = run_function(&job, job.functions.at[i]) && agree;
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fault_at(fault, nowhere, "cannot write to the standard output");
        return VOUCH_EXIT_BAD;
    }
    return agree && job.functions.count != 0 ? VOUCH_EXIT_OK : VOUCH_EXIT_NO;
}

int vouch_cosim_function(int argc, char **argv)
{
    struct fault fault = {0};
    struct options options = {.arena = arena_new(), .runs = RUNS_DEFAULT, .seed = 1};
    int code = run(&options, argc, argv, &fault);
    if (fault.is_set)
        fault_print(&fault, stderr);
    arena_free(options.arena);
    return code;
}
