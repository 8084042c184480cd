/* Assignments: what was set, what was not, memory contents as values, functions as tables. */
#include "smt/assignment.h"

#include <string.h>

/* Tables */

bool table_get(const struct table *table, uint64_t key, uint64_t *value)
{
    if (table->size == 0)
        return false;
    for (size_t slot = mixed(key, 0) & (table->size - 1); table->keys[slot] != 0;
         slot = (slot + 1) & (table->size - 1))
        if (table->keys[slot] == key) {
            *value = table->values[slot];
            return true;
        }
    return false;
}

static void table_place(struct table *table, uint64_t key, uint64_t value)
{
    size_t slot = mixed(key, 0) & (table->size - 1);
    while (table->keys[slot] != 0 && table->keys[slot] != key)
        slot = (slot + 1) & (table->size - 1);
    table->count += table->keys[slot] == 0;
    table->keys[slot] = key;
    table->values[slot] = value;
}

void table_put(struct arena *arena, struct table *table, uint64_t key, uint64_t value)
{
    require(key != 0, "0 marks a free slot");
    if (table->count * 2 >= table->size) {
        struct table larger = {.size = table->size == 0 ? 64 : table->size * 2};
        larger.keys = ARENA_ARRAY(arena, uint64_t, larger.size);
        larger.values = ARENA_ARRAY(arena, uint64_t, larger.size);
        for (size_t i = 0; i < table->size; i++)
            if (table->keys[i] != 0)
                table_place(&larger, table->keys[i], table->values[i]);
        *table = larger;
    }
    table_place(table, key, value);
}

/* Keys of `set`: a tag, an id or root, a word index of 30 bits. */
enum tag { TAG_VARIABLE, TAG_MEMORY_WORD, TAG_MEMORY_DEFAULT, TAG_APPLICATION };

static uint64_t key_of(enum tag tag, uint32_t id, uint32_t index)
{
    return (uint64_t)tag << 62 | (uint64_t)id << 30 | (index & 0x3fffffffu);
}

/* Setting */

struct assignment *assignment_new(struct arena *arena, uint64_t seed)
{
    struct assignment *assignment = ARENA_NEW(arena, struct assignment);
    assignment->arena = arena;
    assignment->seed = seed;
    assignment->epoch = 1;
    return assignment;
}

static void set(struct assignment *assignment, uint64_t key, uint64_t value)
{
    table_put(assignment->arena, &assignment->set, key, value);
    assignment->epoch++; /* what was computed no longer counts */
}

void assignment_set_word(struct assignment *assignment, term variable, uint64_t value)
{
    set(assignment, key_of(TAG_VARIABLE, variable.id, 0), value);
}

void assignment_set_bool(struct assignment *assignment, term variable, bool value)
{
    set(assignment, key_of(TAG_VARIABLE, variable.id, 0), value);
}

static void set_root_word(struct assignment *assignment, uint32_t root, uint32_t address,
                          uint32_t word)
{
    uint64_t key = key_of(TAG_MEMORY_WORD, root, address >> 2), known;
    if (!table_get(&assignment->set, key, &known)) {
        struct root_entry entry = {root, address >> 2};
        ARRAY_PUSH(assignment->arena, &assignment->root_entries, entry);
    }
    set(assignment, key, word);
}

void assignment_set_memory_word(struct assignment *assignment, term memory, uint32_t address,
                                uint32_t word)
{
    set_root_word(assignment, memory.id, address, word);
}

void assignment_set_memory_default(struct assignment *assignment, term memory, uint32_t word)
{
    set(assignment, key_of(TAG_MEMORY_DEFAULT, memory.id, 0), word);
}

void assignment_set_apply(const struct terms *terms, struct assignment *assignment,
                          term application, uint64_t value)
{
    uint32_t number = evaluate_application(terms, assignment, application);
    assignment->applications.at[number].is_set = true;
    assignment->applications.at[number].value = value;
    assignment->epoch++;
}

static uint32_t apply_root(const struct terms *terms, struct assignment *assignment,
                           term application)
{
    return evaluate_application(terms, assignment, application) | 1u << ROOT_APPLY_BIT;
}

void assignment_set_apply_memory_word(const struct terms *terms, struct assignment *assignment,
                                      term application, uint32_t address, uint32_t word)
{
    set_root_word(assignment, apply_root(terms, assignment, application), address, word);
}

void assignment_set_apply_memory_default(const struct terms *terms, struct assignment *assignment,
                                         term application, uint32_t word)
{
    uint32_t root = apply_root(terms, assignment, application);
    set(assignment, key_of(TAG_MEMORY_DEFAULT, root, 0), word);
}

void assignment_each_memory_word(const struct assignment *assignment, term memory,
                                 void (*visit)(void *self, uint32_t address, uint32_t word),
                                 void *self)
{
    for (size_t i = 0; i < assignment->root_entries.count; i++) {
        struct root_entry entry = assignment->root_entries.at[i];
        uint64_t word;
        if (entry.root == memory.id &&
            table_get(&assignment->set, key_of(TAG_MEMORY_WORD, entry.root, entry.index), &word))
            visit(self, entry.index << 2, (uint32_t)word);
    }
}

/* What was not set */

uint64_t name_hash(const char *name)
{
    uint64_t hash = 14695981039346656037u;
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 1099511628211u;
    return hash;
}

