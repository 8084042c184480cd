/* Objects in memory. */
#include "compiler/object.h"

#include "base/require.h"
#include "semantics/vamp/format.h"

#include <string.h>

struct object *object_new(struct arena *arena, const char *path, const char *source)
{
    struct object *object = ARENA_NEW(arena, struct object);
    object->arena = arena;
    object->path = path;
    object->source = source;
    object->alignment = 4;
    object->text.arena = object->data.arena = arena;
    object->declarations.arena = object->news.arena = object->lines.arena = arena;
    return object;
}

static const struct text_builder *section_of(const struct object *object, enum object_place place)
{
    require(place == OBJECT_TEXT || place == OBJECT_DATA, "a section with content");
    return place == OBJECT_TEXT ? &object->text : &object->data;
}

uint32_t object_add_word(struct object *object, enum object_place place, uint32_t word)
{
    struct text_builder *section = (struct text_builder *)section_of(object, place);
    size_t offset = section->length;
    char bytes[4] = {(char)word, (char)(word >> 8), (char)(word >> 16), (char)(word >> 24)};
    text_append_bytes(section, bytes, sizeof bytes);
    return (uint32_t)offset;
}

uint32_t object_word(const struct object *object, enum object_place place, uint32_t offset)
{
    const struct text_builder *section = section_of(object, place);
    require((size_t)offset + 4 <= section->length, "a word of the section");
    const unsigned char *at = (const unsigned char *)section->at + offset;
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

void object_set_word(struct object *object, enum object_place place, uint32_t offset, uint32_t word)
{
    const struct text_builder *section = section_of(object, place);
    require((size_t)offset + 4 <= section->length, "a word of the section");
    for (unsigned i = 0; i < 4; i++)
        section->at[offset + i] = (char)(word >> 8 * i);
}

uint32_t object_add_symbol(struct object *object, struct object_symbol symbol)
{
    ARRAY_PUSH(object->arena, &object->symbols, symbol);
    return (uint32_t)object->symbols.count - 1;
}

uint32_t object_symbol_named(struct object *object, const char *name)
{
    for (size_t i = 0; i < object->symbols.count; i++) {
        if (strcmp(object->symbols.at[i].name, name) == 0)
            return (uint32_t)i;
    }
    return object_add_symbol(object, (struct object_symbol){.name = name});
}

void object_add_reloc(struct object *object, struct object_reloc reloc)
{
    require(reloc.symbol < object->symbols.count, "a relocation has a symbol");
    ARRAY_PUSH(object->arena, &object->relocs, reloc);
}

static bool patch_field(struct object *object, const struct object_reloc *reloc, uint32_t value,
                        enum vamp_format_kind format)
{
    uint32_t word = object_word(object, reloc->place, reloc->offset);
    uint32_t mask = (UINT32_C(1) << vamp_immediate_bits(format)) - 1;
    if (!vamp_immediate_fits(format, value))
        return false;
    object_set_word(object, reloc->place, reloc->offset, (word & ~mask) | (value & mask));
    return true;
}

/* The sign-extended half: every 16 bits are the low ones of a value that fits. */
static uint32_t half(uint32_t word)
{
    return (uint32_t)(int32_t)(int16_t)(word & 0xFFFF);
}

bool object_patch(struct object *object, const struct object_reloc *reloc, uint32_t value)
{
    switch (reloc->kind) {
    case OBJECT_RELOC_WORD32:
        object_set_word(object, reloc->place, reloc->offset, value);
        return true;
    case OBJECT_RELOC_J26:
        return patch_field(object, reloc, value, VAMP_FORMAT_J);
    case OBJECT_RELOC_HI16:
        return patch_field(object, reloc, half((value ^ half(value)) >> 16), VAMP_FORMAT_I);
    case OBJECT_RELOC_LO16:
        return patch_field(object, reloc, half(value), VAMP_FORMAT_I);
    case OBJECT_RELOC_GLOBAL16:
    case OBJECT_RELOC_B16:
        return patch_field(object, reloc, value, VAMP_FORMAT_I);
    }
    require(false, "a kind of relocation");
    return false;
}

const char *object_symbol_print(const struct object *object, uint32_t symbol)
{
    const struct object_symbol *named = &object->symbols.at[symbol];
    if (!named->is_local)
        return named->name;
    return arena_printf(object->arena, "%s@%s", named->name, object->source);
}
