/* Where the code of statements is: the image's line table (docs/C0C.md) knows files and lines. */
#include "cosim/coverage_places.h"

#include "traces/source.h"

#include <stdlib.h>
#include <string.h>

/* The same file, named from the same directory or from one above. */
static bool is_same_file(const char *left, const char *right)
{
    size_t left_length = strlen(left), right_length = strlen(right);
    const char *longer = left_length > right_length ? left : right;
    const char *shorter = left_length > right_length ? right : left;
    size_t more = strlen(longer) - strlen(shorter);
    return strcmp(longer + more, shorter) == 0 && (more == 0 || longer[more - 1] == '/');
}

static void name_as_table(const struct trace_line *lines, size_t line_count,
                          struct coverage_part_places *part)
{
    const char *name = NULL, *known = NULL; /* statements of one file come together */
    for (size_t i = 0; i < part->count; i++) {
        struct location *where = &part->at[i].where;
        if (known == NULL || strcmp(where->file, known) != 0) {
            name = known = where->file;
            for (size_t k = 0; k < line_count && name == known; k++)
                if (is_same_file(lines[k].file, known))
                    name = lines[k].file;
        }
        where->file = name;
    }
}

static int order(const char *left_file, uint32_t left_line, const char *right_file,
                 uint32_t right_line)
{
    int files = strcmp(left_file, right_file);
    return files != 0 ? files : (left_line > right_line) - (left_line < right_line);
}

static int by_line(const void *left, const void *right)
{
    const struct trace_line *a = left, *b = right;
    int lines = order(a->file, a->line, b->file, b->line);
    return lines != 0 ? lines : (a->address > b->address) - (a->address < b->address);
}

static int by_place(const void *left, const void *right)
{
    const struct location *a = &((const struct coverage_place *)left)->where;
    const struct location *b = &((const struct coverage_place *)right)->where;
    int lines = order(a->file, a->line, b->file, b->line);
    return lines != 0 ? lines : (a->column > b->column) - (a->column < b->column);
}

/* Statements of one line, and the table's entries of it. */
struct line_group {
    size_t statement, statement_end, entry, entry_end;
};

/* Code comes in the order of statements. Of fewer entries than statements nobody knows which one
 * has none: all the line's statements then are executed if all its code is. */
static void share_code(struct coverage_place *at, const struct line_group *group)
{
    size_t statements = group->statement_end - group->statement;
    size_t entries = group->entry_end - group->entry;
    for (size_t i = 0; i < statements; i++) {
        struct coverage_place *place = &at[group->statement + i];
        place->first_address = (uint32_t)(group->entry + (entries == statements ? i : 0));
        place->address_count = (uint32_t)(entries == statements ? 1 : entries);
    }
}

static bool misfit(const struct cosim_kernel *kernel, const struct trace_line *line,
                   struct fault *fault)
{
    return fault_at(fault, (struct location){kernel->image->path, 0, 0},
                    "the line table is not of these sources: there is no such statement at %s:%u",
                    line->file, (unsigned)line->line);
}

static bool match(const struct cosim_kernel *kernel, const struct trace_line *lines, size_t count,
                  struct coverage_part_places *part, struct fault *fault)
{
    struct line_group group = {0};
    while (group.statement < part->count) {
        const struct location *where = &part->at[group.statement].where;
        for (group.statement_end = group.statement; group.statement_end < part->count;
             group.statement_end++) {
            const struct location *next = &part->at[group.statement_end].where;
            if (order(next->file, next->line, where->file, where->line) != 0)
                break;
        }
        for (group.entry_end = group.entry; group.entry_end < count; group.entry_end++) {
            const struct trace_line *entry = &lines[group.entry_end];
            int side = order(entry->file, entry->line, where->file, where->line);
            if (side < 0)
                return misfit(kernel, entry, fault);
            if (side > 0)
                break;
        }
        if (group.entry_end - group.entry > group.statement_end - group.statement)
            return misfit(kernel, &lines[group.entry], fault);
        share_code(part->at, &group);
        group.statement = group.statement_end;
        group.entry = group.entry_end;
    }
    return group.entry == count || misfit(kernel, &lines[group.entry], fault);
}

static void keep_counted(struct coverage_part_places *part)
{
    size_t kept = 0;
    for (size_t i = 0; i < part->count; i++) {
        if (!part->at[i].is_counted)
            continue;
        if (part->at[i].address_count == 0)
            part->without_code++;
        else
            part->at[kept++] = part->at[i];
    }
    part->count = kept;
}

bool coverage_find_code(struct arena *arena, const struct cosim_kernel *kernel,
                        struct coverage_places *places, struct fault *fault)
{
    struct coverage_part_places *layer = &places->parts[COVERAGE_LAYER];
    const struct trace_source *source = trace_source_new(arena, kernel->image, fault);
    if (source == NULL)
        return false;
    size_t count = trace_source_line_count(source);
    if (count == 0)
        return fault_at(fault, (struct location){kernel->image->path, 0, 0},
                        "the image has no line table: compile it with c0c -g");
    struct trace_line *lines = ARENA_ARRAY(arena, struct trace_line, count);
    for (size_t i = 0; i < count; i++)
        lines[i] = trace_source_line(source, i);
    qsort(lines, count, sizeof *lines, by_line);
    for (unsigned i = 0; i < COVERAGE_PART_COUNT; i++) {
        struct coverage_part_places *part = &places->parts[i];
        name_as_table(lines, count, part);
        if (part->count != 0)
            qsort(part->at, part->count, sizeof *part->at, by_place);
    }
    if (!match(kernel, lines, count, layer, fault))
        return false;
    keep_counted(layer);
    uint32_t *addresses = ARENA_ARRAY(arena, uint32_t, count);
    for (size_t i = 0; i < count; i++)
        addresses[i] = lines[i].address;
    places->addresses = addresses;
    return true;
}
