/* A validated ELF file, read through libelf into the image. */
#include "image/image.h"

#include "image/digest.h"
#include "image/validate.h"

#include "base/array.h"
#include "base/file.h"

#include <libelf.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct arena *arena;
    Elf *elf;
    struct text file;
    struct image *image;
    struct fault *fault;
};

static bool refuse(const struct reader *reader, const char *what)
{
    return fault_at(reader->fault, (struct location){reader->image->path, 0, 0}, "%s", what);
}

static bool refuse_libelf(const struct reader *reader)
{
    const char *reason = elf_errmsg(-1);
    return refuse(reader, reason == NULL ? "libelf cannot read it" : reason);
}

static int by_address(const void *left, const void *right)
{
    const struct image_segment *a = left, *b = right;
    return (a->address > b->address) - (a->address < b->address);
}

static bool check_overlap(const struct reader *reader)
{
    for (size_t i = 1; i < reader->image->segment_count; i++) {
        const struct image_segment *low = &reader->image->segments[i - 1], *high = low + 1;
        if (low->size_bytes > high->address - low->address)
            return fault_at(reader->fault, (struct location){reader->image->path, 0, 0},
                            "segments overlap: 0x%08x (%u bytes) and 0x%08x (%u bytes)",
                            low->address, low->size_bytes, high->address, high->size_bytes);
    }
    return true;
}

static bool read_segments(struct reader *reader)
{
    size_t count;
    const Elf32_Phdr *headers = elf32_getphdr(reader->elf);
    if (headers == NULL || elf_getphdrnum(reader->elf, &count) != 0)
        return refuse_libelf(reader);
    ARRAY(struct image_segment) segments = {0};
    for (size_t i = 0; i < count; i++) {
        const Elf32_Phdr *header = &headers[i];
        if (header->p_type != PT_LOAD || header->p_memsz == 0)
            continue;
        ARRAY_PUSH(reader->arena, &segments,
                   (struct image_segment){
                       .address = header->p_vaddr,
                       .size_bytes = header->p_memsz,
                       .content = {reader->file.at + header->p_offset, header->p_filesz},
                       .is_writable = (header->p_flags & PF_W) != 0,
                       .is_executable = (header->p_flags & PF_X) != 0,
                   });
    }
    if (segments.count == 0)
        return refuse(reader, "no segment is loaded");
    qsort(segments.at, segments.count, sizeof segments.at[0], by_address);
    reader->image->segments = segments.at;
    reader->image->segment_count = segments.count;
    return check_overlap(reader);
}

static bool read_sections(struct reader *reader)
{
    ARRAY(struct image_section) sections = {0};
    size_t names;
    if (elf_getshdrstrndx(reader->elf, &names) != 0)
        return refuse_libelf(reader);
    for (Elf_Scn *scn = NULL; (scn = elf_nextscn(reader->elf, scn)) != NULL;) {
        const Elf32_Shdr *header = elf32_getshdr(scn);
        const char *name = header == NULL ? NULL : elf_strptr(reader->elf, names, header->sh_name);
        if (name == NULL)
            return refuse_libelf(reader);
        struct text content = {"", 0};
        if (header->sh_type != SHT_NOBITS)
            content = (struct text){reader->file.at + header->sh_offset, header->sh_size};
        ARRAY_PUSH(reader->arena, &sections,
                   (struct image_section){
                       .name = arena_copy(reader->arena, name, strlen(name)),
                       .address = header->sh_addr,
                       .size_bytes = header->sh_size,
                       .is_loaded = (header->sh_flags & SHF_ALLOC) != 0,
                       .is_executable = (header->sh_flags & SHF_EXECINSTR) != 0,
                       .is_writable = (header->sh_flags & SHF_WRITE) != 0,
                       .content = content,
                   });
    }
    reader->image->sections = sections.at;
    reader->image->section_count = sections.count;
    return true;
}

static enum image_symbol_kind symbol_kind(const Elf32_Sym *symbol)
{
    switch (ELF32_ST_TYPE(symbol->st_info)) {
    case STT_FUNC:
        return IMAGE_SYMBOL_FUNCTION;
    case STT_OBJECT:
        return IMAGE_SYMBOL_OBJECT;
    default:
        return IMAGE_SYMBOL_OTHER;
    }
}

