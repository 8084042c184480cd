/* An object: the code and data of one input, with the symbols it defines or wants and the places
 * that wait for their addresses. The code generator and the assembler fill objects, object files
 * hold them (object_file.h), the linker joins them (link.h). */
#ifndef COMPILER_OBJECT_H
#define COMPILER_OBJECT_H

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum object_place {
    OBJECT_UNDEFINED,
    OBJECT_TEXT,
    OBJECT_DATA,
    OBJECT_BSS,
    OBJECT_ABSOLUTE,
};

enum object_symbol_kind { OBJECT_SYMBOL_NONE, OBJECT_SYMBOL_OBJECT, OBJECT_SYMBOL_FUNCTION };

struct object_symbol {
    const char *name;
    enum object_place place;
    enum object_symbol_kind kind;
    uint32_t value, size_bytes; /* the value is an offset in its section */
    bool is_local;
};

/* What a field gets, with S the symbol's address, A the addend and P the field's own address. The
 * numbers are the ELF relocation types (docs/C0C.md). */
enum object_reloc_kind {
    OBJECT_RELOC_WORD32 = 1,   /* a word: S + A */
    OBJECT_RELOC_J26 = 2,      /* j, jal: S + A - (P + 4) in 26 bits, signed */
    OBJECT_RELOC_HI16 = 3,     /* lhgi before an xori with LO16: the high half of S + A, inverted
                                  if the low half has its sign bit set, since xori sign-extends */
    OBJECT_RELOC_LO16 = 4,     /* xori: the low half of S + A */
    OBJECT_RELOC_GLOBAL16 = 5, /* S + A - __globals in 16 bits, signed */
    OBJECT_RELOC_B16 = 6,      /* beqz, bnez: S + A - (P + 4) in 16 bits, signed */
};

struct object_reloc {
    enum object_place place; /* the section of the field: TEXT or DATA */
    enum object_reloc_kind kind;
    uint32_t offset; /* of the word that holds the field */
    uint32_t symbol; /* number of the symbol */
    uint32_t addend; /* modulo 2^32 */
};

struct object {
    struct arena *arena;
    const char *path;   /* the input as the user named it */
    const char *source; /* the source that its local symbols belong to */
    struct text_builder text, data;
    uint32_t bss_bytes;
    uint32_t alignment; /* of its sections, a power of 2 from 4 on */
    ARRAY(struct object_symbol) symbols;
    ARRAY(struct object_reloc) relocs;
    struct text_builder declarations, news, lines; /* sections for tools (docs/C0C.md) */
};

struct object *object_new(struct arena *arena, const char *path, const char *source);

/* Appends to the section and gives the word's offset. */
uint32_t object_add_word(struct object *object, enum object_place place, uint32_t word);
uint32_t object_word(const struct object *object, enum object_place place, uint32_t offset);
void object_set_word(struct object *object, enum object_place place, uint32_t offset,
                     uint32_t word);

uint32_t object_add_symbol(struct object *object, struct object_symbol symbol);
/* The number of the symbol of that name, added as an undefined one if there is none. */
uint32_t object_symbol_named(struct object *object, const char *name);
void object_add_reloc(struct object *object, struct object_reloc reloc);

/* Where a relocation's address goes in the word: false if `value` (a distance or an address, as
 * the kind says) does not fit the field. */
bool object_patch(struct object *object, const struct object_reloc *reloc, uint32_t value);

/* "name", or "name@file" for a local symbol: how the sections for tools name a place. */
const char *object_symbol_print(const struct object *object, uint32_t symbol);

#endif
