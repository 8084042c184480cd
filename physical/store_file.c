/* A disk in a file of the host. */
#include "base/require.h"
#include "physical/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct store_file {
    int descriptor;
};

static off_t offset_of(uint32_t sector)
{
    return (off_t)sector * DEVICE_SECTOR_BYTES;
}

static bool file_read_sector(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct store_file *file = self;
    size_t done = 0;
    while (done < DEVICE_SECTOR_BYTES) {
        ssize_t length = pread(file->descriptor, bytes + done, DEVICE_SECTOR_BYTES - done,
                               offset_of(sector) + (off_t)done);
        if (length == 0 || (length < 0 && errno != EINTR))
            return false;
        done += length > 0 ? (size_t)length : 0;
    }
    return true;
}

static bool file_write_sector(void *self, uint32_t sector,
                              const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    struct store_file *file = self;
    size_t done = 0;
    while (done < DEVICE_SECTOR_BYTES) {
        ssize_t length = pwrite(file->descriptor, bytes + done, DEVICE_SECTOR_BYTES - done,
                                offset_of(sector) + (off_t)done);
        if (length == 0 || (length < 0 && errno != EINTR))
            return false;
        done += length > 0 ? (size_t)length : 0;
    }
    return true;
}

static bool file_refuse_sector(void *self, uint32_t sector,
                               const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    (void)self, (void)sector, (void)bytes;
    return false;
}

static bool file_flush(void *self)
{
    struct store_file *file = self;
    int code;
    do
        code = fdatasync(file->descriptor);
    while (code != 0 && errno == EINTR);
    return code == 0;
}

static bool file_flush_nothing(void *self)
{
    (void)self;
    return true;
}

/* Locks the file and finds its size. */
static bool file_take(int descriptor, const char *path, bool is_writer, uint32_t *sector_count,
                      struct fault *fault)
{
    struct location where = {path, 0, 0};
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return fault_at(fault, where, "cannot open the disk: %s", strerror(errno));
    if (!S_ISREG(status.st_mode))
        return fault_at(fault, where, "a disk must be a regular file");
    if (flock(descriptor, (is_writer ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0)
        return errno == EWOULDBLOCK
                   ? fault_at(fault, where, "another machine has this disk open")
                   : fault_at(fault, where, "cannot lock the disk: %s", strerror(errno));
    /* The size that counts is the one under the lock. */
    if (fstat(descriptor, &status) != 0)
        return fault_at(fault, where, "cannot open the disk: %s", strerror(errno));
    if (status.st_size == 0 || status.st_size % DEVICE_SECTOR_BYTES != 0)
        return fault_at(fault, where,
                        "a disk must have a positive multiple of %d bytes, this one has %lld",
                        DEVICE_SECTOR_BYTES, (long long)status.st_size);
    if (status.st_size / DEVICE_SECTOR_BYTES > STORE_MAX_SECTORS)
        return fault_at(fault, where, "a disk has at most 2^28 sectors, this one has %lld",
                        (long long)(status.st_size / DEVICE_SECTOR_BYTES));
    *sector_count = (uint32_t)(status.st_size / DEVICE_SECTOR_BYTES);
    return true;
}

struct store_file *store_file_open(struct arena *arena, const char *path, enum store_mode mode,
                                   struct device_store *store, struct fault *fault)
{
    bool is_writer = mode == STORE_READ_WRITE;
    /* O_NONBLOCK: opening a pipe must not wait for its other end. */
    int flags = (is_writer ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    int descriptor = open(path, flags);
    if (descriptor < 0) {
        fault_at(fault, (struct location){path, 0, 0}, "cannot open the disk: %s", strerror(errno));
        return NULL;
    }
    uint32_t sector_count = 0;
    if (!file_take(descriptor, path, is_writer, &sector_count, fault)) {
        close(descriptor);
        return NULL;
    }
    struct store_file *file = ARENA_NEW(arena, struct store_file);
    file->descriptor = descriptor;
    *store = (struct device_store){file, sector_count, file_read_sector,
                                   is_writer ? file_write_sector : file_refuse_sector,
                                   is_writer ? file_flush : file_flush_nothing};
    if (mode == STORE_SNAPSHOT)
        *store = store_overlay_new(arena, *store);
    return file;
}

void store_file_close(struct store_file *file)
{
    require(file->descriptor >= 0, "an open file");
    close(file->descriptor);
    file->descriptor = -1;
}
