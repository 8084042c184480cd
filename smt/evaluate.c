/* The value of a term, as SMT-LIB's theories define it, by an explicit stack of goals: terms may
 * be deeper than any recursion. A goal is looked at, asks for what it lacks, and is looked at
 * again when that is known. */
#include "smt/assignment.h"

#include <stdlib.h>
#include <string.h>

struct goal {
    term t;
    bool wants_root; /* of a memory application: its root, not its content */
    uint32_t at;     /* how many arguments are known to be known */
    term memory;     /* SELECT and contents: how far the chain of stores has been walked */
};

struct evaluation {
    const struct terms *terms;
    struct assignment *assignment;
    struct goal *goals;
    size_t count, capacity;
};

static void goal_push(struct evaluation *e, term t, bool wants_root)
{
    if (e->count == e->capacity) {
        e->capacity = e->capacity == 0 ? 64 : e->capacity * 2;
        e->goals = realloc(e->goals, e->capacity * sizeof *e->goals);
        require(e->goals != NULL, "out of memory");
    }
    e->goals[e->count++] = (struct goal){.t = t, .wants_root = wants_root};
}

/* The value, or a goal for it. */
static bool known(struct evaluation *e, term t, uint64_t *value)
{
    const struct cell *cell = &e->assignment->cells[t.id];
    if (cell->value_epoch != e->assignment->epoch) {
        goal_push(e, t, false);
        return false;
    }
    *value = cell->value;
    return true;
}

static bool root_known(struct evaluation *e, term t, uint32_t *root)
{
    const struct node *node = node_of(e->terms, t);
    const struct cell *cell = &e->assignment->cells[t.id];
    if (node->kind == TERM_VARIABLE) {
        *root = t.id;
        return true;
    }
    if (cell->root_epoch != e->assignment->epoch) {
        goal_push(e, t, true);
        return false;
    }
    *root = cell->root;
    return true;
}

static bool finish(struct evaluation *e, term t, uint64_t value)
{
    struct cell *cell = &e->assignment->cells[t.id];
    cell->value = value;
    cell->value_epoch = e->assignment->epoch;
    return true;
}

static bool arguments_known(struct evaluation *e, size_t goal, const struct node *node)
{
    uint64_t value;
    for (uint32_t i = e->goals[goal].at; i < node->count; i++) {
        e->goals[goal].at = i;
        if (!known(e, node->arguments[i], &value))
            return false;
    }
    return true;
}

static uint64_t value_of(const struct evaluation *e, const struct node *node, uint32_t i)
{
    return e->assignment->cells[node->arguments[i].id].value;
}

/* Words and Booleans whose arguments are known */

static uint64_t shifted(enum term_kind kind, uint64_t a, uint64_t amount, unsigned width_bits)
{
    bool is_beyond = amount >= width_bits;
    if (kind == TERM_SHL)
        return is_beyond ? 0 : a << amount;
    if (kind == TERM_LSHR)
        return is_beyond ? 0 : a >> amount;
    return (uint64_t)(signed_of(a, width_bits) >> (is_beyond ? width_bits - 1 : amount));
}

static uint64_t sum_value(const struct evaluation *e, const struct node *node)
{
    uint64_t sum = node->word;
    for (uint32_t i = 0; i < node->count; i++)
        sum += node->coefficients[i] * value_of(e, node, i);
    return sum;
}

static uint64_t folded_value(const struct evaluation *e, const struct node *node)
{
    uint64_t result = value_of(e, node, 0);
    for (uint32_t i = 1; i < node->count; i++) {
        uint64_t next = value_of(e, node, i);
        if (node->kind == TERM_MUL)
            result *= next;
        else if (node->kind == TERM_BITXOR)
            result ^= next;
        else if (node->kind == TERM_BITAND || node->kind == TERM_AND)
            result &= next;
        else
            result |= next;
    }
    return result;
}

