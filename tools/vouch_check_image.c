#include "tools/vouch_check_image.h"

#include "base/array.h"
#include "base/file.h"
#include "validator/check/image_check.h"
#include "validator/check/stack.h"
#include "validator/propose/contract_search.h"

#include <stdlib.h>
#include <string.h>

typedef ARRAY(struct function_verdict) verdict_array;

static int by_code(const void *a, const void *b)
{
    const struct function_verdict *left = a, *right = b;
    if (left->code_start != right->code_start)
        return left->code_start < right->code_start ? -1 : 1;
    int order = strcmp(left->name, right->name);
    if (order != 0)
        return order;
    return strcmp(left->file == NULL ? "" : left->file, right->file == NULL ? "" : right->file);
}

/* Function symbols that no source, no contract and not the start explains. */
static void add_sourceless(struct arena *arena, const struct subject *subject,
                           verdict_array *verdicts)
{
    const struct image *image = subject->image;
    const struct image_symbol *start = image_start(subject);
    for (size_t i = 0; i < image->symbol_count; i++) {
        const struct image_symbol *symbol = &image->symbols[i];
        if (symbol->kind != IMAGE_SYMBOL_FUNCTION || symbol == start ||
            subject_trusts(subject, symbol) ||
            subject_function_at(subject, symbol->address) != NULL ||
            subject_contract_at(subject, symbol->address) != NULL)
            continue;
        ARRAY_PUSH(arena, verdicts,
                   (struct function_verdict){
                       .name = symbol->name,
                       .verdict = VERDICT_MISSING,
                       .reason = "the sources have no function of that name",
                       .code_start = symbol->address,
                       .code_end = symbol->address + symbol->size_bytes,
                   });
    }
}

/* ---- the stack ---- */

struct call_graph {
    struct stack_routine *routines; /* the decided functions, then the contracts' routines */
    size_t function_count, count;
};

static uint32_t routine_of(const struct subject *subject,
                           const struct c0_function *const *functions, size_t count,
                           const struct call_edge *call)
{
    if (call->callee == NULL)
        return (uint32_t)(count + (size_t)(call->contract - subject->target->contracts));
    for (size_t i = 0; i < count; i++)
        if (functions[i] == call->callee)
            return (uint32_t)i;
    return UINT32_MAX;
}

static void add_calls(struct arena *arena, const struct subject *subject,
                      const struct c0_function *const *functions, size_t count,
                      const struct decision *decision, struct stack_routine *routine)
{
    struct stack_call *calls = ARENA_ARRAY(arena, struct stack_call, decision->call_count);
    for (size_t i = 0; i < decision->call_count; i++) {
        const struct call_edge *call = &decision->calls[i];
        uint32_t callee = routine_of(subject, functions, count, call);
        if (callee == UINT32_MAX)
            continue; /* not among the functions asked for: there is no bound to give then */
        int64_t distance = call->displacement;
        calls[routine->call_count++] = (struct stack_call){
            callee, (uint32_t)(distance < 0 ? -distance : distance)};
    }
    routine->calls = calls;
}

static struct stack_finding bound_stack(struct arena *arena, const struct subject *subject,
                                        const struct c0_function *const *functions,
                                        const struct decision *decisions, size_t count,
                                        const struct image_verdict *verdict)
{
    size_t contracts = subject->target->contract_count;
    struct stack_routine *routines =
        ARENA_ARRAY(arena, struct stack_routine, count + contracts);
    const struct c0_function *main_function =
        c0_program_function(subject->program, "main", NULL);
    for (size_t i = 0; i < count; i++) {
        routines[i].name = functions[i]->name;
        routines[i].frame_bytes = decisions[i].verdict.frame_bytes;
        /* Without a main, any function may be called from outside; trusted assembly may call any. */
        routines[i].is_root = subject->trusted_assembly_count != 0 || main_function == NULL ||
                              main_function->body == NULL || functions[i] == main_function;
        add_calls(arena, subject, functions, count, &decisions[i], &routines[i]);
    }
    for (size_t i = 0; i < contracts; i++) {
        routines[count + i].name = subject->target->contracts[i].symbol;
        for (size_t k = 0; k < verdict->contract_count; k++)
            if (strcmp(verdict->contracts[k].symbol, routines[count + i].name) == 0)
                routines[count + i].frame_bytes = verdict->contracts[k].frame_bytes;
    }
    return stack_bound(arena, routines, count + contracts,
                       subject->stack.end - subject->stack.start);
}

/* ---- contracts ---- */

static const char *contract_path(struct arena *arena, const char *directory,
                                 const struct contract *contract)
{
    return arena_printf(arena, "%s/%s/certificate", directory, contract->symbol);
}

/* The certificates that lie in the directory; a routine without one is assumed. */
static struct contract_certificates read_certificates(struct arena *arena,
                                                      const struct target *target,
                                                      const char *directory)
{
    struct text *texts = ARENA_ARRAY(arena, struct text, target->contract_count);
    const char **files = ARENA_ARRAY(arena, const char *, target->contract_count);
    for (size_t i = 0; i < target->contract_count; i++) {
        struct fault absent = {0};
        files[i] = contract_path(arena, directory, &target->contracts[i]);
        if (!file_read(arena, files[i], &texts[i], &absent))
            texts[i] = (struct text){0};
    }
    return (struct contract_certificates){texts, files};
}

