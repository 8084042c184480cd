/* The linker. */
#include "compiler/linker.h"

#include "compiler/runtime.h"

#include "base/require.h"

#include <string.h>

struct location linker_at(const struct object *object)
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
    const struct link_definition *main = link_find(&definitions, "main");
    bool has_main =
        main != NULL && input->objects[main->object]->symbols.at[main->symbol].place == OBJECT_TEXT;
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
            return fault_at(linker->fault, linker_at(linker->objects.at[i]),
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
            return fault_at(linker->fault, linker_at(linker->objects.at[definition->object]),
                            "symbol '%s' is the linker's to define", name);
    }
    return true;
}

static bool resolve(const struct linker *linker, uint32_t object, uint32_t number,
                    uint32_t *address)
{
    const struct object_symbol *symbol = &linker->objects.at[object]->symbols.at[number];
    if (symbol->place != OBJECT_UNDEFINED) {
        *address = linker_address(linker, object, symbol);
        return true;
    }
    const struct link_definition *definition = link_find(&linker->definitions, symbol->name);
    if (definition != NULL) {
        const struct object *home = linker->objects.at[definition->object];
        *address =
            linker_address(linker, definition->object, &home->symbols.at[definition->symbol]);
        return true;
    }
    for (size_t i = 0; i < ABSOLUTE_COUNT; i++) {
        if (strcmp(linker->absolutes[i].name, symbol->name) == 0) {
            *address = linker->absolutes[i].value;
            return true;
        }
    }
    return fault_at(linker->fault, linker_at(linker->objects.at[object]), "undefined symbol '%s'",
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
        uint32_t field =
            (reloc->place == OBJECT_TEXT ? placed->text : placed->data) + reloc->offset;
        uint32_t address = 0;
        if (!resolve(linker, number, reloc->symbol, &address))
            return false;
        uint32_t value = field_value(linker, reloc->kind, address + reloc->addend, field);
        if (object_patch(object, reloc, value))
            continue;
        const char *name = object->symbols.at[reloc->symbol].name;
        if (reloc->kind == OBJECT_RELOC_GLOBAL16)
            return fault_at(linker->fault, linker_at(object),
                            "'%s' is beyond 16 bits from the globals base; compile the units that "
                            "use it with --far-globals, and let asm blocks reach it by li and &%s",
                            name, name);
        return fault_at(linker->fault, linker_at(object),
                        "'%s' is out of reach of a branch or jump", name);
    }
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
    return linker_write(&linker, input->declarations, image);
}
