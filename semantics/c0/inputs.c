#include "semantics/c0/inputs.h"

#include "base/array.h"
#include "base/file.h"
#include "semantics/c0/preprocess.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TRIES_MAX = 4 };

/* ---- the rule for make ---- */

static size_t backslashes_at(struct text rule, size_t at)
{
    size_t count = 0;
    while (at + count < rule.length && rule.at[at + count] == '\\')
        count++;
    return count;
}

/* Backslashes, and what they stand for before the character behind them: before a blank, pairs are
 * single ones and an odd one makes the blank a part of the word; one goes before # and before :,
 * and one that ends a line. Returns the index behind what was read. */
static size_t append_backslashes(struct text rule, size_t at, struct text_builder *word)
{
    size_t count = backslashes_at(rule, at), behind = at + count;
    char next = behind < rule.length ? rule.at[behind] : '\0';
    bool is_blank = next == ' ' || next == '\t';
    bool takes_next = (is_blank && count % 2 != 0) || next == '#' || next == ':';
    size_t kept = is_blank ? count / 2 : count - (takes_next || next == '\n');
    for (size_t i = 0; i < kept; i++)
        text_append_bytes(word, "\\", 1);
    if (takes_next)
        text_append_bytes(word, &next, 1);
    return behind + takes_next;
}

/* One word of the rule; a $ is written twice. */
static size_t append_word(struct text rule, size_t at, struct text_builder *word)
{
    while (at < rule.length && strchr(" \t\n", rule.at[at]) == NULL) {
        if (rule.at[at] == '\\') {
            at = append_backslashes(rule, at, word);
            continue;
        }
        text_append_bytes(word, &rule.at[at], 1);
        at += rule.at[at] == '$' && at + 1 < rule.length && rule.at[at + 1] == '$' ? 2 : 1;
    }
    return at;
}

struct c0_paths c0_inputs_of_rule(struct arena *arena, struct text rule)
{
    struct c0_paths paths = {0};
    const char *colon = memchr(rule.at, ':', rule.length);
    size_t at = colon == NULL ? rule.length : (size_t)(colon - rule.at) + 1;
    while (at < rule.length) {
        struct text_builder word = {.arena = arena};
        at = append_word(rule, at, &word);
        if (word.length != 0)
            ARRAY_PUSH(arena, &paths, text_built(&word));
        else if (at < rule.length)
            at++;
    }
    return paths;
}

/* ---- how a header is called ---- */

/* The path without "." and with "x/.." taken away; a link x may make that another file. */
static const char *without_dots(struct arena *arena, const char *path)
{
    struct text_builder clean = {.arena = arena};
    text_append(&clean, "%s", path[0] == '/' ? "/" : "");
    size_t root = clean.length, kept = root; /* what ".." may not take away */
    for (const char *at = path; *at != '\0';) {
        size_t length = strcspn(at, "/");
        bool is_up = length == 2 && strncmp(at, "..", 2) == 0;
        if (is_up && clean.length > kept) {
            while (clean.length > kept && clean.at[clean.length - 1] != '/')
                clean.length--;
            clean.length -= clean.length > kept;
        } else if (length != 0 && !(length == 1 && at[0] == '.')) {
            text_append(&clean, "%s%.*s", clean.length > root ? "/" : "", (int)length, at);
            kept = is_up ? clean.length : kept;
        }
        at += length + (at[length] == '/');
    }
    return arena_copy(arena, text_built(&clean), clean.length);
}

static const char *place_of(struct c0_front *front, const char *path)
{
    return c0_source_path(front->arena, front->options->directory, path);
}

