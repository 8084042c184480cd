/* Disks that take too long. The layer looks at a disk's status DISK_PATIENCE times, and then gives
 * up what it wanted, though the medium has not failed; nor can it do anything with a disk that
 * waits for the words of a command given up (docs/CVM.md). That depends on the time that devices
 * take, of which the abstract machine knows nothing: it is told what was given up. It believes that
 * only where the disk was busy for so many looks on end. */
#include "cosim/lockstep.h"

#include "cosim/kernel.h"

#include <stdlib.h>
#include <string.h>

enum {
    PORT_DATA = 0,
    PORT_LOW = 3,
    PORT_DRIVE = 6,
    PORT_STATUS = 7, /* written: the command */
    COMMAND_WRITE = 0x30,
    STATUS_BUSY = 0x80,
    STATUS_DATA = 0x08,
    SECTOR_WORDS = DEVICE_SECTOR_BYTES / 4,
    PATIENCE = 1000000, /* kernel/config.h */
};

static uint64_t patience_of(const struct cosim_kernel *kernel)
{
    static const char option[] = "-DDISK_PATIENCE=";
    uint64_t patience = PATIENCE;
    for (size_t i = 0; i < kernel->options.count; i++) {
        if (strncmp(kernel->options.at[i], option, sizeof option - 1) == 0)
            patience = strtoull(kernel->options.at[i] + sizeof option - 1, NULL, 0);
    }
    return patience;
}

void patience_reset(struct cosim *cosim)
{
    cosim->patience.swap = cosim->patience.system = (struct disk_looks){0};
    cosim->patience.pages_given_up = 0;
    cosim->patience.has_command = false;
    cosim->patience.is_load_given_up = false;
}

/* A look at the status of a disk. True: the layer gives up what it wants: it has looked for long
 * enough, or finds the disk where it has given it up before, in the midst of a sector. */
static bool is_given_up(const struct lockstep_patience *patience, struct disk_looks *looks,
                        uint32_t status)
{
    if ((status & STATUS_BUSY) != 0) {
        looks->count++;
        if (looks->count != patience->looks_max)
            return false;
        *looks = (struct disk_looks){.is_left = true};
        return true;
    }
    looks->count = 0;
    looks->is_left = looks->is_left && (status & STATUS_DATA) != 0;
    return looks->is_left;
}

/* What is given up in the midst of a command is the page of that command and no other one. */
static void note_swap_status(struct cosim *cosim, uint32_t status)
{
    struct lockstep_patience *patience = &cosim->patience;
    bool is_through = (status & (STATUS_BUSY | STATUS_DATA)) == 0;
    bool gives_up = is_given_up(patience, &patience->swap, status);
    if (gives_up && patience->has_command)
        swap_note_failure(cosim, patience->sector, patience->is_write);
    else if (gives_up)
        patience->pages_given_up++;
    patience->has_command = patience->has_command && !gives_up && !is_through;
}

/* The address is in four ports, of the last one in its lower half. */
void patience_note_write(struct cosim *cosim, unsigned device, uint32_t port, uint32_t word)
{
    struct lockstep_patience *patience = &cosim->patience;
    if (device != CVM_HIDDEN_DEVICE || port < PORT_LOW || port > PORT_STATUS)
        return;
    if (port == PORT_STATUS) {
        patience->has_command = true;
        patience->is_write = word == COMMAND_WRITE;
        return;
    }
    uint32_t shift = 8 * (port - PORT_LOW), mask = port == PORT_DRIVE ? 0xF : 0xFF;
    patience->sector = (patience->sector & ~(mask << shift)) | (word & mask) << shift;
}

void patience_note_read(struct cosim *cosim, unsigned device, uint32_t port, uint32_t word)
{
    struct lockstep_patience *patience = &cosim->patience;
    if (device == CVM_HIDDEN_DEVICE && port == PORT_STATUS)
        note_swap_status(cosim, word);
    if (device == CVM_SYSTEM_DISK && port == PORT_STATUS)
        patience->is_load_given_up |= is_given_up(patience, &patience->system, word);
    if (device == CVM_SYSTEM_DISK && port == PORT_DATA)
        patience->words_loaded++;
}

void patience_begin_load(struct cosim *cosim)
{
    cosim->patience.is_load_given_up = false;
    cosim->patience.words_loaded = 0;
}

/* --- What cvm_load reads on the abstract side --- */

static bool system_read(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct cosim *cosim = self;
    struct lockstep_patience *patience = &cosim->patience;
    const struct device_store *disk = &patience->content;
    if (patience->is_load_given_up && patience->words_loaded < SECTOR_WORDS)
        return false;
    patience->words_loaded -= patience->is_load_given_up ? SECTOR_WORDS : 0;
    return disk->read(disk->self, sector, bytes);
}

static bool system_write(void *self, uint32_t sector,
                         const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    (void)self, (void)sector, (void)bytes;
    return false;
}

static bool system_flush(void *self)
{
    (void)self;
    return true;
}

struct device_store patience_new(struct cosim *cosim, struct device_store content)
{
    cosim->patience =
        (struct lockstep_patience){.looks_max = patience_of(cosim->kernel), .content = content};
    return (struct device_store){cosim, content.sector_count, system_read, system_write,
                                 system_flush};
}
