/* The swap disk: the physical machine's alone. What the lockstep wants to know of it is where it
 * fails, what the layer writes, and what a sector holds that a broken medium does not give. */
#include "cosim/lockstep.h"
#include "physical/store.h"

enum { SECTORS_OF_PAGE = VAMP_PAGE_BYTES / DEVICE_SECTOR_BYTES };

static struct swap_failure page_of(const struct cosim *cosim, uint32_t sector, bool is_write)
{
    uint32_t page = sector / SECTORS_OF_PAGE, pages = cosim->kernel->parameters.virtual_pages;
    return (struct swap_failure){.p = page / pages, .v = page % pages, .is_write = is_write};
}

/* A page moves by all its sectors, one after the other; it counts with its first. */
static void note_move(struct cosim *cosim, uint32_t sector, bool is_write)
{
    struct swap_failure page = page_of(cosim, sector, is_write);
    if (sector % SECTORS_OF_PAGE != 0)
        return;
    cosim->counts.swap_reads += !is_write;
    cosim->counts.swap_writes += is_write;
    lockstep_tell(cosim,
                  &(struct cosim_moment){.kind = is_write ? COSIM_SWAP_WRITE : COSIM_SWAP_READ,
                                         .step = lockstep_steps(cosim),
                                         .process = page.p,
                                         .device = CVM_HIDDEN_DEVICE,
                                         .number = page.p,
                                         .detail = page.v});
}

void swap_note_failure(struct cosim *cosim, uint32_t sector, bool is_write)
{
    struct swap_failure failure = page_of(cosim, sector, is_write);
    failure.was_cloned = swap_was_cloned(cosim, failure.p, failure.v);
    ARRAY_PUSH(cosim->arena, &cosim->swap.failures, failure);
}

static bool swap_read(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct lockstep_swap *swap = self;
    note_move(swap->cosim, sector, false);
    bool is_read = swap->inner.read(swap->inner.self, sector, bytes);
    if (!is_read)
        swap_note_failure(swap->cosim, sector, false);
    return is_read;
}

static bool swap_write(void *self, uint32_t sector, const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct lockstep_swap *swap = self;
    note_move(swap->cosim, sector, true);
    relation_note_swap_write(swap->cosim->relation, sector);
    if (swap->inner.write(swap->inner.self, sector, bytes))
        return swap->written.write(swap->written.self, sector, bytes);
    swap_note_failure(swap->cosim, sector, true);
    return false;
}

static bool swap_flush(void *self)
{
    struct lockstep_swap *swap = self;
    return swap->inner.flush(swap->inner.self);
}

struct device_store swap_store(struct cosim *cosim)
{
    struct lockstep_swap *swap = &cosim->swap;
    swap->cosim = cosim;
    swap->inner = cosim->setup.swap;
    swap->written = store_memory_new(cosim->arena, swap->inner.sector_count);
    return (struct device_store){swap, swap->inner.sector_count, swap_read, swap_write, swap_flush};
}

/* What the medium gives; what it does not give is what was written to it last: a page that is still
 * there, though nobody can reach it, is not lost before somebody tries. */
static bool view_read(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct lockstep_swap *swap = self;
    return swap->inner.read(swap->inner.self, sector, bytes) ||
           swap->written.read(swap->written.self, sector, bytes);
}

static bool view_write(void *self, uint32_t sector, const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    (void)self, (void)sector, (void)bytes;
    return false;
}

struct device_store swap_view(struct cosim *cosim)
{
    struct lockstep_swap *swap = &cosim->swap;
    return (struct device_store){swap, swap->inner.sector_count, view_read, view_write, swap_flush};
}
