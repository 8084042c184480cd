/* A hash table from aligned addresses to words. */
#include "semantics/vamp/sparse.h"

#include "base/array.h"

struct cell {
    uint32_t address, word, marked;
};

struct vamp_sparse {
    struct arena *arena;
    ARRAY(struct cell) cells;
    uint32_t *slots; /* cell number + 1; 0 is free */
    size_t slot_count;
};

enum { FIRST_SLOT_COUNT = 64 };

struct vamp_sparse *vamp_sparse_new(struct arena *arena)
{
    struct vamp_sparse *sparse = ARENA_NEW(arena, struct vamp_sparse);
    sparse->arena = arena;
    sparse->slots = ARENA_ARRAY(arena, uint32_t, FIRST_SLOT_COUNT);
    sparse->slot_count = FIRST_SLOT_COUNT;
    return sparse;
}

/* The slot of an address, or the free one where it belongs. */
static uint32_t *slot_of(const struct vamp_sparse *sparse, uint32_t address)
{
    size_t i = (address >> 2) * UINT32_C(2654435769) & (sparse->slot_count - 1);
    while (sparse->slots[i] != 0 && sparse->cells.at[sparse->slots[i] - 1].address != address)
        i = (i + 1) & (sparse->slot_count - 1);
    return &sparse->slots[i];
}

static void grow(struct vamp_sparse *sparse)
{
    sparse->slot_count *= 2;
    sparse->slots = ARENA_ARRAY(sparse->arena, uint32_t, sparse->slot_count);
    for (size_t i = 0; i < sparse->cells.count; i++)
        *slot_of(sparse, sparse->cells.at[i].address) = (uint32_t)i + 1;
}

static bool read_word(void *self, uint32_t address, uint32_t *word)
{
    const struct vamp_sparse *sparse = self;
    uint32_t slot = *slot_of(sparse, address);
    *word = slot == 0 ? 0 : sparse->cells.at[slot - 1].word;
    return true;
}

static bool write_word(void *self, uint32_t address, uint32_t word)
{
    struct vamp_sparse *sparse = self;
    if (2 * (sparse->cells.count + 1) > sparse->slot_count)
        grow(sparse);
    uint32_t *slot = slot_of(sparse, address);
    if (*slot == 0) {
        ARRAY_PUSH(sparse->arena, &sparse->cells, (struct cell){.address = address});
        *slot = (uint32_t)sparse->cells.count;
    }
    sparse->cells.at[*slot - 1].word = word;
    return true;
}

struct vamp_memory vamp_sparse_memory(struct vamp_sparse *sparse)
{
    return (struct vamp_memory){sparse, UINT64_C(1) << 32, read_word, write_word};
}

void vamp_sparse_mark(struct vamp_sparse *sparse)
{
    for (size_t i = 0; i < sparse->cells.count; i++)
        sparse->cells.at[i].marked = sparse->cells.at[i].word;
}

void vamp_sparse_each_change(const struct vamp_sparse *sparse,
                             void (*visit)(void *self, uint32_t address, uint32_t word), void *self)
{
    for (size_t i = 0; i < sparse->cells.count; i++) {
        const struct cell *cell = &sparse->cells.at[i];
        if (cell->word != cell->marked)
            visit(self, cell->address, cell->word);
    }
}
