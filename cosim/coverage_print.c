/* Coverage as tables for a person. */
#include "cosim/coverage.h"

#include <inttypes.h>
#include <string.h>

enum { NAME_COLUMNS = 36 };

static void print_row(const char *name, size_t statements, size_t covered, FILE *out)
{
    fprintf(out, "%-*s %10zu %10zu", NAME_COLUMNS, name, statements, covered);
    if (statements == 0)
        fprintf(out, "       -\n");
    else /* rounded down: 100.0% is all of them */
        fprintf(out, " %6.1f%%\n", (double)(covered * 1000 / statements) / 10);
}

static void print_part(const struct coverage_statements *part, const char *name, FILE *out)
{
    for (size_t i = 0; i < part->count;) {
        size_t first = i, covered = 0;
        for (; i < part->count && strcmp(part->at[i].file, part->at[first].file) == 0; i++)
            covered += part->at[i].count > 0;
        print_row(part->at[first].file, i - first, covered, out);
    }
    print_row(name, part->count, coverage_covered(part), out);
    if (part->uncalled > 0)
        fprintf(out, "  not counted: %zu in functions that nobody calls\n", part->uncalled);
    if (part->without_code > 0)
        fprintf(out, "  not counted: %zu without code of their own\n", part->without_code);
    fprintf(out, "\n");
}

static void print_uncovered(const struct coverage_statements *part, FILE *out)
{
    for (size_t i = 0; i < part->count; i++) {
        const struct coverage_statement *statement = &part->at[i];
        if (statement->count == 0)
            fprintf(out, "%s:%" PRIu32 ": not executed, in %s\n", statement->file, statement->line,
                    statement->function);
    }
}

static void print_count(const char *name, uint64_t count, FILE *out)
{
    fprintf(out, "%-*s %21" PRIu64 "%s\n", NAME_COLUMNS, name, count, count == 0 ? "  never" : "");
}

void cosim_coverage_print(const struct cosim_coverage *coverage, FILE *out)
{
    fprintf(out, "%-*s %10s %10s %7s\n", NAME_COLUMNS, "file", "statements", "executed", "");
    for (unsigned part = 0; part < COVERAGE_PART_COUNT; part++)
        print_part(&coverage->parts[part], coverage_part_name(part), out);
    fprintf(out, "%-*s %21s\n", NAME_COLUMNS, "primitive", "calls");
    for (unsigned i = 0; i < CVM_PRIMITIVE_COUNT; i++)
        print_count(cvm_primitive_name(i), coverage->primitives[i], out);
    fprintf(out, "\n%-*s %21s\n", NAME_COLUMNS, "transition", "times");
    for (unsigned i = 0; i < CVM_TRANSITION_COUNT; i++)
        print_count(cvm_transition_name(i), coverage->transitions[i], out);
    fprintf(out, "\n");
    for (unsigned part = 0; part < COVERAGE_PART_COUNT; part++)
        print_uncovered(&coverage->parts[part], out);
}
