#include "validator/propose/decide.h"

#include "base/file.h"
#include "validator/check/certificate.h"
#include "validator/propose/propose.h"
#include "validator/propose/refute.h"

#include <string.h>
#include <time.h>

struct job {
    struct arena *run;   /* what outlives the function */
    struct arena *arena; /* the function's own */
    const struct subject *subject;
    const struct c0_function *function;
    const struct decide_options *options;
    struct terms *terms;
    struct solver *solver;
    struct check_input input;
    struct relation relation;
    struct function_verdict *verdict;
    struct fault *fault;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static const char *keep(struct arena *arena, const char *string)
{
    return string == NULL ? NULL : arena_copy(arena, string, strlen(string));
}

const char *decide_folder(struct arena *arena, const char *directory,
                          const struct c0_function *function)
{
    char *folder = function->is_static ? arena_printf(arena, "%s/%s@%s", directory, function->name,
                                                      function->where.file)
                                       : arena_printf(arena, "%s/%s", directory, function->name);
    for (char *c = folder + strlen(directory) + 1; *c != '\0'; c++)
        if (*c == '/')
            *c = '_';
    return folder;
}

/* The certificate, as given or as proposed. False: there is none, and the verdict says why; or the
 * fault is set. */
static bool find_relation(struct job *job)
{
    struct fault fault = {0};
    bool is_found;
    if (job->options->certificates != NULL) {
        const char *path =
            arena_printf(job->arena, "%s/certificate",
                         decide_folder(job->arena, job->options->certificates, job->function));
        struct text content;
        if (!file_read(job->arena, path, &content, job->fault))
            return false;
        is_found = certificate_parse(job->arena, job->subject->target, job->function, path, content,
                                     &job->relation, job->fault);
        return is_found;
    }
    is_found =
        propose_relation(job->arena, job->terms, job->solver, &job->input, &job->relation, &fault);
    if (is_found)
        return true;
    job->verdict->verdict = VERDICT_UNDECIDED;
    job->verdict->reason = keep(job->run, fault.message);
    job->verdict->reason_where = job->function->where;
    if (fault.file[0] != '\0')
        job->verdict->reason_where =
            (struct location){keep(job->run, fault.file), fault.line, fault.column};
    return false;
}

static bool write_text(struct job *job, const char *folder, const char *name, const char *content)
{
    const char *path = arena_printf(job->arena, "%s/%s", folder, name);
    return file_write(path, text_of(content), job->fault);
}

/* Names of obligations speak to people; those of files are plain. */
static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

bool decide_write_evidence(struct arena *arena, const char *folder, const struct evidence *evidence,
                           size_t count, struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        char *name = arena_printf(arena, "%s.smt2", evidence[i].name);
        for (char *c = name; *c != '\0'; c++)
            if (!is_plain(*c))
                *c = '_';
        if (!file_write(arena_printf(arena, "%s/%s", folder, name), text_of(evidence[i].smtlib),
                        fault))
            return false;
    }
    return true;
}

static bool write_proofs(struct job *job, const struct check_result *result)
{
    const char *folder = decide_folder(job->arena, job->options->proofs, job->function);
    if (!file_make_directory(folder, job->fault))
        return false;
    struct text_builder certificate = {.arena = job->arena};
    certificate_print(job->subject->target, &job->relation, &certificate);
    if (!write_text(job, folder, "certificate", text_built(&certificate)))
        return false;
    if (!decide_write_evidence(job->arena, folder, result->evidence.at, result->evidence.count,
                               job->fault))
        return false;
    const char *verdict = arena_printf(job->arena, "%s\n%s%s", verdict_name(result->verdict),
                                       result->reason == NULL ? "" : result->reason,
                                       result->reason == NULL ? "" : "\n");
    return write_text(job, folder, "verdict", verdict);
}

/* What the proof rests on besides the sources and the bytes: the contracts of the routines called,
 * and the memory beyond the image. */
