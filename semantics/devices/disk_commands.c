/* What each command of a disk does. A command that is not in the table ends with ABRT.
 * Source: ATA/ATAPI-5 (T13/1321D), clause 8; each function names its command. */
#include "semantics/devices/disk.h"

struct disk_command {
    uint8_t opcode;
    void (*begin)(struct disk *disk);
    void (*transfer)(struct disk *disk); /* commands with data */
    void (*proceed)(struct disk *disk);  /* commands that go on after a transfer */
};

static void abort_command(struct disk *disk)
{
    disk_fail(disk, DISK_ERROR_ABRT, DISK_STATUS_ERR);
}

/* The command reaches for its first sector: 0 in the sector count stands for 256. */
static bool start_sectors(struct disk *disk)
{
    disk->remaining = disk->sector_count == 0 ? 256 : disk->sector_count;
    disk->power = DISK_POWER_IDLE;
    if (disk_address_load(disk))
        return true;
    disk_fail(disk, DISK_ERROR_IDNF, DISK_STATUS_ERR);
    return false;
}

/* A sector is done; is there another one to do? The registers then name that one; at the end they
 * name the last one that was done. */
static bool advance(struct disk *disk)
{
    disk->remaining--;
    disk->sector_count = (uint8_t)disk->remaining;
    if (disk->remaining == 0)
        return false;
    disk->sector++;
    disk_address_store(disk);
    return true;
}

static bool read_medium(struct disk *disk)
{
    if (!disk_address_exists(disk)) {
        disk_fail(disk, DISK_ERROR_IDNF, DISK_STATUS_ERR);
        return false;
    }
    if (!disk->store.read(disk->store.self, disk->sector, disk->buffer)) {
        disk_fail(disk, DISK_ERROR_UNC, DISK_STATUS_ERR);
        return false;
    }
    return true;
}

/* READ SECTOR(S): for each sector BSY, then DRQ with an interrupt, then the transfer; the last one
 * ends the command, without another interrupt. The data of a bad sector is not offered. */
static void read_sector(struct disk *disk)
{
    if (read_medium(disk))
        disk_offer(disk);
}

static void read_begin(struct disk *disk)
{
    if (start_sectors(disk))
        read_sector(disk);
}

static void read_transfer(struct disk *disk)
{
    if (advance(disk))
        disk_proceed(disk);
    else
        disk_rest(disk);
}

/* FNV-1a over the number and the bytes of each sector that was written. */
static void count_written(struct disk *disk)
{
    const uint64_t prime = UINT64_C(0x100000001b3);
    uint64_t digest = disk->written_digest;
    for (unsigned i = 0; i < 4; i++)
        digest = (digest ^ (disk->sector >> (8 * i) & 0xFF)) * prime;
    for (unsigned i = 0; i < DEVICE_SECTOR_BYTES; i++)
        digest = (digest ^ disk->buffer[i]) * prime;
    disk->written_digest = digest;
    disk->written_count++;
}

/* WRITE SECTOR(S): DRQ for the first sector comes without an interrupt; after each transfer BSY,
 * then an interrupt with DRQ for the next sector or with the end of the command. */
static void write_begin(struct disk *disk)
{
    if (start_sectors(disk))
        disk_request(disk, false);
}

static void write_proceed(struct disk *disk)
{
    if (!disk->store.write(disk->store.self, disk->sector, disk->buffer)) {
        disk_fail(disk, DISK_ERROR_ABRT, DISK_STATUS_ERR | DISK_STATUS_DF);
        return;
    }
    count_written(disk);
    if (!advance(disk))
        disk_complete(disk);
    else if (!disk_address_exists(disk))
        disk_fail(disk, DISK_ERROR_IDNF, DISK_STATUS_ERR);
    else
        disk_request(disk, true);
}

/* READ VERIFY SECTOR(S): as READ SECTOR(S), without transfers. */
static void verify_begin(struct disk *disk)
{
    if (!start_sectors(disk))
        return;
    do {
        if (!read_medium(disk))
            return;
    } while (advance(disk));
    disk_complete(disk);
}

/* SEEK: to a sector that is there. */
static void seek_begin(struct disk *disk)
{
    disk->power = DISK_POWER_IDLE;
    if (disk_address_load(disk))
        disk_complete(disk);
    else
        disk_fail(disk, DISK_ERROR_IDNF, DISK_STATUS_ERR);
}

