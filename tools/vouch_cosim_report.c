#include "tools/vouch_cosim_report.h"

#include "tools/vouch_cosim_listing.h"

#include <inttypes.h>
#include <string.h>

/* --- A divergence --- */

static void print_call(const struct cvm_call *call, size_t times, FILE *out)
{
    fprintf(out, "    %s(", cvm_primitive_name(call->primitive));
    for (unsigned a = 0; a < cvm_primitive_arguments(call->primitive); a++)
        fprintf(out, "%s0x%x", a == 0 ? "" : ", ", (unsigned)call->arguments[a]);
    fprintf(out, ")");
    if (cvm_primitive_has_result(call->primitive))
        fprintf(out, " = 0x%x", (unsigned)call->result);
    fprintf(out, "  in %s, %s:%u", call->function == NULL ? "?" : call->function,
            call->where.file == NULL ? "?" : call->where.file, (unsigned)call->where.line);
    if (times > 1)
        fprintf(out, ", %zu times", times);
    fputc('\n', out);
}

static bool is_same_call(const struct cvm_call *left, const struct cvm_call *right)
{
    return left->primitive == right->primitive && left->result == right->result &&
           left->where.line == right->where.line &&
           memcmp(left->arguments, right->arguments, sizeof left->arguments) == 0;
}

static void print_calls(const struct cosim_divergence *divergence, FILE *out)
{
    size_t times = 1;
    if (divergence->call_count != 0)
        fprintf(out, "  the kernel's last calls of primitives, the latest at the end:\n");
    for (size_t i = 0; i < divergence->call_count; i += times) {
        const struct cvm_call *call = &divergence->calls[i];
        times = 1;
        while (i + times < divergence->call_count && is_same_call(call, call + times))
            times++;
        print_call(call, times, out);
    }
}

static void print_where(const struct cosim_divergence *divergence, FILE *out)
{
    fprintf(out, "  conjunct %s", cosim_conjunct_name(divergence->conjunct));
    if (divergence->process != 0)
        fprintf(out, ", process %u", (unsigned)divergence->process);
    if (divergence->has_address)
        fprintf(out, ", address 0x%08x", (unsigned)divergence->address);
    fputc('\n', out);
    if (divergence->place != NULL)
        fprintf(out, "  %s: abstract 0x%08x, concrete 0x%08x\n", divergence->place,
                (unsigned)divergence->abstract, (unsigned)divergence->concrete);
    fprintf(out,
            "  at step %" PRIu64 " (%" PRIu64 " in user mode), in or after run %" PRIu64
            " of the kernel; the last agreement was at step %" PRIu64 "\n",
            divergence->step, divergence->user_steps, divergence->kernel_runs,
            divergence->last_agreement);
}

static void print_doubts(const struct job_outcome *outcome, FILE *out)
{
    const struct cosim_divergence *divergence = &outcome->result.divergence;
    if (divergence->was_found_by_sweep_only)
        fprintf(out, "  found by the sweep only: the incremental check is wrong too\n");
    if (divergence->was_not_found_by_sweep)
        fprintf(out, "  not found by the sweep: one of the two checks is wrong\n");
    if (outcome->has_expectation && outcome->is_as_expected)
        fprintf(out, "  as recorded\n");
    else if (outcome->has_expectation)
        fprintf(out, "  not the recorded divergence\n");
}

void report_divergence(struct arena *arena, const struct scenario *replay,
                       const struct job_outcome *outcome, FILE *out)
{
    const struct cosim_divergence *divergence = &outcome->result.divergence;
    struct listing listing;
    fprintf(out, "  %s\n", divergence->text);
    print_where(divergence, out);
    print_doubts(outcome, out);
    print_calls(divergence, out);
    if (listing_make(replay, divergence, &listing))
        listing_print(arena, &listing, replay->kernel, out);
    else
        fprintf(out, "  a second run does not come to the same divergence\n");
    if (outcome->replay != NULL)
        fprintf(out, "  replay: vouch cosim --replay %s\n", outcome->replay);
}

