/* The node store: hash-consing, leaves, and the questions about a node. */
#include "smt/store.h"

#include <stdio.h>
#include <string.h>

struct terms *terms_new(struct arena *arena)
{
    struct terms *terms = ARENA_NEW(arena, struct terms);
    terms->arena = arena;
    terms->capacity = 512;
    terms->nodes = ARENA_ARRAY(arena, struct node, terms->capacity);
    terms->count = 1;
    terms->table_size = 2048;
    terms->table = ARENA_ARRAY(arena, uint32_t, terms->table_size);
    terms->symbol_table_size = 128;
    terms->symbol_table = ARENA_ARRAY(arena, uint32_t, terms->symbol_table_size);
    terms->symbol_count = 1;
    terms->symbol_capacity = 64;
    terms->symbols = ARENA_ARRAY(arena, struct symbol, terms->symbol_capacity);
    terms->remembered = ARENA_ARRAY(arena, struct remembered, REMEMBERED_COUNT);
    term yes = term_intern(terms, TERM_TRUE, sort_bool(), NULL, 0);
    term no = term_intern(terms, TERM_FALSE, sort_bool(), NULL, 0);
    terms->nodes[yes.id].negation = no;
    terms->nodes[no.id].negation = yes;
    return terms;
}

size_t terms_count(const struct terms *terms)
{
    return terms->count - 1;
}

/* Hashing and the table */

static uint32_t mix(uint32_t hash, uint64_t value)
{
    uint64_t x = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return (uint32_t)(x ^ (x >> 32));
}

static uint32_t hash_of(const struct node *node)
{
    uint32_t hash = mix(node->kind, (uint64_t)node->width_bits << 16 |
                                        (uint64_t)node->sort_kind << 8 | node->low);
    hash = mix(hash, node->word);
    for (uint32_t i = 0; i < node->count; i++)
        hash = mix(hash + i, node->arguments[i].id);
    if (node->coefficients != NULL)
        for (uint32_t i = 0; i < node->count; i++)
            hash = mix(hash, node->coefficients[i]);
    return hash;
}

static bool node_equals(const struct node *a, const struct node *b)
{
    return a->hash == b->hash && a->kind == b->kind && a->sort_kind == b->sort_kind &&
           a->width_bits == b->width_bits && a->low == b->low && a->count == b->count &&
           a->word == b->word &&
           (a->count == 0 ||
            (memcmp(a->arguments, b->arguments, a->count * sizeof *a->arguments) == 0 &&
             (a->coefficients == NULL ||
              memcmp(a->coefficients, b->coefficients, a->count * sizeof *a->coefficients) == 0)));
}

static void table_insert(uint32_t *table, size_t size, uint32_t hash, uint32_t id)
{
    size_t slot = hash & (size - 1);
    while (table[slot] != 0)
        slot = (slot + 1) & (size - 1);
    table[slot] = id;
}

static void table_grow(struct terms *terms)
{
    size_t size = terms->table_size * 2;
    uint32_t *table = ARENA_ARRAY(terms->arena, uint32_t, size);
    for (size_t id = 1; id < terms->count; id++)
        table_insert(table, size, terms->nodes[id].hash, (uint32_t)id);
    terms->table = table;
    terms->table_size = size;
}

/* What a narrowing would have to go through. */
static uint16_t layers_of_node(const struct terms *terms, const struct node *node)
{
    enum term_kind kind = (enum term_kind)node->kind;
    if (node->sort_kind != SORT_WORD ||
        (kind != TERM_SUM && kind != TERM_MUL && kind != TERM_BITAND && kind != TERM_BITOR &&
         kind != TERM_BITXOR && kind != TERM_ITE && kind != TERM_ZEXT && kind != TERM_SEXT &&
         kind != TERM_EXTRACT))
        return 0;
    uint16_t most = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct node *argument = node_of(terms, node->arguments[i]);
        if (argument->layers > most)
            most = argument->layers;
    }
    return most == UINT16_MAX ? most : (uint16_t)(most + 1);
}