/* EXECUTE DEVICE DIAGNOSTIC: the diagnostic code is in the error register, ERR stays clear. */
static void diagnose_begin(struct disk *disk)
{
    disk_complete(disk);
    disk_sign(disk);
}

/* INITIALIZE DEVICE PARAMETERS: sectors a track in the sector count, the last head in the head. */
static void initialize_begin(struct disk *disk)
{
    uint32_t heads = (disk->device_head & DISK_HEAD_HEAD) + UINT32_C(1);
    if (disk_translation_set(disk, heads, disk->sector_count))
        disk_complete(disk);
    else
        abort_command(disk);
}

/* IDENTIFY DEVICE: one sector of data, not from the medium. */
static void identify_begin(struct disk *disk)
{
    disk_identify(disk);
    disk_offer(disk);
}

/* FLUSH CACHE: there is no cache, but the host may have one. */
static void flush_begin(struct disk *disk)
{
    if (disk->store.flush(disk->store.self))
        disk_complete(disk);
    else
        disk_fail(disk, DISK_ERROR_ABRT, DISK_STATUS_ERR | DISK_STATUS_DF);
}

/* SET FEATURES: 03h sets a transfer mode, of which the PIO modes 0 to 4 are here; 66h and CCh say
 * whether a software reset keeps the settings. */
static void set_features_begin(struct disk *disk)
{
    enum { SET_TRANSFER_MODE = 0x03, KEEP_SETTINGS = 0x66, REVERT_SETTINGS = 0xCC };
    uint8_t mode = disk->sector_count;
    bool is_pio = mode <= 0x01 || (mode >= 0x08 && mode <= 0x0C);
    if (disk->features == KEEP_SETTINGS || disk->features == REVERT_SETTINGS)
        disk->keeps_settings = disk->features == KEEP_SETTINGS;
    else if (disk->features != SET_TRANSFER_MODE || !is_pio) {
        abort_command(disk);
        return;
    }
    disk_complete(disk);
}

/* The Power Management feature set. No time passes inside a disk: it changes its mode on command
 * alone, whatever period STANDBY and IDLE give. */
static void idle_begin(struct disk *disk)
{
    disk->power = DISK_POWER_IDLE;
    disk_complete(disk);
}

static void standby_begin(struct disk *disk)
{
    disk->power = DISK_POWER_STANDBY;
    disk_complete(disk);
}

static void sleep_begin(struct disk *disk)
{
    disk->power = DISK_POWER_SLEEP;
    disk_complete(disk);
}

static void check_power_begin(struct disk *disk)
{
    disk->sector_count = disk->power == DISK_POWER_STANDBY ? 0x00 : 0xFF;
    disk_complete(disk);
}

static const struct disk_command commands[] = {
    {0x00, abort_command, NULL, NULL}, /* NOP: does what an unknown command does */
    {0x20, read_begin, read_transfer, read_sector},
    {0x21, read_begin, read_transfer, read_sector}, /* without retries, here and below */
    {0x30, write_begin, disk_proceed, write_proceed},
    {0x31, write_begin, disk_proceed, write_proceed},
    {0x40, verify_begin, NULL, NULL},
    {0x41, verify_begin, NULL, NULL},
    {0x70, seek_begin, NULL, NULL},
    {0x90, diagnose_begin, NULL, NULL},
    {0x91, initialize_begin, NULL, NULL},
    {0xE0, standby_begin, NULL, NULL}, /* STANDBY IMMEDIATE */
    {0xE1, idle_begin, NULL, NULL},    /* IDLE IMMEDIATE */
    {0xE2, standby_begin, NULL, NULL}, /* STANDBY */
    {0xE3, idle_begin, NULL, NULL},    /* IDLE */
    {0xE5, check_power_begin, NULL, NULL},
    {0xE6, sleep_begin, NULL, NULL},
    {0xE7, flush_begin, NULL, NULL},
    {0xEC, identify_begin, disk_rest, NULL},
    {0xEF, set_features_begin, NULL, NULL},
};

static const struct disk_command *find_command(uint8_t opcode)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (commands[i].opcode == opcode)
            return &commands[i];
    return NULL;
}

void disk_command_begin(struct disk *disk)
{
    const struct disk_command *command = find_command(disk->opcode);
    if (command == NULL)
        abort_command(disk);
    else
        command->begin(disk);
}

void disk_command_transfer(struct disk *disk)
{
    find_command(disk->opcode)->transfer(disk);
}

void disk_command_proceed(struct disk *disk)
{
    find_command(disk->opcode)->proceed(disk);
}
