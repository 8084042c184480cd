#include "report/audit.h"

#include "base/file.h"
#include "base/require.h"
#include "report/coverage.h"

#include <jansson.h>
#include <stdlib.h>

enum { AUDIT_FORMAT = 3 };

/* A string of JSON, which is UTF-8; names out of an image need not be. Of such a name, the bytes
 * beyond ASCII are spelled out. */
static json_t *json_text(const char *string)
{
    if (!string)
        return json_null();
    json_t *json = json_string(string);
    if (json)
        return json;
    struct arena *arena = arena_new();
    struct text_builder spelled = {.arena = arena};
    for (const unsigned char *at = (const unsigned char *)string; *at; at++)
        if (*at < 0x80)
            text_append(&spelled, "%c", *at);
        else
            text_append(&spelled, "\\x%02x", *at);
    json = json_string(text_built(&spelled));
    arena_free(arena);
    return json;
}

static json_t *json_texts(const char *const *strings, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_text(strings[i]));
    return array;
}

static void set(json_t *object, const char *key, json_t *value)
{
    int failed = json_object_set_new(object, key, value);
    require(failed == 0, "the audit can be put into JSON");
}

static void set_text(json_t *object, const char *key, const char *string)
{
    set(object, key, json_text(string));
}

static void set_number(json_t *object, const char *key, size_t number)
{
    set(object, key, json_integer((json_int_t)number));
}

static json_t *file_json(const char *path, const char *digest)
{
    json_t *json = json_object();
    set_text(json, "path", path);
    set_text(json, "sha256", digest);
    return json;
}

static json_t *files_json(const char *const *paths, const char *const *digests, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, file_json(paths[i], digests[i]));
    return array;
}

static json_t *inputs_json(const struct image_verdict *verdict)
{
    json_t *json = json_object();
    set(json, "image", file_json(verdict->image_path, verdict->image_digest));
    set(json, "sources",
        files_json(verdict->source_paths, verdict->source_digests, verdict->source_count));
    set(json, "headers",
        files_json(verdict->header_paths, verdict->header_digests, verdict->header_count));
    set(json, "preprocessor_arguments",
        json_texts(verdict->preprocessor_arguments, verdict->preprocessor_argument_count));
    return json;
}

/* A range of code; null where there is none. */
static json_t *range_json(uint32_t start, uint32_t end)
{
    if (start == end)
        return json_null();
    json_t *json = json_object();
    set_number(json, "start", start);
    set_number(json, "end", end);
    return json;
}

/* A place in a source; a line or column that is not known is left out. */
static json_t *location_json(const char *file, uint32_t line, uint32_t column)
{
    if (!file)
        return json_null();
    json_t *json = json_object();
    set_text(json, "file", file);
    if (line > 0)
        set_number(json, "line", line);
    if (column > 0)
        set_number(json, "column", column);
    return json;
}

/* How a run ended, as the executable machine printed it. */
static json_t *run_json(const char *end)
{
    json_t *json = json_loads(end, JSON_REJECT_DUPLICATES, NULL);
    require(json, "a counterexample holds what the machines printed");
    return json;
}

static json_t *counterexample_json(const struct counterexample *example)
{
    if (!example)
        return json_null();
    json_t *json = json_object();
    set(json, "arguments", json_texts(example->arguments, example->argument_count));
    set(json, "settings", json_texts(example->settings, example->setting_count));
    set(json, "source_end", run_json(example->source_end));
    set(json, "machine_end", run_json(example->machine_end));
    return json;
}

static json_t *function_json(const struct function_verdict *function)
{
    const struct location *where = &function->reason_where;
    json_t *json = json_object();
    set_text(json, "name", function->name);
    set_text(json, "verdict", verdict_name(function->verdict));
    set_text(json, "reason", function->reason);
    set(json, "reason_location", location_json(where->file, where->line, where->column));
    set(json, "source", location_json(function->file, function->line, 0));
    set(json, "code", range_json(function->code_start, function->code_end));
    set_number(json, "cuts", function->cuts);
    set_number(json, "obligations", function->obligations);
    set_number(json, "obligations_by_solver", function->obligations_by_solver);
    set_number(json, "frame_bytes", function->frame_bytes);
    set(json, "assumptions", json_texts(function->assumptions, function->assumption_count));
    set_text(json, "witness", function->witness);
    set_text(json, "failed_obligation", function->failed_obligation);
    set_text(json, "solver_answer", function->solver_answer);
    set(json, "counterexample", counterexample_json(function->counterexample));
    return json;
}

static json_t *functions_json(const struct image_verdict *verdict)
{
    json_t *array = json_array();
    for (size_t i = 0; i < verdict->function_count; i++)
        json_array_append_new(array, function_json(&verdict->functions[i]));
    return array;
}

