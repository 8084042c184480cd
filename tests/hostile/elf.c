/* The memory's content as an ELF file, tampered with and read again. */
#include "image/image.h"
#include "tests/hostile/hostile.h"

#include <elf.h>
#include <string.h>

enum { SEGMENTS = 2 };

/* Two segments: the first pages, and all behind them. */
static struct text make_file(struct arena *arena, const struct hostile *hostile,
                             struct random *random)
{
    struct {
        Elf32_Ehdr header;
        Elf32_Phdr segments[SEGMENTS];
    } head = {.header = {.e_type = ET_EXEC,
                         .e_machine = IMAGE_MACHINE_VAMP,
                         .e_version = EV_CURRENT,
                         .e_entry = hostile->entry,
                         .e_phoff = sizeof(Elf32_Ehdr),
                         .e_ehsize = sizeof(Elf32_Ehdr),
                         .e_phentsize = sizeof(Elf32_Phdr),
                         .e_phnum = SEGMENTS,
                         .e_shentsize = sizeof(Elf32_Shdr)}};
    memcpy(head.header.e_ident, ELFMAG, SELFMAG);
    head.header.e_ident[EI_CLASS] = ELFCLASS32;
    head.header.e_ident[EI_DATA] = ELFDATA2LSB;
    head.header.e_ident[EI_VERSION] = EV_CURRENT;
    uint32_t border = 4 * random_between(random, 1, hostile->memory_bytes / 4 - 1);
    for (size_t i = 0; i < SEGMENTS; i++) {
        uint32_t start = i == 0 ? 0 : border, end = i == 0 ? border : hostile->memory_bytes;
        head.segments[i] = (Elf32_Phdr){.p_type = PT_LOAD,
                                        .p_offset = (uint32_t)sizeof head + start,
                                        .p_vaddr = start,
                                        .p_paddr = start,
                                        .p_filesz = end - start,
                                        .p_memsz = end - start,
                                        .p_flags = i == 0 ? PF_R | PF_X : PF_R | PF_W,
                                        .p_align = 4};
    }
    char *bytes = arena_alloc(arena, sizeof head + hostile->memory_bytes);
    memcpy(bytes, &head, sizeof head);
    memcpy(bytes + sizeof head, hostile->words, hostile->memory_bytes);
    return (struct text){bytes, sizeof head + hostile->memory_bytes};
}

/* Bytes of the header, of the content, or the end. Half of the files stay as they are. */
static void tamper(struct text *file, struct random *random)
{
    char *bytes = (char *)file->at;
    uint32_t head = sizeof(Elf32_Ehdr) + SEGMENTS * sizeof(Elf32_Phdr);
    if (random_chance(random, 50))
        return;
    for (uint32_t i = random_between(random, 1, 4); i > 0; i--) {
        uint32_t at =
            random_below(random, random_chance(random, 60) ? head : (uint32_t)file->length);
        bytes[at] =
            (char)(random_chance(random, 50) ? random_word(random)
                                             : (uint32_t)bytes[at] + 1 - random_below(random, 3));
    }
    if (random_chance(random, 10))
        file->length = random_below(random, (uint32_t)file->length);
}

/* False: a segment lies outside memory. */
static bool load(struct hostile *hostile, struct arena *arena, const struct image *image)
{
    unsigned char *memory = arena_alloc(arena, hostile->memory_bytes);
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *segment = &image->segments[i];
        if (segment->address > hostile->memory_bytes ||
            segment->size_bytes > hostile->memory_bytes - segment->address)
            return false;
        if (segment->content.length != 0)
            memcpy(memory + segment->address, segment->content.at, segment->content.length);
    }
    memcpy(hostile->words, memory, hostile->memory_bytes);
    hostile->entry = image->entry;
    return true;
}

bool hostile_pass_through_elf(struct hostile *hostile, struct arena *arena, struct random *random)
{
    struct fault fault = {0};
    struct text file = make_file(arena, hostile, random);
    tamper(&file, random);
    /* A copy of the exact length: a read beyond its end is seen. */
    struct arena *own = arena_new();
    char *exact = arena_alloc(own, 1 << 20);
    size_t room = (1 << 20) - (file.length + 15) / 16 * 16;
    memcpy(exact + room, file.at, file.length);
    const struct image *image = image_parse(
        own, "hostile.elf", (struct text){exact + room, file.length}, IMAGE_MACHINE_VAMP, &fault);
    bool is_loaded = image != NULL && load(hostile, arena, image);
    arena_free(own);
    cover("image",
          is_loaded       ? "from ELF"
          : image == NULL ? "ELF refused"
                          : "ELF outside memory",
          1);
    return is_loaded;
}
