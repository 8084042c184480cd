#include "image/digest.h"
#include "image/image.h"
#include "tests/unit/image/sample.h"

#include <criterion/criterion.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct arena *arena;
static struct fault fault;
static char path[] = "/tmp/vouch-image-XXXXXX";

static void begin(void)
{
    arena = arena_new();
}

static void end(void)
{
    arena_free(arena);
}

TestSuite(image_load, .init = begin, .fini = end);
TestSuite(image_refuses, .init = begin, .fini = end);

/* The image in a file of these bytes. */
static const struct image *load_bytes(const void *bytes, size_t length)
{
    int file = mkstemp(path);
    cr_assert(file >= 0 && write(file, bytes, length) == (ssize_t)length);
    close(file);
    const struct image *image = image_load(arena, path, IMAGE_MACHINE_VAMP, &fault);
    unlink(path);
    cr_assert_eq(image == NULL, fault.is_set, "%s", fault.message);
    return image;
}

static const struct image *load(const struct sample *sample)
{
    return load_bytes(sample, sizeof *sample);
}

static void expect_refusal(const struct sample *sample, const char *message)
{
    cr_expect_null(load(sample));
    cr_expect_str_eq(fault.message, message);
    cr_expect_str_eq(fault.file, path);
}

Test(image_load, header_is_read)
{
    struct sample sample = sample_image();
    const struct image *image = load(&sample);
    cr_expect_eq(image->entry, 4);
    cr_expect_eq(image->machine, IMAGE_MACHINE_VAMP);
    cr_expect_str_eq(image->digest,
                     digest_of(arena, (struct text){(const char *)&sample, sizeof sample}));
}

Test(image_load, segments_are_ordered_by_address)
{
    struct sample sample = sample_image();
    const struct image *image = load(&sample);
    cr_assert_eq(image->segment_count, 2);
    cr_expect_eq(image->segments[0].address, 0);
    cr_expect(image->segments[0].is_executable && !image->segments[0].is_writable);
    cr_expect_eq(image->segments[1].address, 0x1000);
    cr_expect_eq(image->segments[1].size_bytes, 16);
    cr_expect_eq(image->segments[1].content.length, 6);
    cr_expect(!image->segments[1].is_executable && image->segments[1].is_writable);
}

Test(image_load, words_are_little_endian_and_zero_beyond_the_content)
{
    struct sample sample = sample_image();
    const struct image *image = load(&sample);
    uint32_t word;
    cr_expect(image_word(image, 0, &word) && word == 0x12345678);
    cr_expect(image_word(image, 4, &word) && word == 0x9ABCDEF0);
    cr_expect(image_word(image, 0x1004, &word) && word == 0x0605);
    cr_expect(image_word(image, 0x100C, &word) && word == 0);
    cr_expect_not(image_word(image, 0x1010, &word));
    cr_expect_not(image_word(image, 8, &word));
    cr_expect_not(image_word(image, 2, &word));
    cr_expect_not(image_word(image, 0xFFFFFFFC, &word));
}

Test(image_load, a_word_that_only_begins_in_a_segment_is_not_there)
{
    struct sample sample = sample_image();
    uint32_t word;
    sample.segments[0].p_memsz = 6;
    const struct image *image = load(&sample);
    cr_expect(image_word(image, 0x1000, &word));
    cr_expect_not(image_word(image, 0x1004, &word));
}

Test(image_load, executable_addresses_are_those_of_executable_segments)
{
    struct sample sample = sample_image();
    const struct image *image = load(&sample);
    cr_expect(image_is_executable(image, 7));
    cr_expect_not(image_is_executable(image, 8));
    cr_expect_not(image_is_executable(image, 0x1000));
}

Test(image_load, sections_are_in_file_order_with_their_content)
{
    struct sample sample = sample_image();
    const struct image *image = load(&sample);
    cr_assert_eq(image->section_count, SAMPLE_SECTION_COUNT - 1);
    cr_expect_str_eq(image->sections[0].name, ".text");
    cr_expect(image->sections[0].is_executable && image->sections[0].is_loaded);
    const struct image_section *data = image_section(image, ".data"),
                               *bss = image_section(image, ".bss");
    cr_expect(text_equals(data->content, (struct text){"\1\2\3\4\5\6", 6}));
    cr_expect_eq(bss->content.length, 0);
    cr_expect_eq(bss->size_bytes, 8);
    cr_expect_null(image_section(image, ".c0.new"));
}

Test(image_load, symbols_are_ordered_by_address_then_name)
{
    static const char *const names[] = {"main", "count", "table", "__heap"};
    struct sample sample = sample_image();
    const struct image *image = load(&sample);
    cr_assert_eq(image->symbol_count, 4);
    for (size_t i = 0; i < 4; i++)
        cr_expect_str_eq(image->symbols[i].name, names[i]);
}

