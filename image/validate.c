/* ELF headers, read field by field from the bytes: every offset is compared with the size of the
 * file before anything is read there. Numbers of the ELF specification come from <elf.h>. Tables
 * must be aligned, because libelf gives out addresses of their entries in the file. */
#include "image/validate.h"

#include <elf.h>
#include <stddef.h>
#include <string.h>

struct subject {
    struct text file;
    const char *path;
    struct fault *fault;
};

struct section_header {
    uint32_t name, type, flags, address, offset, size_bytes, link, entry_bytes;
};

#define REFUSE(subject, ...)                                                                       \
    fault_at((subject)->fault, (struct location){(subject)->path, 0, 0}, __VA_ARGS__)

static uint32_t read_half(const struct subject *subject, size_t at)
{
    const unsigned char *bytes = (const unsigned char *)subject->file.at + at;
    return bytes[0] | (uint32_t)bytes[1] << 8;
}

static uint32_t read_word(const struct subject *subject, size_t at)
{
    return read_half(subject, at) | read_half(subject, at + 2) << 16;
}

static bool lies_in_file(const struct subject *subject, uint64_t offset, uint64_t size_bytes)
{
    return offset + size_bytes <= subject->file.length;
}

#define EHDR_HALF(subject, field) read_half(subject, offsetof(Elf32_Ehdr, field))
#define EHDR_WORD(subject, field) read_word(subject, offsetof(Elf32_Ehdr, field))

static bool is_aligned_table(const struct subject *subject, uint32_t offset, const char *what)
{
    if (offset % sizeof(Elf32_Word) == 0)
        return true;
    return REFUSE(subject, "the %s are at offset 0x%x, which is not a multiple of 4", what, offset);
}

static bool check_identification(const struct subject *subject)
{
    const char *ident = subject->file.at;
    if (subject->file.length < SELFMAG || memcmp(ident, ELFMAG, SELFMAG) != 0)
        return REFUSE(subject, "not an ELF file");
    if (subject->file.length < EI_NIDENT)
        return REFUSE(subject, "truncated: the ELF header does not fit the file");
    if (ident[EI_CLASS] == ELFCLASS64)
        return REFUSE(subject, "a 64-bit ELF file, not a 32-bit one");
    if (ident[EI_CLASS] != ELFCLASS32)
        return REFUSE(subject, "unknown ELF class %d", ident[EI_CLASS]);
    if (ident[EI_DATA] == ELFDATA2MSB)
        return REFUSE(subject, "a big-endian ELF file, not a little-endian one");
    if (ident[EI_DATA] != ELFDATA2LSB)
        return REFUSE(subject, "unknown ELF byte order %d", ident[EI_DATA]);
    if (ident[EI_VERSION] != EV_CURRENT)
        return REFUSE(subject, "unknown ELF version %d", ident[EI_VERSION]);
    if (!lies_in_file(subject, 0, sizeof(Elf32_Ehdr)))
        return REFUSE(subject, "truncated: the ELF header does not fit the file");
    return true;
}

static bool check_header(const struct subject *subject, uint16_t machine)
{
    uint32_t type = EHDR_HALF(subject, e_type), e_machine = EHDR_HALF(subject, e_machine);
    if (e_machine != machine)
        return REFUSE(subject, "an ELF file for machine 0x%04X, not 0x%04X", e_machine, machine);
    if (type != ET_EXEC)
        return REFUSE(subject, "not an executable ELF file (type %u, not %u)", type, ET_EXEC);
    if (EHDR_WORD(subject, e_version) != EV_CURRENT)
        return REFUSE(subject, "unknown ELF version %u", EHDR_WORD(subject, e_version));
    if (EHDR_HALF(subject, e_ehsize) != sizeof(Elf32_Ehdr))
        return REFUSE(subject, "the ELF header has %u bytes, not %zu", EHDR_HALF(subject, e_ehsize),
                      sizeof(Elf32_Ehdr));
    return true;
}

