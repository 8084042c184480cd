/* Writing ELF32 files, little-endian, for the VAMP: headers and sections to bytes. What is written
 * depends on nothing but the arguments. */
#ifndef COMPILER_ELF_FILE_H
#define COMPILER_ELF_FILE_H

#include "base/array.h"
#include "base/text.h"

#include <stdint.h>

struct elf_section {
    const char *name;
    uint32_t type, flags, address;
    struct text content; /* of SHT_NOBITS none */
    uint32_t size_bytes; /* of SHT_NOBITS */
    uint32_t link, info, alignment, entry_bytes;
};

/* A loaded part of the image: sections that follow each other, in the file and in memory. */
struct elf_segment {
    uint32_t first_section; /* number; where the content in the file starts */
    uint32_t address, file_bytes, memory_bytes, flags;
};

struct elf_file {
    struct arena *arena;
    uint16_t type;
    uint32_t entry;
    ARRAY(struct elf_section) sections; /* number 0 is the null section */
    ARRAY(struct elf_segment) segments;
};

struct elf_file *elf_file_new(struct arena *arena, uint16_t type);
/* Gives the section's number. */
uint32_t elf_file_add(struct elf_file *file, struct elf_section section);
/* The whole file; a section with the sections' names comes last. */
struct text elf_file_bytes(struct elf_file *file);

/* Symbol tables: strings and entries. */
struct elf_symbols {
    struct text_builder strings, entries;
    uint32_t count;
};
void elf_symbols_start(struct elf_symbols *symbols, struct arena *arena);
void elf_symbols_add(struct elf_symbols *symbols, const char *name, uint32_t value,
                     uint32_t size_bytes, unsigned char info, uint16_t section);
/* Adds .symtab and .strtab; the first global symbol has the number `first_global`. Gives the
 * number of .symtab. */
uint32_t elf_symbols_finish(struct elf_symbols *symbols, struct elf_file *file,
                            uint32_t first_global);

/* Little-endian numbers. */
void elf_append_half(struct text_builder *builder, uint32_t half);
void elf_append_word(struct text_builder *builder, uint32_t word);

#endif
