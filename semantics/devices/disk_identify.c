/* What IDENTIFY DEVICE tells about a disk: 256 words, little-endian.
 * Source: ATA/ATAPI-5 (T13/1321D), clause 8.12. */
#include "semantics/devices/disk.h"

#include <string.h>

static void put(struct disk *disk, unsigned word, uint32_t value)
{
    disk->buffer[2 * word] = (unsigned char)value;
    disk->buffer[2 * word + 1] = (unsigned char)(value >> 8);
}

static void put_double(struct disk *disk, unsigned word, uint32_t value)
{
    put(disk, word, value & 0xFFFF);
    put(disk, word + 1, value >> 16);
}

/* The first character of each pair is in the high byte of its word; blanks fill the rest. */
static void put_string(struct disk *disk, unsigned word, unsigned word_count, const char *string)
{
    size_t length = strlen(string);
    for (size_t i = 0; i < 2 * word_count; i++)
        disk->buffer[2 * word + (i ^ 1)] = (unsigned char)(i < length ? string[i] : ' ');
}

/* Word 255: the signature A5h, and what makes the sum of all bytes 0. */
static void put_checksum(struct disk *disk)
{
    unsigned sum = 0xA5;
    for (unsigned i = 0; i < 510; i++)
        sum += disk->buffer[i];
    put(disk, 255, 0xA5 | (0x100 - sum % 0x100) % 0x100 << 8);
}

void disk_identify(struct disk *disk)
{
    uint32_t count = disk->store.sector_count;
    const struct disk_translation chs = disk_translation_default(count);
    const struct disk_translation *now = &disk->translation;
    memset(disk->buffer, 0, sizeof disk->buffer);
    put(disk, 0, 0x0040); /* an ATA device, fixed */
    put(disk, 1, chs.cylinders);
    put(disk, 2, 0xC837); /* needs no SET FEATURES to spin up; this response is complete */
    put(disk, 3, chs.heads);
    put(disk, 6, chs.sectors);
    put_string(disk, 10, 10, "1");
    put_string(disk, 23, 4, "1.0");
    put_string(disk, 27, 20, "VOUCH HARD DISK");
    put(disk, 47, 0x8000); /* READ and WRITE MULTIPLE: not there */
    put(disk, 49, 0x0A00); /* LBA, and IORDY; no DMA */
    put(disk, 50, 0x4000);
    put(disk, 51, 0x0200); /* PIO mode 2, for drivers that know no word 64 */
    put(disk, 53, 0x0003); /* words 54 to 58 and 64 to 70 are valid */
    put(disk, 54, now->cylinders);
    put(disk, 55, now->heads);
    put(disk, 56, now->sectors);
    put_double(disk, 57, now->cylinders * now->heads * now->sectors);
    put_double(disk, 60, count < 0x0FFFFFFF ? count : 0x0FFFFFFF);
    put(disk, 64, 0x0003); /* PIO modes 3 and 4 */
    put(disk, 67, 120);    /* nanoseconds of a PIO cycle */
    put(disk, 68, 120);
    put(disk, 80, 0x003C); /* ATA-2 to ATA/ATAPI-5 */
    put(disk, 82, 0x4008); /* NOP, power management */
    put(disk, 83, 0x4000);
    put(disk, 84, 0x4000);
    put(disk, 85, 0x4008); /* enabled: the same */
    put(disk, 86, 0x0000);
    put(disk, 87, 0x4000);
    put_checksum(disk);
}
