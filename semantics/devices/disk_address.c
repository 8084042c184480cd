/* Addresses of sectors: LBA, 28 bits, or cylinder, head and sector in the translation that
 * INITIALIZE DEVICE PARAMETERS chose (ATA/ATAPI-5, clause 6.2 and annex on CHS). */
#include "semantics/devices/disk.h"

/* The most that CHS reaches: 16,383 cylinders of 16 heads and 63 sectors. */
enum { CHS_SECTORS = 16383 * 16 * 63, CHS_HEADS = 16, CHS_TRACK_SECTORS = 63 };
enum { MAX_CYLINDERS = 65535 };

static uint32_t least(uint32_t left, uint32_t right)
{
    return left < right ? left : right;
}

static struct disk_translation translation_of(uint32_t sector_count, uint32_t heads,
                                              uint32_t sectors)
{
    uint32_t cylinders = least(sector_count, CHS_SECTORS) / (heads * sectors);
    return (struct disk_translation){least(cylinders, MAX_CYLINDERS), heads, sectors};
}

struct disk_translation disk_translation_default(uint32_t sector_count)
{
    uint32_t sectors = least(sector_count, CHS_TRACK_SECTORS);
    return translation_of(sector_count, least(sector_count / sectors, CHS_HEADS), sectors);
}

bool disk_translation_set(struct disk *disk, uint32_t heads, uint32_t sectors)
{
    if (heads == 0 || sectors == 0)
        return false;
    struct disk_translation translation = translation_of(disk->store.sector_count, heads, sectors);
    if (translation.cylinders == 0)
        return false;
    disk->translation = translation;
    return true;
}

static bool is_lba(const struct disk *disk)
{
    return (disk->device_head & DISK_HEAD_LBA) != 0;
}

bool disk_address_exists(const struct disk *disk)
{
    const struct disk_translation *chs = &disk->translation;
    return disk->sector <
           (is_lba(disk) ? disk->store.sector_count : chs->cylinders * chs->heads * chs->sectors);
}

bool disk_address_load(struct disk *disk)
{
    const struct disk_translation *chs = &disk->translation;
    uint32_t low = disk->lba_low, middle = disk->lba_mid | (uint32_t)disk->lba_high << 8;
    uint32_t high = disk->device_head & DISK_HEAD_HEAD;
    if (is_lba(disk)) {
        disk->sector = low | middle << 8 | high << 24;
        return disk_address_exists(disk);
    }
    /* Sectors of a track count from 1. */
    if (low == 0 || low > chs->sectors || high >= chs->heads || middle >= chs->cylinders)
        return false;
    disk->sector = (middle * chs->heads + high) * chs->sectors + low - 1;
    return true;
}

void disk_address_store(struct disk *disk)
{
    const struct disk_translation *chs = &disk->translation;
    uint32_t track = disk->sector / chs->sectors;
    bool by_lba = is_lba(disk);
    uint32_t low = by_lba ? disk->sector & 0xFF : disk->sector % chs->sectors + 1;
    uint32_t middle = by_lba ? disk->sector >> 8 : track / chs->heads;
    uint32_t high = by_lba ? disk->sector >> 24 : track % chs->heads;
    disk->lba_low = (uint8_t)low;
    disk->lba_mid = (uint8_t)middle;
    disk->lba_high = (uint8_t)(middle >> 8);
    disk->device_head = (uint8_t)((disk->device_head & ~DISK_HEAD_HEAD) | (high & DISK_HEAD_HEAD));
}