/* Small values, ends of ranges, values that others have too, and any values. */
uint64_t leaf_value(const struct assignment *assignment, uint64_t hash, unsigned width_bits)
{
    if (assignment->seed == 0)
        return 0;
    uint64_t random = mixed(assignment->seed, hash), pick = mixed(random, 1);
    uint64_t mask = mask_of(width_bits), top = mask ^ mask >> 1;
    const uint64_t ends[] = {0, 1, mask, mask - 1, top, top - 1, top + 1, 2};
    switch (random % 8) {
    case 0:
    case 1:
        return ends[pick % 8] & mask;
    case 2:
        return pick % 5 & mask;
    case 3:
        return pick % 256 & mask;
    case 4:
        return mixed(assignment->seed, pick % 4) & mask; /* one of four */
    default:
        return pick & mask;
    }
}

uint64_t variable_value(const struct terms *terms, const struct assignment *assignment,
                        const struct node *node)
{
    uint64_t value;
    unsigned width_bits = node->sort_kind == SORT_BOOL ? 1 : node->width_bits;
    if (!table_get(&assignment->set, key_of(TAG_VARIABLE, node->self.id, 0), &value))
        value = leaf_value(assignment, name_hash(terms->symbols[node->word].name), width_bits);
    return node->sort_kind == SORT_BOOL ? value != 0 : value & mask_of(width_bits);
}

bool root_default(const struct assignment *assignment, uint32_t root, uint32_t *word)
{
    uint64_t value = 0;
    bool is_set = table_get(&assignment->set, key_of(TAG_MEMORY_DEFAULT, root, 0), &value);
    *word = (uint32_t)value;
    return is_set || assignment->seed == 0;
}

uint64_t root_hash(const struct terms *terms, const struct assignment *assignment, uint32_t root)
{
    if (root >> ROOT_APPLY_BIT != 0)
        return assignment->applications.at[root & ~(1u << ROOT_APPLY_BIT)].hash;
    return name_hash(terms->symbols[node_of(terms, (term){root})->word].name);
}

uint32_t root_word(const struct terms *terms, const struct assignment *assignment, uint32_t root,
                   uint32_t index)
{
    uint64_t value;
    uint32_t everywhere;
    if (table_get(&assignment->set, key_of(TAG_MEMORY_WORD, root, index), &value))
        return (uint32_t)value;
    if (root_default(assignment, root, &everywhere))
        return everywhere;
    uint64_t hash = mixed(root_hash(terms, assignment, root), index);
    return (uint32_t)leaf_value(assignment, hash, 32);
}

/* Contents and applications as values */

uint64_t content_number(struct assignment *assignment, struct content content)
{
    for (size_t i = 0; i < assignment->contents.count; i++) {
        const struct content *known = &assignment->contents.at[i];
        if (known->hash == content.hash && known->root == content.root &&
            known->everywhere == content.everywhere && known->count == content.count &&
            (content.count == 0 ||
             memcmp(known->entries, content.entries, content.count * sizeof *content.entries) == 0))
            return i;
    }
    struct entry *entries = ARENA_ARRAY(assignment->arena, struct entry, content.count);
    if (content.count != 0)
        memcpy(entries, content.entries, content.count * sizeof *entries);
    content.entries = entries;
    ARRAY_PUSH(assignment->arena, &assignment->contents, content);
    return assignment->contents.count - 1;
}

static uint64_t application_hash(const struct terms *terms, const struct assignment *assignment,
                                 const struct node *node, const uint64_t *arguments)
{
    uint64_t hash = name_hash(terms->symbols[node->word].name);
    for (uint32_t i = 0; i < node->count; i++) {
        bool is_memory = node_of(terms, node->arguments[i])->sort_kind == SORT_MEMORY;
        hash = mixed(hash, is_memory ? assignment->contents.at[arguments[i]].hash : arguments[i]);
    }
    return hash;
}

uint32_t application_number(const struct terms *terms, struct assignment *assignment,
                            const struct node *node, const uint64_t *arguments)
{
    uint64_t hash = application_hash(terms, assignment, node, arguments), first = 0;
    uint64_t key = (uint64_t)TAG_APPLICATION << 62 | hash >> 2;
    table_get(&assignment->set, key, &first);
    for (uint64_t at = first; at != 0; at = assignment->applications.at[at - 1].next) {
        const struct application *known = &assignment->applications.at[at - 1];
        if (known->symbol == node->word && known->count == node->count &&
            (node->count == 0 ||
             memcmp(known->arguments, arguments, node->count * sizeof *arguments) == 0))
            return (uint32_t)(at - 1);
    }
    uint64_t *copy = ARENA_ARRAY(assignment->arena, uint64_t, node->count);
    if (node->count != 0)
        memcpy(copy, arguments, node->count * sizeof *copy);
    struct application made = {.symbol = node->word,
                               .arguments = copy,
                               .count = node->count,
                               .hash = hash,
                               .next = (uint32_t)first};
    ARRAY_PUSH(assignment->arena, &assignment->applications, made);
    table_put(assignment->arena, &assignment->set, key, assignment->applications.count);
    return (uint32_t)(assignment->applications.count - 1);
}

uint64_t application_value(const struct assignment *assignment, uint32_t number,
                           unsigned width_bits)
{
    const struct application *application = &assignment->applications.at[number];
    if (application->is_set)
        return application->value & mask_of(width_bits);
    return leaf_value(assignment, application->hash, width_bits);
}
