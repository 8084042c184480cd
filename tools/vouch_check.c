/* vouch check: every function of an image against its source, then the image as a whole. */
#include "base/array.h"
#include "base/file.h"
#include "image/digest.h"
#include "report/audit.h"
#include "report/progress.h"
#include "report/table.h"
#include "semantics/c0/front.h"
#include "semantics/c0a/c0a.h"
#include "tools/commands.h"
#include "tools/vouch_check_image.h"
#include "tools/vouch_check_workers.h"
#include "validator/propose/refute.h"
#include "validator/vamp/target.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { RLIMIT_DEFAULT = 5000000, WORKERS_MAX = 256 };

static const char usage[] =
    "usage: vouch check IMAGE SOURCE... [OPTION...]\n"
    "\n"
    "Proves every function of the image against its C0 source, checks the image as a whole, and\n"
    "prints a table.\n"
    "\n"
    "  --audit FILE        writes the audit as JSON (report/audit.schema.json)\n"
    "  --proofs DIR        writes certificates, solver questions and verdicts, a folder a function\n"
    "  --certificate DIR   checks the certificates in DIR (as --proofs wrote them); no search\n"
    "  --function NAME     decides only this function (may be repeated); the run then cannot\n"
    "                      accept the image, but its exit code tells whether these are proved\n"
    "  --trusted-assembly NAME  believes this code, which has no source, as it is (may be\n"
    "                      repeated); the audit names it, with its number of instructions\n"
    "  --rlimit N          the solver's steps for one question (default 5000000)\n"
    "  -j N                worker processes (default: one a processor); the audit does not depend\n"
    "                      on it\n"
    "  --timings FILE      writes times and memory as JSON\n"
    "  -I DIR, -D NAME[=VALUE]  for the preprocessor\n"
    "\n"
    "exit code: 0 everything is proved, 1 something is not, 2 bad usage or input\n";

struct options {
    const char *image;
    ARRAY(const char *) sources;
    ARRAY(const char *) preprocessor_arguments;
    ARRAY(const char *) functions;
    ARRAY(const char *) trusted_assembly;
    const char *audit, *proofs, *certificates, *timings;
    uint32_t rlimit;
    unsigned workers;
    bool wants_help;
};

static const struct location nowhere = {0};

/* ---- the command line ---- */

static bool take_value(int argc, char **argv, int *i, const char **value, struct fault *fault)
{
    if (*i + 1 >= argc)
        return fault_at(fault, nowhere, "%s needs a value", argv[*i]);
    *value = argv[++*i];
    return true;
}

static bool take_number(int argc, char **argv, int *i, uint32_t least, uint32_t most,
                        uint32_t *number, struct fault *fault)
{
    const char *option = argv[*i], *value = NULL;
    if (!take_value(argc, argv, i, &value, fault))
        return false;
    if (value[0] == '-' || !text_to_word(text_of(value), number) || *number < least ||
        *number > most)
        return fault_at(fault, nowhere, "%s takes a number from %lu to %lu, not '%s'", option,
                        (unsigned long)least, (unsigned long)most, value);
    return true;
}

static bool take_once(int argc, char **argv, int *i, const char **slot, struct fault *fault)
{
    if (*slot != NULL)
        return fault_at(fault, nowhere, "%s is given twice", argv[*i]);
    return take_value(argc, argv, i, slot, fault);
}

/* -I DIR, -IDIR, -D X, -DX; kept as one text each, as the audit shows them. */
static bool take_preprocessor(struct arena *arena, struct options *options, int argc, char **argv,
                              int *i, struct fault *fault)
{
    const char *option = argv[*i], *value = "";
    if (option[2] == '\0') {
        if (!take_value(argc, argv, i, &value, fault))
            return false;
        if (value[0] == '\0')
            return fault_at(fault, nowhere, "%s needs a value", option);
    }
    ARRAY_PUSH(arena, &options->preprocessor_arguments, arena_printf(arena, "%s%s", option, value));
    return true;
}

