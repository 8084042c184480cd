/* Assembly files, line by line. Every use of a name makes a relocation; at the end, distances
 * within the text are resolved, and what is left waits for the linker. */
#include "compiler/assembler.h"

#include "compiler/assembly.h"

#include "base/file.h"

#include <ctype.h>
#include <string.h>

enum { ERROR_LIMIT = 20 };

static bool define_label(struct assembler *as, struct text name, struct location where)
{
    if (as_find_constant(as, name) != NULL)
        return as_refuse(as, where, "already a constant:", name);
    uint32_t number = object_symbol_named(as->object, text_copy(as->arena, name));
    struct object_symbol *symbol = &as->object->symbols.at[number];
    if (symbol->place != OBJECT_UNDEFINED)
        return as_refuse(as, where, "defined twice:", name);
    symbol->place = as->place;
    symbol->value = as_here(as);
    return true;
}

/* The line up to its comment. */
static struct text without_comment(struct text line)
{
    bool is_quoted = false;
    for (size_t i = 0; i < line.length; i++) {
        char c = line.at[i];
        if (c == '"' && (i == 0 || line.at[i - 1] != '\\'))
            is_quoted = !is_quoted;
        bool is_slashes = c == '/' && i + 1 < line.length && line.at[i + 1] == '/';
        bool is_literal =
            i > 0 && i + 1 < line.length && line.at[i - 1] == '\'' && line.at[i + 1] == '\'';
        if (!is_quoted && !is_literal && (c == '#' || c == ';' || is_slashes))
            return (struct text){line.at, i};
    }
    return line;
}

/* [label:]… [directive or instruction] */
static bool add_source_line(struct assembler *as, struct text line, uint32_t number)
{
    struct location start = {as->object->path, number, 1};
    struct text rest = as_trimmed(without_comment(line));
    for (;;) {
        size_t length = 0;
        while (length < rest.length && as_is_name_part(rest.at[length]))
            length++;
        if (length == 0 || length == rest.length || rest.at[length] != ':')
            break;
        struct text name = {rest.at, length};
        struct location where = as_at_part(start, line, name);
        if (!as_is_name(name))
            return as_refuse(as, where, "not a label:", name);
        if (!define_label(as, name, where))
            return false;
        rest = as_trimmed(as_after(rest, length + 1));
    }
    if (rest.length == 0)
        return true;
    struct location where = as_at_part(start, line, rest);
    return rest.at[0] == '.' ? as_add_directive(as, rest, where)
                             : as_add_instruction(as, rest, where);
}

static struct text line_at(struct text content, uint32_t number)
{
    size_t start = 0;
    for (uint32_t line = 1; line < number; line++)
        start = (size_t)((char *)memchr(content.at + start, '\n', content.length - start) -
                         content.at) +
                1;
    const char *end = memchr(content.at + start, '\n', content.length - start);
    size_t length = end == NULL ? content.length - start : (size_t)(end - content.at) - start;
    return (struct text){content.at + start, length};
}

static void print_error(struct assembler *as)
{
    as->error_count++;
    fault_print(&as->fault, as->diagnostics);
    if (as->fault.line != 0) {
        struct text line = line_at(as->content, as->fault.line);
        for (size_t i = 0; i < line.length; i++)
            fputc(isprint((unsigned char)line.at[i]) ? line.at[i] : ' ', as->diagnostics);
        fprintf(as->diagnostics, "\n%*s\n", (int)as->fault.column, "^");
    }
    as->fault = (struct fault){0};
}

/* A distance within the text needs no linker. */
static bool settle(struct assembler *as, const struct pending *pending)
{
    const struct object_reloc *reloc = &pending->reloc;
    const struct object_symbol *symbol = &as->object->symbols.at[reloc->symbol];
    if (symbol->place == OBJECT_UNDEFINED && strncmp(symbol->name, ".L", 2) == 0)
        return fault_at(&as->fault, pending->where, "'%s' is not defined", symbol->name);
    bool is_distance = reloc->kind == OBJECT_RELOC_B16 || reloc->kind == OBJECT_RELOC_J26;
    if (!is_distance || symbol->place != OBJECT_TEXT) {
        object_add_reloc(as->object, *reloc);
        return true;
    }
    uint32_t distance = symbol->value + reloc->addend - (reloc->offset + 4);
    if (object_patch(as->object, reloc, distance))
        return true;
    return fault_at(&as->fault, pending->where, "'%s' is out of reach (%d bytes)", symbol->name,
                    (int)distance);
}

/* Symbols that are neither exported nor wanted from elsewhere are local. */
static void bind(struct assembler *as)
{
    struct object *object = as->object;
    for (size_t i = 0; i < object->symbols.count; i++)
        object->symbols.at[i].is_local = object->symbols.at[i].place != OBJECT_UNDEFINED;
    for (size_t i = 0; i < as->globals.count; i++)
        object->symbols.at[as->globals.at[i]].is_local = false;
}

static void finish(struct assembler *as)
{
    for (size_t i = 0; i < as->pendings.count && as->error_count < ERROR_LIMIT; i++) {
        if (!settle(as, &as->pendings.at[i]))
            print_error(as);
    }
    as->place = OBJECT_TEXT;
    as_align(as, (struct location){0}, 4);
    as->place = OBJECT_DATA;
    as_align(as, (struct location){0}, 4);
    as->place = OBJECT_BSS;
    as_align(as, (struct location){0}, 4);
    bind(as);
}

struct object *assemble_text(struct arena *arena, const char *path, struct text content,
                             FILE *diagnostics)
{
    struct assembler as = {.arena = arena,
                           .object = object_new(arena, path, path),
                           .content = content,
                           .place = OBJECT_TEXT,
                           .diagnostics = diagnostics};
    uint32_t number = 0;
    for (size_t start = 0; start < content.length && as.error_count < ERROR_LIMIT;) {
        struct text rest = as_after(content, start);
        const char *end = memchr(rest.at, '\n', rest.length);
        struct text line = {rest.at, end == NULL ? rest.length : (size_t)(end - rest.at)};
        if (!add_source_line(&as, line, ++number))
            print_error(&as);
        start += line.length + 1;
    }
    finish(&as);
    return as.error_count == 0 ? as.object : NULL;
}

struct object *assemble_file(struct arena *arena, const char *path, FILE *diagnostics)
{
    struct text content;
    struct fault fault = {0};
    if (file_read(arena, path, &content, &fault))
        return assemble_text(arena, path, content, diagnostics);
    fault_print(&fault, diagnostics);
    return NULL;
}
