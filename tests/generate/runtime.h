/* What a generated driver needs to show a C program's globals as `vouch interp` shows those of C0:
 * descriptions of types and objects. It comes before c0.h, whose macros redefine words of C. */
#ifndef TESTS_GENERATE_RUNTIME_H
#define TESTS_GENERATE_RUNTIME_H

enum shape_kind {
    SHAPE_INT,
    SHAPE_UNSIGNED,
    SHAPE_CHAR,
    SHAPE_BOOL,
    SHAPE_POINTER,
    SHAPE_ARRAY,
    SHAPE_STRUCT
};

struct shape_field;

struct shape {
    enum shape_kind kind;
    unsigned long size_bytes;
    const struct shape *element;
    const struct shape_field *fields;
    unsigned count; /* of elements or fields */
};

struct shape_field {
    const char *name;
    const struct shape *shape;
    unsigned long offset_bytes;
};

struct shown_global {
    const char *name;
    const void *address;
    const struct shape *shape;
};

/* The type that `new` is given by that name. */
struct shape_name {
    const char *name;
    const struct shape *shape;
};

/* A zeroed object, numbered in the order of allocation. */
void *runtime_new(unsigned size_bytes, const char *type_name);

void runtime_show(int result, const struct shown_global *globals, unsigned global_count,
                  const struct shape_name *names, unsigned name_count);

#endif
