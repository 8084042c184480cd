#include "tools/vouch_check_wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing ---- */

static void write_number(struct text_builder *out, uint64_t number)
{
    text_append(out, "%" PRIu64 " ", number);
}

static void write_string(struct text_builder *out, const char *string)
{
    if (string == NULL) {
        text_append(out, "- ");
        return;
    }
    text_append(out, "%zu:", strlen(string));
    text_append_bytes(out, string, strlen(string));
    text_append(out, " ");
}

static void write_real(struct text_builder *out, double real)
{
    char buffer[64];
    snprintf(buffer, sizeof buffer, "%a", real);
    write_string(out, buffer);
}

static void write_strings(struct text_builder *out, const char *const *strings, size_t count)
{
    write_number(out, count);
    for (size_t i = 0; i < count; i++)
        write_string(out, strings[i]);
}

static void write_counterexample(struct text_builder *out, const struct counterexample *example)
{
    write_number(out, example != NULL);
    if (example == NULL)
        return;
    write_strings(out, example->arguments, example->argument_count);
    write_strings(out, example->settings, example->setting_count);
    write_string(out, example->source_end);
    write_string(out, example->machine_end);
}

static void write_calls(struct text_builder *out, const struct subject *subject,
                        const struct decision *decision)
{
    write_number(out, decision->call_count);
    for (size_t i = 0; i < decision->call_count; i++) {
        const struct call_edge *call = &decision->calls[i];
        write_number(out, call->callee != NULL);
        write_number(out, call->callee != NULL
                              ? call->callee->index
                              : (uint64_t)(call->contract - subject->target->contracts));
        write_number(out, (uint32_t)call->displacement);
    }
}

void wire_write(const struct subject *subject, const struct decision *decision,
                struct text_builder *out)
{
    const struct function_verdict *verdict = &decision->verdict;
    write_string(out, verdict->name);
    write_string(out, verdict->file);
    write_number(out, verdict->line);
    write_number(out, verdict->verdict);
    write_string(out, verdict->reason);
    write_string(out, verdict->reason_where.file);
    write_number(out, verdict->reason_where.line);
    write_number(out, verdict->reason_where.column);
    write_number(out, verdict->code_start);
    write_number(out, verdict->code_end);
    write_number(out, verdict->cuts);
    write_number(out, verdict->obligations);
    write_number(out, verdict->obligations_by_solver);
    write_number(out, verdict->frame_bytes);
    write_strings(out, verdict->assumptions, verdict->assumption_count);
    write_counterexample(out, verdict->counterexample);
    write_string(out, verdict->failed_obligation);
    write_string(out, verdict->solver_answer);
    write_string(out, verdict->witness);
    write_real(out, verdict->seconds);
    write_real(out, verdict->solver_seconds);
    write_number(out, verdict->solver_steps);
    write_calls(out, subject, decision);
}

/* ---- reading ---- */

struct wire {
    struct arena *arena;
    struct text rest;
    bool is_damaged;
};

static uint64_t read_until(struct wire *wire, char end)
{
    uint64_t number = 0;
    size_t i = 0;
    while (i < wire->rest.length && wire->rest.at[i] >= '0' && wire->rest.at[i] <= '9')
        number = number * 10 + (uint64_t)(wire->rest.at[i++] - '0');
    if (i == 0 || i >= wire->rest.length || wire->rest.at[i] != end) {
        wire->is_damaged = true;
        return 0;
    }
    wire->rest = (struct text){wire->rest.at + i + 1, wire->rest.length - i - 1};
    return number;
}

static uint64_t read_number(struct wire *wire)
{
    return wire->is_damaged ? 0 : read_until(wire, ' ');
}

static uint32_t read_word(struct wire *wire)
{
    return (uint32_t)read_number(wire);
}

