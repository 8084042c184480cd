/* Values, places and functions as a user writes them on the command line. */
#include "semantics/c0/show.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

/* --- Values --- */

static bool parse_escape(struct text text, int *c)
{
    static const char letters[] = "ntr0\\'\"abfv", values[] = "\n\t\r\0\\'\"\a\b\f\v";
    const char *letter = memchr(letters, text.at[0], sizeof letters - 1);
    if (text.length != 1 || letter == NULL)
        return false;
    *c = values[letter - letters];
    return true;
}

/* 'a' or '\n' */
static bool parse_character(struct text text, int *c)
{
    if (text.length < 3 || text.at[0] != '\'' || text.at[text.length - 1] != '\'')
        return false;
    struct text inner = {text.at + 1, text.length - 2};
    if (inner.at[0] == '\\' && inner.length > 1)
        return parse_escape((struct text){inner.at + 1, inner.length - 1}, c);
    *c = (signed char)inner.at[0];
    return inner.length == 1 && inner.at[0] != '\\' && inner.at[0] != '\'';
}

/* The number that was written, before it is cut to a word. */
static bool parse_number(struct text text, int64_t *number, bool *is_hexadecimal)
{
    uint32_t word;
    if (!text_to_word(text, &word))
        return false;
    bool is_negative = text.at[0] == '-';
    *number = is_negative ? -(int64_t)(uint32_t)-word : (int64_t)word;
    *is_hexadecimal =
        memchr(text.at, 'x', text.length) != NULL || memchr(text.at, 'X', text.length) != NULL;
    return true;
}

static bool parse_integer(const struct c0_type *type, struct text text, uint32_t *word)
{
    int64_t number = 0, least = INT32_MIN, most = INT32_MAX;
    bool is_hexadecimal = false;
    int c = 0;
    if (type->kind == C0_TYPE_CHAR && parse_character(text, &c)) {
        *word = (uint32_t)c;
        return true;
    }
    if (!parse_number(text, &number, &is_hexadecimal))
        return false;
    if (type->kind == C0_TYPE_CHAR) {
        least = INT8_MIN;
        most = INT8_MAX;
    } else if (type->kind == C0_TYPE_UNSIGNED) {
        least = 0;
        most = UINT32_MAX;
    } else if (is_hexadecimal) {
        most = UINT32_MAX; /* the bit pattern */
    }
    *word = (uint32_t)number;
    return least <= number && number <= most;
}

static bool parse_bool(struct text text, uint32_t *word)
{
    *word = text_is(text, "true") || text_is(text, "1");
    return *word != 0 || text_is(text, "false") || text_is(text, "0");
}

bool c0_parse_value(const struct c0_type *type, struct text text, uint32_t *word)
{
    switch (type->kind) {
    case C0_TYPE_INT:
    case C0_TYPE_UNSIGNED:
    case C0_TYPE_CHAR:
        return parse_integer(type, text, word);
    case C0_TYPE_BOOL:
        return parse_bool(text, word);
    case C0_TYPE_POINTER:
        *word = 0;
        return text_is(text, "NULL") || text_is(text, "null") || text_is(text, "0");
    case C0_TYPE_VOID:
    case C0_TYPE_ARRAY:
    case C0_TYPE_STRUCT:
        break;
    }
    return false;
}

/* --- Places --- */

/* The first `length` characters of the text, and the text after them. */
static struct text cut(struct text *text, size_t length)
{
    struct text head = {text->at, length};
    text->at += length;
    text->length -= length;
    return head;
}

static size_t name_length(struct text text)
{
    size_t length = 0;
    while (length < text.length &&
           (isalnum((unsigned char)text.at[length]) || text.at[length] == '_'))
        length++;
    return length;
}

/* Splits file:name...; `file` stays NULL where there is none. A file's name may hold any character,
 * a name and a path no colon. */
static void cut_file(struct arena *arena, struct text *text, const char **file)
{
    for (size_t i = text->length; i-- > 0;)
        if (text->at[i] == ':') {
            *file = text_copy(arena, cut(text, i));
            cut(text, 1);
            return;
        }
}

static const struct c0_type *enter_field(const struct c0_type *type, struct text name,
                                         uint32_t *offset)
{
    for (uint32_t i = 0; type->kind == C0_TYPE_STRUCT && i < type->field_count; i++)
        if (text_is(name, type->fields[i].name)) {
            *offset += type->fields[i].offset_cells;
            return type->fields[i].type;
        }
    return NULL;
}

