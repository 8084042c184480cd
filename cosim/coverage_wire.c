/* Coverage from process to process: one line of text, numbers between blanks. */
#include "cosim/coverage.h"

#include <inttypes.h>
#include <string.h>

/* All numbers of a coverage, in one order for both ends. */
static size_t number_count(const struct cosim_coverage *coverage)
{
    size_t count = 1 + CVM_PRIMITIVE_COUNT + CVM_TRANSITION_COUNT;
    for (unsigned part = 0; part < COVERAGE_PART_COUNT; part++)
        count += coverage->parts[part].count;
    return count;
}

static uint64_t *number_at(struct cosim_coverage *coverage, size_t index)
{
    if (index == 0)
        return &coverage->runs;
    index--;
    if (index < CVM_PRIMITIVE_COUNT)
        return &coverage->primitives[index];
    index -= CVM_PRIMITIVE_COUNT;
    if (index < CVM_TRANSITION_COUNT)
        return &coverage->transitions[index];
    index -= CVM_TRANSITION_COUNT;
    unsigned part = 0;
    while (index >= coverage->parts[part].count)
        index -= coverage->parts[part++].count;
    return &coverage->parts[part].at[index].count;
}

/* "coverage DIGEST COUNT NUMBER...\n" */
void cosim_coverage_send(const struct cosim_coverage *coverage, struct text_builder *out)
{
    struct cosim_coverage copy = *coverage;
    size_t count = number_count(coverage);
    text_append(out, "coverage %s %zu", coverage->kernel->image->digest, count);
    for (size_t i = 0; i < count; i++)
        text_append(out, " %" PRIu64, *number_at(&copy, i));
    text_append(out, "\n");
}

static bool take_bytes(struct text *rest, const char *bytes)
{
    size_t length = strlen(bytes);
    if (rest->length < length || memcmp(rest->at, bytes, length) != 0)
        return false;
    *rest = (struct text){rest->at + length, rest->length - length};
    return true;
}

static bool take_number(struct text *rest, uint64_t *number)
{
    size_t digits = 0;
    *number = 0;
    for (; digits < rest->length && rest->at[digits] >= '0' && rest->at[digits] <= '9'; digits++) {
        unsigned digit = (unsigned)(rest->at[digits] - '0');
        if (*number > (UINT64_MAX - digit) / 10)
            return false;
        *number = *number * 10 + digit;
    }
    *rest = (struct text){rest->at + digits, rest->length - digits};
    return digits > 0;
}

bool cosim_coverage_receive(struct cosim_coverage *coverage, struct text *rest)
{
    struct text left = *rest;
    uint64_t count;
    if (!take_bytes(&left, "coverage ") || !take_bytes(&left, coverage->kernel->image->digest) ||
        !take_bytes(&left, " ") || !take_number(&left, &count) || count != number_count(coverage))
        return false;
    struct arena *arena = arena_new();
    uint64_t *numbers = ARENA_ARRAY(arena, uint64_t, count);
    bool is_whole = true;
    for (size_t i = 0; i < count && is_whole; i++)
        is_whole = take_bytes(&left, " ") && take_number(&left, &numbers[i]);
    is_whole = is_whole && take_bytes(&left, "\n");
    for (size_t i = 0; i < count && is_whole; i++)
        *number_at(coverage, i) += numbers[i];
    if (is_whole)
        *rest = left;
    arena_free(arena);
    return is_whole;
}
