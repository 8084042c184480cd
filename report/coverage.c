#include "report/coverage.h"

static bool is_proved_code(const struct image_verdict *verdict, const struct text_range *range)
{
    for (size_t i = 0; i < verdict->function_count; i++) {
        const struct function_verdict *function = &verdict->functions[i];
        if (function->verdict == VERDICT_PROVED && function->code_start <= range->start &&
            range->end <= function->code_end)
            return true;
    }
    return false;
}

bool coverage_accounts_for(const struct image_verdict *verdict, const struct text_range *range)
{
    switch (range->owner) {
    case TEXT_FUNCTION:
        return is_proved_code(verdict, range);
    case TEXT_CONTRACT:
    case TEXT_TRUSTED:
        return true;
    case TEXT_UNACCOUNTED:
        return false;
    }
    return false;
}

struct coverage coverage_of(const struct image_verdict *verdict)
{
    struct coverage coverage = {0};
    for (size_t i = 0; i < verdict->text_count; i++) {
        const struct text_range *range = &verdict->text[i];
        coverage.text_bytes += range->end - range->start;
        if (coverage_accounts_for(verdict, range))
            coverage.accounted_bytes += range->end - range->start;
    }
    return coverage;
}

size_t coverage_count(const struct image_verdict *verdict, enum verdict which)
{
    size_t count = 0;
    for (size_t i = 0; i < verdict->function_count; i++)
        count += verdict->functions[i].verdict == which;
    return count;
}

struct effort coverage_effort(const struct image_verdict *verdict)
{
    struct effort effort = {0};
    for (size_t i = 0; i < verdict->function_count; i++) {
        effort.obligations += verdict->functions[i].obligations;
        effort.by_solver += verdict->functions[i].obligations_by_solver;
    }
    for (size_t i = 0; i < verdict->contract_count; i++) {
        effort.obligations += verdict->contracts[i].obligations;
        effort.by_solver += verdict->contracts[i].obligations_by_solver;
    }
    return effort;
}
