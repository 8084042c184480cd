/* Questions about a loaded image. */
#include "image/image.h"

#include <string.h>

static const struct image_segment *segment_at(const struct image *image, uint32_t address)
{
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *segment = &image->segments[i];
        if (address - segment->address < segment->size_bytes)
            return segment;
    }
    return NULL;
}

bool image_word(const struct image *image, uint32_t address, uint32_t *word)
{
    const struct image_segment *segment = segment_at(image, address);
    if (address % 4 != 0 || segment == NULL)
        return false;
    uint32_t offset = address - segment->address;
    if (segment->size_bytes - offset < 4)
        return false;
    *word = 0;
    for (uint32_t i = 0; i < 4 && offset + i < segment->content.length; i++)
        *word |= (uint32_t)(unsigned char)segment->content.at[offset + i] << 8 * i;
    return true;
}

bool image_is_executable(const struct image *image, uint32_t address)
{
    const struct image_segment *segment = segment_at(image, address);
    return segment != NULL && segment->is_executable;
}

const struct image_symbol *image_symbol(const struct image *image, const char *name,
                                        const char *file)
{
    const struct image_symbol *global = NULL;
    for (size_t i = 0; i < image->symbol_count; i++) {
        const struct image_symbol *symbol = &image->symbols[i];
        if (strcmp(symbol->name, name) != 0)
            continue;
        if (!symbol->is_local && global == NULL)
            global = symbol;
        if (symbol->is_local && file != NULL && symbol->file != NULL &&
            strcmp(symbol->file, file) == 0)
            return symbol;
    }
    return global;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

const struct image_symbol *image_static_symbol(const struct image *image, const char *name,
                                               const char *file)
{
    const struct image_symbol *found = NULL;
    unsigned count = 0;
    for (size_t i = 0; i < image->symbol_count; i++) {
        const struct image_symbol *symbol = &image->symbols[i];
        if (!symbol->is_local || strcmp(symbol->name, name) != 0 || symbol->file == NULL)
            continue;
        if (strcmp(symbol->file, file) == 0)
            return symbol;
        if (strcmp(base_name(symbol->file), base_name(file)) == 0) {
            found = symbol;
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

const struct image_symbol *image_function_at(const struct image *image, uint32_t address)
{
    for (size_t i = 0; i < image->symbol_count; i++) {
        const struct image_symbol *symbol = &image->symbols[i];
        if (symbol->kind == IMAGE_SYMBOL_FUNCTION && address - symbol->address < symbol->size_bytes)
            return symbol;
    }
    return NULL;
}

const struct image_section *image_section(const struct image *image, const char *name)
{
    for (size_t i = 0; i < image->section_count; i++) {
        if (strcmp(image->sections[i].name, name) == 0)
            return &image->sections[i];
    }
    return NULL;
}
