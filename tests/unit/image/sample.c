#include "tests/unit/image/sample.h"

#include "image/image.h"

#include <stddef.h>
#include <string.h>

/* Code at 0x0, data (6 bytes of 16) at 0x1000. */
static void add_segments(struct sample *sample)
{
    sample->segments[0] = (Elf32_Phdr){.p_type = PT_LOAD,
                                       .p_offset = offsetof(struct sample, data),
                                       .p_vaddr = 0x1000,
                                       .p_filesz = sizeof sample->data,
                                       .p_memsz = 16,
                                       .p_flags = PF_R | PF_W};
    sample->segments[1] = (Elf32_Phdr){.p_type = PT_LOAD,
                                       .p_offset = offsetof(struct sample, text),
                                       .p_filesz = sizeof sample->text,
                                       .p_memsz = sizeof sample->text,
                                       .p_flags = PF_R | PF_X};
    memcpy(sample->text, "\x78\x56\x34\x12\xF0\xDE\xBC\x9A", sizeof sample->text);
    memcpy(sample->data, "\x01\x02\x03\x04\x05\x06", sizeof sample->data);
}

static void add_sections(struct sample *sample)
{
    memcpy(sample->section_names, "\0.text\0.data\0.bss\0.symtab\0.strtab\0.shstrtab", 44);
    Elf32_Shdr *sections = sample->sections;
    sections[SECTION_TEXT] = (Elf32_Shdr){.sh_name = 1,
                                          .sh_type = SHT_PROGBITS,
                                          .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
                                          .sh_offset = offsetof(struct sample, text),
                                          .sh_size = sizeof sample->text};
    sections[SECTION_DATA] = (Elf32_Shdr){.sh_name = 7,
                                          .sh_type = SHT_PROGBITS,
                                          .sh_flags = SHF_ALLOC | SHF_WRITE,
                                          .sh_addr = 0x1000,
                                          .sh_offset = offsetof(struct sample, data),
                                          .sh_size = sizeof sample->data};
    sections[SECTION_BSS] = (Elf32_Shdr){.sh_name = 13,
                                         .sh_type = SHT_NOBITS,
                                         .sh_flags = SHF_ALLOC | SHF_WRITE,
                                         .sh_addr = 0x1008,
                                         .sh_offset = 0xFFFFFF00,
                                         .sh_size = 8};
    sections[SECTION_SYMTAB] = (Elf32_Shdr){.sh_name = 18,
                                            .sh_type = SHT_SYMTAB,
                                            .sh_offset = offsetof(struct sample, symbols),
                                            .sh_size = sizeof sample->symbols,
                                            .sh_link = SECTION_STRTAB,
                                            .sh_info = 4,
                                            .sh_entsize = sizeof(Elf32_Sym)};
    sections[SECTION_STRTAB] = (Elf32_Shdr){.sh_name = 26,
                                            .sh_type = SHT_STRTAB,
                                            .sh_offset = offsetof(struct sample, names),
                                            .sh_size = sizeof sample->names};
    sections[SECTION_SHSTRTAB] = (Elf32_Shdr){.sh_name = 34,
                                              .sh_type = SHT_STRTAB,
                                              .sh_offset = offsetof(struct sample, section_names),
                                              .sh_size = sizeof sample->section_names};
}

static void add_symbols(struct sample *sample)
{
    memcpy(sample->names, "\0one.c0\0count\0main\0__heap\0table", 32);
    Elf32_Sym *symbols = sample->symbols;
    symbols[1] = (Elf32_Sym){
        .st_name = 1, .st_info = ELF32_ST_INFO(STB_LOCAL, STT_FILE), .st_shndx = SHN_ABS};
    symbols[2] = (Elf32_Sym){.st_name = 8,
                             .st_value = 4,
                             .st_size = 4,
                             .st_info = ELF32_ST_INFO(STB_LOCAL, STT_FUNC),
                             .st_shndx = SECTION_TEXT};
    symbols[3] = (Elf32_Sym){.st_name = 26,
                             .st_value = 0x1000,
                             .st_size = 4,
                             .st_info = ELF32_ST_INFO(STB_LOCAL, STT_OBJECT),
                             .st_shndx = SECTION_DATA};
    symbols[4] = (Elf32_Sym){.st_name = 14,
                             .st_size = 4,
                             .st_info = ELF32_ST_INFO(STB_GLOBAL, STT_FUNC),
                             .st_shndx = SECTION_TEXT};
    symbols[5] = (Elf32_Sym){.st_name = 19,
                             .st_value = 0x2000,
                             .st_info = ELF32_ST_INFO(STB_GLOBAL, STT_NOTYPE),
                             .st_shndx = SHN_ABS};
}

struct sample sample_image(void)
{
    struct sample sample = {0};
    sample.header =
        (Elf32_Ehdr){.e_ident = {0x7F, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                     .e_type = ET_EXEC,
                     .e_machine = IMAGE_MACHINE_VAMP,
                     .e_version = EV_CURRENT,
                     .e_entry = 4,
                     .e_phoff = offsetof(struct sample, segments),
                     .e_shoff = offsetof(struct sample, sections),
                     .e_ehsize = sizeof(Elf32_Ehdr),
                     .e_phentsize = sizeof(Elf32_Phdr),
                     .e_phnum = SAMPLE_SEGMENT_COUNT,
                     .e_shentsize = sizeof(Elf32_Shdr),
                     .e_shnum = SAMPLE_SECTION_COUNT,
                     .e_shstrndx = SECTION_SHSTRTAB};
    add_segments(&sample);
    add_sections(&sample);
    add_symbols(&sample);
    return sample;
}
