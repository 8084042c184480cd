/* A disk on a bench: what a driver does at its ports, and the `done` that it waits for. */
#ifndef TESTS_UNIT_DEVICES_DISK_BENCH_H
#define TESTS_UNIT_DEVICES_DISK_BENCH_H

#include "physical/store.h"

enum { BENCH_SECTORS = 5000 };

enum {
    DATA,
    ERROR,
    COUNT,
    LOW,
    MID,
    HIGH,
    HEAD,
    STATUS,
    ALTERNATE,
    FEATURES = ERROR,
    COMMAND = STATUS,
    CONTROL = ALTERNATE,
};
enum { BSY = 0x80, DRDY = 0x40, DF = 0x20, DSC = 0x10, DRQ = 0x08, ERR = 0x01 };
enum { UNC = 0x40, IDNF = 0x10, ABRT = 0x04 };
enum { NIEN = 0x02, SRST = 0x04 };
enum { WELL = DRDY | DSC, WITH_DATA = DRDY | DSC | DRQ };
enum { LBA = 0x40, DEV = 0x10 };

struct bench {
    struct arena *arena;
    struct device_store store;
    struct device *disk;
};

struct bench bench_new(void);
struct bench bench_with(struct arena *arena, struct device_store store);
void bench_free(struct bench *bench);

uint32_t get(struct bench *bench, uint32_t port);
void put(struct bench *bench, uint32_t port, uint32_t word);
bool line(const struct bench *bench);
/* The work that BSY stands for is finished. */
void done(struct bench *bench);
/* BSY until a `done`, then no longer; `done` must be what the disk waits for. */
void finish(struct bench *bench);

/* Registers for `count` sectors from `sector`, by LBA. */
void aim(struct bench *bench, uint32_t sector, uint32_t count);
uint32_t aimed(struct bench *bench);
/* Writes a command and finishes its first phase. */
void command(struct bench *bench, uint32_t opcode);

/* 128 words; word i of a sector's pattern is a function of i and `seed`. */
uint32_t pattern(uint32_t seed, unsigned i);
void put_sector(struct bench *bench, uint32_t seed);
void expect_sector(struct bench *bench, uint32_t seed);
/* The same in the store, past the disk. */
void store_put(struct device_store *store, uint32_t sector, uint32_t seed);
void store_expect(struct device_store *store, uint32_t sector, uint32_t seed);

#endif
