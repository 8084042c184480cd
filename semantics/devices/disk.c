/* A hard disk with the ATA interface, as the only one on its cable (device 0), by programmed
 * input and output: registers, interrupt, and the course of a command.
 *
 * Ports: 0 data (32 bits: two words of ATA at a time, the first one below), 1 error / features,
 * 2 sector count, 3 to 5 LBA low, mid, high (sector number, cylinder low, high), 6 device/head,
 * 7 status / command, 8 alternate status / device control.
 * Source: ATA/ATAPI-5 (T13/1321D): registers (clause 7), protocols for no data, PIO data-in and
 * PIO data-out (clause 9), a lone device 0 (9.16.1), the signature (9.12). */
#include "semantics/devices/disk.h"

#include "base/require.h"

#include <string.h>

enum {
    PORT_DATA,
    PORT_ERROR, /* write: features */
    PORT_SECTOR_COUNT,
    PORT_LBA_LOW,
    PORT_LBA_MID,
    PORT_LBA_HIGH,
    PORT_DEVICE_HEAD,
    PORT_STATUS,           /* write: command */
    PORT_ALTERNATE_STATUS, /* write: device control */
};

enum { CONTROL_SRST = 0x04, CONTROL_NIEN = 0x02 };
enum { COMMAND_EXECUTE_DEVICE_DIAGNOSTIC = 0x90 };

static bool disk_is_selected(const struct disk *disk)
{
    return (disk->device_head & DISK_HEAD_DEV) == 0;
}

static bool disk_is_busy(const struct disk *disk)
{
    return disk->phase == DISK_HELD || disk->phase == DISK_BUSY;
}

/* Status of device 1, which is not there, is 0. While BSY is set no other bit means anything: 0. */
static uint32_t disk_status(const struct disk *disk)
{
    if (disk_is_busy(disk))
        return DISK_STATUS_BSY;
    if (!disk_is_selected(disk))
        return 0;
    bool has_data = disk->phase == DISK_DATA_IN || disk->phase == DISK_DATA_OUT;
    return DISK_STATUS_DRDY | DISK_STATUS_DSC | (has_data ? DISK_STATUS_DRQ : 0) | disk->failure;
}

static void disk_end(struct disk *disk, unsigned error, unsigned failure)
{
    disk->phase = DISK_REST;
    disk->error = (uint8_t)error;
    disk->failure = (uint8_t)failure;
}

void disk_rest(struct disk *disk)
{
    disk_end(disk, 0, 0);
}

void disk_complete(struct disk *disk)
{
    disk_end(disk, 0, 0);
    disk->is_pending = true;
}

void disk_fail(struct disk *disk, unsigned error, unsigned failure)
{
    disk_end(disk, error, failure);
    disk->is_pending = true;
}

void disk_offer(struct disk *disk)
{
    disk->phase = DISK_DATA_IN;
    disk->position = 0;
    disk->is_pending = true;
}

void disk_request(struct disk *disk, bool has_interrupt)
{
    disk->phase = DISK_DATA_OUT;
    disk->position = 0;
    memset(disk->buffer, 0, sizeof disk->buffer);
    disk->is_pending = disk->is_pending || has_interrupt;
}

static void disk_work_on(struct disk *disk, enum disk_work work)
{
    disk->phase = DISK_BUSY;
    disk->work = work;
}

void disk_proceed(struct disk *disk)
{
    disk_work_on(disk, DISK_WORK_PROCEED);
}

void disk_sign(struct disk *disk)
{
    disk->error = 0x01;
    disk->sector_count = 0x01;
    disk->lba_low = 0x01;
    disk->lba_mid = disk->lba_high = 0x00;
    disk->device_head = 0x00;
}

/* Data moves only while DRQ is set and in the direction of the command; else a read gives 0 and a
 * write does nothing. */
