/* Relocatable ELF to objects. */
#include "compiler/object_file.h"

#include "base/file.h"
#include "image/image.h"

#include <elf.h>
#include <stddef.h>
#include <string.h>

enum { SECTION_BYTES_LIMIT = 1 << 30 };

struct section {
    const char *name;
    uint32_t type, flags, link, info, alignment, size_bytes;
    struct text content;
};

struct reader {
    struct arena *arena;
    struct text file;
    struct fault *fault;
    struct object *object;
    struct section *sections;
    uint32_t section_count;
    uint32_t places[OBJECT_ABSOLUTE]; /* the section of each place; 0 for none */
    uint32_t *symbols;                /* numbers in the object, by number in the file */
    uint32_t symbol_count;
};

#define REFUSE(reader, ...)                                                                        \
    fault_at((reader)->fault, (struct location){(reader)->object->path, 0, 0}, __VA_ARGS__)

static uint32_t half_at(struct text text, size_t at)
{
    const unsigned char *bytes = (const unsigned char *)text.at + at;
    return bytes[0] | (uint32_t)bytes[1] << 8;
}

static uint32_t word_at(struct text text, size_t at)
{
    return half_at(text, at) | half_at(text, at + 2) << 16;
}

/* The NUL-terminated string at the offset of a string table. */
static bool string_at(const struct reader *reader, struct text table, uint32_t offset,
                      const char **string)
{
    if (offset >= table.length || memchr(table.at + offset, '\0', table.length - offset) == NULL)
        return REFUSE(reader, "a name lies outside its string table");
    *string = table.at + offset;
    return true;
}

static bool check_header(const struct reader *reader)
{
    struct text file = reader->file;
    if (file.length < sizeof(Elf32_Ehdr) || memcmp(file.at, ELFMAG, SELFMAG) != 0)
        return REFUSE(reader, "not an ELF file");
    if (file.at[EI_CLASS] != ELFCLASS32 || file.at[EI_DATA] != ELFDATA2LSB)
        return REFUSE(reader, "not a little-endian 32-bit ELF file");
    uint32_t machine = half_at(file, offsetof(Elf32_Ehdr, e_machine));
    if (machine != IMAGE_MACHINE_VAMP)
        return REFUSE(reader, "an ELF file for machine 0x%04X, not 0x%04X", machine,
                      IMAGE_MACHINE_VAMP);
    if (half_at(file, offsetof(Elf32_Ehdr, e_type)) != ET_REL)
        return REFUSE(reader, "not a relocatable ELF file");
    if (half_at(file, offsetof(Elf32_Ehdr, e_shentsize)) != sizeof(Elf32_Shdr))
        return REFUSE(reader, "bad size of section headers");
    return true;
}

static bool read_section(const struct reader *reader, size_t at, struct section *section)
{
    struct text file = reader->file;
    uint32_t offset = word_at(file, at + offsetof(Elf32_Shdr, sh_offset));
    section->type = word_at(file, at + offsetof(Elf32_Shdr, sh_type));
    section->flags = word_at(file, at + offsetof(Elf32_Shdr, sh_flags));
    section->link = word_at(file, at + offsetof(Elf32_Shdr, sh_link));
    section->info = word_at(file, at + offsetof(Elf32_Shdr, sh_info));
    section->alignment = word_at(file, at + offsetof(Elf32_Shdr, sh_addralign));
    section->size_bytes = word_at(file, at + offsetof(Elf32_Shdr, sh_size));
    if (section->size_bytes > SECTION_BYTES_LIMIT)
        return REFUSE(reader, "a section of %u bytes is too large", section->size_bytes);
    if (section->type == SHT_NOBITS || section->type == SHT_NULL)
        return true;
    if (offset > file.length || section->size_bytes > file.length - offset)
        return REFUSE(reader, "a section lies outside the file");
    section->content = (struct text){file.at + offset, section->size_bytes};
    return true;
}

static bool read_sections(struct reader *reader)
{
    struct text file = reader->file;
    size_t offset = word_at(file, offsetof(Elf32_Ehdr, e_shoff));
    uint32_t count = half_at(file, offsetof(Elf32_Ehdr, e_shnum));
    uint32_t names = half_at(file, offsetof(Elf32_Ehdr, e_shstrndx));
    if (count == 0 || names >= count || offset > file.length ||
        count * sizeof(Elf32_Shdr) > file.length - offset)
        return REFUSE(reader, "the section headers lie outside the file");
    reader->sections = ARENA_ARRAY(reader->arena, struct section, count);
    reader->section_count = count;
    for (uint32_t i = 0; i < count; i++) {
        if (!read_section(reader, offset + i * sizeof(Elf32_Shdr), &reader->sections[i]))
            return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t name = word_at(file, offset + i * sizeof(Elf32_Shdr));
        if (!string_at(reader, reader->sections[names].content, name, &reader->sections[i].name))
            return false;
    }
    return true;
}

