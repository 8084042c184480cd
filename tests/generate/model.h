/* What the generator knows of the program that it writes.
 *
 * A program is fault-free by construction: every index, divisor, shift amount and pointer is
 * guarded, by its form (a mask), by what is known of a variable (a loop counter's bound, a pointer
 * tested against NULL) or by the left operand of && and ||. It ends within a bounded number of
 * steps: every loop has a bound, every recursion a fuel, and the cost of a function, an upper
 * bound of the statements that a call executes, stays within its budget. */
#ifndef TESTS_GENERATE_MODEL_H
#define TESTS_GENERATE_MODEL_H

#include "base/array.h"
#include "base/random.h"
#include "base/text.h"

enum type_kind {
    TYPE_INT,
    TYPE_UNSIGNED,
    TYPE_CHAR,
    TYPE_BOOL,
    TYPE_POINTER,
    TYPE_ARRAY,
    TYPE_STRUCT,
};

/* Equal types are the same pointer. */
struct type {
    enum type_kind kind;
    const struct type *element; /* POINTER, ARRAY */
    uint32_t length;            /* ARRAY */
    const char *tag;            /* STRUCT */
    struct field *fields;
    uint32_t field_count;
    uint32_t cells;
    uint32_t number;
    const char *alias; /* the typedef that stands for it, or NULL */
};

struct field {
    const char *name;
    const struct type *type;
};

enum scope { SCOPE_GLOBAL, SCOPE_PARAMETER, SCOPE_LOCAL };

/* What is known of a variable at the place where text is being written. */
struct facts {
    bool is_set;      /* it may be read */
    bool is_frozen;   /* it must not be assigned to */
    bool is_not_null; /* pointers */
    uint32_t below;   /* int and unsigned: the value is in 0 .. below - 1; 0: nothing is known */
};

struct variable {
    const char *name;
    const struct type *type;
    enum scope scope;
    bool is_static;
    bool is_reserved; /* a loop's counter, bound or flag: assigned by its loop only */
    bool is_used;     /* reserved ones that no loop uses are not declared */
    struct facts facts;
};

enum function_kind {
    FUNCTION_PLAIN,
    FUNCTION_RECURSIVE, /* the first parameter is the fuel */
    FUNCTION_MUTUAL,    /* the same; it calls `partner` */
};

struct function {
    const char *name;
    const struct type *result; /* NULL: void */
    ARRAY(struct variable *) parameters;
    enum function_kind kind;
    struct function *partner;
    bool is_static;
    bool has_prototype; /* one stands before all functions */
    uint64_t cost;      /* of one call, with the greatest fuel that a caller gives */
    const char *text;   /* the whole definition */
};

struct options {
    uint64_t seed;
    uint32_t size;      /* statements of a function, about */
    uint32_t functions; /* besides `run` and the builders of linked structures */
    bool may_fault;
};

struct program {
    struct arena *arena;
    struct random random;
    struct options options;
    const struct type *type_int, *type_unsigned, *type_char, *type_bool;
    ARRAY(struct type *) types; /* all, in the order of their making */
    ARRAY(struct type *) structs;
    ARRAY(struct type *) aliased;  /* arrays with a typedef of their own */
    ARRAY(const char *) constants; /* of enums */
    ARRAY(uint32_t) constant_values;
    ARRAY(struct variable *) globals;
    ARRAY(struct function *) functions; /* complete ones, which may be called */
    uint32_t function_count;            /* begun, for their names */
    struct text_builder types_text, globals_text;
};

/* Here --faulty leaves a guard out. */
static inline bool may_fault_here(struct program *program)
{
    return program->options.may_fault && random_below(&program->random, 150) == 0;
}

/* types.c */
void make_types(struct program *program);
const struct type *type_pointer(struct program *program, const struct type *element);
const struct type *type_array(struct program *program, const struct type *element, uint32_t length);
bool type_is_elementary(const struct type *type);
bool type_is_word(const struct type *type); /* int or unsigned int */
/* An object of `type` has `part` somewhere in it, or is one; pointers are not followed. */
bool type_contains(const struct type *type, const struct type *part);
/* sizeof gives the same for every compiler: there are only int and unsigned int in it. */
bool type_has_fixed_size(const struct type *type);
const struct type *random_elementary(struct program *program);
const struct type *random_scalar(struct program *program); /* no pointer */
/* "int *name[4]"; with an empty name the type alone. */
const char *declare(struct program *program, const struct type *type, const char *name);

/* globals.c */
void make_globals(struct program *program);
/* A constant of the type, as a global's initial value may be written. */
const char *random_constant(struct program *program, const struct type *type);

/* function.c */
void make_functions(struct program *program);

/* driver.c */
void print_driver(struct program *program, const char *source, struct text_builder *out);

#endif
