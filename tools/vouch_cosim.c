/* vouch cosim: the abstract CVM machine beside the machine with the compiled kernel. */
#include "base/file.h"
#include "cosim/consis.h"
#include "cosim/section.h"
#include "image/digest.h"
#include "tools/commands.h"
#include "tools/vouch_cosim_function.h"
#include "tools/vouch_cosim_job.h"
#include "tools/vouch_cosim_json.h"
#include "tools/vouch_cosim_report.h"
#include "tools/vouch_cosim_workers.h"

#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: vouch cosim SCENARIO.json...\n"
    "       vouch cosim --replay FILE\n"
    "       vouch cosim --random FIRST COUNT --kernel KERNEL.json\n"
    "       vouch cosim --function NAME IMAGE SOURCE...   (see vouch cosim --function --help)\n"
    "\n"
    "Runs the abstract CVM machine beside the machine with the compiled kernel, and compares them\n"
    "at every entry and exit of the kernel and wherever else the scenario wants (docs/COSIM.md).\n"
    "\n"
    "  --replay FILE      a run that has diverged once; also told whether it does so again\n"
    "  --random A N       N random scenarios, drawn from the seeds A, A + 1, ...\n"
    "  --kernel FILE      the kernel's description, for --random, or in place of the scenarios'\n"
    "  -j N               N worker processes\n"
    "  --steps N          at most N steps of the processor a run; --random: 2000000\n"
    "  --consis           also C0 against code, while the kernel runs\n"
    "  --proofs DIR       its certificates, as vouch check --proofs wrote them; else they are\n"
    "                     searched for\n"
    "  --plain            both machines by the plain reading of their rules: slow\n"
    "\n"
    "  --replays DIR      where replay files of divergences go; else the current directory\n"
    "  --minimise FILE    of a scenario that diverges, write a small one that diverges alike\n"
    "  --timeline FILE    a picture of the run, SVG\n"
    "  --audit FILE       put what was run, checked and covered into this audit\n"
    "  --coverage         print which statements, primitives and transitions were covered\n"
    "  --json FILE        what is printed, for programs; - is the standard output\n"
    "  --time             print times, too, if the standard output is no terminal\n"
    "\n"
    "exit code: 0 all agreed; 1 some diverged; 2 bad usage or input; 3 none diverged, but some\n"
    "showed nothing: nothing was checked, the oracle ended, or a replay was not as recorded\n";

static const struct location nowhere = {0};

/* Of the image with this digest: searched for once. */
struct searched {
    const char *digest;
    const struct consis_certificates *certificates;
};

struct loaded {
    const char *path;
    const struct cosim_kernel *kernel;
};

struct command {
    struct arena *arena;
    struct cosim_options options;
    struct job_setting setting;
    ARRAY(const struct scenario *) scenarios;
    ARRAY(struct loaded) kernels;
    ARRAY(struct searched) searched;
    bool is_timed;
    FILE *out; /* of the table: not where the JSON goes */
    struct report_sum sum;
    struct cosim_json *json;       /* NULL: not wanted */
    struct cosim_section *section; /* NULL: not wanted */
};

/* --- Jobs --- */

static const struct consis_certificates *certificates_of(const struct command *command,
                                                         const struct cosim_kernel *kernel)
{
    for (size_t i = 0; i < command->searched.count; i++) {
        if (strcmp(command->searched.at[i].digest, kernel->image->digest) == 0)
            return command->searched.at[i].certificates;
    }
    return NULL;
}

static bool wants_consis(const struct command *command, const struct scenario *scenario)
{
    return command->options.is_consis || (scenario != NULL && scenario->checks.consis);
}

static struct job job_at(void *self, uint64_t number)
{
    const struct command *command = self;
    struct job job = {0};
    if (command->options.is_random)
        job.seed = command->options.first + number;
    else
        job.scenario = command->scenarios.at[number];
    if (wants_consis(command, job.scenario))
        job.certificates = certificates_of(command, job.scenario == NULL ? command->setting.kernel
                                                                         : job.scenario->kernel);
    return job;
}

