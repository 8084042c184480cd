#include "report/table.h"

#include "base/require.h"
#include "base/text.h"
#include "report/coverage.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct table {
    const struct image_verdict *verdict;
    struct table_style style;
    int name_columns;
    FILE *out;
};

enum { NAME_COLUMNS_MIN = 8, NAME_COLUMNS_MAX = 40, CHAIN_SHOWN_MAX = 8 };

enum paint { PAINT_GOOD, PAINT_BAD, PAINT_DIM };

struct table_style table_style_of(FILE *out)
{
    const char *terminal = getenv("TERM"), *no_colour = getenv("NO_COLOR");
    bool is_terminal = isatty(fileno(out)) == 1;
    bool is_dumb = !terminal || strcmp(terminal, "dumb") == 0;
    bool is_refused = no_colour && no_colour[0] != '\0';
    return (struct table_style){.with_colour = is_terminal && !is_dumb && !is_refused,
                                .with_times = is_terminal};
}

static const char *paint_code(enum paint paint)
{
    switch (paint) {
    case PAINT_GOOD:
        return "\033[32m";
    case PAINT_BAD:
        return "\033[1;31m";
    case PAINT_DIM:
        return "\033[2m";
    }
    require(false, "every paint has a code");
    return NULL;
}

static void paint_start(const struct table *table, enum paint paint)
{
    if (table->style.with_colour)
        fputs(paint_code(paint), table->out);
}

static void paint_end(const struct table *table)
{
    if (table->style.with_colour)
        fputs("\033[0m", table->out);
}

/* Names and reasons may quote an image; nothing in them may steer the terminal. Returns the
 * columns used. */
static int print_plain(const struct table *table, const char *string)
{
    int columns = 0;
    for (; *string; string++, columns++)
        fputc(*string >= ' ' && *string <= '~' ? *string : '?', table->out);
    return columns;
}

static void print_padded(const struct table *table, const char *string, int columns)
{
    int used = print_plain(table, string);
    fprintf(table->out, "%*s", used < columns ? columns - used : 0, "");
}

/* 12340 as 12,340. */
static const char *grouped(uint64_t number, char buffer[static 32])
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, number), used = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            buffer[used++] = ',';
        buffer[used++] = digits[i];
    }
    buffer[used] = '\0';
    return buffer;
}

static void print_reason(const struct table *table, const struct location *where,
                         const char *reason)
{
    fputs("      ", table->out);
    if (where->file) {
        print_plain(table, where->file);
        if (where->line > 0)
            fprintf(table->out, ":%" PRIu32, where->line);
        if (where->line > 0 && where->column > 0)
            fprintf(table->out, ":%" PRIu32, where->column);
        fputs(": ", table->out);
    }
    print_plain(table, reason);
    fputc('\n', table->out);
}

static void print_counterexample(const struct table *table, const struct counterexample *example)
{
    fputs("      seen with arguments (", table->out);
    for (size_t i = 0; i < example->argument_count; i++) {
        fputs(i > 0 ? ", " : "", table->out);
        print_plain(table, example->arguments[i]);
    }
    fputs(")", table->out);
    for (size_t i = 0; i < example->setting_count; i++) {
        fputs(i > 0 ? ", " : " and ", table->out);
        print_plain(table, example->settings[i]);
    }
    fputc('\n', table->out);
}

static void print_function(const struct table *table, const struct function_verdict *function)
{
    bool is_proved = function->verdict == VERDICT_PROVED;
    fputs("  ", table->out);
    print_padded(table, function->name, table->name_columns);
    fputs("  ", table->out);
    paint_start(table, is_proved ? PAINT_GOOD : PAINT_BAD);
    fprintf(table->out, "%-11s", verdict_name(function->verdict));
    paint_end(table);
    fprintf(table->out, "  %4" PRIu32 "  %11" PRIu32 "  %11" PRIu32, function->cuts,
            function->obligations, function->frame_bytes);
    if (table->style.with_times)
        fprintf(table->out, "  %7.0f ms", function->seconds * 1000);
    fputc('\n', table->out);
    if (function->reason)
        print_reason(table, &function->reason_where, function->reason);
    if (function->counterexample)
        print_counterexample(table, function->counterexample);
}