static void list_assumptions(struct job *job, const struct check_result *result)
{
    ARRAY(const char *) assumptions = {0};
    const struct target *target = job->subject->target;
    for (size_t i = 0; i < target->contract_count; i++) {
        bool is_used = false;
        for (size_t k = 0; k < result->calls.count; k++)
            is_used = is_used || result->calls.at[k].contract == &target->contracts[i];
        if (is_used)
            ARRAY_PUSH(job->run, &assumptions,
                       arena_printf(job->run, "%s keeps its contract: %s",
                                    target->contracts[i].symbol, target->contracts[i].text));
    }
    if (c0_flow_has_blocks(job->input.flow))
        ARRAY_PUSH(job->run, &assumptions,
                   "memory is there wherever an asm block looks for it, and it is not the stack; "
                   "nor is it code where the block stores");
    job->verdict->assumptions = assumptions.at;
    job->verdict->assumption_count = assumptions.count;
}

static bool check(struct job *job, struct decision *decision)
{
    job->input.relation = &job->relation;
    struct check_result result = check_function(job->arena, job->terms, job->solver, &job->input);
    struct function_verdict *verdict = job->verdict;
    verdict->verdict = result.verdict;
    verdict->reason = keep(job->run, result.reason);
    verdict->reason_where = result.where;
    verdict->reason_where.file = keep(job->run, result.where.file);
    if (result.verdict != VERDICT_PROVED && verdict->reason_where.file == NULL)
        verdict->reason_where = job->function->where;
    verdict->cuts = (uint32_t)job->relation.cut_count;
    verdict->obligations = result.obligations;
    verdict->obligations_by_solver = result.obligations_by_solver;
    verdict->frame_bytes = job->relation.frame_bytes;
    verdict->failed_obligation = keep(job->run, result.failed_obligation);
    verdict->solver_answer = keep(job->run, result.solver_answer);
    verdict->witness = keep(job->run, result.witness);
    struct call_edge *calls = ARENA_ARRAY(job->run, struct call_edge, result.calls.count);
    if (result.calls.count != 0)
        memcpy(calls, result.calls.at, result.calls.count * sizeof *calls);
    decision->calls = calls;
    decision->call_count = result.calls.count;
    list_assumptions(job, &result);
    return job->options->proofs == NULL || write_proofs(job, &result);
}

/* What could not be proved may be wrong: a state that shows it is worth more than a doubt. */
static void try_to_refute(struct job *job)
{
    struct counterexample *example =
        refute_function(job->run, job->subject, job->function, job->options->refute_tries);
    if (example == NULL)
        return;
    job->verdict->verdict = VERDICT_REFUTED;
    job->verdict->counterexample = example;
}

static void decide(struct job *job, struct decision *decision)
{
    struct c0_flow flow = c0_flow_of(job->arena, job->function);
    job->terms = terms_new(job->arena);
    job->solver = solver_new(job->arena, job->terms, job->options->rlimit);
    job->input = (struct check_input){
        .subject = job->subject,
        .function = job->function,
        .flow = &flow,
        .symbol = job->subject->function_symbols[job->function->index],
        .wants_evidence = job->options->proofs != NULL,
    };
    bool has_blocks = c0_flow_has_blocks(&flow);
    if (find_relation(job))
        check(job, decision);
    /* The runs compared know neither special registers nor devices. */
    if (job->verdict->verdict != VERDICT_PROVED && !has_blocks && !job->fault->is_set)
        try_to_refute(job);
    struct solver_statistics statistics = solver_statistics(job->solver);
    job->verdict->solver_seconds = statistics.solver_seconds;
    job->verdict->solver_steps = statistics.steps;
    solver_free(job->solver);
}

bool decide_function(struct arena *arena, const struct subject *subject,
                     const struct c0_function *function, const struct decide_options *options,
                     struct decision *decision, struct fault *fault)
{
    double start = now();
    *decision = (struct decision){0};
    struct function_verdict *verdict = &decision->verdict;
    verdict->name = function->name;
    verdict->file = function->where.file;
    verdict->line = function->where.line;
    verdict->verdict = VERDICT_UNDECIDED;
    const struct image_symbol *symbol = subject->function_symbols[function->index];
    if (symbol == NULL) {
        verdict->verdict = VERDICT_MISSING;
        verdict->reason = "the image has no code for this function";
        verdict->reason_where = function->where;
        return true;
    }
    verdict->code_start = symbol->address;
    verdict->code_end = symbol->address + symbol->size_bytes;
    struct job job = {
        .run = arena,
        .arena = arena_new(),
        .subject = subject,
        .function = function,
        .options = options,
        .verdict = verdict,
        .fault = fault,
    };
    decide(&job, decision);
    arena_free(job.arena);
    verdict->seconds = now() - start;
    return !fault->is_set;
}
