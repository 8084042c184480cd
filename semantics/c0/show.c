#include "semantics/c0/show.h"

#include "base/require.h"

#include <string.h>

/* --- Paths of pointers --- */

static bool is_whole(const struct c0_type *type, uint32_t offset, const struct c0_type *wanted)
{
    return offset == 0 && type == wanted;
}

/* Goes from `type` to the part that holds the cell at `*offset`, and appends its path. */
static const struct c0_type *descend(const struct c0_type *type, uint32_t *offset,
                                     struct text_builder *path)
{
    if (type->kind == C0_TYPE_ARRAY) {
        text_append(path, "[%u]", (unsigned)(*offset / type->element->size_cells));
        *offset %= type->element->size_cells;
        return type->element;
    }
    const struct c0_field *field = type->fields;
    while (*offset >= field->offset_cells + field->type->size_cells)
        field++;
    text_append(path, ".%s", field->name);
    *offset -= field->offset_cells;
    return field->type;
}

/* A cell may be the first of several objects nested in one another: the outermost of type `wanted`
 * is meant, or the elementary one if none has that type. */
static void append_path(const struct c0_type *type, uint32_t offset, const struct c0_type *wanted,
                        struct text_builder *path)
{
    while (!is_whole(type, offset, wanted) && !c0_type_is_elementary(type))
        type = descend(type, &offset, path);
}

static json_t *show_pointer(const struct c0_type *type, uint32_t word,
                            const struct c0_memory_view *view)
{
    struct c0_pointee pointee = {0};
    if (word == 0)
        return json_null();
    if (!view->resolve(view->self, word, &pointee))
        return json_sprintf("invalid:0x%08x", (unsigned)word);
    struct text_builder shown = {.arena = arena_new()};
    if (pointee.global != NULL)
        text_append(&shown, "%s", pointee.global);
    else
        text_append(&shown, "heap#%u", (unsigned)pointee.heap_number);
    struct text_builder path = {.arena = shown.arena};
    append_path(pointee.type, pointee.offset_cells, type->element, &path);
    if (path.length != 0)
        text_append(&shown, "+%s", text_built(&path));
    json_t *json = json_string(text_built(&shown));
    arena_free(shown.arena);
    return json;
}

/* --- Values --- */

json_t *c0_show_value(const struct c0_type *type, uint32_t word, const struct c0_memory_view *view)
{
    switch (type->kind) {
    case C0_TYPE_INT:
    case C0_TYPE_CHAR:
        return json_integer((int32_t)word);
    case C0_TYPE_UNSIGNED:
        return json_integer(word);
    case C0_TYPE_BOOL:
        return json_boolean(word != 0);
    case C0_TYPE_POINTER:
        return show_pointer(type, word, view);
    case C0_TYPE_VOID:
    case C0_TYPE_ARRAY:
    case C0_TYPE_STRUCT:
        break;
    }
    require(false, "a word is shown by its elementary type");
    return NULL;
}

json_t *c0_show_result(const struct c0_type *type, const uint32_t *word,
                       const struct c0_memory_view *view)
{
    if (word == NULL || type->kind == C0_TYPE_VOID)
        return json_null();
    if (type->kind == C0_TYPE_BOOL)
        return json_integer(*word);
    return c0_show_value(type, *word, view);
}

/* --- Globals --- */

static json_t *show_cells(const struct c0_variable *global, const struct c0_type *type,
                          uint32_t offset, const struct c0_memory_view *view)
{
    if (type->kind == C0_TYPE_ARRAY) {
        json_t *array = json_array();
        for (uint32_t i = 0; i < type->length; i++)
            json_array_append_new(array, show_cells(global, type->element,
                                                    offset + i * type->element->size_cells, view));
        return array;
    }
    if (type->kind == C0_TYPE_STRUCT) {
        json_t *object = json_object();
        for (uint32_t i = 0; i < type->field_count; i++) {
            const struct c0_field *field = &type->fields[i];
            json_object_set_new(
                object, field->name,
                show_cells(global, field->type, offset + field->offset_cells, view));
        }
        return object;
    }
    return c0_show_value(type, view->read(view->self, global, offset), view);
}

static bool is_name_shared(const struct c0_program *program, const struct c0_variable *global)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < program->global_count; i++)
        count += strcmp(program->globals[i]->name, global->name) == 0;
    return count > 1;
}

const char *c0_show_name(struct arena *arena, const struct c0_program *program,
                         const struct c0_variable *global)
{
    if (global->is_static && global->where.file != NULL && is_name_shared(program, global))
        return arena_printf(arena, "%s:%s", global->where.file, global->name);
    return global->name;
}

json_t *c0_show_globals(const struct c0_program *program, const struct c0_memory_view *view)
{
    struct arena *arena = arena_new();
    json_t *globals = json_object();
    for (uint32_t i = 0; i < program->global_count; i++) {
        const struct c0_variable *global = program->globals[i];
        json_object_set_new(globals, c0_show_name(arena, program, global),
                            show_cells(global, global->type, 0, view));
    }
    arena_free(arena);
    return globals;
}

/* --- Runs --- */

static json_t *show_location(struct location where)
{
    json_t *location = json_object();
    if (where.file != NULL)
        json_object_set_new(location, "file", json_string(where.file));
    if (where.line != 0)
        json_object_set_new(location, "line", json_integer(where.line));
    if (where.column != 0)
        json_object_set_new(location, "column", json_integer(where.column));
    return location;
}

json_t *c0_show_run(const struct c0_run *run)
{
    json_t *json = json_object();
    json_object_set_new(json, "status", json_string(run->status));
    json_object_set_new(json, "result", run->result);
    json_object_set_new(json, "steps", json_integer((json_int_t)run->steps));
    json_object_set_new(json, "globals", run->globals);
    if (run->rule != NULL) {
        json_t *fault = json_object();
        json_object_set_new(fault, "rule", json_string(run->rule));
        json_object_set_new(fault, "location", show_location(run->where));
        json_object_set_new(json, "fault", fault);
    }
    return json;
}

bool c0_print_json(json_t *json, FILE *out)
{
    bool is_printed = json_dumpf(json, out, JSON_INDENT(2) | JSON_SORT_KEYS) == 0;
    is_printed = fputc('\n', out) != EOF && is_printed;
    is_printed = fflush(out) == 0 && is_printed;
    json_decref(json);
    return is_printed;
}
