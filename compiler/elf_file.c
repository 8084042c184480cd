/* ELF32 files, written field by field in the order of the ELF specification. */
#include "compiler/elf_file.h"

#include "image/image.h"

#include <elf.h>
#include <string.h>

struct elf_file *elf_file_new(struct arena *arena, uint16_t type)
{
    struct elf_file *file = ARENA_NEW(arena, struct elf_file);
    file->arena = arena;
    file->type = type;
    elf_file_add(file, (struct elf_section){.name = ""});
    return file;
}

uint32_t elf_file_add(struct elf_file *file, struct elf_section section)
{
    if (section.type != SHT_NOBITS)
        section.size_bytes = (uint32_t)section.content.length;
    ARRAY_PUSH(file->arena, &file->sections, section);
    return (uint32_t)file->sections.count - 1;
}

void elf_append_half(struct text_builder *builder, uint32_t half)
{
    char bytes[2] = {(char)half, (char)(half >> 8)};
    text_append_bytes(builder, bytes, sizeof bytes);
}

void elf_append_word(struct text_builder *builder, uint32_t word)
{
    elf_append_half(builder, word & 0xFFFF);
    elf_append_half(builder, word >> 16);
}

static void append_zeros(struct text_builder *builder, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_append_bytes(builder, "", 1);
}

static uint32_t rounded_up(uint32_t offset)
{
    return (offset + 3) & ~UINT32_C(3);
}

struct layout {
    uint32_t *offsets, *names; /* of the sections */
    uint32_t headers;          /* offset of the section headers */
    struct text_builder strings;
};

static struct layout lay_out(struct elf_file *file)
{
    size_t count = file->sections.count + 1;
    struct layout layout = {.offsets = ARENA_ARRAY(file->arena, uint32_t, count),
                            .names = ARENA_ARRAY(file->arena, uint32_t, count),
                            .strings = {.arena = file->arena}};
    for (size_t i = 0; i < file->sections.count; i++) {
        const char *name = file->sections.at[i].name;
        layout.names[i] = (uint32_t)layout.strings.length;
        text_append_bytes(&layout.strings, name, strlen(name) + 1);
    }
    layout.names[count - 1] = (uint32_t)layout.strings.length;
    text_append_bytes(&layout.strings, ".shstrtab", sizeof ".shstrtab");
    elf_file_add(file, (struct elf_section){
                           .name = ".shstrtab",
                           .type = SHT_STRTAB,
                           .alignment = 1,
                           .content = {text_built(&layout.strings), layout.strings.length}});
    uint32_t offset = (uint32_t)(sizeof(Elf32_Ehdr) + file->segments.count * sizeof(Elf32_Phdr));
    for (size_t i = 1; i < count; i++) {
        layout.offsets[i] = offset;
        if (file->sections.at[i].type != SHT_NOBITS)
            offset = rounded_up(offset + file->sections.at[i].size_bytes);
    }
    layout.headers = offset;
    return layout;
}

static void append_header(const struct elf_file *file, const struct layout *layout,
                          struct text_builder *out)
{
    char ident[EI_NIDENT] = {ELFMAG0,    ELFMAG1,     ELFMAG2,   ELFMAG3,
                             ELFCLASS32, ELFDATA2LSB, EV_CURRENT};
    bool has_segments = file->segments.count != 0;
    text_append_bytes(out, ident, sizeof ident);
    elf_append_half(out, file->type);
    elf_append_half(out, IMAGE_MACHINE_VAMP);
    elf_append_word(out, EV_CURRENT);
    elf_append_word(out, file->entry);
    elf_append_word(out, has_segments ? sizeof(Elf32_Ehdr) : 0);
    elf_append_word(out, layout->headers);
    elf_append_word(out, 0); /* e_flags */
    elf_append_half(out, sizeof(Elf32_Ehdr));
    elf_append_half(out, has_segments ? sizeof(Elf32_Phdr) : 0);
    elf_append_half(out, (uint32_t)file->segments.count);
    elf_append_half(out, sizeof(Elf32_Shdr));
    elf_append_half(out, (uint32_t)file->sections.count);
    elf_append_half(out, (uint32_t)file->sections.count - 1);
}

