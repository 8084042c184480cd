/* A table from names to whatever they stand for: hashing, insertion only, never enumerated. */
#ifndef SEMANTICS_C0_NAMES_H
#define SEMANTICS_C0_NAMES_H

#include "base/arena.h"
#include "base/text.h"

struct c0_name_slot {
    struct text name; /* at == NULL: free */
    uint32_t hash;
    void *value;
};

/* All zero but for the arena is an empty table. Names are kept by reference. */
struct c0_names {
    struct arena *arena;
    struct c0_name_slot *slots;
    size_t count, capacity;
};

/* What the name stands for, NULL if nothing. */
void *c0_names_find(const struct c0_names *names, struct text name);

/* Where the value of the name is kept, entered with value NULL if it is new. The address holds
 * until the next call. */
void **c0_names_at(struct c0_names *names, struct text name);

/* The one NUL-terminated copy of that name, of a table used for nothing else. */
const char *c0_names_intern(struct c0_names *names, struct text name);

#endif
