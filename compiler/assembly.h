/* An assembly file being read: what its parts (assembly_*.c, assembler.c) share. Private. */
#ifndef COMPILER_ASSEMBLY_H
#define COMPILER_ASSEMBLY_H

#include "base/array.h"
#include "base/fault.h"
#include "compiler/object.h"

#include <stdio.h>

/* A name that .equ defined. */
struct constant {
    struct text name;
    uint32_t value;
};

/* A field that waits for the address of a symbol. */
struct pending {
    struct object_reloc reloc;
    struct location where;
};

struct assembler {
    struct arena *arena;
    struct object *object;
    struct text content;
    enum object_place place;
    ARRAY(struct constant) constants;
    ARRAY(struct pending) pendings;
    ARRAY(uint32_t) globals; /* symbols named by .globl */
    struct fault fault;      /* of the current line */
    FILE *diagnostics;
    unsigned error_count;
};

/* assembly_operand.c: names, numbers and uses of symbols. Those that can fail leave a fault. */
bool as_refuse(struct assembler *as, struct location where, const char *what, struct text name);
bool as_is_name_part(char c);
bool as_is_name(struct text text);
struct text as_trimmed(struct text text);
struct text as_after(struct text text, size_t count);
/* The place of a part of the line that starts at `where`. */
struct location as_at_part(struct location where, struct text line, struct text part);
/* The current offset in the current section. */
uint32_t as_here(const struct assembler *as);
const struct constant *as_find_constant(const struct assembler *as, struct text name);
/* A number, a character or a constant. */
bool as_read_number(const struct assembler *as, struct text text, uint32_t *value);
bool as_need_number(struct assembler *as, struct text text, struct location where, uint32_t *value);
/* The field here gets the address of "name", "name+4", "&name-4", … when it is known. */
bool as_add_pending(struct assembler *as, struct text text, struct location where,
                    enum object_reloc_kind kind);

/* assembly_instruction.c */
bool as_add_instruction(struct assembler *as, struct text line, struct location where);

/* assembly_directive.c */
bool as_add_directive(struct assembler *as, struct text line, struct location where);
bool as_align(struct assembler *as, struct location where, uint32_t alignment);

#endif