/* Where the code keeps the order of the sources, each file is named once. */
static void print_file(const struct table *table, const char *file)
{
    paint_start(table, PAINT_DIM);
    print_plain(table, file ? file : "without source");
    paint_end(table);
    fputc('\n', table->out);
}

static bool is_same_file(const char *left, const char *right)
{
    return left && right ? strcmp(left, right) == 0 : left == right;
}

static void print_functions(const struct table *table)
{
    const struct image_verdict *verdict = table->verdict;
    paint_start(table, PAINT_DIM);
    fprintf(table->out, "%-*s    verdict      cuts  obligations  frame bytes%s\n",
            table->name_columns, "function", table->style.with_times ? "        time" : "");
    paint_end(table);
    for (size_t i = 0; i < verdict->function_count; i++) {
        const char *file = verdict->functions[i].file;
        if (i == 0 || !is_same_file(file, verdict->functions[i - 1].file))
            print_file(table, file);
        print_function(table, &verdict->functions[i]);
    }
    fputc('\n', table->out);
}

/* "84 functions: 83 proved, 1 undecided; 1,024 obligations, 311 of them by the solver" */
static void print_summary(const struct table *table)
{
    const struct image_verdict *verdict = table->verdict;
    char count[32], other[32];
    fprintf(table->out, "%s function%s", grouped(verdict->function_count, count),
            verdict->function_count == 1 ? "" : "s");
    const char *before = ": ";
    for (enum verdict which = VERDICT_PROVED; which <= VERDICT_MISSING; which++) {
        size_t found = coverage_count(verdict, which);
        if (found == 0)
            continue;
        fprintf(table->out, "%s%s %s", before, grouped(found, count), verdict_name(which));
        before = ", ";
    }
    struct effort effort = coverage_effort(verdict);
    fprintf(table->out, "; %s obligations, %s of them by the solver\n",
            grouped(effort.obligations, count), grouped(effort.by_solver, other));
}

/* The head of a line about the image, in the colour of its outcome. */
static void print_head(const struct table *table, const char *head, bool is_good)
{
    paint_start(table, is_good ? PAINT_GOOD : PAINT_BAD);
    fprintf(table->out, "%-12s", head);
    paint_end(table);
}

static void print_text(const struct table *table)
{
    const struct image_verdict *verdict = table->verdict;
    struct coverage coverage = coverage_of(verdict);
    char accounted[32], all[32];
    print_head(table, "text", coverage.accounted_bytes == coverage.text_bytes);
    fprintf(table->out, "%s of %s bytes accounted for\n",
            grouped(coverage.accounted_bytes, accounted), grouped(coverage.text_bytes, all));
    for (size_t i = 0; i < verdict->text_count; i++) {
        const struct text_range *range = &verdict->text[i];
        bool is_accounted = coverage_accounts_for(verdict, range);
        if (is_accounted && range->owner != TEXT_TRUSTED)
            continue;
        fprintf(table->out, "    0x%08" PRIx32 "..0x%08" PRIx32 " %s", range->start, range->end,
                is_accounted ? "trusted" : "not accounted for");
        if (range->name) {
            fputs(": ", table->out);
            print_plain(table, range->name);
        }
        if (range->reason) {
            fputs(", ", table->out);
            print_plain(table, range->reason);
        }
        fputc('\n', table->out);
    }
}

/* "main -> f -> g"; of a long chain the middle is left out (the audit has all of it). */
static void print_chain(const struct table *table, const struct stack_finding *stack)
{
    for (size_t i = 0; i < stack->chain_count; i++) {
        bool is_skipped = stack->chain_count > CHAIN_SHOWN_MAX && i >= CHAIN_SHOWN_MAX - 1 &&
                          i + 1 < stack->chain_count;
        if (is_skipped && i >= CHAIN_SHOWN_MAX)
            continue;
        fputs(i > 0 ? " -> " : "", table->out);
        print_plain(table, is_skipped ? "..." : stack->chain[i]);
    }
    fputc('\n', table->out);
}

