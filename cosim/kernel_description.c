/* kernel.json: what a kernel is made of. */
#include "cosim/kernel_description.h"

#include "base/array.h"
#include "base/file.h"
#include "image/digest.h"

#include <jansson.h>
#include <string.h>

enum {
    FORMAT = 1,
    TABLE_ENTRIES = VAMP_PAGE_BYTES / 4,
    PROCESSES_MAX = 65536,
    SECTORS_OF_PAGE = VAMP_PAGE_BYTES / DEVICE_SECTOR_BYTES,
    SECTORS_MAX = 1 << 28,
};

struct reading {
    struct arena *arena;
    const char *path;
    struct fault *fault;
};

static struct location in_file(const struct reading *reading)
{
    return (struct location){reading->path, 0, 0};
}

/* --- The parts of a JSON file --- */

/* Only the keys that are known, so that a misspelt one is not passed over. */
static bool has_only(const struct reading *reading, const json_t *object, const char *const *keys,
                     size_t count)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        bool is_known = false;
        for (size_t i = 0; i < count; i++)
            is_known = is_known || strcmp(keys[i], key) == 0;
        if (!is_known)
            return fault_at(reading->fault, in_file(reading), "\"%.64s\" means nothing here", key);
    }
    return true;
}

static bool read_string(const struct reading *reading, const json_t *value, const char *name,
                        const char **string)
{
    if (!json_is_string(value) || json_string_length(value) == 0)
        return fault_at(reading->fault, in_file(reading), "\"%s\" is no string with a content",
                        name);
    *string = arena_printf(reading->arena, "%s", json_string_value(value));
    return true;
}

static bool read_strings(const struct reading *reading, const json_t *object, const char *name,
                         struct cosim_paths *strings)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_array(value))
        return fault_at(reading->fault, in_file(reading), "\"%s\" is no array", name);
    const char **at = ARENA_ARRAY(reading->arena, const char *, json_array_size(value));
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!read_string(reading, json_array_get(value, i), name, &at[i]))
            return false;
    }
    *strings = (struct cosim_paths){at, json_array_size(value)};
    return true;
}

/* A source that is named twice would be compiled twice. */
static bool read_sources(const struct reading *reading, const json_t *object, const char *name,
                         struct cosim_paths *sources)
{
    if (!read_strings(reading, object, name, sources))
        return false;
    for (size_t i = 1; i < sources->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(sources->at[i], sources->at[j]) == 0)
                return fault_at(reading->fault, in_file(reading), "\"%s\" names '%.64s' twice",
                                name, sources->at[i]);
        }
    }
    return true;
}

static bool read_number(const struct reading *reading, const json_t *object, const char *name,
                        uint32_t *number)
{
    const json_t *value = json_object_get(object, name);
    json_int_t found = json_integer_value(value);
    if (!json_is_integer(value) || found < 0 || found > UINT32_MAX)
        return fault_at(reading->fault, in_file(reading), "\"%s\" is no number of 32 bits", name);
    *number = (uint32_t)found;
    return true;
}

/* --- What they say --- */

/* The file or directory seen from here that the description, or the directory, names so. */
static const char *joined(struct arena *arena, const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    if (name[0] == '/' || slash == NULL)
        return name;
    return arena_printf(arena, "%.*s/%s", (int)(slash - path), path, name);
}

/* Only macros: an option of any other kind could make the preprocessor do anything. */
static bool check_options(const struct reading *reading, const struct cosim_paths *options)
{
    for (size_t i = 0; i < options->count; i++) {
        if (strncmp(options->at[i], "-D", 2) != 0 || options->at[i][2] == '\0')
            return fault_at(reading->fault, in_file(reading), "the option '%.64s' is no -DNAME",
                            options->at[i]);
    }
    return true;
}

/* A parameter that is also set as a macro has the same value there. */
static bool agrees_with_options(const struct reading *reading, const struct cosim_paths *options,
                                const char *name, uint32_t number)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < options->count; i++) {
        const char *macro = options->at[i] + 2;
        if (strncmp(macro, name, length) != 0 || macro[length] != '=')
            continue;
        struct text value = text_of(macro + length + 1);
        while (value.length != 0 && strchr("uU", value.at[value.length - 1]) != NULL)
            value.length--;
        uint32_t set;
        if (!text_to_word(value, &set) || set != number)
            return fault_at(reading->fault, in_file(reading),
                            "the parameter %s is %u, and the option %.64s", name, number,
                            options->at[i]);
    }
    return true;
}