static bool are_one_file(struct c0_front *front, const char *left, const char *right)
{
    struct stat a, b;
    return stat(place_of(front, left), &a) == 0 && stat(place_of(front, right), &b) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* How the audit calls a file that cpp read: of the directory of c0.h as "<c0.h>", wherever that is
 * on this machine; else as the source and -I spelled it, without detours, so that two ways to one
 * header make one entry. */
static const char *shown_path(struct c0_front *front, const char *path)
{
    const char *directory = c0_include_directory(front);
    const char *clean = without_dots(front->arena, path);
    if (directory != NULL) {
        directory = without_dots(front->arena, directory);
        size_t length = strlen(directory);
        if (strncmp(clean, directory, length) == 0 && clean[length] == '/')
            return arena_printf(front->arena, "<%s>", clean + length + 1);
    }
    return are_one_file(front, path, clean) ? clean : path;
}

/* ---- reading ---- */

static bool read_file(struct c0_front *front, const char *path, const char *shown,
                      struct c0_input *file)
{
    struct fault fault = {0};
    file->path = shown;
    if (file_read(front->arena, place_of(front, path), &file->content, &fault))
        return true;
    c0_diagnose(&front->diagnostics, (struct location){shown, 0, 0}, "%s", fault.message);
    return false;
}

/* The source, as the user calls it, and the headers: what cpp read, by its own account, whose
 * first file is the source. False after a report. */
static bool read_files(struct c0_front *front, const char *path, struct text rule,
                       struct c0_inputs *files)
{
    struct c0_paths paths = c0_inputs_of_rule(front->arena, rule);
    struct c0_input file;
    *files = (struct c0_inputs){0};
    if (paths.count == 0 || !are_one_file(front, paths.at[0], path)) {
        c0_diagnose(&front->diagnostics, (struct location){path, 0, 0},
                    "the preprocessor does not say which files it read");
        return false;
    }
    if (!read_file(front, path, path, &file))
        return false;
    ARRAY_PUSH(front->arena, &files->sources, file);
    for (size_t i = 1; i < paths.count; i++) {
        if (!read_file(front, paths.at[i], shown_path(front, paths.at[i]), &file))
            return false;
        ARRAY_PUSH(front->arena, &files->headers, file);
    }
    return true;
}

static bool is_same(const struct c0_input *left, const struct c0_input *right)
{
    return strcmp(left->path, right->path) == 0 && text_equals(left->content, right->content);
}

static bool are_same(const struct c0_inputs *left, const struct c0_inputs *right)
{
    if (left->headers.count != right->headers.count ||
        !is_same(&left->sources.at[0], &right->sources.at[0]))
        return false;
    for (size_t i = 0; i < left->headers.count; i++) {
        if (!is_same(&left->headers.at[i], &right->headers.at[i]))
            return false;
    }
    return true;
}

static void report_change(struct c0_front *front, const char *path)
{
    c0_diagnose(&front->diagnostics, (struct location){path, 0, 0},
                "changes, or a header does, while it is read");
}

bool c0_inputs_preprocess(struct c0_front *front, const char *path, struct text *content)
{
    struct text rule;
    if (!c0_preprocess(front, path, content, &rule))
        return false;
    for (size_t try = 0; try < TRIES_MAX; try++) {
        struct c0_inputs before, after;
        if (!read_files(front, path, rule, &before) ||
            !c0_preprocess(front, path, content, &rule) || !read_files(front, path, rule, &after))
            return false;
        if (!are_same(&before, &after))
            continue;
        struct c0_inputs *inputs = front->options->inputs;
        ARRAY_PUSH(front->arena, &inputs->sources, after.sources.at[0]);
        for (size_t i = 0; i < after.headers.count; i++)
            ARRAY_PUSH(front->arena, &inputs->headers, after.headers.at[i]);
        return true;
    }
    report_change(front, path);
    return false;
}

/* ---- one entry a file ---- */

static int by_path(const void *left, const void *right)
{
    const struct c0_input *a = left, *b = right;
    return strcmp(a->path, b->path);
}

/* The source that the header is, too. */
static const struct c0_input *source_of(struct c0_front *front, const struct c0_input *header)
{
    const struct c0_inputs *inputs = front->options->inputs;
    for (size_t i = 0; i < inputs->sources.count; i++) {
        if (strcmp(shown_path(front, inputs->sources.at[i].path), header->path) == 0)
            return &inputs->sources.at[i];
    }
    return NULL;
}

void c0_inputs_complete(struct c0_front *front)
{
    struct c0_inputs *inputs = front->options->inputs;
    size_t kept = 0;
    if (inputs->headers.count != 0)
        qsort(inputs->headers.at, inputs->headers.count, sizeof *inputs->headers.at, by_path);
    for (size_t i = 0; i < inputs->headers.count; i++) {
        const struct c0_input *header = &inputs->headers.at[i];
        const struct c0_input *other = source_of(front, header);
        if (other == NULL && kept != 0 && by_path(header, &inputs->headers.at[kept - 1]) == 0)
            other = &inputs->headers.at[kept - 1];
        if (other == NULL)
            inputs->headers.at[kept++] = *header;
        else if (!text_equals(header->content, other->content))
            report_change(front, header->path);
    }
    inputs->headers.count = kept;
}