static bool take_option(struct arena *arena, struct options *options, int argc, char **argv,
                        int *i, struct fault *fault)
{
    const char *option = argv[*i], *value = NULL;
    if (strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0)
        return options->wants_help = true;
    if (strcmp(option, "--audit") == 0)
        return take_once(argc, argv, i, &options->audit, fault);
    if (strcmp(option, "--proofs") == 0)
        return take_once(argc, argv, i, &options->proofs, fault);
    if (strcmp(option, "--certificate") == 0)
        return take_once(argc, argv, i, &options->certificates, fault);
    if (strcmp(option, "--timings") == 0)
        return take_once(argc, argv, i, &options->timings, fault);
    if (strcmp(option, "--rlimit") == 0)
        return take_number(argc, argv, i, 1, UINT32_MAX, &options->rlimit, fault);
    if (strcmp(option, "-j") == 0)
        return take_number(argc, argv, i, 1, WORKERS_MAX, &options->workers, fault);
    if (strncmp(option, "-I", 2) == 0 || strncmp(option, "-D", 2) == 0)
        return take_preprocessor(arena, options, argc, argv, i, fault);
    if (strcmp(option, "--function") == 0) {
        if (!take_value(argc, argv, i, &value, fault))
            return false;
        ARRAY_PUSH(arena, &options->functions, value);
        return true;
    }
    if (strcmp(option, "--trusted-assembly") == 0) {
        if (!take_value(argc, argv, i, &value, fault))
            return false;
        ARRAY_PUSH(arena, &options->trusted_assembly, value);
        return true;
    }
    return fault_at(fault, nowhere, "unknown option '%s'; see vouch check --help", option);
}

static bool parse(struct arena *arena, int argc, char **argv, struct options *options,
                  struct fault *fault)
{
    *options = (struct options){.rlimit = RLIMIT_DEFAULT};
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-' && argv[i][1] != '\0') {
            if (strncmp(argv[i], "-j", 2) == 0 && argv[i][2] != '\0') {
                char *split[] = {arena_copy(arena, "-j", 2), argv[i] + 2};
                int at = 0;
                if (!take_option(arena, options, 2, split, &at, fault))
                    return false;
                continue;
            }
            if (!take_option(arena, options, argc, argv, &i, fault))
                return false;
        } else if (options->image == NULL) {
            options->image = argv[i];
        } else {
            ARRAY_PUSH(arena, &options->sources, argv[i]);
        }
    }
    if (options->wants_help)
        return true;
    if (options->image == NULL || options->sources.count == 0)
        return fault_at(fault, nowhere, "an image and at least one source are needed; see vouch "
                                        "check --help");
    if (options->workers == 0) {
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        options->workers = processors < 1              ? 1
                           : processors > WORKERS_MAX ? WORKERS_MAX
                                                      : (unsigned)processors;
    }
    return true;
}

/* ---- which functions ---- */

typedef ARRAY(const struct c0_function *) function_array;

/* Everything with a body, in the order of the code, so that progress and audit read like the
 * image. */
static void all_functions(struct arena *arena, const struct subject *subject,
                          function_array *functions)
{
    for (uint32_t i = 0; i < subject->program->function_count; i++)
        if (subject->program->functions[i]->body != NULL)
            ARRAY_PUSH(arena, functions, subject->program->functions[i]);
}

static bool named_functions(struct arena *arena, const struct subject *subject,
                            const struct options *options, function_array *functions,
                            struct fault *fault)
{
    for (size_t i = 0; i < options->functions.count; i++) {
        const char *name = options->functions.at[i];
        const struct c0_function *function =
            c0_program_function(subject->program, name, NULL);
        if (function == NULL || function->body == NULL)
            return fault_at(fault, nowhere, "the sources define no function '%s'", name);
        for (size_t k = 0; k < functions->count; k++)
            if (functions->at[k] == function)
                return fault_at(fault, nowhere, "--function %s is given twice", name);
        ARRAY_PUSH(arena, functions, function);
    }
    return true;
}

/* ---- timings ---- */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static bool write_timings(struct arena *arena, const char *path,
                          const struct image_verdict *verdict, double seconds,
                          struct fault *fault)
{
    struct rusage own, children;
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &children);
    long peak = own.ru_maxrss > children.ru_maxrss ? own.ru_maxrss : children.ru_maxrss;
    struct text_builder text = {.arena = arena};
    text_append(&text, "{\n  \"functions\": [");
    for (size_t i = 0; i < verdict->function_count; i++) {
        const struct function_verdict *function = &verdict->functions[i];
        text_append(&text,
                    "%s\n    {\"name\": \"%s\", \"seconds\": %.6f, \"solver_seconds\": %.6f, "
                    "\"obligations\": %lu, \"solver_steps\": %llu}",
                    i == 0 ? "" : ",", function->name, function->seconds,
                    function->solver_seconds, (unsigned long)function->obligations,
                    (unsigned long long)function->solver_steps);
    }
    text_append(&text, "\n  ],\n  \"peak_kib\": %ld,\n  \"total_seconds\": %.6f\n}\n", peak,
                seconds);
    return file_write(path, (struct text){text.at, text.length}, fault);
}

/* ---- the run ---- */