static uint64_t operation_value(const struct evaluation *e, const struct node *node)
{
    enum term_kind kind = (enum term_kind)node->kind;
    const struct node *first = node_of(e->terms, node->arguments[0]);
    uint64_t a = value_of(e, node, 0), b = node->count > 1 ? value_of(e, node, 1) : 0;
    switch (kind) {
    case TERM_NOT:
        return a == 0;
    case TERM_AND:
    case TERM_OR:
    case TERM_MUL:
    case TERM_BITAND:
    case TERM_BITOR:
    case TERM_BITXOR:
        return folded_value(e, node);
    case TERM_EQ: /* memories are equal iff their contents have one number */
        return a == b;
    case TERM_SUM:
        return sum_value(e, node);
    case TERM_UDIV:
        return b == 0 ? UINT64_MAX : a / b;
    case TERM_UREM:
        return b == 0 ? a : a % b;
    case TERM_BITNOT:
        return ~a;
    case TERM_SHL:
    case TERM_LSHR:
    case TERM_ASHR:
        return shifted(kind, a, b, node->width_bits);
    case TERM_ULT:
        return a < b;
    case TERM_SLT:
        return signed_of(a, first->width_bits) < signed_of(b, first->width_bits);
    case TERM_CONCAT:
        return a << width_of(e->terms, node->arguments[1]) | b;
    case TERM_EXTRACT:
        return a >> node->low;
    case TERM_ZEXT:
        return a;
    case TERM_SEXT:
        return (uint64_t)signed_of(a, first->width_bits);
    case TERM_CONSTANT:
    case TERM_TRUE:
    case TERM_FALSE:
    case TERM_VARIABLE:
    case TERM_APPLY:
    case TERM_ITE:
    case TERM_SELECT:
    case TERM_STORE:
        break;
    }
    require(false, "an operation on known arguments");
    return 0;
}

/* Applications */

static uint32_t applied(struct evaluation *e, const struct node *node)
{
    uint64_t few[8], *values = few;
    if (node->count > 8)
        values = ARENA_ARRAY(e->assignment->arena, uint64_t, node->count);
    for (uint32_t i = 0; i < node->count; i++)
        values[i] = value_of(e, node, i);
    return application_number(e->terms, e->assignment, node, values);
}

static bool step_application(struct evaluation *e, size_t goal, const struct node *node)
{
    if (!arguments_known(e, goal, node))
        return false;
    uint32_t number = applied(e, node);
    if (node->sort_kind != SORT_MEMORY)
        return finish(e, node->self,
                      application_value(e->assignment, number,
                                        node->sort_kind == SORT_BOOL ? 1 : node->width_bits));
    struct cell *cell = &e->assignment->cells[node->self.id];
    cell->root = number | 1u << ROOT_APPLY_BIT;
    cell->root_epoch = e->assignment->epoch;
    return true;
}

/* Memories */

/* One step down a chain; false if something has to be known first. */
static bool walk_branch(struct evaluation *e, size_t goal, const struct node *memory)
{
    uint64_t condition;
    if (!known(e, memory->arguments[0], &condition))
        return false;
    e->goals[goal].memory = memory->arguments[condition != 0 ? 1 : 2];
    return true;
}

static bool step_select(struct evaluation *e, size_t goal, const struct node *node)
{
    uint64_t address, stored, word;
    uint32_t root;
    if (!known(e, node->arguments[1], &address))
        return false;
    if (term_is_none(e->goals[goal].memory))
        e->goals[goal].memory = node->arguments[0];
    for (;;) {
        term at = e->goals[goal].memory;
        const struct node *memory = node_of(e->terms, at);
        if (memory->kind == TERM_ITE) {
            if (!walk_branch(e, goal, memory))
                return false;
        } else if (memory->kind == TERM_STORE) {
            if (!known(e, memory->arguments[1], &stored))
                return false;
            if (stored >> 2 == address >> 2)
                return known(e, memory->arguments[2], &word) && finish(e, node->self, word);
            e->goals[goal].memory = memory->arguments[0];
        } else {
            return root_known(e, at, &root) &&
                   finish(e, node->self,
                          root_word(e->terms, e->assignment, root, (uint32_t)(address >> 2)));
        }
    }
}

/* A write on a chain: the newest of an index counts. */
struct write {
    struct entry entry;
    size_t age;
};

struct writes {
    struct write *at;
    size_t count, capacity;
};

static void write_push(struct writes *writes, uint32_t index, uint32_t word)
{
    if (writes->count == writes->capacity) {
        writes->capacity = writes->capacity == 0 ? 64 : writes->capacity * 2;
        writes->at = realloc(writes->at, writes->capacity * sizeof *writes->at);
        require(writes->at != NULL, "out of memory");
    }
    writes->at[writes->count] = (struct write){{index, word}, writes->count};
    writes->count++;
}

