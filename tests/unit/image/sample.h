/* A small sound image, to be damaged by the tests one field at a time. */
#ifndef TESTS_UNIT_IMAGE_SAMPLE_H
#define TESTS_UNIT_IMAGE_SAMPLE_H

#include <elf.h>

enum { SAMPLE_SECTION_COUNT = 7, SAMPLE_SEGMENT_COUNT = 2, SAMPLE_SYMBOL_COUNT = 6 };
enum {
    SECTION_NULL,
    SECTION_TEXT,
    SECTION_DATA,
    SECTION_BSS,
    SECTION_SYMTAB,
    SECTION_STRTAB,
    SECTION_SHSTRTAB
};

struct sample {
    Elf32_Ehdr header;
    Elf32_Phdr segments[SAMPLE_SEGMENT_COUNT];
    unsigned char text[8];
    unsigned char data[6];
    char section_names[50];
    char names[40];
    Elf32_Sym symbols[SAMPLE_SYMBOL_COUNT];
    Elf32_Shdr sections[SAMPLE_SECTION_COUNT];
};

struct sample sample_image(void);

#endif