static void print_stack(const struct table *table)
{
    const struct stack_finding *stack = &table->verdict->stack;
    char bound[32], limit[32];
    print_head(table, "stack", !stack->is_bounded || stack->bound_bytes <= stack->limit_bytes);
    if (stack->is_bounded)
        fprintf(table->out, "at most %s of %s bytes, by ", grouped(stack->bound_bytes, bound),
                grouped(stack->limit_bytes, limit));
    else
        fprintf(table->out,
                "%s bytes; no bound, because of recursion: ", grouped(stack->limit_bytes, limit));
    print_chain(table, stack);
}

static void print_contracts(const struct table *table)
{
    const struct image_verdict *verdict = table->verdict;
    for (size_t i = 0; i < verdict->contract_count; i++) {
        const struct contract_finding *finding = &verdict->contracts[i];
        bool is_proved = finding->status == CONTRACT_PROVED;
        print_head(table, i == 0 ? "contracts" : "", is_proved);
        fprintf(table->out, "%s ", is_proved ? "proved " : "ASSUMED");
        print_padded(table, finding->symbol, 8);
        print_plain(table, finding->contract);
        fputc('\n', table->out);
        if (finding->reason)
            print_reason(table, &(struct location){0}, finding->reason);
    }
}

static void print_checks(const struct table *table)
{
    const struct image_verdict *verdict = table->verdict;
    bool all_passed = true;
    for (size_t i = 0; i < verdict->finding_count; i++)
        all_passed = all_passed && verdict->findings[i].is_passed;
    print_head(table, "checks", all_passed);
    for (size_t i = 0; i < verdict->finding_count; i++) {
        fputs(i > 0 ? ", " : "", table->out);
        print_plain(table, verdict->findings[i].check);
        fputs(verdict->findings[i].is_passed ? "" : " FAILED", table->out);
    }
    fputc('\n', table->out);
    for (size_t i = 0; i < verdict->finding_count; i++)
        if (verdict->findings[i].reason)
            print_reason(table, &(struct location){0}, verdict->findings[i].reason);
}

static void print_assumptions(const struct table *table)
{
    const struct image_verdict *verdict = table->verdict;
    for (size_t i = 0; i < verdict->assumption_count; i++) {
        fprintf(table->out, "%-12s", i == 0 ? "assumptions" : "");
        print_plain(table, verdict->assumptions[i]);
        fputc('\n', table->out);
    }
}

static int columns_for_names(const struct image_verdict *verdict)
{
    size_t widest = NAME_COLUMNS_MIN;
    for (size_t i = 0; i < verdict->function_count; i++) {
        size_t length = strlen(verdict->functions[i].name);
        widest = length > widest ? length : widest;
    }
    return widest < NAME_COLUMNS_MAX ? (int)widest : NAME_COLUMNS_MAX;
}

static void print_verdict(const struct table *table)
{
    const struct image_verdict *verdict = table->verdict;
    bool are_proved = coverage_count(verdict, VERDICT_PROVED) == verdict->function_count;
    bool is_good = verdict->is_accepted || (verdict->is_partial && are_proved);
    paint_start(table, is_good ? PAINT_GOOD : PAINT_BAD);
    if (verdict->is_partial)
        fputs(are_proved ? "proved: the functions asked for; the image was not judged as a whole\n"
                         : "NOT PROVED: not all functions asked for\n",
              table->out);
    else
        fputs(verdict->is_accepted ? "accepted: everything is proved\n"
                                   : "NOT ACCEPTED: not everything is proved\n",
              table->out);
    paint_end(table);
}

void table_print(const struct image_verdict *verdict, struct table_style style, FILE *out)
{
    struct table table = {verdict, style, columns_for_names(verdict), out};
    print_functions(&table);
    print_summary(&table);
    print_text(&table);
    print_stack(&table);
    print_checks(&table);
    print_contracts(&table);
    print_assumptions(&table);
    print_verdict(&table);
}