static uint32_t disk_read_data(struct disk *disk)
{
    if (disk->phase != DISK_DATA_IN)
        return 0;
    const unsigned char *at = &disk->buffer[disk->position];
    uint32_t word =
        (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    disk->position += 4;
    if (disk->position == DEVICE_SECTOR_BYTES)
        disk_command_transfer(disk);
    return word;
}

static void disk_write_data(struct disk *disk, uint32_t word)
{
    if (disk->phase != DISK_DATA_OUT)
        return;
    for (unsigned i = 0; i < 4; i++)
        disk->buffer[disk->position + i] = (unsigned char)(word >> (8 * i));
    disk->position += 4;
    if (disk->position == DEVICE_SECTOR_BYTES)
        disk_command_transfer(disk);
}

static uint32_t disk_read_register(const struct disk *disk, uint32_t port)
{
    switch (port) {
    case PORT_ERROR:
        return disk->error;
    case PORT_SECTOR_COUNT:
        return disk->sector_count;
    case PORT_LBA_LOW:
        return disk->lba_low;
    case PORT_LBA_MID:
        return disk->lba_mid;
    case PORT_LBA_HIGH:
        return disk->lba_high;
    case PORT_DEVICE_HEAD:
        return disk->device_head;
    default:
        return 0;
    }
}

/* Reading the status takes the interrupt back, reading the alternate status does not; nor does a
 * read of the status that device 0 gives for device 1. While BSY is set all registers but the data
 * read as the status. */
static uint32_t disk_read(struct device *device, uint32_t port)
{
    struct disk *disk = (struct disk *)device;
    if (port == PORT_DATA)
        return disk_read_data(disk);
    if (port == PORT_STATUS && disk_is_selected(disk))
        disk->is_pending = false;
    if (port == PORT_STATUS || port == PORT_ALTERNATE_STATUS)
        return disk_status(disk);
    if (port <= PORT_DEVICE_HEAD && disk_is_busy(disk))
        return disk_status(disk);
    return disk_read_register(disk, port);
}

static void disk_write_register(struct disk *disk, uint32_t port, uint8_t byte)
{
    switch (port) {
    case PORT_ERROR:
        disk->features = byte;
        return;
    case PORT_SECTOR_COUNT:
        disk->sector_count = byte;
        return;
    case PORT_LBA_LOW:
        disk->lba_low = byte;
        return;
    case PORT_LBA_MID:
        disk->lba_mid = byte;
        return;
    case PORT_LBA_HIGH:
        disk->lba_high = byte;
        return;
    case PORT_DEVICE_HEAD:
        disk->device_head = byte;
        return;
    default:
        return;
    }
}

/* A command to device 1 is lost but for EXECUTE DEVICE DIAGNOSTIC, which is for all devices and
 * selects device 0. A disk that sleeps takes none. */
static void disk_write_command(struct disk *disk, uint8_t opcode)
{
    bool is_for_all = opcode == COMMAND_EXECUTE_DEVICE_DIAGNOSTIC;
    if ((!disk_is_selected(disk) && !is_for_all) || disk->power == DISK_POWER_SLEEP)
        return;
    if (is_for_all)
        disk->device_head &= (uint8_t)~DISK_HEAD_DEV;
    disk->is_pending = false;
    disk->failure = 0;
    disk->error = 0;
    disk->opcode = opcode;
    disk_work_on(disk, DISK_WORK_BEGIN);
}

/* Device control is written at any time, and whatever device is selected. Setting SRST ends all
 * that is going on; the reset begins when SRST is cleared, and ends without an interrupt. */
static void disk_write_control(struct disk *disk, uint32_t word)
{
    disk->is_quiet = (word & CONTROL_NIEN) != 0;
    if ((word & CONTROL_SRST) != 0) {
        disk->phase = DISK_HELD;
        disk->is_pending = false;
        disk->device_head &= (uint8_t)~DISK_HEAD_DEV;
    } else if (disk->phase == DISK_HELD) {
        disk_work_on(disk, DISK_WORK_RESET);
    }
}

/* A disk that is busy, or in the middle of a transfer, takes no command and no change to the
 * registers. */
static void disk_write(struct device *device, uint32_t port, uint32_t word)
{
    struct disk *disk = (struct disk *)device;
    if (port == PORT_DATA)
        disk_write_data(disk, word);
    else if (port == PORT_ALTERNATE_STATUS)
        disk_write_control(disk, word);
    else if (disk->phase == DISK_REST && port == PORT_STATUS)
        disk_write_command(disk, (uint8_t)word);
    else if (disk->phase == DISK_REST)
        disk_write_register(disk, port, (uint8_t)word);
}

static void disk_reset(struct disk *disk)
{
    disk_sign(disk);
    disk->phase = DISK_REST;
    disk->failure = 0;
    if (!disk->keeps_settings)
        disk->translation = disk_translation_default(disk->store.sector_count);
    if (disk->power == DISK_POWER_SLEEP)
        disk->power = DISK_POWER_STANDBY;
}

/* `done` ends the work that BSY stands for; what was to be written is in the store by then. */
static void disk_done(struct disk *disk)
{
    if (disk->phase != DISK_BUSY)
        return;
    switch (disk->work) {
    case DISK_WORK_RESET:
        disk_reset(disk);
        break;
    case DISK_WORK_BEGIN:
        disk_command_begin(disk);
        break;
    case DISK_WORK_PROCEED:
        disk_command_proceed(disk);
        break;
    }
    require(disk->phase != DISK_BUSY, "`done` ends BSY");
}

static bool disk_input(struct device *device, const struct device_event *event, struct fault *fault)
{
    if (event->kind != DEVICE_EVENT_DONE)
        return device_refuse(device, event, fault);
    disk_done((struct disk *)device);
    return true;
}

/* INTRQ is driven by the selected device, and only while nIEN is clear. */
static bool disk_line(const struct device *device)
{
    const struct disk *disk = (const struct disk *)device;
    return disk->is_pending && !disk->is_quiet && disk_is_selected(disk);
}

static enum device_event_kind disk_awaits(const struct device *device)
{
    const struct disk *disk = (const struct disk *)device;
    return disk->phase == DISK_BUSY ? DEVICE_EVENT_DONE : DEVICE_EVENT_NONE;
}

static const char *disk_phase_name(const struct disk *disk)
{
    switch (disk->phase) {
    case DISK_REST:
        return "rest";
    case DISK_HELD:
        return "held";
    case DISK_BUSY:
        return disk->work == DISK_WORK_RESET   ? "resetting"
               : disk->work == DISK_WORK_BEGIN ? "beginning"
                                               : "proceeding";
    case DISK_DATA_IN:
        return "data-in";
    case DISK_DATA_OUT:
        return "data-out";
    }
    return "unknown";
}

/* What the medium held at first is no part of the state; what was written to it since is. */
static void disk_describe(const struct device *device, struct text_builder *into)
{
    const struct disk *disk = (const struct disk *)device;
    bool has_sectors = disk->phase != DISK_REST && disk->phase != DISK_HELD;
    text_append(into, "disk error=%02x features=%02x count=%02x lba=%02x%02x%02x head=%02x",
                disk->error, disk->features, disk->sector_count, disk->lba_high, disk->lba_mid,
                disk->lba_low, disk->device_head);
    text_append(into, " failure=%02x quiet=%d pending=%d phase=%s", disk->failure, disk->is_quiet,
                disk->is_pending, disk_phase_name(disk));
    text_append(into, " translation=%u/%u/%u keeps=%d power=%d written=%llu:%016llx\n",
                (unsigned)disk->translation.cylinders, (unsigned)disk->translation.heads,
                (unsigned)disk->translation.sectors, disk->keeps_settings, (int)disk->power,
                (unsigned long long)disk->written_count, (unsigned long long)disk->written_digest);
    if (!has_sectors)
        return;
    text_append(into, "disk command=%02x sector=%u remaining=%u position=%u buffer=", disk->opcode,
                (unsigned)disk->sector, (unsigned)disk->remaining, (unsigned)disk->position);
    for (unsigned i = 0; i < DEVICE_SECTOR_BYTES; i++)
        text_append_hexadecimal(into, disk->buffer[i], 2);
    text_append(into, "\n");
}

static const struct device_class disk_class = {
    .name = "disk",
    .read = disk_read,
    .write = disk_write,
    .input = disk_input,
    .line = disk_line,
    .awaits = disk_awaits,
    .describe = disk_describe,
};

struct device *device_new_disk(struct arena *arena, struct device_store store)
{
    require(store.sector_count >= 1 && store.sector_count <= UINT32_C(1) << 28,
            "a disk of 1 to 2^28 sectors");
    struct disk *disk = ARENA_NEW(arena, struct disk);
    disk->device.class = &disk_class;
    disk->store = store;
    disk->written_digest = UINT64_C(0xcbf29ce484222325);
    disk_reset(disk);
    return &disk->device;
}