Test(image_load, symbols_carry_kind_binding_and_file)
{
    struct sample sample = sample_image();
    const struct image *image = load(&sample);
    const struct image_symbol *main_symbol = image_symbol(image, "main", NULL);
    cr_expect(main_symbol->kind == IMAGE_SYMBOL_FUNCTION && !main_symbol->is_local);
    cr_expect_null(main_symbol->file);
    cr_expect(image_symbol(image, "__heap", NULL)->is_absolute);
    cr_expect_null(image_symbol(image, "count", NULL));
    cr_expect_null(image_symbol(image, "count", "two.c0"));
    const struct image_symbol *count = image_symbol(image, "count", "one.c0");
    cr_expect(count->is_local && !count->is_absolute && count->address == 4);
    cr_expect_str_eq(count->file, "one.c0");
    cr_expect_eq(image_symbol(image, "table", "one.c0")->kind, IMAGE_SYMBOL_OBJECT);
}

Test(image_load, function_is_found_by_an_address_within_it)
{
    struct sample sample = sample_image();
    const struct image *image = load(&sample);
    cr_expect_str_eq(image_function_at(image, 3)->name, "main");
    cr_expect_str_eq(image_function_at(image, 4)->name, "count");
    cr_expect_null(image_function_at(image, 8));
}

Test(image_load, an_image_without_sections_has_segments_only)
{
    struct sample sample = sample_image();
    sample.header.e_shoff = sample.header.e_shnum = sample.header.e_shstrndx = 0;
    const struct image *image = load(&sample);
    cr_assert_not_null(image, "%s", fault.message);
    cr_expect_eq(image->segment_count, 2);
    cr_expect_eq(image->symbol_count, 0);
}

