#include "traces/source.h"

#include "base/array.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* An image may say anything: what is more than this is left unread, or refused. */
enum { SOURCE_BYTES_LIMIT = 64 * 1024 * 1024, FILE_COUNT_LIMIT = 4096 };

struct source_file {
    struct text path; /* NUL-terminated */
    bool is_read;
    struct text content; /* once it is read; empty if it cannot be */
};

struct source_line {
    uint32_t address, line;
    uint32_t file; /* its index */
};

struct trace_source {
    struct arena *arena;
    const struct image *image;
    ARRAY(struct source_line) lines; /* by address */
    ARRAY(struct source_file) files;
    uint64_t read_bytes;
};

/* --- The line table --- */

static bool find_file(struct trace_source *source, struct text path, uint32_t *index,
                      struct fault *fault)
{
    for (size_t i = source->files.count; i > 0; i--) {
        *index = (uint32_t)i - 1;
        if (text_equals(path, source->files.at[*index].path))
            return true;
    }
    if (source->files.count == FILE_COUNT_LIMIT)
        return fault_at(fault, (struct location){source->image->path, 0, 0},
                        "more than %d files in .c0.lines", FILE_COUNT_LIMIT);
    *index = (uint32_t)source->files.count;
    struct source_file file = {.path = {text_copy(source->arena, path), path.length}};
    ARRAY_PUSH(source->arena, &source->files, file);
    return true;
}

/* "0xADDRESS FILE:LINE"; the name of a file may hold blanks and colons. */
static bool parse_line(struct text line, struct source_line *parsed, struct text *file)
{
    const char *end = line.at + line.length, *blank = memchr(line.at, ' ', line.length);
    const char *colon = memrchr(line.at, ':', line.length);
    if (blank == NULL || colon == NULL || colon <= blank + 1)
        return false;
    *file = (struct text){blank + 1, (size_t)(colon - blank - 1)};
    return text_to_word((struct text){line.at, (size_t)(blank - line.at)}, &parsed->address) &&
           text_to_word((struct text){colon + 1, (size_t)(end - colon - 1)}, &parsed->line) &&
           memchr(file->at, '\0', file->length) == NULL;
}

static bool parse_lines(struct trace_source *source, struct text rest, struct fault *fault)
{
    for (uint32_t number = 1; rest.length > 0; number++) {
        struct source_line line = {0};
        struct text file;
        const char *end = memchr(rest.at, '\n', rest.length);
        size_t length = end == NULL ? rest.length : (size_t)(end - rest.at);
        if (!parse_line((struct text){rest.at, length}, &line, &file))
            return fault_at(fault, (struct location){source->image->path, 0, 0},
                            "line %u of .c0.lines is malformed", number);
        if (!find_file(source, file, &line.file, fault))
            return false;
        ARRAY_PUSH(source->arena, &source->lines, line);
        length += end != NULL;
        rest = (struct text){rest.at + length, rest.length - length};
    }
    return true;
}

static int by_address(const void *left, const void *right)
{
    const struct source_line *a = left, *b = right;
    return (a->address > b->address) - (a->address < b->address);
}

struct trace_source *trace_source_new(struct arena *arena, const struct image *image,
                                      struct fault *fault)
{
    struct trace_source *source = ARENA_NEW(arena, struct trace_source);
    const struct image_section *section = image_section(image, ".c0.lines");
    source->arena = arena;
    source->image = image;
    if (section != NULL && !parse_lines(source, section->content, fault))
        return NULL;
    if (source->lines.count != 0)
        qsort(source->lines.at, source->lines.count, sizeof *source->lines.at, by_address);
    return source;
}

size_t trace_source_line_count(const struct trace_source *source)
{
    return source->lines.count;
}

struct trace_line trace_source_line(const struct trace_source *source, size_t number)
{
    const struct source_line *line = &source->lines.at[number];
    return (struct trace_line){line->address, source->files.at[line->file].path.at, line->line};
}

/* --- Places --- */

/* The last line that begins at the address or before; NULL: none. */
static const struct source_line *line_at(const struct trace_source *source, uint32_t address)
{
    size_t first = 0, end = source->lines.count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (source->lines.at[middle].address <= address)
            first = middle + 1;
        else
            end = middle;
    }
    return first == 0 ? NULL : &source->lines.at[first - 1];
}

static struct text line_text(struct text content, uint32_t number)
{
    for (; content.length > 0; number--) {
        const char *end = memchr(content.at, '\n', content.length);
        size_t length = end == NULL ? content.length : (size_t)(end - content.at);
        if (number == 1)
            return (struct text){content.at, length};
        length += end != NULL;
        content = (struct text){content.at + length, content.length - length};
    }
    return (struct text){0};
}

/* A line belongs to the function in which its code begins. */
struct trace_place trace_source_at(const struct trace_source *source, uint32_t address)
{
    struct trace_place place = {0};
    const struct image_symbol *function = image_function_at(source->image, address);
    if (function == NULL)
        return place;
    place.function = function->name;
    place.offset = address - function->address;
    const struct source_line *line = line_at(source, address);
    if (line == NULL || line->address < function->address)
        return place;
    place.file = source->files.at[line->file].path.at;
    place.line = line->line;
    return place;
}

/* Only an ordinary file is read, and only when it is wanted. */
static struct text content_of(struct trace_source *source, struct source_file *file)
{
    struct fault ignored = {0};
    struct stat status;
    struct text content = {0};
    if (file->is_read)
        return file->content;
    file->is_read = true;
    if (stat(file->path.at, &status) != 0 || !S_ISREG(status.st_mode) ||
        (uint64_t)status.st_size > SOURCE_BYTES_LIMIT - source->read_bytes ||
        !file_read(source->arena, file->path.at, &content, &ignored))
        return file->content;
    source->read_bytes += (uint64_t)status.st_size;
    return file->content = content;
}

struct text trace_source_text(struct trace_source *source, const struct trace_place *place)
{
    for (size_t i = 0; i < source->files.count && place->file != NULL; i++) {
        struct source_file *file = &source->files.at[i];
        if (file->path.at == place->file)
            return line_text(content_of(source, file), place->line);
    }
    return (struct text){0};
}
