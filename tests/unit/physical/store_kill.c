/* A run that is killed: the sectors that the disk reported done are in the host's file.
 *
 * A child drives a disk on a file and tells through a pipe of each sector whose write the status
 * reports as done; it is killed at a random moment. */
#include "physical/store.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECTORS = 64, ROUNDS = 40 };
enum { DATA, ERROR, COUNT, LOW, MID, HIGH, HEAD, STATUS };
enum { BSY = 0x80, WELL = 0x50, WITH_DATA = 0x58, LBA = 0x40, WRITE_SECTORS = 0x30 };

/* "Sector `sector` holds version `version`." */
struct notice {
    uint32_t sector, version;
};

static uint32_t word_of(struct notice notice, unsigned i)
{
    return notice.version * UINT32_C(2654435761) + notice.sector * 977 + i;
}

static void finish(struct device *disk)
{
    struct device_event event = {.kind = DEVICE_EVENT_DONE};
    struct fault fault = {0};
    disk->class->input(disk, &event, &fault);
}

/* False: the status does not say that the sector was written. */
static bool write_sector(struct device *disk, struct notice notice)
{
    disk->class->write(disk, COUNT, 1);
    disk->class->write(disk, LOW, notice.sector);
    disk->class->write(disk, MID, 0);
    disk->class->write(disk, HIGH, 0);
    disk->class->write(disk, HEAD, LBA);
    disk->class->write(disk, STATUS, WRITE_SECTORS);
    finish(disk);
    if (disk->class->read(disk, STATUS) != WITH_DATA)
        return false;
    for (unsigned i = 0; i < 128; i++)
        disk->class->write(disk, DATA, word_of(notice, i));
    if (disk->class->read(disk, STATUS) != BSY)
        return false;
    finish(disk);
    return disk->class->read(disk, STATUS) == WELL;
}

/* The machine that will be killed. */
static _Noreturn void run_child(const char *path, int pipe_end)
{
    struct device_store store;
    struct fault fault = {0};
    struct arena *arena = arena_new();
    if (store_file_open(arena, path, STORE_READ_WRITE, &store, &fault) == NULL)
        _exit(1);
    struct device *disk = device_new_disk(arena, store);
    for (uint32_t version = 1;; version++) {
        struct notice notice = {version * 7 % SECTORS, version};
        if (!write_sector(disk, notice))
            _exit(2);
        if (write(pipe_end, &notice, sizeof notice) != sizeof notice)
            _exit(3);
    }
}

/* False: the other end is closed. */
static bool note_report(int pipe_end, uint32_t versions[SECTORS])
{
    struct notice notice;
    if (read(pipe_end, &notice, sizeof notice) != sizeof notice)
        return false;
    cr_assert_lt(notice.sector, SECTORS);
    versions[notice.sector] = notice.version;
    return true;
}

static void expect_sectors(const char *path, const uint32_t versions[SECTORS])
{
    struct arena *arena = arena_new();
    struct device_store store;
    struct fault fault = {0};
    struct store_file *file = store_file_open(arena, path, STORE_READ_WRITE, &store, &fault);
    cr_assert_not_null(file, "the lock of a killed machine is gone: %s", fault.message);
    for (uint32_t sector = 0; sector < SECTORS; sector++) {
        unsigned char bytes[DEVICE_SECTOR_BYTES];
        cr_assert(store.read(store.self, sector, bytes));
        if (versions[sector] == 0)
            continue;
        /* The next version may be there already: it was written, but not yet reported. */
        uint32_t first = bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                         (uint32_t)bytes[3] << 24;
        struct notice is = {sector, versions[sector]};
        if (first != word_of(is, 0))
            is.version += SECTORS;
        for (unsigned i = 0; i < DEVICE_SECTOR_BYTES; i++)
            cr_assert_eq(bytes[i], (unsigned char)(word_of(is, i / 4) >> (8 * (i % 4))),
                         "sector %u byte %u", sector, i);
    }
    store_file_close(file);
    arena_free(arena);
}

/* Kills a machine `microseconds` after its first report; the number of its reports. `versions` are
 * the last that were reported of each sector. */
static unsigned kill_a_run(const char *path, useconds_t microseconds)
{
    int ends[2];
    uint32_t versions[SECTORS] = {0};
    unsigned count = 1;
    cr_assert_eq(pipe(ends), 0);
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        close(ends[0]);
        run_child(path, ends[1]);
    }
    close(ends[1]);
    cr_assert(note_report(ends[0], versions), "the child ended by itself");
    usleep(microseconds);
    kill(child, SIGKILL);
    while (note_report(ends[0], versions))
        count++;
    int status;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status), "the child ended by itself: %d", WEXITSTATUS(status));
    close(ends[0]);
    expect_sectors(path, versions);
    return count;
}

Test(store_kill, sectors_that_were_reported_done_survive_a_killed_run)
{
    char folder[] = "/tmp/vouch-store-XXXXXX", path[64];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/disk", folder);
    int descriptor = open(path, O_RDWR | O_CREAT, 0600);
    cr_assert_eq(ftruncate(descriptor, SECTORS * DEVICE_SECTOR_BYTES), 0);
    close(descriptor);
    unsigned count = 0;
    srand(20261123);
    for (unsigned round = 0; round < ROUNDS; round++)
        count += kill_a_run(path, (useconds_t)(500 + rand() % 8000));
    cr_expect_gt(count, 2 * ROUNDS, "the runs got somewhere");
    unlink(path);
    rmdir(folder);
}