static int compare_writes(const void *left, const void *right)
{
    const struct write *a = left, *b = right;
    if (a->entry.index != b->entry.index)
        return a->entry.index > b->entry.index ? 1 : -1;
    return (a->age > b->age) - (a->age < b->age);
}

/* The writes of a chain on which everything is known, from the newest, and its root. */
static uint32_t chain_writes(const struct evaluation *e, term memory, struct writes *writes)
{
    for (;;) {
        const struct node *node = node_of(e->terms, memory);
        if (node->kind == TERM_STORE) {
            write_push(writes, (uint32_t)(value_of(e, node, 1) >> 2),
                       (uint32_t)value_of(e, node, 2));
            memory = node->arguments[0];
        } else if (node->kind == TERM_ITE) {
            memory = node->arguments[value_of(e, node, 0) != 0 ? 1 : 2];
        } else {
            return node->kind == TERM_VARIABLE ? memory.id : e->assignment->cells[memory.id].root;
        }
    }
}

/* The content as a value: over a root that is one word everywhere that word is the ground, else
 * the root itself is. */
static uint64_t chain_content(struct evaluation *e, term memory)
{
    struct assignment *assignment = e->assignment;
    struct writes writes = {0};
    struct content content = {0};
    uint32_t root = chain_writes(e, memory, &writes), ground;
    bool has_default = root_default(assignment, root, &ground);
    if (has_default) {
        content.everywhere = ground;
        content.hash = ground;
        for (size_t i = 0; i < assignment->root_entries.count; i++) {
            struct root_entry set = assignment->root_entries.at[i];
            if (set.root == root)
                write_push(&writes, set.index, root_word(e->terms, assignment, root, set.index));
        }
    } else {
        content.root = root;
        content.hash = root_hash(e->terms, assignment, root);
    }
    if (writes.count != 0)
        qsort(writes.at, writes.count, sizeof *writes.at, compare_writes);
    struct entry *entries = calloc(writes.count + 1, sizeof *entries);
    require(entries != NULL, "out of memory");
    for (size_t i = 0; i < writes.count; i++) {
        struct entry entry = writes.at[i].entry;
        if (i > 0 && writes.at[i - 1].entry.index == entry.index)
            continue;
        uint32_t under = has_default ? ground : root_word(e->terms, assignment, root, entry.index);
        if (entry.word == under)
            continue;
        entries[content.count++] = entry;
        content.hash = mixed(content.hash, (uint64_t)entry.index << 32 | entry.word);
    }
    content.entries = entries;
    uint64_t number = content_number(assignment, content);
    free(entries);
    free(writes.at);
    return number;
}

static bool step_content(struct evaluation *e, size_t goal, const struct node *node)
{
    uint64_t value;
    uint32_t root;
    if (term_is_none(e->goals[goal].memory))
        e->goals[goal].memory = node->self;
    for (;;) {
        term at = e->goals[goal].memory;
        const struct node *memory = node_of(e->terms, at);
        if (memory->kind == TERM_ITE) {
            if (!walk_branch(e, goal, memory))
                return false;
        } else if (memory->kind == TERM_STORE) {
            if (!known(e, memory->arguments[1], &value) || !known(e, memory->arguments[2], &value))
                return false;
            e->goals[goal].memory = memory->arguments[0];
        } else {
            return root_known(e, at, &root) && finish(e, node->self, chain_content(e, node->self));
        }
    }
}

/* Goals */

static bool step_ite(struct evaluation *e, const struct node *node)
{
    uint64_t condition, value;
    return known(e, node->arguments[0], &condition) &&
           known(e, node->arguments[condition != 0 ? 1 : 2], &value) &&
           finish(e, node->self, value);
}

