/* The linker. */
#include "compiler/link.h"

#include "compiler/elf_file.h"
#include "compiler/runtime.h"

#include "base/require.h"

#include <elf.h>
#include <inttypes.h>
#include <string.h>

/* Where the sections of an object went. */
struct placed {
    uint32_t text, data, bss;
};

struct absolute {
    const char *name;
    uint32_t value;
};

enum { ABSOLUTE_COUNT = 8 };

struct linker {
    struct arena *arena;
    struct fault *fault;
    ARRAY(struct object *) objects;
    struct link_definitions definitions;
    struct placed *placed;
    struct map_regions regions;
    uint32_t data_bytes, bss_bytes;
    struct absolute absolutes[ABSOLUTE_COUNT];
};

static struct location at_object(const struct object *object)
{
    return (struct location){object->path, 0, 0};
}

/* Start-up code comes first, so that it lies where the processor starts. */
static bool add_start(struct linker *linker, const struct link_input *input)
{
    struct link_definitions definitions;
    if (!link_collect(linker->arena, input->objects, input->object_count, &definitions,
                      linker->fault))
        return false;
    const struct link_definition *start = link_find(&definitions, "_start");
    bool has_main = link_find(&definitions, "main") != NULL;
    struct object *first =
        start != NULL ? input->objects[start->object] : runtime_start(linker->arena, has_main);
    ARRAY_PUSH(linker->arena, &linker->objects, first);
    for (size_t i = 0; i < input->object_count; i++) {
        if (input->objects[i] != first)
            ARRAY_PUSH(linker->arena, &linker->objects, input->objects[i]);
    }
    return true;
}

/* Adds the routines that objects from `first` on want. */
static bool add_wanted(struct linker *linker, size_t first)
{
    size_t count = linker->objects.count;
    for (size_t i = first; i < count; i++) {
        const struct object *object = linker->objects.at[i];
        for (size_t j = 0; j < object->symbols.count; j++) {
            const struct object_symbol *symbol = &object->symbols.at[j];
            if (symbol->place != OBJECT_UNDEFINED ||
                link_find(&linker->definitions, symbol->name) != NULL)
                continue;
            struct object *routine = runtime_object(linker->arena, symbol->name);
            if (routine == NULL)
                continue;
            ARRAY_PUSH(linker->arena, &linker->objects, routine);
            if (!link_collect(linker->arena, linker->objects.at, linker->objects.count,
                              &linker->definitions, linker->fault))
                return false;
        }
    }
    return true;
}

static bool add_runtime(struct linker *linker)
{
    if (!link_collect(linker->arena, linker->objects.at, linker->objects.count,
                      &linker->definitions, linker->fault))
        return false;
    for (size_t first = 0; first < linker->objects.count;) {
        size_t count = linker->objects.count;
        if (!add_wanted(linker, first))
            return false;
        first = count;
    }
    return true;
}

static uint64_t aligned(uint64_t offset, uint32_t alignment)
{
    return (offset + alignment - 1) / alignment * alignment;
}

/* Bytes of the sections one after the other, as if from an address aligned for all. */
static bool place_sections(struct linker *linker, const struct map *map)
{
    uint64_t text = map->code, data = 0, bss = 0;
    size_t count = linker->objects.count;
    linker->placed = ARENA_ARRAY(linker->arena, struct placed, count);
    for (size_t i = 0; i < count; i++) {
        const struct object *object = linker->objects.at[i];
        text = aligned(text, object->alignment);
        data = aligned(data, object->alignment);
        linker->placed[i].text = (uint32_t)text;
        linker->placed[i].data = (uint32_t)data;
        text += object->text.length;
        data += object->data.length;
    }
    for (size_t i = 0; i < count; i++) {
        const struct object *object = linker->objects.at[i];
        bss = aligned(data + bss, object->alignment) - data;
        linker->placed[i].bss = (uint32_t)(data + bss);
        bss += object->bss_bytes;
    }
    if (!map_place(map, text - map->code, data + bss, &linker->regions, linker->fault))
        return false;
    linker->data_bytes = (uint32_t)data;
    linker->bss_bytes = (uint32_t)bss;
    for (size_t i = 0; i < count; i++) {
        uint32_t alignment = linker->objects.at[i]->alignment;
        linker->placed[i].data += linker->regions.globals.start;
        linker->placed[i].bss += linker->regions.globals.start;
        if (linker->regions.globals.start % alignment != 0)
            return fault_at(linker->fault, at_object(linker->objects.at[i]),
                            "its alignment of %u bytes is more than that of the globals",
                            (unsigned)alignment);
    }
    return true;
}

static void define_absolutes(struct linker *linker)
{
    const struct map_regions *regions = &linker->regions;
    const struct absolute absolutes[ABSOLUTE_COUNT] = {
        {"__code", regions->code.start},       {"__code_end", regions->code.end},
        {"__globals", regions->globals.start}, {"__globals_end", regions->globals.end},
        {"__heap", regions->heap.start},       {"__heap_end", regions->heap.end},
        {"__stack", regions->stack.start},     {"__stack_end", regions->stack.end},
    };
    memcpy(linker->absolutes, absolutes, sizeof absolutes);
}

static bool check_absolutes(struct linker *linker)
{
    for (size_t i = 0; i < ABSOLUTE_COUNT; i++) {
        const char *name = linker->absolutes[i].name;
        const struct link_definition *definition = link_find(&linker->definitions, name);
        if (definition != NULL)
            return fault_at(linker->fault, at_object(linker->objects.at[definition->object]),
                            "symbol '%s' is the linker's to define", name);
    }
    return true;
}

