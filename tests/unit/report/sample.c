#include "tests/unit/report/sample.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char *const paths[] = {"lib/list.c0", "lib/sort.c0"};
static const char *const digests[] = {DIGEST, DIGEST};
static const char *const headers[] = {"<c0.h>", "lib/list.h"};
static const char *const preprocessor[] = {"-Ilib", "-DSIZE=4"};
static const char *const assumptions[] = {"the processor stays in system mode"};
static const char *const arguments[] = {"3", "-1"};
static const char *const settings[] = {"count=7"};
static const char *const cycle[] = {"walk", "visit", "walk"};
static const char *const chain[] = {"main", "add"};

static const struct counterexample counterexample = {
    .argument_count = 2,
    .arguments = arguments,
    .setting_count = 1,
    .settings = settings,
    .source_end = "{\"status\":\"returned\",\"result\":2,\"steps\":9,\"globals\":{\"count\":7}}",
    .machine_end = "{\"status\":\"fault\",\"result\":null,\"steps\":4,\"globals\":{},"
                   "\"fault\":{\"rule\":\"misaligned\",\"location\":{\"pc\":64}}}",
};

static const struct contract_finding contracts[] = {
    {.symbol = "__mul",
     .contract = "r1 = a * b mod 2^32",
     .status = CONTRACT_PROVED,
     .code_start = 400,
     .code_end = 500,
     .obligations = 30,
     .obligations_by_solver = 20,
     .frame_bytes = 12},
    {.symbol = "__udiv",
     .contract = "r1 = a / b, unsigned",
     .status = CONTRACT_ASSUMED,
     .reason = "the loop has no relation",
     .code_start = 500,
     .code_end = 600},
};

static const struct image_finding findings[] = {
    {.check = "entry", .is_passed = true},
    {.check = "initial-data", .is_passed = false, .reason = "count is 1 at 0x8000 and 0 in C0"},
};

static struct function_verdict proved(const char *name, uint32_t start)
{
    return (struct function_verdict){
        .name = name,
        .file = "lib/list.c0",
        .line = 12,
        .verdict = VERDICT_PROVED,
        .code_start = start,
        .code_end = start + 100,
        .cuts = 3,
        .obligations = 1200,
        .obligations_by_solver = 34,
        .frame_bytes = 24,
        .witness = "run with arguments 0, 0",
        .seconds = 0.012,
    };
}

static struct function_verdict refused(const char *name, uint32_t start, enum verdict verdict,
                                       const char *reason)
{
    struct function_verdict function = proved(name, start);
    function.verdict = verdict;
    function.reason = reason;
    function.reason_where = (struct location){"lib/sort.c0", 20, 5};
    function.witness = NULL;
    return function;
}

static void fill_common(struct sample *sample, size_t function_count, size_t text_count)
{
    sample->verdict = (struct image_verdict){
        .image_path = "kernel.elf",
        .image_digest = DIGEST,
        .source_paths = paths,
        .source_digests = digests,
        .source_count = 2,
        .header_paths = headers,
        .header_digests = digests,
        .header_count = 2,
        .preprocessor_arguments = preprocessor,
        .preprocessor_argument_count = 2,
        .target = "vamp",
        .rlimit = 2000000,
        .functions = sample->functions,
        .function_count = function_count,
        .text = sample->text,
        .text_count = text_count,
        .contracts = contracts,
        .findings = findings,
        .assumptions = assumptions,
        .assumption_count = 1,
    };
}

void sample_of_everything(struct sample *sample)
{
    struct function_verdict *functions = sample->functions;
    functions[0] = proved("add", 0);
    functions[1] = refused("sub", 100, VERDICT_REFUTED, "result differs");
    functions[1].counterexample = &counterexample;
    functions[2] = refused("walk", 200, VERDICT_UNDECIDED, "an obligation is open");
    functions[2].failed_obligation = "cut-2/result";
    functions[2].solver_answer = "limit";
    functions[3] = refused("strange", 300, VERDICT_UNSUPPORTED, "floating point instruction");
    functions[4] = refused("lost", 0, VERDICT_MISSING, "no code");
    functions[4].code_end = 0;
    sample->text[0] = (struct text_range){0, 100, TEXT_FUNCTION, "add", NULL};
    sample->text[1] = (struct text_range){100, 400, TEXT_FUNCTION, "sub", NULL};
    sample->text[2] = (struct text_range){400, 500, TEXT_CONTRACT, "__mul", NULL};
    sample->text[3] = (struct text_range){500, 600, TEXT_TRUSTED, "__udiv", "contract is assumed"};
    sample->text[4] = (struct text_range){600, 12340, TEXT_UNACCOUNTED, NULL, "no symbol"};
    fill_common(sample, 5, 5);
    sample->verdict.contract_count = 2;
    sample->verdict.finding_count = 2;
    sample->verdict.stack = (struct stack_finding){
        .is_bounded = false, .limit_bytes = 262144, .chain = cycle, .chain_count = 3};
}

void sample_accepted(struct sample *sample)
{
    sample->functions[0] = proved("add", 0);
    sample->functions[1] = proved("main", 100);
    sample->text[0] = (struct text_range){0, 100, TEXT_FUNCTION, "add", NULL};
    sample->text[1] = (struct text_range){100, 200, TEXT_FUNCTION, "main", NULL};
    fill_common(sample, 2, 2);
    sample->verdict.contract_count = 1;
    sample->verdict.finding_count = 1;
    sample->verdict.stack = (struct stack_finding){.is_bounded = true,
                                                   .bound_bytes = 1048,
                                                   .limit_bytes = 262144,
                                                   .chain = chain,
                                                   .chain_count = 2};
    sample->verdict.is_accepted = true;
}