static term node_add(struct terms *terms, struct node *wanted)
{
    if (wanted->count != 0) {
        term *arguments = ARENA_ARRAY(terms->arena, term, wanted->count);
        memcpy(arguments, wanted->arguments, wanted->count * sizeof *arguments);
        wanted->arguments = arguments;
        if (wanted->coefficients != NULL) {
            uint64_t *coefficients = ARENA_ARRAY(terms->arena, uint64_t, wanted->count);
            memcpy(coefficients, wanted->coefficients, wanted->count * sizeof *coefficients);
            wanted->coefficients = coefficients;
        }
    }
    require(terms->count < UINT32_MAX, "too many terms");
    if (terms->count == terms->capacity) {
        struct node *nodes = ARENA_ARRAY(terms->arena, struct node, terms->capacity * 2);
        memcpy(nodes, terms->nodes, terms->count * sizeof *nodes);
        terms->nodes = nodes;
        terms->capacity *= 2;
    }
    wanted->self = (term){(uint32_t)terms->count};
    wanted->layers = layers_of_node(terms, wanted);
    if (wanted->sort_kind == SORT_WORD)
        wanted->bounds = bounds_of_node(terms, wanted);
    terms->nodes[terms->count++] = *wanted;
    if (terms->count * 2 > terms->table_size)
        table_grow(terms);
    else
        table_insert(terms->table, terms->table_size, wanted->hash, wanted->self.id);
    return wanted->self;
}

static term intern_node(struct terms *terms, struct node wanted)
{
    wanted.hash = hash_of(&wanted);
    size_t slot = wanted.hash & (terms->table_size - 1);
    for (; terms->table[slot] != 0; slot = (slot + 1) & (terms->table_size - 1))
        if (node_equals(&terms->nodes[terms->table[slot]], &wanted))
            return (term){terms->table[slot]};
    return node_add(terms, &wanted);
}

term term_intern(struct terms *terms, enum term_kind kind, struct sort sort, const term *arguments,
                 size_t count)
{
    return intern_node(terms, (struct node){.kind = (uint8_t)kind,
                                            .sort_kind = (uint8_t)sort.kind,
                                            .width_bits = sort.width_bits,
                                            .arguments = arguments,
                                            .count = (uint32_t)count});
}

term term_intern_extract(struct terms *terms, term a, unsigned high, unsigned low)
{
    return intern_node(terms, (struct node){.kind = TERM_EXTRACT,
                                            .sort_kind = SORT_WORD,
                                            .width_bits = (uint8_t)(high - low + 1),
                                            .low = (uint8_t)low,
                                            .arguments = &a,
                                            .count = 1});
}

term term_intern_sum(struct terms *terms, unsigned width_bits, uint64_t constant,
                     const uint64_t *coefficients, const term *atoms, size_t count)
{
    return intern_node(terms, (struct node){.kind = TERM_SUM,
                                            .sort_kind = SORT_WORD,
                                            .width_bits = (uint8_t)width_bits,
                                            .word = constant,
                                            .arguments = atoms,
                                            .coefficients = coefficients,
                                            .count = (uint32_t)count});
}

/* Scratch: a stack of blocks that are kept for reuse */

struct scratch_block {
    struct scratch_block *below, *above;
    size_t size_bytes, used_bytes;
    _Alignas(16) char bytes[];
};

static struct scratch_block *scratch_block_new(struct terms *terms, size_t size_bytes)
{
    struct scratch_block *block = arena_alloc(terms->arena, sizeof *block + size_bytes);
    block->size_bytes = size_bytes;
    return block;
}

struct scratch_mark scratch_mark(struct terms *terms)
{
    if (terms->scratch == NULL)
        terms->scratch = scratch_block_new(terms, 32 * 1024);
    return (struct scratch_mark){terms->scratch, terms->scratch->used_bytes};
}

void *scratch_take(struct terms *terms, size_t size_bytes)
{
    require(terms->scratch != NULL, "scratch_mark comes first");
    size_bytes = (size_bytes + 15) & ~(size_t)15;
    struct scratch_block *block = terms->scratch;
    while (block->size_bytes - block->used_bytes < size_bytes) {
        if (block->above == NULL) {
            size_t next_bytes =
                block->size_bytes * 2 > size_bytes ? block->size_bytes * 2 : size_bytes;
            block->above = scratch_block_new(terms, next_bytes);
            block->above->below = block;
        }
        block = block->above;
        block->used_bytes = 0;
    }
    terms->scratch = block;
    void *memory = block->bytes + block->used_bytes;
    block->used_bytes += size_bytes;
    return memory;
}