static uint32_t address_of(const struct linker *linker, uint32_t object,
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

static bool resolve(const struct linker *linker, uint32_t object, uint32_t number,
                    uint32_t *address)
{
    const struct object_symbol *symbol = &linker->objects.at[object]->symbols.at[number];
    if (symbol->place != OBJECT_UNDEFINED) {
        *address = address_of(linker, object, symbol);
        return true;
    }
    const struct link_definition *definition = link_find(&linker->definitions, symbol->name);
    if (definition != NULL) {
        const struct object *home = linker->objects.at[definition->object];
        *address = address_of(linker, definition->object, &home->symbols.at[definition->symbol]);
        return true;
    }
    for (size_t i = 0; i < ABSOLUTE_COUNT; i++) {
        if (strcmp(linker->absolutes[i].name, symbol->name) == 0) {
            *address = linker->absolutes[i].value;
            return true;
        }
    }
    return fault_at(linker->fault, at_object(linker->objects.at[object]), "undefined symbol '%s'",
                    symbol->name);
}

/* What a relocation puts in its field, from S + A and P (object.h). */
static uint32_t field_value(const struct linker *linker, enum object_reloc_kind kind,
                            uint32_t value, uint32_t field)
{
    switch (kind) {
    case OBJECT_RELOC_WORD32:
    case OBJECT_RELOC_HI16:
    case OBJECT_RELOC_LO16:
        return value;
    case OBJECT_RELOC_J26:
    case OBJECT_RELOC_B16:
        return value - (field + 4);
    case OBJECT_RELOC_GLOBAL16:
        return value - linker->regions.globals.start;
    }
    require(false, "a kind of relocation");
    return 0;
}

static bool relocate(const struct linker *linker, uint32_t number)
{
    struct object *object = linker->objects.at[number];
    for (size_t i = 0; i < object->relocs.count; i++) {
        const struct object_reloc *reloc = &object->relocs.at[i];
        const struct placed *placed = &linker->placed[number];
        uint32_t field = (reloc->place == OBJECT_TEXT ? placed->text : placed->data) + reloc->offset;
        uint32_t address = 0;
        if (!resolve(linker, number, reloc->symbol, &address))
            return false;
        uint32_t value = field_value(linker, reloc->kind, address + reloc->addend, field);
        if (object_patch(object, reloc, value))
            continue;
        const char *name = object->symbols.at[reloc->symbol].name;
        if (reloc->kind == OBJECT_RELOC_GLOBAL16)
            return fault_at(linker->fault, at_object(object),
                            "'%s' is beyond 16 bits from the globals base; compile the units that "
                            "use it with --far-globals",
                            name);
        return fault_at(linker->fault, at_object(object),
                        "'%s' is out of reach of a branch or jump", name);
    }
    return true;
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
    elf_symbols_add(
        symbols, symbol->name, address_of(linker, object, symbol), symbol->size_bytes,
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
            *address = address_of(linker, number, symbol);
            return true;
        }
    }
    return false;
}

/* "name+0xOFFSET FILE:LINE" becomes "0xADDRESS FILE:LINE". */
static bool add_lines(const struct linker *linker, uint32_t number, struct text_builder *out)
{
    const struct object *object = linker->objects.at[number];
    struct text rest = {text_built(&object->lines), object->lines.length};
    struct text known = {"", 0};
    uint32_t base = 0, offset;
    while (rest.length != 0) {
        const char *end = memchr(rest.at, '\n', rest.length);
        size_t length = end == NULL ? rest.length : (size_t)(end - rest.at);
        const char *blank = memchr(rest.at, ' ', length), *plus = blank;
        while (plus != NULL && plus > rest.at && *plus != '+')
            plus--;
        if (end == NULL || blank == NULL || plus == rest.at ||
            !text_to_word((struct text){plus + 1, (size_t)(blank - plus - 1)}, &offset))
            return fault_at(linker->fault, at_object(object), "its line table is malformed");
        struct text name = {rest.at, (size_t)(plus - rest.at)};
        if (!text_equals(name, known) && !table_address(linker, number, name, &base))
            return fault_at(linker->fault, at_object(object),
                            "its line table names an unknown function");
        known = name;
        text_append(out, "0x%08" PRIx32 "%.*s\n", base + offset, (int)(end - blank), blank);
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

static bool add_tables(const struct linker *linker, const char *declarations,
                       struct elf_file *file)
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

static bool write_image(struct linker *linker, const char *declarations, struct text *image)
{
    struct elf_file *file = elf_file_new(linker->arena, ET_EXEC);
    const struct link_definition *start = link_find(&linker->definitions, "_start");
    const struct object *home = linker->objects.at[start->object];
    file->entry = address_of(linker, start->object, &home->symbols.at[start->symbol]);
    add_sections(linker, file);
    add_symbols(linker, file);
    if (!add_tables(linker, declarations, file))
        return false;
    *image = elf_file_bytes(file);
    return true;
}

bool link_image(struct arena *arena, const struct link_input *input, struct text *image,
                struct fault *fault)
{
    struct linker linker = {.arena = arena, .fault = fault};
    if (!add_start(&linker, input) || !add_runtime(&linker) ||
        !place_sections(&linker, &input->map))
        return false;
    define_absolutes(&linker);
    if (!check_absolutes(&linker))
        return false;
    for (uint32_t i = 0; i < linker.objects.count; i++) {
        if (!relocate(&linker, i))
            return false;
    }
    return write_image(&linker, input->declarations, image);
}