static bool read_loaded(struct reader *reader, uint32_t number, enum object_place place,
                        struct text_builder *out)
{
    const struct section *section = &reader->sections[number];
    if (reader->places[place] != 0)
        return REFUSE(reader, "there is more than one section %s", section->name);
    if (section->size_bytes % 4 != 0 || (section->type == SHT_NOBITS) != (place == OBJECT_BSS))
        return REFUSE(reader, "section %s is malformed", section->name);
    uint32_t alignment = section->alignment;
    if (alignment < 4 || (alignment & (alignment - 1)) != 0 || alignment > 1 << 20)
        return REFUSE(reader, "section %s has a bad alignment", section->name);
    reader->places[place] = number;
    if (alignment > reader->object->alignment)
        reader->object->alignment = alignment;
    if (place == OBJECT_BSS)
        reader->object->bss_bytes = section->size_bytes;
    else
        text_append_bytes(out, section->content.at, section->content.length);
    return true;
}

static bool read_content(struct reader *reader, uint32_t number)
{
    const struct section *section = &reader->sections[number];
    struct object *object = reader->object;
    struct text name = text_of(section->name);
    struct text_builder *out = NULL;
    if (text_is(name, ".text"))
        return read_loaded(reader, number, OBJECT_TEXT, &object->text);
    if (text_is(name, ".data"))
        return read_loaded(reader, number, OBJECT_DATA, &object->data);
    if (text_is(name, ".bss"))
        return read_loaded(reader, number, OBJECT_BSS, NULL);
    if (text_is(name, ".c0.declarations"))
        out = &object->declarations;
    else if (text_is(name, ".c0.new"))
        out = &object->news;
    else if (text_is(name, ".c0.lines"))
        out = &object->lines;
    else if (section->flags & SHF_ALLOC)
        return REFUSE(reader, "section %s is unknown", section->name);
    if (out != NULL && section->content.length != 0)
        text_append_bytes(out, section->content.at, section->content.length);
    return true;
}

static bool symbol_place(const struct reader *reader, uint32_t section, enum object_place *place)
{
    *place = section == SHN_ABS ? OBJECT_ABSOLUTE : OBJECT_UNDEFINED;
    if (section == SHN_ABS || section == SHN_UNDEF)
        return true;
    for (*place = OBJECT_TEXT; *place < OBJECT_ABSOLUTE; (*place)++) {
        if (section == reader->places[*place])
            return true;
    }
    return REFUSE(reader, "a symbol is in an unknown section");
}

static uint64_t place_bytes(const struct object *object, enum object_place place)
{
    switch (place) {
    case OBJECT_TEXT:
        return object->text.length;
    case OBJECT_DATA:
        return object->data.length;
    case OBJECT_BSS:
        return object->bss_bytes;
    case OBJECT_UNDEFINED:
    case OBJECT_ABSOLUTE:
        break;
    }
    return UINT64_C(1) << 32; /* of an absolute symbol: the address space */
}

static bool read_symbol(struct reader *reader, struct text entry, struct text names,
                        uint32_t *number)
{
    unsigned char info = (unsigned char)entry.at[offsetof(Elf32_Sym, st_info)];
    struct object_symbol symbol = {.value = word_at(entry, offsetof(Elf32_Sym, st_value)),
                                   .size_bytes = word_at(entry, offsetof(Elf32_Sym, st_size)),
                                   .is_local = ELF32_ST_BIND(info) == STB_LOCAL};
    unsigned type = ELF32_ST_TYPE(info);
    uint32_t section = half_at(entry, offsetof(Elf32_Sym, st_shndx));
    if (!string_at(reader, names, word_at(entry, offsetof(Elf32_Sym, st_name)), &symbol.name))
        return false;
    if (type == STT_FILE) {
        reader->object->source = symbol.name;
        return true;
    }
    if (!symbol_place(reader, section, &symbol.place))
        return false;
    symbol.kind = type == STT_FUNC     ? OBJECT_SYMBOL_FUNCTION
                  : type == STT_OBJECT ? OBJECT_SYMBOL_OBJECT
                                       : OBJECT_SYMBOL_NONE;
    if (symbol.place != OBJECT_UNDEFINED &&
        (uint64_t)symbol.value + symbol.size_bytes > place_bytes(reader->object, symbol.place))
        return REFUSE(reader, "symbol '%s' lies outside its section", symbol.name);
    if (symbol.name[0] == '\0' || (symbol.is_local && symbol.place == OBJECT_UNDEFINED))
        return REFUSE(reader, "a symbol has no name or no place");
    *number = object_add_symbol(reader->object, symbol);
    return true;
}