void report_small(const struct minimise_stats *stats, const char *path, FILE *out)
{
    const struct minimise_size *before = &stats->before, *after = &stats->after;
    fprintf(out,
            "  minimised in %" PRIu64 " runs: %u programs of %u, %u instructions of %u, %zu events "
            "of %zu, %" PRIu64 " steps of %" PRIu64 "\n  replay: vouch cosim --replay %s\n",
            stats->runs, (unsigned)after->programs, (unsigned)before->programs,
            (unsigned)after->instructions, (unsigned)before->instructions, after->events,
            before->events, after->steps, before->steps, path);
}

/* --- The table --- */

void report_head(bool is_timed, FILE *out)
{
    fprintf(out, "%-28s %-12s %13s %11s %11s", "scenario", "status", "steps", "kernel runs",
            "checks");
    if (is_timed)
        fprintf(out, " %9s", "seconds");
    fputc('\n', out);
}

void report_run(const struct job_outcome *outcome, bool is_timed, FILE *out)
{
    const struct cosim_counts *counts = &outcome->result.counts;
    enum cosim_status status = outcome->result.status;
    fprintf(out, "%-28s %-12s %13" PRIu64 " %11" PRIu64 " %11" PRIu64, outcome->name,
            cosim_status_name(status), counts->steps, counts->kernel_runs, counts->checks);
    if (is_timed)
        fprintf(out, " %9.2f", outcome->seconds);
    fputc('\n', out);
    if (outcome->reason != NULL)
        fprintf(out, "  %s\n", outcome->reason);
    if (status == COSIM_EMPTY)
        fprintf(out, "  nothing was checked, or no process ever ran: that is no agreement\n");
    if (status == COSIM_ORACLE_ENDED)
        fprintf(out, "  the oracle ended before the run did: that is no agreement\n");
    if (outcome->has_expectation && status != COSIM_DIVERGED)
        fprintf(out, "  the recorded divergence was not reached\n");
    if (outcome->report != NULL)
        fputs(outcome->report, out);
}

/* --- Sums --- */

void report_add(struct report_sum *sum, const struct job_outcome *outcome)
{
    const struct cosim_counts *counts = &outcome->result.counts;
    sum->runs++;
    sum->statuses[outcome->result.status]++;
    sum->otherwise += outcome->has_expectation && !outcome->is_as_expected;
    sum->steps += counts->steps;
    sum->abstract_steps += counts->abstract_steps;
    sum->kernel_runs += counts->kernel_runs;
    sum->checks += counts->checks;
    sum->seconds += outcome->seconds;
    for (unsigned i = 0; i < COSIM_CONJUNCT_COUNT; i++)
        sum->compared[i] += counts->compared[i];
}

void report_sum(const struct report_sum *sum, bool is_timed, FILE *out)
{
    fprintf(out, "\n%" PRIu64 " run%s:", sum->runs, sum->runs == 1 ? "" : "s");
    const char *separator = " ";
    for (unsigned i = 0; i <= COSIM_FAILED; i++) {
        if (sum->statuses[i] == 0)
            continue;
        fprintf(out, "%s%" PRIu64 " %s", separator, sum->statuses[i],
                cosim_status_name((enum cosim_status)i));
        separator = ", ";
    }
    fprintf(out,
            "; %" PRIu64 " steps, %" PRIu64 " of abstract processes, %" PRIu64
            " runs of the kernel, %" PRIu64 " checks",
            sum->steps, sum->abstract_steps, sum->kernel_runs, sum->checks);
    if (is_timed && sum->seconds > 0)
        fprintf(out, "; %.1f million steps a second", (double)sum->steps / sum->seconds / 1e6);
    fprintf(out, "\ncompared:");
    for (unsigned i = 0; i < COSIM_CONJUNCT_COUNT; i++)
        fprintf(out, "%s %s %" PRIu64, i == 0 ? "" : ",",
                cosim_conjunct_name((enum cosim_conjunct)i), sum->compared[i]);
    fputc('\n', out);
}