void scratch_release(struct terms *terms, struct scratch_mark mark)
{
    terms->scratch = mark.block;
    mark.block->used_bytes = mark.used_bytes;
}

/* Remembered results */

static size_t remembered_slot(uint32_t operation, term a, term b)
{
    return mix(mix(operation, a.id), b.id) & (REMEMBERED_COUNT - 1);
}

term remembered_get(const struct terms *terms, uint32_t operation, term a, term b)
{
    const struct remembered *entry = &terms->remembered[remembered_slot(operation, a, b)];
    if (entry->operation == operation && term_same(entry->a, a) && term_same(entry->b, b))
        return entry->result;
    return (term){0};
}

void remembered_put(struct terms *terms, uint32_t operation, term a, term b, term result)
{
    terms->remembered[remembered_slot(operation, a, b)] =
        (struct remembered){operation, a, b, result};
}

/* Symbols */

static uint32_t hash_name(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash;
}

static size_t symbol_find(const struct terms *terms, const char *name)
{
    size_t slot = hash_name(name) & (terms->symbol_table_size - 1);
    for (; terms->symbol_table[slot] != 0; slot = (slot + 1) & (terms->symbol_table_size - 1))
        if (strcmp(terms->symbols[terms->symbol_table[slot]].name, name) == 0)
            return terms->symbol_table[slot];
    return 0;
}

static void symbols_grow(struct terms *terms)
{
    struct symbol *symbols = ARENA_ARRAY(terms->arena, struct symbol, terms->symbol_capacity * 2);
    memcpy(symbols, terms->symbols, terms->symbol_count * sizeof *symbols);
    terms->symbols = symbols;
    terms->symbol_capacity *= 2;
    terms->symbol_table_size = terms->symbol_capacity * 2;
    terms->symbol_table = ARENA_ARRAY(terms->arena, uint32_t, terms->symbol_table_size);
    for (size_t i = 1; i < terms->symbol_count; i++)
        table_insert(terms->symbol_table, terms->symbol_table_size, hash_name(symbols[i].name),
                     (uint32_t)i);
}

static size_t symbol_add(struct terms *terms, struct symbol symbol)
{
    if (terms->symbol_count == terms->symbol_capacity)
        symbols_grow(terms);
    symbol.name = arena_copy(terms->arena, symbol.name, strlen(symbol.name));
    size_t index = terms->symbol_count++;
    terms->symbols[index] = symbol;
    table_insert(terms->symbol_table, terms->symbol_table_size, hash_name(symbol.name),
                 (uint32_t)index);
    return index;
}

static bool sort_same(struct sort a, struct sort b)
{
    return a.kind == b.kind && a.width_bits == b.width_bits;
}

static void sort_require(struct sort sort)
{
    require(sort.kind == SORT_WORD ? sort.width_bits >= 1 && sort.width_bits <= 64
                                   : sort.width_bits == 0,
            "a word has 1 to 64 bits, other sorts have none");
}

/* Leaves */

term term_word(struct terms *terms, uint64_t value, unsigned width_bits)
{
    sort_require(sort_word(width_bits));
    require(width_bits != 0, "a word has bits");
    return intern_node(terms, (struct node){.kind = TERM_CONSTANT,
                                            .sort_kind = SORT_WORD,
                                            .width_bits = (uint8_t)width_bits,
                                            .word = value & mask_of(width_bits)});
}

term term_true(struct terms *terms)
{
    (void)terms;
    return (term){1};
}

term term_false(struct terms *terms)
{
    (void)terms;
    return (term){2};
}

term term_bool(struct terms *terms, bool value)
{
    return value ? term_true(terms) : term_false(terms);
}

term term_variable(struct terms *terms, const char *name, struct sort sort)
{
    if (sort.kind != SORT_WORD)
        sort.width_bits = 0;
    sort_require(sort);
    size_t index = symbol_find(terms, name);
    if (index != 0) {
        const struct symbol *known = &terms->symbols[index];
        require(!known->is_function && sort_same(known->sort, sort), "one name with two sorts");
        return known->variable;
    }
    index = symbol_add(terms, (struct symbol){.name = name, .sort = sort});
    term variable = intern_node(terms, (struct node){.kind = TERM_VARIABLE,
                                                     .sort_kind = (uint8_t)sort.kind,
                                                     .width_bits = sort.width_bits,
                                                     .word = index});
    terms->symbols[index].variable = variable;
    return variable;
}