/* The sizes that kernel/config.h accepts. */
static bool check_parameters(const struct reading *reading, const struct cosim_parameters *given)
{
    const char *wrong = NULL;
    uint64_t first_frame =
        (uint64_t)given->kernel_bytes / VAMP_PAGE_BYTES + given->process_count + 1;
    uint64_t pages = (uint64_t)given->process_count * given->virtual_pages;
    if (given->process_count < 2 || given->process_count > PROCESSES_MAX)
        wrong = "PROCESS_COUNT";
    else if (given->virtual_pages == 0 || given->virtual_pages > TABLE_ENTRIES ||
             pages * SECTORS_OF_PAGE > SECTORS_MAX)
        wrong = "VIRTUAL_PAGES";
    else if (given->kernel_bytes == 0 || given->kernel_bytes % VAMP_PAGE_BYTES != 0)
        wrong = "KERNEL_BYTES";
    else if (given->frame_count < 2)
        wrong = "FRAME_COUNT";
    else if (given->memory_bytes % 4 != 0 || given->memory_bytes > VAMP_DEVICES ||
             (first_frame + given->frame_count) * VAMP_PAGE_BYTES > given->memory_bytes)
        wrong = "MEMORY_BYTES";
    return wrong == NULL || fault_at(reading->fault, in_file(reading),
                                     "no kernel has this %s with its other parameters", wrong);
}

static bool read_parameters(const struct reading *reading, const json_t *object,
                            const struct cosim_paths *options, struct cosim_parameters *given)
{
    const struct {
        const char *name;
        uint32_t *number;
    } all[] = {{"PROCESS_COUNT", &given->process_count},
               {"VIRTUAL_PAGES", &given->virtual_pages},
               {"FRAME_COUNT", &given->frame_count},
               {"MEMORY_BYTES", &given->memory_bytes},
               {"KERNEL_BYTES", &given->kernel_bytes}};
    enum { COUNT = sizeof all / sizeof *all };
    const char *names[COUNT];
    if (!json_is_object(object))
        return fault_at(reading->fault, in_file(reading), "\"parameters\" is no object");
    for (size_t i = 0; i < COUNT; i++) {
        names[i] = all[i].name;
        if (!read_number(reading, object, all[i].name, all[i].number) ||
            !agrees_with_options(reading, options, all[i].name, *all[i].number))
            return false;
    }
    return has_only(reading, object, names, COUNT) && check_parameters(reading, given);
}

static bool read_description(const struct reading *reading, const json_t *json,
                             struct kernel_description *description)
{
    static const char *const keys[] = {"kernel", "root",    "image",     "abstract",
                                       "layer",  "options", "parameters"};
    uint32_t format;
    const char *root, *image;
    if (!json_is_object(json))
        return fault_at(reading->fault, in_file(reading), "the description is no JSON object");
    if (!read_number(reading, json, "kernel", &format))
        return false;
    if (format != FORMAT)
        return fault_at(reading->fault, in_file(reading), "a description of format %u, not %d",
                        format, FORMAT);
    if (!has_only(reading, json, keys, sizeof keys / sizeof *keys) ||
        !read_string(reading, json_object_get(json, "root"), "root", &root) ||
        !read_string(reading, json_object_get(json, "image"), "image", &image) ||
        !read_sources(reading, json, "abstract", &description->abstract) ||
        !read_sources(reading, json, "layer", &description->layer) ||
        !read_strings(reading, json, "options", &description->options) ||
        !check_options(reading, &description->options))
        return false;
    description->root = joined(reading->arena, reading->path, root);
    description->image = joined(reading->arena, reading->path, image);
    return read_parameters(reading, json_object_get(json, "parameters"), &description->options,
                           &description->parameters);
}

bool kernel_description_read(struct arena *arena, const char *path,
                             struct kernel_description *description, struct fault *fault)
{
    struct reading reading = {arena, path, fault};
    struct text content;
    json_error_t error;
    if (!file_read(arena, path, &content, fault))
        return false;
    json_t *json = json_loadb(content.at, content.length, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        struct location where = {path, error.line < 0 ? 0 : (uint32_t)error.line,
                                 error.column < 0 ? 0 : (uint32_t)error.column};
        return fault_at(fault, where, "%s", error.text);
    }
    description->digest = digest_of(arena, content);
    bool is_read = read_description(&reading, json, description);
    json_decref(json);
    return is_read;
}
