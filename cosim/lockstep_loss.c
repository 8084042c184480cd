/* Pages that the swap disk has lost. The abstract machine knows no swap disk: it is told, and
 * believes it only where the disk has failed on that very page. */
#include "cosim/lockstep.h"

enum { ENTRY_LOST = 0, ENTRY_PROTECTED = 0x400, ENTRY_VALID = 0x800 };
enum { DISK_COMMAND = 7 }; /* a port (docs/DEVICES.md) */

static uint32_t entry_of(const struct cosim *cosim, uint32_t p, uint32_t v)
{
    return lockstep_word(cosim, cosim->kernel->tables + p * VAMP_PAGE_BYTES + 4 * v);
}

/* The layer has the page, and has given its content up. */
static bool is_given_up(const struct cosim *cosim, const struct swap_failure *failure)
{
    const struct cosim_kernel *kernel = cosim->kernel;
    return failure->p < kernel->parameters.process_count &&
           failure->v < lockstep_word(cosim, kernel->page_counts + 4 * failure->p) &&
           entry_of(cosim, failure->p, failure->v) == ENTRY_LOST;
}

static void lose(struct cosim *cosim, const struct swap_failure *failure)
{
    if (failure->v < cvm_pages(cosim->abstract, failure->p) &&
        !cvm_is_page_lost(cosim->abstract, failure->p, failure->v))
        cvm_lose_page(cosim->abstract, failure->p, failure->v);
}

static bool is_noted(const struct cosim *cosim, uint32_t p, uint32_t v)
{
    for (size_t i = 0; i < cosim->swap.failures.count; i++) {
        if (cosim->swap.failures.at[i].p == p && cosim->swap.failures.at[i].v == v)
            return true;
    }
    return false;
}

/* A disk that was given up as it took too long has failed too; before a command told it of which
 * page, that is in the tables alone. */
static void note_pages_given_up(struct cosim *cosim)
{
    const struct cosim_parameters *parameters = &cosim->kernel->parameters;
    uint64_t *count = &cosim->patience.pages_given_up;
    for (uint32_t p = 1; *count != 0 && p < parameters->process_count; p++) {
        for (uint32_t v = 0; *count != 0 && v < parameters->virtual_pages; v++) {
            struct swap_failure failure = {.p = p, .v = v, .is_write = true};
            if (!is_given_up(cosim, &failure) || cvm_is_page_lost(cosim->abstract, p, v) ||
                is_noted(cosim, p, v))
                continue;
            ARRAY_PUSH(cosim->arena, &cosim->swap.failures, failure);
            --*count;
        }
    }
    *count = 0;
}

/* --- Before or after a primitive's effect --- */

/* What a primitive that moves words reads: process, address, words. */
struct source {
    uint32_t p, first, words;
};

static struct source source_of(const struct cosim *cosim, const struct cvm_call *call)
{
    const uint32_t *arguments = call->arguments;
    uint32_t words_of_page = VAMP_PAGE_BYTES / 4;
    if (call->primitive == CVM_PRIMITIVE_CLONE)
        return (struct source){arguments[1], 0,
                               cvm_pages(cosim->abstract, arguments[1]) * words_of_page};
    if (call->primitive == CVM_PRIMITIVE_COPY || call->primitive == CVM_PRIMITIVE_OUT_BLOCK)
        return (struct source){arguments[2], arguments[3], arguments[4]};
    return (struct source){0};
}

