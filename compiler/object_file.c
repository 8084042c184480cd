/* Objects to relocatable ELF. */
#include "compiler/object_file.h"

#include "compiler/elf_file.h"

#include <elf.h>

/* The sections of an object have fixed numbers, in the order of enum object_place. */
static uint16_t section_number(const struct object_symbol *symbol)
{
    switch (symbol->place) {
    case OBJECT_UNDEFINED:
        return SHN_UNDEF;
    case OBJECT_ABSOLUTE:
        return SHN_ABS;
    case OBJECT_TEXT:
    case OBJECT_DATA:
    case OBJECT_BSS:
        break;
    }
    return (uint16_t)symbol->place;
}

static unsigned char symbol_info(const struct object_symbol *symbol)
{
    static const unsigned char types[] = {[OBJECT_SYMBOL_NONE] = STT_NOTYPE,
                                          [OBJECT_SYMBOL_OBJECT] = STT_OBJECT,
                                          [OBJECT_SYMBOL_FUNCTION] = STT_FUNC};
    return ELF32_ST_INFO(symbol->is_local ? STB_LOCAL : STB_GLOBAL, types[symbol->kind]);
}

/* ELF wants local symbols before global ones; `numbers` tells where each went. */
static void add_symbols(const struct object *object, bool is_local, struct elf_symbols *symbols,
                        uint32_t *numbers)
{
    for (size_t i = 0; i < object->symbols.count; i++) {
        const struct object_symbol *symbol = &object->symbols.at[i];
        if (symbol->is_local != is_local)
            continue;
        numbers[i] = symbols->count;
        elf_symbols_add(symbols, symbol->name, symbol->value, symbol->size_bytes,
                        symbol_info(symbol), section_number(symbol));
    }
}

static void add_relocs(const struct object *object, struct elf_file *file, enum object_place place,
                       uint32_t symbol_table, const uint32_t *numbers)
{
    struct text_builder entries = {.arena = object->arena};
    for (size_t i = 0; i < object->relocs.count; i++) {
        const struct object_reloc *reloc = &object->relocs.at[i];
        if (reloc->place != place)
            continue;
        elf_append_word(&entries, reloc->offset);
        elf_append_word(&entries, ELF32_R_INFO(numbers[reloc->symbol], (unsigned)reloc->kind));
        elf_append_word(&entries, reloc->addend);
    }
    if (entries.length != 0)
        elf_file_add(
            file, (struct elf_section){.name = place == OBJECT_TEXT ? ".rela.text" : ".rela.data",
                                       .type = SHT_RELA,
                                       .flags = SHF_INFO_LINK,
                                       .link = symbol_table,
                                       .info = (uint32_t)place,
                                       .alignment = 4,
                                       .entry_bytes = sizeof(Elf32_Rela),
                                       .content = {entries.at, entries.length}});
}

static void add_text(struct elf_file *file, const char *name, const struct text_builder *content)
{
    if (content->length != 0)
        elf_file_add(file, (struct elf_section){.name = name,
                                                .type = SHT_PROGBITS,
                                                .alignment = 1,
                                                .content = {content->at, content->length}});
}

static void add_loaded(struct elf_file *file, const struct object *object)
{
    elf_file_add(file,
                 (struct elf_section){.name = ".text",
                                      .type = SHT_PROGBITS,
                                      .flags = SHF_ALLOC | SHF_EXECINSTR,
                                      .alignment = object->alignment,
                                      .content = {text_built(&object->text), object->text.length}});
    elf_file_add(file,
                 (struct elf_section){.name = ".data",
                                      .type = SHT_PROGBITS,
                                      .flags = SHF_ALLOC | SHF_WRITE,
                                      .alignment = object->alignment,
                                      .content = {text_built(&object->data), object->data.length}});
    elf_file_add(file, (struct elf_section){.name = ".bss",
                                            .type = SHT_NOBITS,
                                            .flags = SHF_ALLOC | SHF_WRITE,
                                            .alignment = object->alignment,
                                            .size_bytes = object->bss_bytes});
}

struct text object_file_bytes(const struct object *object)
{
    struct elf_file *file = elf_file_new(object->arena, ET_REL);
    add_loaded(file, object);
    struct elf_symbols symbols;
    uint32_t *numbers = ARENA_ARRAY(object->arena, uint32_t, object->symbols.count + 1);
    elf_symbols_start(&symbols, object->arena);
    elf_symbols_add(&symbols, object->source, 0, 0, ELF32_ST_INFO(STB_LOCAL, STT_FILE), SHN_ABS);
    add_symbols(object, true, &symbols, numbers);
    uint32_t first_global = symbols.count;
    add_symbols(object, false, &symbols, numbers);
    uint32_t symbol_table = elf_symbols_finish(&symbols, file, first_global);
    add_relocs(object, file, OBJECT_TEXT, symbol_table, numbers);
    add_relocs(object, file, OBJECT_DATA, symbol_table, numbers);
    add_text(file, ".c0.declarations", &object->declarations);
    add_text(file, ".c0.new", &object->news);
    add_text(file, ".c0.lines", &object->lines);
    return elf_file_bytes(file);
}