static bool check_program_header(const struct subject *subject, uint32_t number, size_t at)
{
    uint32_t type = read_word(subject, at + offsetof(Elf32_Phdr, p_type));
    uint32_t offset = read_word(subject, at + offsetof(Elf32_Phdr, p_offset));
    uint32_t address = read_word(subject, at + offsetof(Elf32_Phdr, p_vaddr));
    uint32_t file_bytes = read_word(subject, at + offsetof(Elf32_Phdr, p_filesz));
    uint32_t memory_bytes = read_word(subject, at + offsetof(Elf32_Phdr, p_memsz));
    if (!lies_in_file(subject, offset, file_bytes))
        return REFUSE(subject, "segment %u lies outside the file (offset 0x%x, %u bytes)", number,
                      offset, file_bytes);
    if (type != PT_LOAD)
        return true;
    if (memory_bytes < file_bytes)
        return REFUSE(subject, "segment %u has more bytes in the file (%u) than in memory (%u)",
                      number, file_bytes, memory_bytes);
    if ((uint64_t)address + memory_bytes > UINT64_C(1) << 32)
        return REFUSE(subject, "segment %u reaches beyond the address space (0x%x, %u bytes)",
                      number, address, memory_bytes);
    return true;
}

static bool check_program_headers(const struct subject *subject)
{
    uint32_t offset = EHDR_WORD(subject, e_phoff), count = EHDR_HALF(subject, e_phnum);
    if (count == 0)
        return REFUSE(subject, "there are no program headers: nothing would be loaded");
    if (count == PN_XNUM)
        return REFUSE(subject, "too many program headers");
    if (EHDR_HALF(subject, e_phentsize) != sizeof(Elf32_Phdr))
        return REFUSE(subject, "a program header has %u bytes, not %zu",
                      EHDR_HALF(subject, e_phentsize), sizeof(Elf32_Phdr));
    if (!lies_in_file(subject, offset, (uint64_t)count * sizeof(Elf32_Phdr)))
        return REFUSE(subject, "the program headers lie outside the file (offset 0x%x)", offset);
    if (!is_aligned_table(subject, offset, "program headers"))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!check_program_header(subject, i, offset + i * sizeof(Elf32_Phdr)))
            return false;
    }
    return true;
}

static struct section_header section_header(const struct subject *subject, uint32_t number)
{
    size_t at = EHDR_WORD(subject, e_shoff) + number * sizeof(Elf32_Shdr);
    return (struct section_header){
        .name = read_word(subject, at + offsetof(Elf32_Shdr, sh_name)),
        .type = read_word(subject, at + offsetof(Elf32_Shdr, sh_type)),
        .flags = read_word(subject, at + offsetof(Elf32_Shdr, sh_flags)),
        .address = read_word(subject, at + offsetof(Elf32_Shdr, sh_addr)),
        .offset = read_word(subject, at + offsetof(Elf32_Shdr, sh_offset)),
        .size_bytes = read_word(subject, at + offsetof(Elf32_Shdr, sh_size)),
        .link = read_word(subject, at + offsetof(Elf32_Shdr, sh_link)),
        .entry_bytes = read_word(subject, at + offsetof(Elf32_Shdr, sh_entsize)),
    };
}

static bool check_section(const struct subject *subject, uint32_t number, uint32_t name_bytes)
{
    struct section_header header = section_header(subject, number);
    if (header.name >= name_bytes)
        return REFUSE(subject, "the name of section %u lies outside its string table", number);
    if (header.type != SHT_NOBITS && !lies_in_file(subject, header.offset, header.size_bytes))
        return REFUSE(subject, "section %u lies outside the file (offset 0x%x, %u bytes)", number,
                      header.offset, header.size_bytes);
    if ((header.flags & SHF_COMPRESSED) != 0)
        return REFUSE(subject, "section %u is compressed", number);
    if ((header.flags & SHF_ALLOC) != 0 &&
        (uint64_t)header.address + header.size_bytes > UINT64_C(1) << 32)
        return REFUSE(subject, "section %u reaches beyond the address space (0x%x, %u bytes)",
                      number, header.address, header.size_bytes);
    return true;
}

/* A string table ends with a NUL: then every offset within it begins a string within it. */
static bool check_string_table(const struct subject *subject, uint32_t number, const char *whose,
                               struct section_header *table)
{
    if (number == SHN_UNDEF || number >= EHDR_HALF(subject, e_shnum))
        return REFUSE(subject, "the string table of the %s does not exist", whose);
    *table = section_header(subject, number);
    if (table->type != SHT_STRTAB)
        return REFUSE(subject, "section %u, named as string table of the %s, is none", number,
                      whose);
    if (!lies_in_file(subject, table->offset, table->size_bytes))
        return REFUSE(subject, "section %u lies outside the file (offset 0x%x, %u bytes)", number,
                      table->offset, table->size_bytes);
    if (table->size_bytes == 0 ||
        subject->file.at[(size_t)table->offset + table->size_bytes - 1] != '\0')
        return REFUSE(subject, "the string table of the %s does not end with a NUL", whose);
    return true;
}