static void add_to_section(struct command *command, const struct job *job,
                           const struct job_outcome *outcome)
{
    struct fault ignored = {0};
    struct text content;
    struct section_run run = {.name = outcome->name,
                              .seed = job->seed,
                              .disk_digest = outcome->disk_digest,
                              .checks = outcome->checks,
                              .max_steps = outcome->max_steps,
                              .result = outcome->result,
                              .reason = outcome->reason};
    if (job->scenario != NULL) {
        run.path = job->scenario->path;
        if (file_read(command->arena, run.path, &content, &ignored))
            run.digest = digest_of(command->arena, content);
    }
    cosim_section_add(command->section, &run);
}

static void tell(void *self, const struct job *job, const struct job_outcome *outcome)
{
    struct command *command = self;
    report_run(outcome, command->is_timed, command->out);
    fflush(command->out);
    report_add(&command->sum, outcome);
    if (command->json != NULL)
        cosim_json_add(command->json, outcome);
    if (command->section != NULL)
        add_to_section(command, job, outcome);
}

/* --- Before the runs --- */

static const struct cosim_kernel *load_kernel(struct command *command, const char *path,
                                              struct fault *fault)
{
    for (size_t i = 0; i < command->kernels.count; i++) {
        if (strcmp(command->kernels.at[i].path, path) == 0)
            return command->kernels.at[i].kernel;
    }
    struct loaded loaded = {path, cosim_kernel_load(command->arena, path, stderr, fault)};
    if (loaded.kernel != NULL)
        ARRAY_PUSH(command->arena, &command->kernels, loaded);
    return loaded.kernel;
}

/* With --kernel all scenarios run on that one. */
static const struct scenario *load_scenario(struct command *command, const char *path,
                                            struct fault *fault)
{
    const char *kernel_path = command->options.kernel;
    if (kernel_path == NULL)
        kernel_path = scenario_kernel_path(command->arena, path, fault);
    const struct cosim_kernel *kernel =
        kernel_path == NULL ? NULL : load_kernel(command, kernel_path, fault);
    return kernel == NULL ? NULL : scenario_load(command->arena, path, kernel, stderr, fault);
}

static bool load_scenarios(struct command *command, struct fault *fault)
{
    const struct cosim_options *options = &command->options;
    for (size_t i = 0; i < options->scenarios.count; i++) {
        const struct scenario *scenario = load_scenario(command, options->scenarios.at[i], fault);
        if (scenario == NULL)
            return false;
        if (options->is_replay && !scenario->has_expectation)
            return fault_at(fault, nowhere, "--replay: %s expects no divergence", scenario->path);
        ARRAY_PUSH(command->arena, &command->scenarios, scenario);
    }
    command->setting.kernel = options->is_random ? load_kernel(command, options->kernel, fault)
                                                 : command->scenarios.at[0]->kernel;
    return command->setting.kernel != NULL;
}

/* The relations of C0 and code, once for each image. */
static bool search(struct command *command, const struct cosim_kernel *kernel, struct fault *fault)
{
    if (certificates_of(command, kernel) != NULL)
        return true;
    struct searched searched = {.digest = kernel->image->digest};
    searched.certificates = consis_certificates_new(command->arena, kernel->concrete, kernel->image,
                                                    command->options.proofs, fault);
    ARRAY_PUSH(command->arena, &command->searched, searched);
    return searched.certificates != NULL;
}

static bool search_all(struct command *command, struct fault *fault)
{
    if (command->options.is_random && command->options.is_consis)
        return search(command, command->setting.kernel, fault);
    for (size_t i = 0; i < command->scenarios.count; i++) {
        if (wants_consis(command, command->scenarios.at[i]) &&
            !search(command, command->scenarios.at[i]->kernel, fault))
            return false;
    }
    return true;
}

