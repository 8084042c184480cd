/* Reading JSON such that each complaint names its place in the file. The parser keeps no places of
 * values; a place is the way to a value from the top, and is looked up in the text once something
 * is wrong there. */
#ifndef COSIM_SCENARIO_PLACE_H
#define COSIM_SCENARIO_PLACE_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"

#include <jansson.h>

struct place_file {
    struct arena *arena;
    const char *path;
    struct text text;
    struct fault *fault;
};

/* On the stack of whoever reads the value. */
struct place {
    const struct place *above; /* NULL: the top */
    const char *key;           /* in an object; NULL: */
    size_t index;              /* in an array */
    json_t *value;             /* NULL: it is not there */
};

/* Reads and parses the file; the place is its top. False, with a fault. The value is released by
 * json_decref. */
bool place_open(struct place_file *file, struct arena *arena, const char *path, struct place *top,
                struct fault *fault);

/* Always false: a fault at the value. */
bool place_refuse(const struct place_file *file, const struct place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A member; its value is NULL if there is none. */
struct place place_member(const struct place *object, const char *key);
struct place place_element(const struct place *array, size_t index);

/* False, with a fault: the value is no object, or has other members than those of `keys`, which a
 * NULL ends. */
bool place_is_object(const struct place_file *file, const struct place *place,
                     const char *const keys[]);
bool place_is_list(const struct place_file *file, const struct place *place);

/* A value that is not there leaves what was; one of the wrong type, or out of its range, is a
 * fault, and the answer false. */
bool place_number(const struct place_file *file, const struct place *place, uint64_t least,
                  uint64_t most, uint64_t *number);
bool place_word(const struct place_file *file, const struct place *place, uint32_t least,
                uint32_t most, uint32_t *number);
bool place_flag(const struct place_file *file, const struct place *place, bool *flag);
bool place_string(const struct place_file *file, const struct place *place, const char **string);

#endif