/* By address, then name; the rest makes the order the same whatever qsort does. */
static int by_place(const void *left, const void *right)
{
    const struct image_symbol *a = left, *b = right;
    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    int order = strcmp(a->name, b->name);
    if (order != 0)
        return order;
    if (a->is_local != b->is_local)
        return a->is_local ? 1 : -1;
    order = strcmp(a->file == NULL ? "" : a->file, b->file == NULL ? "" : b->file);
    if (order != 0)
        return order;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (a->size_bytes > b->size_bytes) - (a->size_bytes < b->size_bytes);
}

static bool read_symbol_table(struct reader *reader, Elf_Scn *scn, const Elf32_Shdr *header)
{
    const Elf_Data *data = elf_getdata(scn, NULL);
    if (data == NULL && header->sh_size != 0)
        return refuse_libelf(reader);
    const Elf32_Sym *table = data == NULL ? NULL : data->d_buf;
    const char *file = NULL;
    ARRAY(struct image_symbol) symbols = {0};
    for (size_t i = 1; i < header->sh_size / sizeof(Elf32_Sym); i++) {
        const char *name = elf_strptr(reader->elf, header->sh_link, table[i].st_name);
        if (name == NULL)
            return refuse_libelf(reader);
        name = arena_copy(reader->arena, name, strlen(name));
        unsigned type = ELF32_ST_TYPE(table[i].st_info);
        bool is_local = ELF32_ST_BIND(table[i].st_info) == STB_LOCAL;
        if (type == STT_FILE)
            file = name;
        if (type == STT_FILE || type == STT_SECTION)
            continue;
        ARRAY_PUSH(reader->arena, &symbols,
                   (struct image_symbol){
                       .name = name,
                       .file = is_local ? file : NULL,
                       .address = table[i].st_value,
                       .size_bytes = table[i].st_size,
                       .kind = symbol_kind(&table[i]),
                       .is_local = is_local,
                       .is_absolute = table[i].st_shndx == SHN_ABS,
                   });
    }
    if (symbols.count != 0)
        qsort(symbols.at, symbols.count, sizeof symbols.at[0], by_place);
    reader->image->symbols = symbols.at;
    reader->image->symbol_count = symbols.count;
    return true;
}

static bool read_symbols(struct reader *reader)
{
    for (Elf_Scn *scn = NULL; (scn = elf_nextscn(reader->elf, scn)) != NULL;) {
        const Elf32_Shdr *header = elf32_getshdr(scn);
        if (header == NULL)
            return refuse_libelf(reader);
        if (header->sh_type == SHT_SYMTAB)
            return read_symbol_table(reader, scn, header);
    }
    return true;
}

static bool read_image(struct reader *reader)
{
    const Elf32_Ehdr *header = elf32_getehdr(reader->elf);
    if (header == NULL)
        return refuse_libelf(reader);
    reader->image->machine = header->e_machine;
    reader->image->entry = header->e_entry;
    return read_segments(reader) &&
           (header->e_shnum == 0 || (read_sections(reader) && read_symbols(reader)));
}

struct image *image_parse(struct arena *arena, const char *path, struct text file, uint16_t machine,
                          struct fault *fault)
{
    struct reader reader = {.arena = arena, .file = file, .fault = fault};
    if (!elf_validate(file, path, machine, fault))
        return NULL;
    reader.image = ARENA_NEW(arena, struct image);
    reader.image->path = path;
    reader.image->digest = digest_of(arena, file);
    /* libelf takes a writable address; it gets a copy, so that the content stays as it was read. */
    char *copy = arena_copy(arena, file.at, file.length);
    if (elf_version(EV_CURRENT) == EV_NONE ||
        (reader.elf = elf_memory(copy, file.length)) == NULL) {
        refuse_libelf(&reader);
        return NULL;
    }
    bool is_read = read_image(&reader);
    elf_end(reader.elf);
    return is_read ? reader.image : NULL;
}

struct image *image_load(struct arena *arena, const char *path, uint16_t machine,
                         struct fault *fault)
{
    struct text file;
    if (!file_read(arena, path, &file, fault))
        return NULL;
    return image_parse(arena, path, file, machine, fault);
}