static json_t *text_range_json(const struct text_range *range)
{
    json_t *json = range_json(range->start, range->end);
    set_text(json, "owner", text_owner_name(range->owner));
    set_text(json, "name", range->name);
    set_text(json, "reason", range->reason);
    return json;
}

static json_t *text_json(const struct image_verdict *verdict)
{
    json_t *ranges = json_array(), *unaccounted = json_array();
    for (size_t i = 0; i < verdict->text_count; i++) {
        const struct text_range *range = &verdict->text[i];
        require(range->start < range->end, "a range of text holds something");
        json_array_append_new(ranges, text_range_json(range));
        if (!coverage_accounts_for(verdict, range))
            json_array_append_new(unaccounted, text_range_json(range));
    }
    struct coverage coverage = coverage_of(verdict);
    json_t *json = json_object();
    set_number(json, "bytes", coverage.text_bytes);
    set_number(json, "accounted_bytes", coverage.accounted_bytes);
    set(json, "ranges", ranges);
    set(json, "unaccounted", unaccounted);
    return json;
}

static const char *contract_status_name(enum contract_status status)
{
    return status == CONTRACT_PROVED ? "proved" : "assumed";
}

static json_t *contracts_json(const struct image_verdict *verdict)
{
    json_t *array = json_array();
    for (size_t i = 0; i < verdict->contract_count; i++) {
        const struct contract_finding *finding = &verdict->contracts[i];
        json_t *json = json_object();
        set_text(json, "symbol", finding->symbol);
        set_text(json, "contract", finding->contract);
        set_text(json, "status", contract_status_name(finding->status));
        set_text(json, "reason", finding->reason);
        set(json, "code", range_json(finding->code_start, finding->code_end));
        set_number(json, "obligations", finding->obligations);
        set_number(json, "obligations_by_solver", finding->obligations_by_solver);
        set_number(json, "frame_bytes", finding->frame_bytes);
        json_array_append_new(array, json);
    }
    return array;
}

static json_t *checks_json(const struct image_verdict *verdict)
{
    json_t *array = json_array();
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct image_finding *finding = &verdict->findings[i];
        json_t *json = json_object();
        set_text(json, "check", finding->check);
        set(json, "passed", json_boolean(finding->is_passed));
        set_text(json, "reason", finding->reason);
        json_array_append_new(array, json);
    }
    return array;
}

static json_t *stack_json(const struct stack_finding *stack)
{
    json_t *json = json_object();
    set(json, "bounded", json_boolean(stack->is_bounded));
    set(json, "bound_bytes", stack->is_bounded ? json_integer(stack->bound_bytes) : json_null());
    set_number(json, "limit_bytes", stack->limit_bytes);
    set(json, "chain", json_texts(stack->chain, stack->chain_count));
    return json;
}

/* How many functions have each verdict, and what it took. */
static json_t *summary_json(const struct image_verdict *verdict)
{
    struct effort effort = coverage_effort(verdict);
    json_t *json = json_object();
    set_number(json, "functions", verdict->function_count);
    set_number(json, "obligations", effort.obligations);
    set_number(json, "obligations_by_solver", effort.by_solver);
    for (enum verdict which = VERDICT_PROVED; which <= VERDICT_MISSING; which++)
        set_number(json, verdict_name(which), coverage_count(verdict, which));
    return json;
}

static json_t *tools_json(const struct image_verdict *verdict, const char *solver)
{
    json_t *json = json_object();
    set_text(json, "vouch", VOUCH_VERSION);
    set_text(json, "solver", solver);
    set_number(json, "rlimit", verdict->rlimit);
    return json;
}

struct text audit_json(struct arena *arena, const struct image_verdict *verdict, const char *solver)
{
    json_t *json = json_object();
    set_number(json, "format", AUDIT_FORMAT);
    set(json, "tools", tools_json(verdict, solver));
    set(json, "inputs", inputs_json(verdict));
    set_text(json, "target", verdict->target);
    set_text(json, "scope", verdict->is_partial ? "functions" : "image");
    set(json, "accepted", json_boolean(verdict->is_accepted));
    set(json, "summary", summary_json(verdict));
    set(json, "functions", functions_json(verdict));
    set(json, "text", text_json(verdict));
    set(json, "contracts", contracts_json(verdict));
    set(json, "checks", checks_json(verdict));
    set(json, "stack", stack_json(&verdict->stack));
    set(json, "assumptions", json_texts(verdict->assumptions, verdict->assumption_count));
    char *dumped = json_dumps(json, JSON_SORT_KEYS | JSON_INDENT(2));
    require(dumped, "the audit can be printed");
    char *content = arena_printf(arena, "%s\n", dumped);
    free(dumped);
    json_decref(json);
    return text_of(content);
}

bool audit_write(struct arena *arena, const struct image_verdict *verdict, const char *solver,
                 const char *path, struct fault *fault)
{
    return file_write(path, audit_json(arena, verdict, solver), fault);
}