static const char *read_string(struct wire *wire)
{
    if (wire->is_damaged)
        return NULL;
    if (text_starts_with(wire->rest, "- ")) {
        wire->rest = (struct text){wire->rest.at + 2, wire->rest.length - 2};
        return NULL;
    }
    uint64_t length = read_until(wire, ':');
    if (wire->is_damaged || length >= wire->rest.length) {
        wire->is_damaged = true;
        return NULL;
    }
    const char *string = arena_copy(wire->arena, wire->rest.at, (size_t)length);
    wire->rest = (struct text){wire->rest.at + length + 1, wire->rest.length - (size_t)length - 1};
    return string;
}

static double read_real(struct wire *wire)
{
    const char *string = read_string(wire);
    return string == NULL ? 0 : strtod(string, NULL);
}

static size_t read_count(struct wire *wire)
{
    uint64_t count = read_number(wire);
    if (count > wire->rest.length)
        wire->is_damaged = true;
    return wire->is_damaged ? 0 : (size_t)count;
}

static const char *const *read_strings(struct wire *wire, size_t *count)
{
    *count = read_count(wire);
    const char **strings = ARENA_ARRAY(wire->arena, const char *, *count);
    for (size_t i = 0; i < *count; i++)
        strings[i] = read_string(wire);
    return strings;
}

static const struct counterexample *read_counterexample(struct wire *wire)
{
    if (read_number(wire) == 0)
        return NULL;
    struct counterexample *example = ARENA_NEW(wire->arena, struct counterexample);
    example->arguments = read_strings(wire, &example->argument_count);
    example->settings = read_strings(wire, &example->setting_count);
    example->source_end = read_string(wire);
    example->machine_end = read_string(wire);
    return example;
}

static void read_calls(struct wire *wire, const struct subject *subject,
                       struct decision *decision)
{
    size_t count = read_count(wire);
    struct call_edge *calls = ARENA_ARRAY(wire->arena, struct call_edge, count);
    for (size_t i = 0; i < count; i++) {
        bool is_function = read_number(wire) != 0;
        uint64_t index = read_number(wire);
        size_t limit =
            is_function ? subject->program->function_count : subject->target->contract_count;
        if (index >= limit) {
            wire->is_damaged = true;
            return;
        }
        if (is_function)
            calls[i].callee = subject->program->functions[index];
        else
            calls[i].contract = &subject->target->contracts[index];
        calls[i].displacement = (int32_t)read_word(wire);
    }
    decision->calls = calls;
    decision->call_count = count;
}

bool wire_read(struct arena *arena, const struct subject *subject, struct text *rest,
               struct decision *decision)
{
    struct wire wire = {arena, *rest, false};
    *decision = (struct decision){0};
    struct function_verdict *verdict = &decision->verdict;
    verdict->name = read_string(&wire);
    verdict->file = read_string(&wire);
    verdict->line = read_word(&wire);
    verdict->verdict = (enum verdict)read_word(&wire);
    verdict->reason = read_string(&wire);
    verdict->reason_where.file = read_string(&wire);
    verdict->reason_where.line = read_word(&wire);
    verdict->reason_where.column = read_word(&wire);
    verdict->code_start = read_word(&wire);
    verdict->code_end = read_word(&wire);
    verdict->cuts = read_word(&wire);
    verdict->obligations = read_word(&wire);
    verdict->obligations_by_solver = read_word(&wire);
    verdict->frame_bytes = read_word(&wire);
    verdict->assumptions = read_strings(&wire, &verdict->assumption_count);
    verdict->counterexample = read_counterexample(&wire);
    verdict->failed_obligation = read_string(&wire);
    verdict->solver_answer = read_string(&wire);
    verdict->witness = read_string(&wire);
    verdict->seconds = read_real(&wire);
    verdict->solver_seconds = read_real(&wire);
    verdict->solver_steps = read_number(&wire);
    read_calls(&wire, subject, decision);
    *rest = wire.rest;
    return !wire.is_damaged && verdict->verdict <= VERDICT_MISSING;
}