Test(image_load, digest_is_sha256)
{
    cr_expect_str_eq(digest_of(arena, text_of("abc")),
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* One defect a test, named after it. */
#define DEFECT(name, damage, message)                                                              \
    Test(image_refuses, name)                                                                      \
    {                                                                                              \
        struct sample sample = sample_image();                                                     \
        damage;                                                                                    \
        expect_refusal(&sample, message);                                                          \
    }

DEFECT(wrong_magic, sample.header.e_ident[1] = 'e', "not an ELF file")
DEFECT(a_64_bit_file, sample.header.e_ident[EI_CLASS] = ELFCLASS64,
       "a 64-bit ELF file, not a 32-bit one")
DEFECT(an_unknown_class, sample.header.e_ident[EI_CLASS] = 7, "unknown ELF class 7")
DEFECT(a_big_endian_file, sample.header.e_ident[EI_DATA] = ELFDATA2MSB,
       "a big-endian ELF file, not a little-endian one")
DEFECT(an_unknown_byte_order, sample.header.e_ident[EI_DATA] = 0, "unknown ELF byte order 0")
DEFECT(an_unknown_version, sample.header.e_version = 2, "unknown ELF version 2")
DEFECT(another_machine, sample.header.e_machine = EM_386,
       "an ELF file for machine 0x0003, not 0x5AA5")
DEFECT(an_object_file, sample.header.e_type = ET_REL, "not an executable ELF file (type 1, not 2)")
DEFECT(a_header_of_another_size, sample.header.e_ehsize = 64, "the ELF header has 64 bytes, not 52")
DEFECT(no_program_headers, sample.header.e_phnum = 0,
       "there are no program headers: nothing would be loaded")
DEFECT(program_headers_of_another_size, sample.header.e_phentsize = 56,
       "a program header has 56 bytes, not 32")
DEFECT(program_headers_outside_the_file, sample.header.e_phoff = 0xFFFFFFE0,
       "the program headers lie outside the file (offset 0xffffffe0)")
DEFECT(misaligned_program_headers, sample.header.e_phoff += 2,
       "the program headers are at offset 0x36, which is not a multiple of 4")
DEFECT(misaligned_section_headers, sample.header.e_shoff -= 1,
       "the section headers are at offset 0x13b, which is not a multiple of 4")
DEFECT(misaligned_symbols, sample.sections[SECTION_SYMTAB].sh_offset -= 3,
       "the symbols are at offset 0xd9, which is not a multiple of 4")
DEFECT(extended_program_header_count, sample.header.e_phnum = PN_XNUM, "too many program headers")
DEFECT(segment_outside_the_file, sample.segments[1].p_offset = 0x7FFFFFFF,
       "segment 1 lies outside the file (offset 0x7fffffff, 8 bytes)")
DEFECT(segment_larger_in_the_file_than_in_memory, sample.segments[0].p_memsz = 5,
       "segment 0 has more bytes in the file (6) than in memory (5)")
DEFECT(segment_beyond_the_address_space, sample.segments[0].p_vaddr = 0xFFFFFFF8,
       "segment 0 reaches beyond the address space (0xfffffff8, 16 bytes)")
DEFECT(overlapping_segments, sample.segments[0].p_vaddr = 4,
       "segments overlap: 0x00000000 (8 bytes) and 0x00000004 (16 bytes)")
DEFECT(nothing_to_load, sample.segments[0].p_type = sample.segments[1].p_type = PT_NOTE,
       "no segment is loaded")
DEFECT(extended_section_count, sample.header.e_shnum = 0, "bad number of section headers")
DEFECT(section_headers_of_another_size, sample.header.e_shentsize = 64,
       "a section header has 64 bytes, not 40")
DEFECT(section_headers_outside_the_file, sample.header.e_shoff = 0xFFFFFFF0,
       "the section headers lie outside the file (offset 0xfffffff0)")
DEFECT(section_name_table_that_does_not_exist, sample.header.e_shstrndx = 99,
       "the string table of the sections does not exist")
DEFECT(section_name_table_of_another_type, sample.header.e_shstrndx = SECTION_TEXT,
       "section 1, named as string table of the sections, is none")
DEFECT(section_name_table_outside_the_file, sample.sections[SECTION_SHSTRTAB].sh_size = 0xFFFFFFFF,
       "section 6 lies outside the file (offset 0x82, 4294967295 bytes)")
DEFECT(section_name_table_without_end, sample.section_names[49] = 'x',
       "the string table of the sections does not end with a NUL")
DEFECT(empty_section_name_table, sample.sections[SECTION_SHSTRTAB].sh_size = 0,
       "the string table of the sections does not end with a NUL")
DEFECT(section_name_outside_its_table, sample.sections[SECTION_BSS].sh_name = 50,
       "the name of section 3 lies outside its string table")
DEFECT(section_outside_the_file, sample.sections[SECTION_DATA].sh_size = 0x10000,
       "section 2 lies outside the file (offset 0x7c, 65536 bytes)")
DEFECT(section_beyond_the_address_space, sample.sections[SECTION_BSS].sh_addr = 0xFFFFFFFC,
       "section 3 reaches beyond the address space (0xfffffffc, 8 bytes)")
DEFECT(compressed_section, sample.sections[SECTION_DATA].sh_flags |= SHF_COMPRESSED,
       "section 2 is compressed")
DEFECT(symbols_of_another_size, sample.sections[SECTION_SYMTAB].sh_entsize = 24,
       "section 4 is not a table of symbols of 16 bytes")
DEFECT(part_of_a_symbol, sample.sections[SECTION_SYMTAB].sh_size -= 1,
       "section 4 is not a table of symbols of 16 bytes")
DEFECT(two_symbol_tables, sample.sections[SECTION_DATA].sh_type = SHT_SYMTAB,
       "there is more than one symbol table")
DEFECT(symbol_name_table_that_does_not_exist, sample.sections[SECTION_SYMTAB].sh_link = 70000,
       "the string table of the symbols does not exist")
DEFECT(symbol_name_table_without_end, sample.names[39] = 'x',
       "the string table of the symbols does not end with a NUL")
DEFECT(symbol_name_outside_its_table, sample.symbols[2].st_name = 40,
       "the name of symbol 2 lies outside its string table")
DEFECT(symbol_in_a_section_that_does_not_exist, sample.symbols[2].st_shndx = 7,
       "symbol 2 is in section 7, which does not exist")
DEFECT(common_symbol, sample.symbols[3].st_shndx = SHN_COMMON,
       "symbol 3 is in section 65522, which does not exist")
DEFECT(undefined_symbol, sample.symbols[4].st_shndx = SHN_UNDEF, "symbol 4 is undefined")
DEFECT(symbol_outside_its_section, sample.symbols[2].st_size = 5,
       "symbol 2 lies outside its section 1")
DEFECT(symbol_before_its_section, sample.symbols[3].st_value = 0xFFC,
       "symbol 3 lies outside its section 2")
DEFECT(symbol_beyond_the_address_space, sample.symbols[5].st_size = 0xFFFFFFFF,
       "symbol 5 reaches beyond the address space")

Test(image_refuses, a_missing_file)
{
    cr_expect_null(image_load(arena, "/nonexistent/image", IMAGE_MACHINE_VAMP, &fault));
    cr_expect_str_eq(fault.file, "/nonexistent/image");
}

Test(image_refuses, an_empty_file)
{
    cr_expect_null(load_bytes("", 0));
    cr_expect_str_eq(fault.message, "not an ELF file");
}

Test(image_refuses, every_truncation)
{
    struct sample sample = sample_image();
    for (size_t length = 0; length < sizeof sample; length++) {
        fault = (struct fault){0};
        strcpy(path + strlen(path) - 6, "XXXXXX");
        cr_expect_null(load_bytes(&sample, length), "%zu bytes", length);
        cr_expect_str_eq(fault.file, path);
    }
}