static void append_segment(const struct elf_segment *segment, const struct layout *layout,
                           struct text_builder *out)
{
    elf_append_word(out, PT_LOAD);
    elf_append_word(out, layout->offsets[segment->first_section]);
    elf_append_word(out, segment->address);
    elf_append_word(out, segment->address);
    elf_append_word(out, segment->file_bytes);
    elf_append_word(out, segment->memory_bytes);
    elf_append_word(out, segment->flags);
    elf_append_word(out, 4);
}

static void append_section_header(const struct elf_section *section, uint32_t name, uint32_t offset,
                                  struct text_builder *out)
{
    elf_append_word(out, name);
    elf_append_word(out, section->type);
    elf_append_word(out, section->flags);
    elf_append_word(out, section->address);
    elf_append_word(out, section->type == SHT_NULL ? 0 : offset);
    elf_append_word(out, section->size_bytes);
    elf_append_word(out, section->link);
    elf_append_word(out, section->info);
    elf_append_word(out, section->alignment);
    elf_append_word(out, section->entry_bytes);
}

struct text elf_file_bytes(struct elf_file *file)
{
    struct layout layout = lay_out(file);
    struct text_builder out = {.arena = file->arena};
    append_header(file, &layout, &out);
    for (size_t i = 0; i < file->segments.count; i++)
        append_segment(&file->segments.at[i], &layout, &out);
    for (size_t i = 1; i < file->sections.count; i++) {
        const struct elf_section *section = &file->sections.at[i];
        if (section->type == SHT_NOBITS)
            continue;
        append_zeros(&out, layout.offsets[i] - out.length);
        text_append_bytes(&out, section->content.at, section->content.length);
    }
    append_zeros(&out, layout.headers - out.length);
    for (size_t i = 0; i < file->sections.count; i++)
        append_section_header(&file->sections.at[i], layout.names[i], layout.offsets[i], &out);
    return (struct text){text_built(&out), out.length};
}

void elf_symbols_start(struct elf_symbols *symbols, struct arena *arena)
{
    *symbols = (struct elf_symbols){.strings = {.arena = arena}, .entries = {.arena = arena}};
    text_append_bytes(&symbols->strings, "", 1);
    elf_symbols_add(symbols, "", 0, 0, 0, SHN_UNDEF);
}

void elf_symbols_add(struct elf_symbols *symbols, const char *name, uint32_t value,
                     uint32_t size_bytes, unsigned char info, uint16_t section)
{
    size_t string = name[0] == '\0' ? 0 : symbols->strings.length;
    if (name[0] != '\0')
        text_append_bytes(&symbols->strings, name, strlen(name) + 1);
    char bytes[2] = {(char)info, 0};
    elf_append_word(&symbols->entries, (uint32_t)string);
    elf_append_word(&symbols->entries, value);
    elf_append_word(&symbols->entries, size_bytes);
    text_append_bytes(&symbols->entries, bytes, sizeof bytes);
    elf_append_half(&symbols->entries, section);
    symbols->count++;
}

uint32_t elf_symbols_finish(struct elf_symbols *symbols, struct elf_file *file,
                            uint32_t first_global)
{
    uint32_t strings = elf_file_add(
        file, (struct elf_section){.name = ".strtab",
                                   .type = SHT_STRTAB,
                                   .alignment = 1,
                                   .content = {symbols->strings.at, symbols->strings.length}});
    return elf_file_add(
        file, (struct elf_section){.name = ".symtab",
                                   .type = SHT_SYMTAB,
                                   .alignment = 4,
                                   .link = strings,
                                   .info = first_global,
                                   .entry_bytes = sizeof(Elf32_Sym),
                                   .content = {symbols->entries.at, symbols->entries.length}});
}