/* Coverage and audits are about one image. */
static bool has_one_kernel(const struct command *command, struct fault *fault)
{
    for (size_t i = 0; i < command->scenarios.count; i++) {
        const struct cosim_kernel *kernel = command->scenarios.at[i]->kernel;
        if (strcmp(kernel->image->digest, command->setting.kernel->image->digest) != 0)
            return fault_at(fault, nowhere,
                            "--coverage and --audit are about one image; %s is of "
                            "another one",
                            command->scenarios.at[i]->path);
    }
    return true;
}

static bool prepare(struct command *command, struct fault *fault)
{
    const struct cosim_options *options = &command->options;
    struct arena *arena = command->arena;
    if (!load_scenarios(command, fault) || !search_all(command, fault))
        return false;
    if (options->json != NULL)
        command->json = cosim_json_new();
    if (!options->is_coverage && options->audit == NULL)
        return true;
    if (!has_one_kernel(command, fault) ||
        (options->audit != NULL &&
         !cosim_section_fits(arena, command->setting.kernel, options->audit, fault)))
        return false;
    command->setting.coverage = cosim_coverage_new(arena, command->setting.kernel, fault);
    if (options->audit != NULL)
        command->section = cosim_section_new(arena, command->setting.kernel);
    return command->setting.coverage != NULL;
}

/* --- After them --- */

static bool finish(struct command *command, struct fault *fault)
{
    const struct cosim_options *options = &command->options;
    report_sum(&command->sum, command->is_timed, command->out);
    if (options->is_coverage)
        cosim_coverage_print(command->setting.coverage, command->out);
    if (command->json != NULL && !cosim_json_write(command->json, options->json, fault))
        return false;
    return command->section == NULL ||
           cosim_section_write(command->arena, command->section, command->setting.coverage,
                               options->audit, fault);
}

static int exit_code(const struct report_sum *sum)
{
    if (sum->statuses[COSIM_FAILED] != 0)
        return VOUCH_EXIT_BAD;
    if (sum->statuses[COSIM_DIVERGED] != 0)
        return VOUCH_EXIT_NO;
    bool is_shown =
        sum->runs != 0 && sum->runs == sum->statuses[COSIM_AGREED] && sum->otherwise == 0;
    return is_shown ? VOUCH_EXIT_OK : VOUCH_EXIT_NOTHING;
}

static int run(struct command *command, struct fault *fault)
{
    const struct cosim_options *options = &command->options;
    struct job_source source = {.self = command,
                                .count = options->is_random ? options->count
                                                            : command->options.scenarios.count,
                                .at = job_at,
                                .done = tell};
    command->setting.options = options;
    command->is_timed = options->is_timed || isatty(STDOUT_FILENO);
    command->out = options->json != NULL && strcmp(options->json, "-") == 0 ? stderr : stdout;
    if (!prepare(command, fault))
        return VOUCH_EXIT_BAD;
    report_head(command->is_timed, command->out);
    bool is_done = workers_run(&command->setting, &source, options->workers, fault);
    is_done = finish(command, fault) && is_done;
    return is_done ? exit_code(&command->sum) : VOUCH_EXIT_BAD;
}

/* Another command, with options of its own. */
static bool is_about_functions(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--function") == 0)
            return true;
    }
    return false;
}

int vouch_cosim(int argc, char **argv)
{
    if (is_about_functions(argc, argv))
        return vouch_cosim_function(argc, argv);
    struct fault fault = {0};
    struct arena *arena = arena_new();
    struct command command = {.arena = arena, .options.arena = arena};
    int code = VOUCH_EXIT_BAD;
    if (cosim_options_parse(&command.options, argc, argv, &fault)) {
        if (command.options.wants_help)
            fputs(help, stdout);
        code = command.options.wants_help ? VOUCH_EXIT_OK : run(&command, &fault);
    }
    if (fault.is_set)
        fault_print(&fault, stderr);
    arena_free(arena);
    return code;
}