static bool write_contracts(struct arena *arena, const struct subject *subject,
                            const struct contract_certificates *certificates,
                            const struct contract_proof *proofs, size_t count,
                            const char *directory, struct fault *fault)
{
    const struct target *target = subject->target;
    for (size_t i = 0; i < target->contract_count; i++) {
        const char *folder =
            arena_printf(arena, "%s/%s", directory, target->contracts[i].symbol);
        if (certificates->texts[i].at == NULL)
            continue;
        if (!file_make_directory(folder, fault) ||
            !file_write(contract_path(arena, directory, &target->contracts[i]),
                        certificates->texts[i], fault))
            return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!decide_write_evidence(
                arena, arena_printf(arena, "%s/%s", directory, proofs[i].finding.symbol),
                proofs[i].evidence.at, proofs[i].evidence.count, fault))
            return false;
    return true;
}

static bool check_contracts(struct arena *arena, const struct subject *subject,
                            const struct decide_options *options, struct image_verdict *verdict,
                            struct fault *fault)
{
    struct contract_certificates certificates =
        options->certificates != NULL
            ? read_certificates(arena, subject->target, options->certificates)
            : contracts_search_all(arena, subject, options->rlimit);
    size_t count;
    struct contract_proof *proofs =
        contracts_check_all(arena, subject, &certificates, options->rlimit,
                            options->proofs != NULL, &count);
    struct contract_finding *findings = ARENA_ARRAY(arena, struct contract_finding, count);
    for (size_t i = 0; i < count; i++)
        findings[i] = proofs[i].finding;
    verdict->contracts = findings;
    verdict->contract_count = count;
    return options->proofs == NULL ||
           write_contracts(arena, subject, &certificates, proofs, count, options->proofs, fault);
}

/* ---- all together ---- */

static bool is_accepted(const struct image_verdict *verdict)
{
    if (verdict->function_count == 0)
        return false; /* nothing was looked at */
    for (size_t i = 0; i < verdict->function_count; i++)
        if (verdict->functions[i].verdict != VERDICT_PROVED)
            return false;
    for (size_t i = 0; i < verdict->finding_count; i++)
        if (!verdict->findings[i].is_passed)
            return false;
    for (size_t i = 0; i < verdict->contract_count; i++)
        if (verdict->contracts[i].status != CONTRACT_PROVED)
            return false; /* other proofs rest on it, and it may be wrong */
    for (size_t i = 0; i < verdict->text_count; i++)
        if (verdict->text[i].owner == TEXT_UNACCOUNTED)
            return false;
    return verdict->stack.bound_bytes <= verdict->stack.limit_bytes;
}

/* What proofs of C0 functions rest on where assembly calls them or shares memory with them. */
static const char *trust_in(struct arena *arena, const struct subject *subject,
                            const struct text_range *range)
{
    for (size_t i = 0; i < subject->trusted_assembly_count; i++)
        if (strcmp(subject->trusted_assembly[i], range->name) == 0)
            return arena_printf(
                arena,
                "trusted assembly: %s, %lu instructions: to the functions it calls it gives what "
                "docs/ABI.md promises at their entry, and the first frame at the stack's "
                "beginning; it, and what runs before it, stores in globals only what their types "
                "allow, and in heap, stack and code nothing",
                range->name, (unsigned long)(range->end - range->start) / 4);
    return arena_printf(arena, "trusted assembly: %s", range->name);
}

static void collect_assumptions(struct arena *arena, const struct subject *subject,
                                struct image_verdict *verdict)
{
    ARRAY(const char *) assumptions = {0};
    ARRAY_PUSH(arena, &assumptions,
               "the processor runs in system mode with SR = 0 and is not interrupted");
    ARRAY_PUSH(arena, &assumptions,
               "memory holds the image at the start, and is zero where the image says nothing");
    if (!verdict->stack.is_bounded)
        ARRAY_PUSH(arena, &assumptions,
                   "recursion stays within the stack: a run that exhausts it is a fault of C0");
    for (size_t i = 0; i < verdict->contract_count; i++)
        if (verdict->contracts[i].status == CONTRACT_ASSUMED)
            ARRAY_PUSH(arena, &assumptions,
                       arena_printf(arena, "%s keeps its contract: %s",
                                    verdict->contracts[i].symbol,
                                    verdict->contracts[i].contract));
    for (size_t i = 0; i < verdict->text_count; i++)
        if (verdict->text[i].owner == TEXT_TRUSTED && verdict->text[i].name != NULL)
            ARRAY_PUSH(arena, &assumptions, trust_in(arena, subject, &verdict->text[i]));
    verdict->assumptions = assumptions.at;
    verdict->assumption_count = assumptions.count;
}

bool image_verdict_complete(struct arena *arena, const struct subject *subject,
                            const struct c0_function *const *functions,
                            const struct decision *decisions, size_t count, bool is_whole,
                            const struct decide_options *options, struct image_verdict *verdict,
                            struct fault *fault)
{
    verdict_array verdicts = {0};
    if (!check_contracts(arena, subject, options, verdict, fault))
        return false;
    for (size_t i = 0; i < count; i++)
        ARRAY_PUSH(arena, &verdicts, decisions[i].verdict);
    if (is_whole)
        add_sourceless(arena, subject, &verdicts);
    if (verdicts.count != 0)
        qsort(verdicts.at, verdicts.count, sizeof *verdicts.at, by_code);
    verdict->functions = verdicts.at;
    verdict->function_count = verdicts.count;
    verdict->findings = image_findings(arena, subject, &verdict->finding_count);
    verdict->text = image_text(arena, subject, verdict->functions, verdict->function_count,
                               verdict->contracts, verdict->contract_count,
                               &verdict->text_count);
    verdict->stack = bound_stack(arena, subject, functions, decisions, count, verdict);
    collect_assumptions(arena, subject, verdict);
    verdict->is_partial = !is_whole;
    verdict->is_accepted = is_whole && is_accepted(verdict);
    return true;
}