/* Names and digests of what the front end read. */
static void enter_inputs(struct arena *arena, const struct options *options,
                         const struct c0_inputs *inputs, struct image_verdict *verdict)
{
    size_t source_count = inputs->sources.count, count = source_count + inputs->headers.count;
    const char **paths = ARENA_ARRAY(arena, const char *, count);
    const char **digests = ARENA_ARRAY(arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        const struct c0_input *input = i < source_count
                                           ? &inputs->sources.at[i]
                                           : &inputs->headers.at[i - source_count];
        paths[i] = input->path;
        digests[i] = digest_of(arena, input->content);
    }
    verdict->source_paths = paths;
    verdict->source_digests = digests;
    verdict->source_count = source_count;
    verdict->header_paths = paths + source_count;
    verdict->header_digests = digests + source_count;
    verdict->header_count = count - source_count;
    verdict->preprocessor_arguments = options->preprocessor_arguments.at;
    verdict->preprocessor_argument_count = options->preprocessor_arguments.count;
}

static bool decide_all(struct arena *arena, const struct subject *subject,
                       const struct options *options, struct image_verdict *verdict,
                       struct fault *fault)
{
    function_array functions = {0};
    bool is_whole = options->functions.count == 0;
    if (is_whole)
        all_functions(arena, subject, &functions);
    else if (!named_functions(arena, subject, options, &functions, fault))
        return false;
    struct decide_options decide = {
        .rlimit = options->rlimit,
        .certificates = options->certificates,
        .refute_tries = REFUTE_TRIES_DEFAULT,
        .proofs = options->proofs,
    };
    struct decision *decisions = ARENA_ARRAY(arena, struct decision, functions.count);
    struct progress progress = progress_start(stderr, functions.count);
    bool is_decided = workers_decide(arena, subject, functions.at, functions.count,
                                     options->workers, &decide, &progress, decisions, fault);
    progress_end(&progress);
    if (!is_decided)
        return false;
    return image_verdict_complete(arena, subject, functions.at, decisions, functions.count,
                                  is_whole, &decide, verdict, fault);
}

static bool all_proved(const struct image_verdict *verdict)
{
    for (size_t i = 0; i < verdict->function_count; i++)
        if (verdict->functions[i].verdict != VERDICT_PROVED)
            return false;
    return verdict->function_count != 0;
}

static int report(struct arena *arena, const struct options *options,
                  const struct image_verdict *verdict, double start, struct fault *fault)
{
    table_print(verdict, table_style_of(stdout), stdout);
    bool is_written =
        (options->audit == NULL ||
         audit_write(arena, verdict, solver_version(), options->audit, fault)) &&
        (options->timings == NULL ||
         write_timings(arena, options->timings, verdict, now() - start, fault));
    if (!is_written)
        return VOUCH_EXIT_BAD;
    bool is_good = verdict->is_partial ? all_proved(verdict) : verdict->is_accepted;
    return is_good ? VOUCH_EXIT_OK : VOUCH_EXIT_NO;
}

static int run(struct arena *arena, const struct options *options, struct fault *fault)
{
    double start = now();
    struct image_verdict verdict = {.image_path = options->image,
                                    .target = vamp_target.name,
                                    .rlimit = options->rlimit};
    struct c0_inputs inputs = {0};
    struct c0_front_options front = {
        .assembler = &c0a_assembler,
        .inputs = &inputs,
        .preprocessor_arguments = options->preprocessor_arguments.at,
        .preprocessor_argument_count = options->preprocessor_arguments.count,
    };
    const struct c0_program *program =
        c0_load(arena, options->sources.at, options->sources.count, &front, stderr);
    if (program == NULL)
        return VOUCH_EXIT_BAD;
    enter_inputs(arena, options, &inputs, &verdict);
    struct image *image = image_load(arena, options->image, vamp_target.elf_machine, fault);
    struct subject subject;
    if (image == NULL || !subject_join(arena, program, image, &vamp_target, &subject, fault) ||
        !subject_trust(&subject, options->trusted_assembly.at, options->trusted_assembly.count,
                       fault))
        return VOUCH_EXIT_BAD;
    verdict.image_digest = image->digest;
    if (!decide_all(arena, &subject, options, &verdict, fault))
        return VOUCH_EXIT_BAD;
    return report(arena, options, &verdict, start, fault);
}

int vouch_check(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct options options;
    struct fault fault = {0};
    int code = VOUCH_EXIT_BAD;
    if (parse(arena, argc, argv, &options, &fault)) {
        if (options.wants_help) {
            fputs(usage, stdout);
            code = VOUCH_EXIT_OK;
        } else {
            code = run(arena, &options, &fault);
        }
    }
    if (fault.is_set) {
        fault_print(&fault, stderr);
        code = VOUCH_EXIT_BAD;
    }
    arena_free(arena);
    return code;
}
