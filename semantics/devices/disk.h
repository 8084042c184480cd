/* The inside of a disk, for disk*.c alone: registers and protocol in disk.c, what each command does
 * in disk_commands.c, sector addresses in disk_address.c, IDENTIFY DEVICE in disk_identify.c. */
#ifndef SEMANTICS_DEVICES_DISK_H
#define SEMANTICS_DEVICES_DISK_H

#include "semantics/devices/device.h"

enum disk_status {
    DISK_STATUS_BSY = 0x80,
    DISK_STATUS_DRDY = 0x40,
    DISK_STATUS_DF = 0x20,
    DISK_STATUS_DSC = 0x10,
    DISK_STATUS_DRQ = 0x08,
    DISK_STATUS_ERR = 0x01,
};

enum disk_error {
    DISK_ERROR_UNC = 0x40,  /* the medium does not give the data */
    DISK_ERROR_IDNF = 0x10, /* no such sector */
    DISK_ERROR_ABRT = 0x04, /* no such command, or not with these registers */
};

enum { DISK_HEAD_LBA = 0x40, DISK_HEAD_DEV = 0x10, DISK_HEAD_HEAD = 0x0F };

/* BSY is set in HELD and BUSY, DRQ in DATA_IN and DATA_OUT. */
enum disk_phase {
    DISK_REST,     /* no command is in progress */
    DISK_HELD,     /* SRST is set: in reset until the driver clears it */
    DISK_BUSY,     /* at work until `done` */
    DISK_DATA_IN,  /* the driver is to read the buffer */
    DISK_DATA_OUT, /* the driver is to write the buffer */
};

/* What ends with the next `done`. */
enum disk_work {
    DISK_WORK_RESET,
    DISK_WORK_BEGIN,   /* a command was written */
    DISK_WORK_PROCEED, /* a sector was transferred */
};

enum disk_power { DISK_POWER_IDLE, DISK_POWER_STANDBY, DISK_POWER_SLEEP };

/* How CHS addresses are understood. */
struct disk_translation {
    uint32_t cylinders, heads, sectors; /* a cylinder has heads, a head (a track) has sectors */
};

struct disk {
    struct device device;
    struct device_store store;

    uint8_t error, features, sector_count, lba_low, lba_mid, lba_high, device_head;
    bool is_quiet;   /* nIEN: no interrupt is signalled */
    bool is_pending; /* an interrupt waits for the driver to read the status */
    uint8_t failure; /* DF and ERR of the last command */

    enum disk_phase phase;
    enum disk_work work; /* in BUSY */
    uint8_t opcode;      /* of the command in progress */
    uint32_t sector;     /* that the command is at */
    uint32_t remaining;  /* sectors, this one included */
    uint32_t position;   /* bytes of the buffer that were transferred */
    unsigned char buffer[DEVICE_SECTOR_BYTES];

    struct disk_translation translation;
    bool keeps_settings; /* over a software reset */
    enum disk_power power;

    uint64_t written_count, written_digest; /* of the sectors written since power-on */
};

/* disk.c: how a command goes on. Each of these ends what a `done` or a transfer has begun. */
void disk_complete(struct disk *disk); /* with success, and an interrupt */
void disk_fail(struct disk *disk, unsigned error, unsigned failure); /* likewise, with ERR and DF */
void disk_offer(struct disk *disk);                                  /* the buffer to the driver */
void disk_request(struct disk *disk, bool has_interrupt); /* the buffer from the driver */
void disk_rest(struct disk *disk);                        /* with success, without an interrupt */
void disk_proceed(struct disk *disk);                     /* with the next sector, after `done` */
/* What a reset and EXECUTE DEVICE DIAGNOSTIC leave in the registers: a disk that is well. */
void disk_sign(struct disk *disk);

/* disk_commands.c: the steps of the command in `opcode`. */
void disk_command_begin(struct disk *disk);    /* `done` after the command was written */
void disk_command_transfer(struct disk *disk); /* the driver has taken or filled the buffer */
void disk_command_proceed(struct disk *disk);  /* `done` after a transfer */

/* disk_address.c: */
struct disk_translation disk_translation_default(uint32_t sector_count);
/* False: not with this many heads and sectors a track. */
bool disk_translation_set(struct disk *disk, uint32_t heads, uint32_t sectors);
/* Takes `sector` from the registers. False: they name none. */
bool disk_address_load(struct disk *disk);
/* Puts `sector` into the registers. */
void disk_address_store(struct disk *disk);
/* Whether `sector` is on the disk, as it is addressed. */
bool disk_address_exists(const struct disk *disk);

/* disk_identify.c: fills the buffer. */
void disk_identify(struct disk *disk);

#endif