static const struct c0_type *enter_element(const struct c0_type *type, struct text number,
                                           uint32_t *offset)
{
    uint32_t index;
    if (type->kind != C0_TYPE_ARRAY || number.length == 0 ||
        !isdigit((unsigned char)number.at[0]) || !text_to_word(number, &index) ||
        index >= type->length)
        return NULL;
    *offset += index * type->element->size_cells;
    return type->element;
}

/* The part of `type` that one ".field" or "[index]" leads to; NULL if there is none. */
static const struct c0_type *enter(const struct c0_type *type, struct text *path, uint32_t *offset)
{
    if (cut(path, 1).at[0] == '.')
        return enter_field(type, cut(path, name_length(*path)), offset);
    if (path->at[-1] != '[')
        return NULL;
    const char *close = path->length == 0 ? NULL : memchr(path->at, ']', path->length);
    if (close == NULL)
        return NULL;
    struct text number = cut(path, (size_t)(close - path->at));
    cut(path, 1);
    return enter_element(type, number, offset);
}

bool c0_resolve_path(const struct c0_program *program, struct text path,
                     const struct c0_variable **global, uint32_t *offset_cells,
                     const struct c0_type **type)
{
    struct arena *arena = arena_new();
    const char *file = NULL;
    cut_file(arena, &path, &file);
    const char *name = text_copy(arena, cut(&path, name_length(path)));
    *global = c0_program_global(program, name, file);
    bool is_right_file = file == NULL || (*global != NULL && (*global)->where.file != NULL &&
                                          strcmp((*global)->where.file, file) == 0);
    arena_free(arena);
    if (*global == NULL || !is_right_file)
        return false;
    *offset_cells = 0;
    *type = (*global)->type;
    while (*type != NULL && path.length != 0)
        *type = enter(*type, &path, offset_cells);
    return *type != NULL;
}

/* --- Options --- */

static const struct location nowhere = {0};

bool c0_parse_setting(const struct c0_program *program, struct text text,
                      struct c0_setting *setting, struct fault *fault)
{
    const struct c0_type *type;
    const char *equals = text.length == 0 ? NULL : memchr(text.at, '=', text.length);
    if (equals == NULL)
        return fault_at(fault, nowhere, "'%.*s' is not GLOBAL=VALUE", (int)text.length, text.at);
    struct text value = text, path = cut(&value, (size_t)(equals - text.at));
    cut(&value, 1);
    if (!c0_resolve_path(program, path, &setting->global, &setting->offset_cells, &type))
        return fault_at(fault, nowhere, "there is no global place '%.*s'", (int)path.length,
                        path.at);
    if (!c0_type_is_elementary(type))
        return fault_at(fault, nowhere, "'%.*s' is a struct or an array: set its parts",
                        (int)path.length, path.at);
    if (!c0_parse_value(type, value, &setting->word))
        return fault_at(fault, nowhere, "'%.*s' is not a value of the type of '%.*s'",
                        (int)value.length, value.at, (int)path.length, path.at);
    return true;
}

bool c0_parse_arguments(const struct c0_function *function, const char *const *values,
                        uint32_t value_count, uint32_t *words, struct fault *fault)
{
    if (value_count != function->parameter_count)
        return fault_at(fault, nowhere, "%s takes %u arguments, not %u", function->name,
                        (unsigned)function->parameter_count, (unsigned)value_count);
    for (uint32_t i = 0; i < value_count; i++) {
        const struct c0_variable *parameter = function->variables[i];
        if (!c0_parse_value(parameter->type, text_of(values[i]), &words[i]))
            return fault_at(fault, nowhere, "'%s' is not a value of the type of %s's parameter %s",
                            values[i], function->name, parameter->name);
    }
    return true;
}

const struct c0_function *c0_resolve_function(const struct c0_program *program, struct text name,
                                              struct fault *fault)
{
    struct arena *arena = arena_new();
    struct text rest = name;
    const char *file = NULL;
    cut_file(arena, &rest, &file);
    const struct c0_function *function = c0_program_function(program, text_copy(arena, rest), file);
    bool is_right_file = file == NULL || (function != NULL && function->where.file != NULL &&
                                          strcmp(function->where.file, file) == 0);
    arena_free(arena);
    if (function == NULL || !is_right_file) {
        fault_at(fault, nowhere, "there is no function '%.*s'", (int)name.length, name.at);
        return NULL;
    }
    if (function->body == NULL) {
        fault_at(fault, function->where, "the function %s is declared but has no body",
                 function->name);
        return NULL;
    }
    return function;
}
