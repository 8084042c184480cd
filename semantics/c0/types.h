/* The types of a program, each made once. A struct is one type a file that declares it until the
 * files are linked (link.h): then those of one tag and shape become one. */
#ifndef SEMANTICS_C0_TYPES_H
#define SEMANTICS_C0_TYPES_H

#include "semantics/c0/names.h"
#include "semantics/c0/program.h"

enum {
    C0_MAX_CELLS = 1 << 24, /* of one object, of all globals, of a function's variables */
    C0_MAX_NESTING = 256,   /* of types, expressions, statements */
    C0_BYTES_A_CELL = 4,    /* what sizeof counts in constant expressions (docs/ABI.md) */
};

/* A type as the front end keeps it. */
struct c0_type_node {
    struct c0_type type;             /* first: a type of the program is the start of its node */
    struct c0_names field_names;     /* of a struct: to 1 + the index of the field */
    uint32_t nesting;                /* of type constructors; pointers to structs count as 1 */
    struct location where;           /* of a struct: its first declaration */
    struct c0_type_node *pointer_to; /* the pointer type to this one, once made */
    uint32_t unit;                   /* of a struct: the number of the file that declares it */
    uint32_t class;                  /* of a struct, while linking */
    struct c0_type_node *canonical;  /* after linking: the type that stands for this one */
};

struct c0_types {
    struct arena *arena;
    struct c0_type_node *elementary[C0_TYPE_BOOL + 1]; /* by kind, VOID to BOOL */
    struct c0_type_node *null;                         /* NULL's type before it meets a pointer */
    struct c0_names arrays;                            /* by element and length */
    struct c0_type_node **structs;                     /* in order of declaration */
    size_t struct_count, struct_capacity;
};

void c0_types_start(struct c0_types *types, struct arena *arena);

static inline const struct c0_type *c0_type_basic(const struct c0_types *types,
                                                  enum c0_type_kind kind)
{
    return &types->elementary[kind]->type;
}

static inline struct c0_type_node *c0_type_node(const struct c0_type *type)
{
    return (struct c0_type_node *)type;
}

const struct c0_type *c0_type_pointer(struct c0_types *types, const struct c0_type *element);
/* The element is complete, the length at least 1, the whole at most C0_MAX_CELLS. */
const struct c0_type *c0_type_array(struct c0_types *types, const struct c0_type *element,
                                    uint32_t length);
/* A new struct type, declared only. */
struct c0_type_node *c0_type_struct(struct c0_types *types, const char *tag, uint32_t unit,
                                    struct location where);
/* Gives a declared struct its fields, whose types are complete and together fit. */
void c0_type_complete(struct c0_type_node *node, struct c0_field *fields, uint32_t field_count);

/* A value of the type can be stored: it is elementary, or a complete struct or array. */
static inline bool c0_type_is_object(const struct c0_type *type)
{
    return type->size_cells != 0;
}

static inline bool c0_type_is_null(const struct c0_types *types, const struct c0_type *type)
{
    return type == &types->null->type;
}

/* The field of that name, or NULL. */
const struct c0_field *c0_type_field(const struct c0_type *type, const char *name);

/* The type's name for messages: "struct S *". */
const char *c0_type_name(struct arena *arena, const struct c0_type *type);

#endif
