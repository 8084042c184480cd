/* A program image: an ELF32 file read through libelf, bounds-checked, explicit about byte order.
 * Nothing is believed that was not checked to lie in the file; what an image *means* is decided
 * by those who read it: symbol tables are hints, the bytes are the truth. */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"

enum { IMAGE_MACHINE_VAMP = 0x5AA5 };

struct image_segment {
    uint32_t address, size_bytes; /* in memory; bytes beyond the content are 0 */
    struct text content;
    bool is_writable, is_executable;
};

enum image_symbol_kind { IMAGE_SYMBOL_FUNCTION, IMAGE_SYMBOL_OBJECT, IMAGE_SYMBOL_OTHER };

struct image_symbol {
    const char *name;
    const char *file; /* of a local symbol: the source file its compiler named; else NULL */
    uint32_t address, size_bytes;
    enum image_symbol_kind kind;
    bool is_local;
    bool is_absolute; /* a linker-made constant rather than a place in a section */
};

struct image_section {
    const char *name;
    uint32_t address, size_bytes;
    bool is_loaded, is_executable, is_writable;
    struct text content; /* empty for zero-initialised sections */
};

struct image {
    const char *path;
    uint16_t machine;
    uint32_t entry;
    const struct image_segment *segments; /* ordered by address, none overlapping */
    size_t segment_count;
    const struct image_section *sections; /* in file order */
    size_t section_count;
    const struct image_symbol *symbols; /* ordered by address, then name */
    size_t symbol_count;
    const char *digest; /* sha256 of the file, in hexadecimal */
};

/* Refuses with a located fault: a file that is not a little-endian ELF32 executable of
 * `machine`; headers, segments, sections, names or symbols outside the file; overlapping
 * segments. */
struct image *image_load(struct arena *arena, const char *path, uint16_t machine,
                         struct fault *fault);
/* The same of a file that has been read; `path` only names it. */
struct image *image_parse(struct arena *arena, const char *path, struct text file, uint16_t machine,
                          struct fault *fault);

/* The initial word at an aligned address; false if no segment holds all of it. */
bool image_word(const struct image *image, uint32_t address, uint32_t *word);
bool image_is_executable(const struct image *image, uint32_t address);
/* The global symbol of that name; NULL if none. With `file`, the local one of that source first. */
const struct image_symbol *image_symbol(const struct image *image, const char *name,
                                        const char *file);
/* The local symbol of a static object of `file`. The image names its sources as its compiler was
 * called, which need not be how they are called now: failing the same path, the same file name will
 * do, if only one symbol has it. NULL: there is none. */
const struct image_symbol *image_static_symbol(const struct image *image, const char *name,
                                               const char *file);
/* The function symbol whose range holds `address`; NULL if none. */
const struct image_symbol *image_function_at(const struct image *image, uint32_t address);
const struct image_section *image_section(const struct image *image, const char *name);

#endif
