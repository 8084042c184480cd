#include "cosim/scenario_place.h"

#include "base/file.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- Where a value stands: walking over text that is known to be JSON --- */

static size_t skip_space(struct text text, size_t at)
{
    while (at < text.length && strchr(" \t\r\n", text.at[at]) != NULL)
        at++;
    return at;
}

/* From the quote on, behind the closing one. */
static size_t skip_string(struct text text, size_t at)
{
    for (at++; at < text.length && text.at[at] != '"'; at++)
        at += text.at[at] == '\\';
    return at + 1;
}

static size_t skip_value(struct text text, size_t at)
{
    size_t depth = 0;
    while (at < text.length) {
        char c = text.at[at];
        if (c == '"') {
            at = skip_string(text, at);
        } else if (depth == 0 && strchr(",]} \t\r\n", c) != NULL) {
            return at;
        } else {
            depth += c == '{' || c == '[';
            depth -= c == '}' || c == ']';
            at++;
        }
        if (depth == 0 && strchr("\"}]", text.at[at - 1]) != NULL)
            return at;
    }
    return at;
}

/* Keys with escapes are compared as they are written: they are none of ours. */
static bool is_key(struct text text, size_t at, const char *key)
{
    size_t length = strlen(key), end = skip_string(text, at);
    return end - at == length + 2 && memcmp(text.at + at + 1, key, length) == 0;
}

/* The value of `place` in its object or array, which begins at `at`. `*key`: where its key stands,
 * or the value itself. */
static size_t find_within(struct text text, size_t at, const struct place *place, size_t *key)
{
    bool is_object = text.at[at] == '{';
    size_t start = at;
    at = skip_space(text, at + 1);
    for (size_t i = 0; at < text.length && text.at[at] != ']' && text.at[at] != '}'; i++) {
        *key = at;
        bool is_found = is_object ? place->key != NULL && is_key(text, at, place->key)
                                  : place->key == NULL && i == place->index;
        if (is_object) {
            at = skip_space(text, skip_string(text, at));
            at = skip_space(text, at + 1); /* the colon */
        }
        if (is_found)
            return at;
        at = skip_space(text, skip_value(text, at));
        if (at < text.length && text.at[at] == ',')
            at = skip_space(text, at + 1);
    }
    return *key = start; /* what is not there is missing from the whole */
}

static size_t find(struct text text, const struct place *place, size_t *key)
{
    if (place->above == NULL)
        return *key = skip_space(text, 0);
    return find_within(text, find(text, place->above, key), place, key);
}

static struct location location_at(const struct place_file *file, size_t offset)
{
    struct location location = {file->path, 1, 1};
    for (size_t i = 0; i < offset && i < file->text.length; i++) {
        bool is_line = file->text.at[i] == '\n';
        location.line += is_line;
        location.column = is_line ? 1 : location.column + 1;
    }
    return location;
}

bool place_refuse(const struct place_file *file, const struct place *place, const char *format, ...)
{
    char message[FAULT_MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    size_t key, at = find(file->text, place, &key);
    return fault_at(file->fault, location_at(file, at), "%s", message);
}

static bool refuse_key(const struct place_file *file, const struct place *place)
{
    size_t key;
    find(file->text, place, &key);
    return fault_at(file->fault, location_at(file, key), "there is no key '%s' here", place->key);
}

/* --- Reading --- */

bool place_open(struct place_file *file, struct arena *arena, const char *path, struct place *top,
                struct fault *fault)
{
    *file = (struct place_file){.arena = arena, .path = path, .fault = fault};
    *top = (struct place){0};
    if (!file_read(arena, path, &file->text, fault))
        return false;
    json_error_t error;
    top->value = json_loadb(file->text.at, file->text.length,
                            JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (top->value != NULL)
        return true;
    struct location where = {path, error.line > 0 ? (uint32_t)error.line : 1,
                             error.column > 0 ? (uint32_t)error.column : 1};
    return fault_at(fault, where, "%s", error.text);
}

struct place place_member(const struct place *object, const char *key)
{
    return (struct place){
        .above = object, .key = key, .value = json_object_get(object->value, key)};
}

struct place place_element(const struct place *array, size_t index)
{
    return (struct place){
        .above = array, .index = index, .value = json_array_get(array->value, index)};
}

static bool is_among(const char *key, const char *const keys[])
{
    while (*keys != NULL && strcmp(*keys, key) != 0)
        keys++;
    return *keys != NULL;
}

bool place_is_object(const struct place_file *file, const struct place *place,
                     const char *const keys[])
{
    const char *key;
    json_t *value;
    if (!json_is_object(place->value))
        return place_refuse(file, place, "an object is wanted here");
    json_object_foreach(place->value, key, value)
    {
        struct place member = place_member(place, key);
        if (!is_among(key, keys))
            return refuse_key(file, &member);
    }
    return true;
}

bool place_is_list(const struct place_file *file, const struct place *place)
{
    return json_is_array(place->value) || place_refuse(file, place, "a list is wanted here");
}

bool place_number(const struct place_file *file, const struct place *place, uint64_t least,
                  uint64_t most, uint64_t *number)
{
    if (place->value == NULL)
        return true;
    if (!json_is_integer(place->value))
        return place_refuse(file, place, "a whole number is wanted here");
    json_int_t value = json_integer_value(place->value);
    if (value < 0 || (uint64_t)value < least || (uint64_t)value > most)
        return place_refuse(file, place, "a number from %" PRIu64 " to %" PRIu64 " is wanted here",
                            least, most);
    *number = (uint64_t)value;
    return true;
}

bool place_word(const struct place_file *file, const struct place *place, uint32_t least,
                uint32_t most, uint32_t *number)
{
    uint64_t value = *number;
    if (!place_number(file, place, least, most, &value))
        return false;
    *number = (uint32_t)value;
    return true;
}

bool place_flag(const struct place_file *file, const struct place *place, bool *flag)
{
    if (place->value == NULL)
        return true;
    if (!json_is_boolean(place->value))
        return place_refuse(file, place, "true or false is wanted here");
    *flag = json_is_true(place->value);
    return true;
}

bool place_string(const struct place_file *file, const struct place *place, const char **string)
{
    if (place->value == NULL)
        return true;
    if (!json_is_string(place->value))
        return place_refuse(file, place, "a string is wanted here");
    *string =
        arena_copy(file->arena, json_string_value(place->value), json_string_length(place->value));
    return true;
}
