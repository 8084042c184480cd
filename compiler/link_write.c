/* The linked image as an ELF file: sections, symbols, tables for tools. */
#include "compiler/linker.h"

#include "compiler/elf_file.h"

#include "base/require.h"

#include <elf.h>
#include <inttypes.h>
#include <string.h>

uint32_t linker_address(const struct linker *linker, uint32_t object,
                        const struct object_symbol *symbol)
{
    const struct placed *placed = &linker->placed[object];
    switch (symbol->place) {
    case OBJECT_TEXT:
        return placed->text + symbol->value;
    case OBJECT_DATA:
        return placed->data + symbol->value;
    case OBJECT_BSS:
        return placed->bss + symbol->value;
    case OBJECT_ABSOLUTE:
        return symbol->value;
    case OBJECT_UNDEFINED:
        break;
    }
    require(false, "a defined symbol");
    return 0;
}

static void append_at(struct text_builder *out, uint32_t start, uint32_t address,
                      const struct text_builder *content)
{
    while (out->length < address - start)
        text_append_bytes(out, "", 1);
    text_append_bytes(out, text_built(content), content->length);
}

enum { SECTION_TEXT = 1, SECTION_DATA, SECTION_BSS };

static void add_sections(const struct linker *linker, struct elf_file *file)
{
    struct text_builder text = {.arena = linker->arena}, data = {.arena = linker->arena};
    for (size_t i = 0; i < linker->objects.count; i++) {
        const struct object *object = linker->objects.at[i];
        append_at(&text, linker->regions.code.start, linker->placed[i].text, &object->text);
        append_at(&data, linker->regions.globals.start, linker->placed[i].data, &object->data);
    }
    uint32_t code = linker->regions.code.start, globals = linker->regions.globals.start;
    elf_file_add(file, (struct elf_section){.name = ".text",
                                            .type = SHT_PROGBITS,
                                            .flags = SHF_ALLOC | SHF_EXECINSTR,
                                            .address = code,
                                            .alignment = 4,
                                            .content = {text_built(&text), text.length}});
    elf_file_add(file, (struct elf_section){.name = ".data",
                                            .type = SHT_PROGBITS,
                                            .flags = SHF_ALLOC | SHF_WRITE,
                                            .address = globals,
                                            .alignment = 4,
                                            .content = {text_built(&data), data.length}});
    elf_file_add(file, (struct elf_section){.name = ".bss",
                                            .type = SHT_NOBITS,
                                            .flags = SHF_ALLOC | SHF_WRITE,
                                            .address = globals + linker->data_bytes,
                                            .alignment = 4,
                                            .size_bytes = linker->bss_bytes});
    ARRAY_PUSH(file->arena, &file->segments,
               (struct elf_segment){.first_section = SECTION_TEXT,
                                    .address = code,
                                    .file_bytes = (uint32_t)text.length,
                                    .memory_bytes = (uint32_t)text.length,
                                    .flags = PF_R | PF_X});
    if (linker->data_bytes + linker->bss_bytes != 0)
        ARRAY_PUSH(file->arena, &file->segments,
                   (struct elf_segment){.first_section = SECTION_DATA,
                                        .address = globals,
                                        .file_bytes = linker->data_bytes,
                                        .memory_bytes = linker->data_bytes + linker->bss_bytes,
                                        .flags = PF_R | PF_W});
}

static void add_symbol(const struct linker *linker, struct elf_symbols *symbols, uint32_t object,
                       const struct object_symbol *symbol)
{
    static const unsigned char types[] = {[OBJECT_SYMBOL_NONE] = STT_NOTYPE,
                                          [OBJECT_SYMBOL_OBJECT] = STT_OBJECT,
                                          [OBJECT_SYMBOL_FUNCTION] = STT_FUNC};
    static const uint16_t sections[] = {[OBJECT_TEXT] = SECTION_TEXT,
                                        [OBJECT_DATA] = SECTION_DATA,
                                        [OBJECT_BSS] = SECTION_BSS,
                                        [OBJECT_ABSOLUTE] = SHN_ABS};
    elf_symbols_add(symbols, symbol->name, linker_address(linker, object, symbol),
                    symbol->size_bytes,
                    ELF32_ST_INFO(symbol->is_local ? STB_LOCAL : STB_GLOBAL, types[symbol->kind]),
                    sections[symbol->place]);
}

/* Labels within a routine are nobody's concern. */
static bool is_shown(const struct object_symbol *symbol, bool is_local)
{
    return symbol->is_local == is_local && symbol->place != OBJECT_UNDEFINED &&
           !(is_local && strncmp(symbol->name, ".L", 2) == 0);
}

static void add_locals(const struct linker *linker, struct elf_symbols *symbols, uint32_t number)
{
    const struct object *object = linker->objects.at[number];
    bool is_named = false;
    for (size_t i = 0; i < object->symbols.count; i++) {
        const struct object_symbol *symbol = &object->symbols.at[i];
        if (!is_shown(symbol, true))
            continue;
        if (!is_named)
            elf_symbols_add(symbols, object->source, 0, 0, ELF32_ST_INFO(STB_LOCAL, STT_FILE),
                            SHN_ABS);
        is_named = true;
        add_symbol(linker, symbols, number, symbol);
    }
}

