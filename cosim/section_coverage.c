/* Coverage in the section: by file, and each statement that was not executed. */
#include "cosim/section_runs.h"

#include <string.h>

static json_t *file_json(const struct coverage_statement *statements, size_t count)
{
    json_t *json = json_object();
    struct coverage_statements all = {.at = (struct coverage_statement *)statements,
                                      .count = count};
    section_set_text(json, "file", statements->file);
    section_set_number(json, "statements", count);
    section_set_number(json, "covered", coverage_covered(&all));
    return json;
}

static json_t *statement_json(const struct coverage_statement *statement)
{
    json_t *json = json_object();
    section_set_text(json, "file", statement->file);
    section_set_number(json, "line", statement->line);
    section_set_number(json, "column", statement->column);
    section_set_text(json, "function", statement->function);
    return json;
}

static json_t *part_json(const struct coverage_statements *part, const char *name)
{
    json_t *json = json_object(), *files = json_array(), *uncovered = json_array();
    for (size_t i = 0, next; i < part->count; i = next) {
        for (next = i; next < part->count; next++)
            if (strcmp(part->at[next].file, part->at[i].file) != 0)
                break;
        json_array_append_new(files, file_json(&part->at[i], next - i));
    }
    for (size_t i = 0; i < part->count; i++)
        if (part->at[i].count == 0)
            json_array_append_new(uncovered, statement_json(&part->at[i]));
    section_set_text(json, "part", name);
    section_set_number(json, "statements", part->count);
    section_set_number(json, "covered", coverage_covered(part));
    section_set_number(json, "uncalled", part->uncalled);
    section_set_number(json, "without_code", part->without_code);
    section_set(json, "files", files);
    section_set(json, "uncovered", uncovered);
    return json;
}

json_t *section_coverage_json(const struct cosim_coverage *coverage)
{
    if (coverage == NULL)
        return json_null();
    json_t *json = json_object(), *parts = json_array();
    for (unsigned i = 0; i < COVERAGE_PART_COUNT; i++)
        json_array_append_new(parts, part_json(&coverage->parts[i], coverage_part_name(i)));
    section_set_number(json, "runs", coverage->runs);
    section_set(json, "parts", parts);
    return json;
}