static bool read_symbols(struct reader *reader, const struct section *table)
{
    if (table->link >= reader->section_count || table->size_bytes % sizeof(Elf32_Sym) != 0 ||
        reader->symbols != NULL)
        return REFUSE(reader, "the symbol table is malformed");
    struct text names = reader->sections[table->link].content;
    reader->symbol_count = table->size_bytes / (uint32_t)sizeof(Elf32_Sym);
    reader->symbols = ARENA_ARRAY(reader->arena, uint32_t, reader->symbol_count + 1);
    for (uint32_t i = 0; i < reader->symbol_count; i++) {
        struct text entry = {table->content.at + i * sizeof(Elf32_Sym), sizeof(Elf32_Sym)};
        reader->symbols[i] = UINT32_MAX;
        if (i != 0 && !read_symbol(reader, entry, names, &reader->symbols[i]))
            return false;
    }
    return true;
}

static bool read_reloc(struct reader *reader, struct text entry, enum object_place place)
{
    uint32_t info = word_at(entry, offsetof(Elf32_Rela, r_info));
    struct object_reloc reloc = {.place = place,
                                 .kind = (enum object_reloc_kind)ELF32_R_TYPE(info),
                                 .offset = word_at(entry, offsetof(Elf32_Rela, r_offset)),
                                 .addend = word_at(entry, offsetof(Elf32_Rela, r_addend))};
    uint32_t symbol = ELF32_R_SYM(info);
    if (ELF32_R_TYPE(info) < OBJECT_RELOC_WORD32 || ELF32_R_TYPE(info) > OBJECT_RELOC_B16)
        return REFUSE(reader, "relocation type %u is unknown", ELF32_R_TYPE(info));
    if (symbol >= reader->symbol_count || reader->symbols[symbol] == UINT32_MAX)
        return REFUSE(reader, "a relocation names no symbol");
    if (reloc.offset % 4 != 0 || (uint64_t)reloc.offset + 4 > place_bytes(reader->object, place))
        return REFUSE(reader, "a relocation lies outside its section");
    reloc.symbol = reader->symbols[symbol];
    object_add_reloc(reader->object, reloc);
    return true;
}

static bool read_relocs(struct reader *reader, const struct section *table)
{
    enum object_place place;
    if (table->size_bytes % sizeof(Elf32_Rela) != 0 || table->info == SHN_UNDEF ||
        table->info >= reader->section_count || !symbol_place(reader, table->info, &place) ||
        place == OBJECT_BSS)
        return REFUSE(reader, "the relocations are malformed");
    for (uint32_t i = 0; i < table->size_bytes / sizeof(Elf32_Rela); i++) {
        struct text entry = {table->content.at + i * sizeof(Elf32_Rela), sizeof(Elf32_Rela)};
        if (!read_reloc(reader, entry, place))
            return false;
    }
    return true;
}

static bool read_all(struct reader *reader)
{
    if (!check_header(reader) || !read_sections(reader))
        return false;
    for (uint32_t i = 1; i < reader->section_count; i++) {
        if (!read_content(reader, i))
            return false;
    }
    for (uint32_t i = 1; i < reader->section_count; i++) {
        const struct section *section = &reader->sections[i];
        if (section->type == SHT_SYMTAB && !read_symbols(reader, section))
            return false;
    }
    for (uint32_t i = 1; i < reader->section_count; i++) {
        const struct section *section = &reader->sections[i];
        if (section->type == SHT_REL)
            return REFUSE(reader, "relocations without addends are unknown");
        if (section->type == SHT_RELA && !read_relocs(reader, section))
            return false;
    }
    return true;
}

struct object *object_file_parse(struct arena *arena, const char *path, struct text file,
                                 struct fault *fault)
{
    struct reader reader = {
        .arena = arena, .file = file, .fault = fault, .object = object_new(arena, path, path)};
    return read_all(&reader) ? reader.object : NULL;
}

struct object *object_file_read(struct arena *arena, const char *path, struct fault *fault)
{
    struct text file;
    if (!file_read(arena, path, &file, fault))
        return NULL;
    return object_file_parse(arena, path, file, fault);
}