term term_fresh(struct terms *terms, const char *prefix, struct sort sort)
{
    const char *name;
    do
        name =
            arena_printf(terms->arena, "%s!%llu", prefix, (unsigned long long)terms->fresh_count++);
    while (symbol_find(terms, name) != 0);
    return term_variable(terms, name, sort);
}

term term_bounded(struct terms *terms, unsigned width_bits, struct bounds bounds)
{
    const char *name;
    do
        name =
            arena_printf(terms->arena, "bounded %llu", (unsigned long long)terms->bounded_count++);
    while (symbol_find(terms, name) != 0);
    term variable = term_variable(terms, name, sort_word(width_bits));
    terms->nodes[variable.id].bounds = bounds;
    return variable;
}

static size_t function_symbol(struct terms *terms, const char *name, struct sort sort,
                              const term *arguments, size_t count)
{
    size_t index = symbol_find(terms, name);
    if (index == 0) {
        struct sort *parameters = ARENA_ARRAY(terms->arena, struct sort, count);
        for (size_t i = 0; i < count; i++)
            parameters[i] = term_sort(terms, arguments[i]);
        return symbol_add(terms, (struct symbol){.name = name,
                                                 .is_function = true,
                                                 .sort = sort,
                                                 .count = count,
                                                 .parameters = parameters});
    }
    const struct symbol *known = &terms->symbols[index];
    require(known->is_function && sort_same(known->sort, sort) && known->count == count,
            "one function name with two signatures");
    for (size_t i = 0; i < count; i++)
        require(sort_same(known->parameters[i], term_sort(terms, arguments[i])),
                "one function name with two signatures");
    return index;
}

term term_apply(struct terms *terms, const char *name, struct sort sort, const term *arguments,
                size_t count)
{
    if (sort.kind != SORT_WORD)
        sort.width_bits = 0;
    sort_require(sort);
    size_t index = function_symbol(terms, name, sort, arguments, count);
    return intern_node(terms, (struct node){.kind = TERM_APPLY,
                                            .sort_kind = (uint8_t)sort.kind,
                                            .width_bits = sort.width_bits,
                                            .word = index,
                                            .arguments = arguments,
                                            .count = (uint32_t)count});
}

/* Questions */

struct sort term_sort(const struct terms *terms, term t)
{
    const struct node *node = node_of(terms, t);
    return (struct sort){(enum sort_kind)node->sort_kind, node->width_bits};
}

enum term_kind term_kind(const struct terms *terms, term t)
{
    return kind_of(terms, t);
}

size_t term_argument_count(const struct terms *terms, term t)
{
    return node_of(terms, t)->count;
}

term term_argument(const struct terms *terms, term t, size_t i)
{
    require(i < node_of(terms, t)->count, "no such argument");
    return argument_of(terms, t, i);
}

const char *term_name(const struct terms *terms, term t)
{
    const struct node *node = node_of(terms, t);
    require(node->kind == TERM_VARIABLE || node->kind == TERM_APPLY, "a term without name");
    return terms->symbols[node->word].name;
}

bool term_is_constant(const struct terms *terms, term t, uint64_t *value)
{
    const struct node *node = node_of(terms, t);
    if (node->kind != TERM_CONSTANT)
        return false;
    if (value != NULL)
        *value = node->word;
    return true;
}

bool term_is_true(const struct terms *terms, term t)
{
    return kind_of(terms, t) == TERM_TRUE;
}

bool term_is_false(const struct terms *terms, term t)
{
    return kind_of(terms, t) == TERM_FALSE;
}

unsigned term_extract_low(const struct terms *terms, term t)
{
    require(kind_of(terms, t) == TERM_EXTRACT, "not an extract");
    return node_of(terms, t)->low;
}

unsigned term_extract_high(const struct terms *terms, term t)
{
    return term_extract_low(terms, t) + width_of(terms, t) - 1;
}

void term_range(const struct terms *terms, term t, uint64_t *low, uint64_t *high)
{
    const struct node *node = node_of(terms, t);
    require(node->sort_kind == SORT_WORD, "only words have a range");
    *low = node->bounds.low;
    *high = node->bounds.high;
}