/* The word in the concrete process's memory; 0 if it is lost. */
static uint32_t concrete_word(struct cosim *cosim, uint32_t p, uint32_t address)
{
    uint32_t v = address / VAMP_PAGE_BYTES, offset = address % VAMP_PAGE_BYTES;
    uint32_t entry = entry_of(cosim, p, v);
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    if ((entry & ENTRY_VALID) != 0)
        return lockstep_word(cosim, (entry & ~UINT32_C(0xFFF)) + offset);
    struct device_store store = swap_view(cosim);
    uint32_t sector = cosim_swap_sector(cosim->kernel, p, v) + offset / DEVICE_SECTOR_BYTES;
    if (entry == ENTRY_LOST || !store.read(store.self, sector, bytes))
        return 0;
    const unsigned char *at = bytes + offset % DEVICE_SECTOR_BYTES;
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* The n-th word that the primitive has written to a port. */
static uint32_t written_word(const struct cosim *cosim, uint32_t n)
{
    const struct lockstep_log *log = &cosim->log;
    for (size_t i = log->first; i < log->entries.count; i++) {
        if (log->entries.at[i].kind == LOG_WRITE && n-- == 0)
            return log->entries.at[i].word;
    }
    return 0;
}

static uint32_t moved_word(struct cosim *cosim, const struct cvm_call *call, uint32_t n)
{
    if (call->primitive == CVM_PRIMITIVE_OUT_BLOCK)
        return written_word(cosim, n);
    if (call->primitive == CVM_PRIMITIVE_CLONE)
        return concrete_word(cosim, call->arguments[0], 4 * n);
    return concrete_word(cosim, call->arguments[0], call->arguments[1] + 4 * n);
}

/* Where no word tells: whether the layer counts the clone as one that has lost a page. */
static bool is_whole_clone(const struct cosim *cosim, const struct cvm_call *call)
{
    uint32_t losses = cosim->kernel->losses;
    return call->primitive == CVM_PRIMITIVE_CLONE && losses != 0 &&
           lockstep_word(cosim, losses + 4 * call->arguments[0]) == 0;
}

/* All pages of a new memory are the zero page, until they are copied one after the other. */
bool swap_was_cloned(const struct cosim *cosim, uint32_t p, uint32_t v)
{
    const struct cvm_call *call = cosim->begun;
    uint32_t zero = cosim->kernel->zero_frame * VAMP_PAGE_BYTES | ENTRY_VALID | ENTRY_PROTECTED;
    return call != NULL && call->primitive == CVM_PRIMITIVE_CLONE && call->arguments[1] == p &&
           entry_of(cosim, call->arguments[0], v) != zero;
}

/* A page that is written to the disk in vain in the midst of a primitive may have been read by it
 * before: then its words have arrived where they were to go. */
static bool was_read_before(struct cosim *cosim, const struct cvm_call *call,
                            const struct swap_failure *failure)
{
    struct source source = source_of(cosim, call);
    if (!failure->is_write || source.p != failure->p)
        return false;
    for (uint32_t n = 0; n < source.words; n++) {
        uint32_t address = source.first + 4 * n, word = 0;
        if (address / VAMP_PAGE_BYTES == failure->v &&
            cvm_read(cosim->abstract, source.p, address, &word) && word != 0)
            return moved_word(cosim, call, n) == word;
    }
    return is_whole_clone(cosim, call);
}

/* cvm_load goes no further than to a page that is lost. Pages before which the system disk was told
 * to read were there then. */
static bool was_loaded_before(const struct cosim *cosim, const struct cvm_call *call,
                              const struct swap_failure *failure)
{
    const struct lockstep_log *log = &cosim->log;
    uint32_t pages = 0;
    if (call->primitive != CVM_PRIMITIVE_LOAD || call->arguments[0] != failure->p)
        return false;
    for (size_t i = log->first; i < log->entries.count; i++) {
        const struct log_entry *entry = &log->entries.at[i];
        pages += entry->kind == LOG_WRITE && entry->device == CVM_SYSTEM_DISK &&
                 entry->port == DISK_COMMAND;
    }
    return failure->v < pages;
}

/* The process's memory becomes another one by this primitive. */
static bool is_replaced(const struct cvm_call *call, const struct swap_failure *failure)
{
    return (call->primitive == CVM_PRIMITIVE_CLONE || call->primitive == CVM_PRIMITIVE_RESET) &&
           call->arguments[0] == failure->p;
}

void swap_lose_pages(struct cosim *cosim, const struct cvm_call *call)
{
    struct lockstep_swap *swap = &cosim->swap;
    size_t left = 0;
    note_pages_given_up(cosim);
    for (size_t i = 0; i < swap->failures.count; i++) {
        struct swap_failure failure = swap->failures.at[i];
        if (!is_given_up(cosim, &failure))
            continue;
        if (call != NULL &&
            (is_replaced(call, &failure) || was_read_before(cosim, call, &failure) ||
             was_loaded_before(cosim, call, &failure)))
            swap->failures.at[left++] = failure;
        else
            lose(cosim, &failure);
    }
    swap->failures.count = call == NULL ? 0 : left;
}