/* The place of a symbol: absolute, or within the section it names. */
static bool check_symbol_place(const struct subject *subject, uint32_t number, size_t at)
{
    uint64_t value = read_word(subject, at + offsetof(Elf32_Sym, st_value));
    uint64_t size_bytes = read_word(subject, at + offsetof(Elf32_Sym, st_size));
    uint32_t section = read_half(subject, at + offsetof(Elf32_Sym, st_shndx));
    if (section == SHN_UNDEF)
        return REFUSE(subject, "symbol %u is undefined", number);
    if (value + size_bytes > UINT64_C(1) << 32)
        return REFUSE(subject, "symbol %u reaches beyond the address space", number);
    if (section == SHN_ABS)
        return true;
    if (section >= EHDR_HALF(subject, e_shnum))
        return REFUSE(subject, "symbol %u is in section %u, which does not exist", number, section);
    struct section_header home = section_header(subject, section);
    if (value < home.address || value + size_bytes > (uint64_t)home.address + home.size_bytes)
        return REFUSE(subject, "symbol %u lies outside its section %u", number, section);
    return true;
}

static bool check_symbol_table(const struct subject *subject, uint32_t number)
{
    struct section_header table = section_header(subject, number), names;
    if (table.entry_bytes != sizeof(Elf32_Sym) || table.size_bytes % sizeof(Elf32_Sym) != 0)
        return REFUSE(subject, "section %u is not a table of symbols of %zu bytes", number,
                      sizeof(Elf32_Sym));
    if (!is_aligned_table(subject, table.offset, "symbols") ||
        !check_string_table(subject, table.link, "symbols", &names))
        return false;
    for (uint32_t i = 1; i < table.size_bytes / sizeof(Elf32_Sym); i++) {
        size_t at = table.offset + i * sizeof(Elf32_Sym);
        if (read_word(subject, at + offsetof(Elf32_Sym, st_name)) >= names.size_bytes)
            return REFUSE(subject, "the name of symbol %u lies outside its string table", i);
        if (!check_symbol_place(subject, i, at))
            return false;
    }
    return true;
}

static bool check_sections(const struct subject *subject)
{
    uint32_t offset = EHDR_WORD(subject, e_shoff), count = EHDR_HALF(subject, e_shnum);
    struct section_header names;
    unsigned symbol_table_count = 0;
    if (offset == 0 && count == 0)
        return true;
    if (count == 0 || count >= SHN_LORESERVE)
        return REFUSE(subject, "bad number of section headers");
    if (EHDR_HALF(subject, e_shentsize) != sizeof(Elf32_Shdr))
        return REFUSE(subject, "a section header has %u bytes, not %zu",
                      EHDR_HALF(subject, e_shentsize), sizeof(Elf32_Shdr));
    if (!lies_in_file(subject, offset, (uint64_t)count * sizeof(Elf32_Shdr)))
        return REFUSE(subject, "the section headers lie outside the file (offset 0x%x)", offset);
    if (!is_aligned_table(subject, offset, "section headers") ||
        !check_string_table(subject, EHDR_HALF(subject, e_shstrndx), "sections", &names))
        return false;
    for (uint32_t i = 1; i < count; i++) {
        if (!check_section(subject, i, names.size_bytes))
            return false;
        if (section_header(subject, i).type != SHT_SYMTAB)
            continue;
        if (symbol_table_count++ != 0)
            return REFUSE(subject, "there is more than one symbol table");
    }
    for (uint32_t i = 1; i < count; i++) {
        if (section_header(subject, i).type == SHT_SYMTAB && !check_symbol_table(subject, i))
            return false;
    }
    return true;
}

bool elf_validate(struct text file, const char *path, uint16_t machine, struct fault *fault)
{
    struct subject subject = {file, path, fault};
    return check_identification(&subject) && check_header(&subject, machine) &&
           check_program_headers(&subject) && check_sections(&subject);
}