/* True if the goal is reached; else a new goal stands above it. */
static bool step(struct evaluation *e)
{
    size_t goal = e->count - 1;
    const struct node *node = node_of(e->terms, e->goals[goal].t);
    if (node->sort_kind == SORT_MEMORY && !e->goals[goal].wants_root)
        return step_content(e, goal, node);
    switch ((enum term_kind)node->kind) {
    case TERM_CONSTANT:
        return finish(e, node->self, node->word);
    case TERM_TRUE:
    case TERM_FALSE:
        return finish(e, node->self, node->kind == TERM_TRUE);
    case TERM_VARIABLE:
        return finish(e, node->self, variable_value(e->terms, e->assignment, node));
    case TERM_APPLY:
        return step_application(e, goal, node);
    case TERM_ITE:
        return step_ite(e, node);
    case TERM_SELECT:
        return step_select(e, goal, node);
    case TERM_NOT:
    case TERM_AND:
    case TERM_OR:
    case TERM_EQ:
    case TERM_SUM:
    case TERM_MUL:
    case TERM_UDIV:
    case TERM_UREM:
    case TERM_BITAND:
    case TERM_BITOR:
    case TERM_BITXOR:
    case TERM_BITNOT:
    case TERM_SHL:
    case TERM_LSHR:
    case TERM_ASHR:
    case TERM_ULT:
    case TERM_SLT:
    case TERM_CONCAT:
    case TERM_EXTRACT:
    case TERM_ZEXT:
    case TERM_SEXT:
    case TERM_STORE:
        break;
    }
    if (!arguments_known(e, goal, node))
        return false;
    uint64_t mask = node->sort_kind == SORT_BOOL ? 1 : mask_of(node->width_bits);
    return finish(e, node->self, operation_value(e, node) & mask);
}

static void cells_grow(const struct terms *terms, struct assignment *assignment)
{
    if (assignment->cell_count >= terms->count)
        return;
    size_t count = terms->count + terms->count / 2;
    struct cell *cells = ARENA_ARRAY(assignment->arena, struct cell, count);
    if (assignment->cell_count != 0)
        memcpy(cells, assignment->cells, assignment->cell_count * sizeof *cells);
    assignment->cells = cells;
    assignment->cell_count = count;
}

static void evaluate(const struct terms *terms, struct assignment *assignment, term t,
                     bool wants_root)
{
    cells_grow(terms, assignment);
    struct evaluation e = {.terms = terms, .assignment = assignment};
    goal_push(&e, t, wants_root);
    while (e.count != 0) {
        size_t goal = e.count - 1;
        if (step(&e)) {
            require(goal == e.count - 1, "a goal that is reached stands on top");
            e.count--;
        }
    }
    free(e.goals);
}

static uint64_t evaluate_any(const struct terms *terms, struct assignment *assignment, term t)
{
    cells_grow(terms, assignment);
    if (assignment->cells[t.id].value_epoch != assignment->epoch)
        evaluate(terms, assignment, t, false);
    return assignment->cells[t.id].value;
}

uint64_t evaluate_word(const struct terms *terms, struct assignment *assignment, term t)
{
    require(node_of(terms, t)->sort_kind == SORT_WORD, "a word is wanted");
    return evaluate_any(terms, assignment, t);
}

bool evaluate_bool(const struct terms *terms, struct assignment *assignment, term t)
{
    require(node_of(terms, t)->sort_kind == SORT_BOOL, "a Boolean is wanted");
    return evaluate_any(terms, assignment, t) != 0;
}

uint32_t evaluate_memory_word(const struct terms *terms, struct assignment *assignment, term memory,
                              uint32_t address)
{
    require(node_of(terms, memory)->sort_kind == SORT_MEMORY, "a memory is wanted");
    for (;;) {
        const struct node *node = node_of(terms, memory);
        if (node->kind == TERM_STORE) {
            uint64_t stored = evaluate_any(terms, assignment, node->arguments[1]);
            if (stored >> 2 == address >> 2)
                return (uint32_t)evaluate_any(terms, assignment, node->arguments[2]);
            memory = node->arguments[0];
        } else if (node->kind == TERM_ITE) {
            bool holds = evaluate_any(terms, assignment, node->arguments[0]) != 0;
            memory = node->arguments[holds ? 1 : 2];
        } else {
            break;
        }
    }
    uint32_t root = memory.id;
    if (node_of(terms, memory)->kind == TERM_APPLY)
        root = evaluate_application(terms, assignment, memory) | 1u << ROOT_APPLY_BIT;
    return root_word(terms, assignment, root, address >> 2);
}

uint32_t evaluate_application(const struct terms *terms, struct assignment *assignment,
                              term application)
{
    const struct node *node = node_of(terms, application);
    require(node->kind == TERM_APPLY, "an application is wanted");
    for (uint32_t i = 0; i < node->count; i++)
        evaluate_any(terms, assignment, node->arguments[i]);
    struct evaluation e = {.terms = terms, .assignment = assignment};
    return applied(&e, node);
}
