#include "semantics/c0/source.h"

#include "base/array.h"
#include "base/file.h"

#include <string.h>

struct source_file {
    bool is_readable;
    struct text content;
    size_t *line_starts;
    size_t line_count;
};

static void find_lines(struct arena *arena, struct source_file *file)
{
    ARRAY(size_t) starts = {0};
    ARRAY_PUSH(arena, &starts, 0);
    for (size_t i = 0; i < file->content.length; i++) {
        if (file->content.at[i] == '\n')
            ARRAY_PUSH(arena, &starts, i + 1);
    }
    file->line_starts = starts.at;
    file->line_count = starts.count;
}

const char *c0_source_path(struct arena *arena, const char *directory, const char *path)
{
    return directory == NULL || path[0] == '/' ? path
                                               : arena_printf(arena, "%s/%s", directory, path);
}

static struct source_file *source_file_of(struct c0_sources *sources, const char *name)
{
    void **slot = c0_names_at(&sources->files, text_of(name));
    if (*slot == NULL) {
        struct source_file *file = ARENA_NEW(sources->arena, struct source_file);
        struct fault fault = {0};
        const char *path = c0_source_path(sources->arena, sources->directory, name);
        file->is_readable = file_read(sources->arena, path, &file->content, &fault);
        if (file->is_readable)
            find_lines(sources->arena, file);
        *slot = file;
    }
    return *slot;
}

/* The text from `start` to the end of its line. */
static struct text line_from(struct text content, size_t start)
{
    const char *end = memchr(content.at + start, '\n', content.length - start);
    size_t length = end == NULL ? content.length - start : (size_t)(end - content.at) - start;
    if (length != 0 && content.at[start + length - 1] == '\r')
        length--;
    return (struct text){content.at + start, length};
}

bool c0_source_original_line(struct c0_sources *sources, const char *file, uint32_t line,
                             struct text *text)
{
    if (!sources->may_read_files || file == NULL || line == 0)
        return false;
    const struct source_file *source = source_file_of(sources, file);
    if (!source->is_readable || line > source->line_count)
        return false;
    *text = line_from(source->content, source->line_starts[line - 1]);
    return true;
}

static int octal_or_minus(char c)
{
    return c >= '0' && c <= '7' ? c - '0' : -1;
}

static struct text unescaped(struct arena *arena, const char *at, size_t length)
{
    char *out = arena_alloc(arena, length + 1);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        if (at[i] != '\\' || i + 1 == length) {
            out[used++] = at[i];
        } else if (i + 3 < length && octal_or_minus(at[i + 1]) >= 0) {
            out[used++] = (char)((at[i + 1] - '0') * 64 + (at[i + 2] - '0') * 8 + at[i + 3] - '0');
            i += 3;
        } else {
            out[used++] = at[++i];
        }
    }
    return (struct text){out, used};
}

bool c0_source_line_marker(struct arena *arena, struct text line, uint32_t *number,
                           struct text *file)
{
    size_t i = 1;
    while (i < line.length && line.at[i] == ' ')
        i++;
    size_t digits = i;
    uint64_t value = 0;
    for (; i < line.length && line.at[i] >= '0' && line.at[i] <= '9' && value < UINT32_MAX; i++)
        value = value * 10 + (uint64_t)(line.at[i] - '0');
    if (line.length == 0 || line.at[0] != '#' || i == digits || value > INT32_MAX)
        return false;
    if (i + 1 >= line.length || line.at[i] != ' ' || line.at[i + 1] != '"')
        return false;
    size_t start = i + 2;
    size_t end = start;
    while (end < line.length && line.at[end] != '"')
        end += line.at[end] == '\\' ? 2 : 1;
    if (end >= line.length || memchr(line.at, '\0', line.length) != NULL)
        return false;
    *number = (uint32_t)value;
    *file = unescaped(arena, line.at + start, end - start);
    return true;
}

/* The line of the location in a preprocessed text, by counting through its line markers. */
static bool preprocessed_line(struct c0_sources *sources, const struct c0_preprocessed *text,
                              struct location where, struct text *found)
{
    struct text file = text_of(text->name);
    uint32_t number = 1;
    for (size_t start = 0; start < text->content.length;) {
        struct text line = line_from(text->content, start);
        uint32_t marked;
        struct text name;
        if (line.length != 0 && line.at[0] == '#' &&
            c0_source_line_marker(sources->arena, line, &marked, &name)) {
            number = marked;
            file = name;
        } else if (number == where.line && text_is(file, where.file)) {
            *found = line;
            return true;
        } else {
            number++;
        }
        const char *end = memchr(text->content.at + start, '\n', text->content.length - start);
        if (end == NULL)
            return false;
        start = (size_t)(end - text->content.at) + 1;
    }
    return false;
}

bool c0_source_line(struct c0_sources *sources, struct location where, struct text *text)
{
    if (where.file == NULL || where.line == 0)
        return false;
    if (c0_source_original_line(sources, where.file, where.line, text))
        return true;
    for (size_t i = 0; i < sources->count; i++) {
        if (preprocessed_line(sources, &sources->at[i], where, text))
            return true;
    }
    return false;
}
