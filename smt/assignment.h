/* Inside the smt room: an assignment as assignment.c keeps it and evaluate.c reads it. */
#ifndef SMT_ASSIGNMENT_H
#define SMT_ASSIGNMENT_H

#include "base/array.h"
#include "smt/evaluate.h"
#include "smt/store.h"

/* 64-bit keys to 64-bit values. */
struct table {
    uint64_t *keys, *values; /* key 0: free */
    size_t size, count;
};
bool table_get(const struct table *table, uint64_t key, uint64_t *value);
void table_put(struct arena *arena, struct table *table, uint64_t key, uint64_t value);

/* A memory root: the id of a memory variable, or ROOT_APPLY + the number of an application. */
enum { ROOT_APPLY_BIT = 31 };

struct cell {
    uint64_t value; /* of a word or Boolean; of a memory the number of its content */
    uint32_t root;  /* of a memory application */
    uint32_t value_epoch, root_epoch;
};

/* One word of a memory whose index is the address without its two low bits. */
struct entry {
    uint32_t index, word;
};

/* What a memory holds, as a value: a root (or none: then the same word everywhere) and the words
 * that differ from it, by index. Equal memories have equal contents. */
struct content {
    uint32_t root, everywhere;
    const struct entry *entries;
    size_t count;
    uint64_t hash;
};

/* A function at some argument values. */
struct application {
    uint64_t symbol;
    const uint64_t *arguments;
    size_t count;
    uint64_t hash; /* of the name and the values, the same in every run */
    bool is_set;
    uint64_t value;
    uint32_t next; /* number + 1 of another application of the same key */
};

struct root_entry {
    uint32_t root, index;
};

struct assignment {
    struct arena *arena;
    uint64_t seed;
    struct cell *cells; /* by term id */
    size_t cell_count;
    uint32_t epoch;
    struct table set; /* variables, memory words, memory defaults, applications by hash */
    ARRAY(struct root_entry) root_entries;
    ARRAY(struct content) contents;
    ARRAY(struct application) applications;
};

/* Well-mixed bits of two words. */
static inline uint64_t mixed(uint64_t a, uint64_t b)
{
    uint64_t x = (a ^ (b * 0x9e3779b97f4a7c15u)) + 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

uint64_t name_hash(const char *name);
/* What was not set, from its hash. */
uint64_t leaf_value(const struct assignment *assignment, uint64_t hash, unsigned width_bits);

uint64_t variable_value(const struct terms *terms, const struct assignment *assignment,
                        const struct node *node);
/* The word of a root, before any store. */
uint32_t root_word(const struct terms *terms, const struct assignment *assignment, uint32_t root,
                   uint32_t index);
uint64_t root_hash(const struct terms *terms, const struct assignment *assignment, uint32_t root);
/* The root is one word everywhere but where it is set. */
bool root_default(const struct assignment *assignment, uint32_t root, uint32_t *word);

uint64_t content_number(struct assignment *assignment, struct content content);
/* The application of the node's function to these values (contents by number). */
uint32_t application_number(const struct terms *terms, struct assignment *assignment,
                            const struct node *node, const uint64_t *arguments);
uint64_t application_value(const struct assignment *assignment, uint32_t number,
                           unsigned width_bits);
/* Evaluates the arguments first (evaluate.c). */
uint32_t evaluate_application(const struct terms *terms, struct assignment *assignment,
                              term application);

#endif