static void add_symbols(const struct linker *linker, struct elf_file *file)
{
    struct elf_symbols symbols;
    elf_symbols_start(&symbols, linker->arena);
    for (uint32_t i = 0; i < linker->objects.count; i++)
        add_locals(linker, &symbols, i);
    uint32_t first_global = symbols.count;
    for (uint32_t i = 0; i < linker->objects.count; i++) {
        const struct object *object = linker->objects.at[i];
        for (size_t j = 0; j < object->symbols.count; j++) {
            if (is_shown(&object->symbols.at[j], false))
                add_symbol(linker, &symbols, i, &object->symbols.at[j]);
        }
    }
    for (size_t i = 0; i < ABSOLUTE_COUNT; i++)
        elf_symbols_add(&symbols, linker->absolutes[i].name, linker->absolutes[i].value, 0,
                        ELF32_ST_INFO(STB_GLOBAL, STT_NOTYPE), SHN_ABS);
    elf_symbols_finish(&symbols, file, first_global);
}

/* The symbol that a table's "name" or "name@file" means in the object. */
static bool table_address(const struct linker *linker, uint32_t number, struct text name,
                          uint32_t *address)
{
    const struct object *object = linker->objects.at[number];
    for (size_t i = 0; i < object->symbols.count; i++) {
        const struct object_symbol *symbol = &object->symbols.at[i];
        if (symbol->place != OBJECT_UNDEFINED &&
            text_is(name, object_symbol_print(object, (uint32_t)i))) {
            *address = linker_address(linker, number, symbol);
            return true;
        }
    }
    return false;
}

/* A line "name+0xOFFSET FILE:LINE" of a table. */
struct table_line {
    struct text name; /* the function, whose address is `base` */
    uint32_t base, offset;
    struct text rest; /* from the blank on */
};

/* Reads the line as if the name ended at `plus`. */
static bool split_line(struct text line, const char *plus, struct table_line *out)
{
    size_t length = (size_t)(line.at + line.length - plus);
    const char *blank = memchr(plus, ' ', length);
    if (blank == NULL)
        return false;
    out->name = (struct text){line.at, (size_t)(plus - line.at)};
    out->rest = (struct text){blank, (size_t)(line.at + line.length - blank)};
    return text_to_word((struct text){plus + 1, (size_t)(blank - plus - 1)}, &out->offset);
}

/* Names of files may hold anything, and a local function's name ends in its file: the name ends
 * where it is that of a function. `out` holds the line before, whose function is mostly the same.
 */
static bool read_line(const struct linker *linker, uint32_t number, struct text line,
                      struct table_line *out)
{
    struct table_line before = *out;
    for (size_t i = 0; i < line.length; i++) {
        if (line.at[i] != '+' || !split_line(line, line.at + i, out))
            continue;
        out->base = before.base;
        if ((before.name.length > 0 && text_equals(out->name, before.name)) ||
            table_address(linker, number, out->name, &out->base))
            return true;
    }
    return false;
}

/* "name+0xOFFSET FILE:LINE" becomes "0xADDRESS FILE:LINE". */
static bool add_lines(const struct linker *linker, uint32_t number, struct text_builder *out)
{
    const struct object *object = linker->objects.at[number];
    struct text rest = {text_built(&object->lines), object->lines.length};
    struct table_line line = {.name = {"", 0}};
    while (rest.length != 0) {
        const char *end = memchr(rest.at, '\n', rest.length);
        size_t length = end == NULL ? rest.length : (size_t)(end - rest.at);
        if (end == NULL || !read_line(linker, number, (struct text){rest.at, length}, &line))
            return fault_at(linker->fault, linker_at(object), "its line table is malformed");
        text_append(out, "0x%08" PRIx32 "%.*s\n", line.base + line.offset, (int)line.rest.length,
                    line.rest.at);
        rest = (struct text){end + 1, rest.length - length - 1};
    }
    return true;
}

static void add_table(struct elf_file *file, const char *name, const struct text_builder *content)
{
    if (content->length != 0)
        elf_file_add(file, (struct elf_section){.name = name,
                                                .type = SHT_PROGBITS,
                                                .alignment = 1,
                                                .content = {content->at, content->length}});
}

static bool add_tables(const struct linker *linker, const char *declarations, struct elf_file *file)
{
    struct text_builder merged = {.arena = linker->arena}, news = {.arena = linker->arena},
                        lines = {.arena = linker->arena};
    if (declarations != NULL)
        text_append(&merged, "%s", declarations);
    for (uint32_t i = 0; i < linker->objects.count; i++) {
        const struct object *object = linker->objects.at[i];
        if (declarations == NULL)
            link_merge_declarations(&merged, (struct text){text_built(&object->declarations),
                                                           object->declarations.length});
        text_append_bytes(&news, text_built(&object->news), object->news.length);
        if (!add_lines(linker, i, &lines))
            return false;
    }
    add_table(file, ".c0.declarations", &merged);
    add_table(file, ".c0.new", &news);
    add_table(file, ".c0.lines", &lines);
    return true;
}

bool linker_write(struct linker *linker, const char *declarations, struct text *image)
{
    struct elf_file *file = elf_file_new(linker->arena, ET_EXEC);
    const struct link_definition *start = link_find(&linker->definitions, "_start");
    const struct object *home = linker->objects.at[start->object];
    file->entry = linker_address(linker, start->object, &home->symbols.at[start->symbol]);
    add_sections(linker, file);
    add_symbols(linker, file);
    if (!add_tables(linker, declarations, file))
        return false;
    *image = elf_file_bytes(file);
    return true;
}
