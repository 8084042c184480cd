/* Any bytes are an image or are refused with a fault; what is accepted can be asked anything. */
#include "base/require.h"
#include "image/image.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct image *image)
{
    uint32_t word;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *segment = &image->segments[i];
        uint32_t end = segment->address + segment->size_bytes;
        image_word(image, segment->address & ~UINT32_C(3), &word);
        image_word(image, (end - 1) & ~UINT32_C(3), &word);
        require(segment->content.length <= segment->size_bytes, "content fits its segment");
        require(i == 0 || segment[-1].size_bytes <= segment->address - segment[-1].address,
                "segments are ordered and apart");
    }
    for (size_t i = 0; i < image->symbol_count; i++) {
        const struct image_symbol *symbol = &image->symbols[i];
        require(symbol->is_local || image_symbol(image, symbol->name, NULL) != NULL,
                "a global symbol is found by its name");
        require(symbol->kind != IMAGE_SYMBOL_FUNCTION || symbol->size_bytes == 0 ||
                    image_function_at(image, symbol->address) != NULL,
                "a function is found by its address");
    }
    for (size_t i = 0; i < image->section_count; i++) {
        const struct image_section *section = &image->sections[i];
        volatile unsigned char sum = 0;
        for (size_t j = 0; j < section->content.length; j++)
            sum = (unsigned char)(sum + (unsigned char)section->content.at[j]);
        require(image_section(image, section->name) != NULL, "a section is found by its name");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct text file = {arena_copy(arena, (const char *)data, size), size};
    const struct image *image = image_parse(arena, "input", file, IMAGE_MACHINE_VAMP, &fault);
    require((image == NULL) == fault.is_set, "refused with a fault, or accepted");
    if (image != NULL)
        ask(image);
    arena_free(arena);
    return 0;
}
