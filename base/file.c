#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fault_errno(struct fault *fault, const char *path, const char *doing)
{
    return fault_at(fault, (struct location){path, 0, 0}, "cannot %s: %s", doing, strerror(errno));
}

/* A file that has an end: a regular one, or a pipe. A FIFO that nobody writes to is empty; without
 * O_NONBLOCK, to open it would wait for a writer. */
static FILE *open_to_read(const char *path, struct fault *fault)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0) {
        fault_errno(fault, path, "read");
    } else if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        fault_errno(fault, path, "read");
    } else if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)) {
        fault_at(fault, (struct location){path, 0, 0}, "cannot read: not a regular file");
    } else {
        fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK);
        return fdopen(file, "rb");
    }
    if (file >= 0)
        close(file);
    return NULL;
}

bool file_read(struct arena *arena, const char *path, struct text *content, struct fault *fault)
{
    FILE *in = open_to_read(path, fault);
    if (in == NULL)
        return false;
    struct text_builder builder = {.arena = arena};
    char buffer[16384];
    size_t length;
    while ((length = fread(buffer, 1, sizeof buffer, in)) > 0)
        text_append_bytes(&builder, buffer, length);
    bool is_read = !ferror(in);
    if (!is_read)
        fault_errno(fault, path, "read");
    fclose(in);
    *content = (struct text){text_built(&builder), builder.length};
    return is_read;
}

static bool write_stream(const char *path, const char *name, struct text content,
                         struct fault *fault)
{
    FILE *out = fopen(path, "wb");
    if (out == NULL)
        return fault_errno(fault, name, "write");
    bool is_written =
        content.length == 0 || fwrite(content.at, 1, content.length, out) == content.length;
    if (!is_written)
        fault_errno(fault, name, "write");
    if (fclose(out) != 0 && is_written) {
        fault_errno(fault, name, "write");
        is_written = false;
    }
    return is_written;
}

bool file_write(const char *path, struct text content, struct fault *fault)
{
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return write_stream(path, path, content, fault);
    size_t length = strlen(path);
    char *temporary = malloc(length + 32);
    if (temporary == NULL)
        return fault_errno(fault, path, "write");
    snprintf(temporary, length + 32, "%s.%ld.part", path, (long)getpid());
    bool is_written = write_stream(temporary, path, content, fault);
    if (is_written && rename(temporary, path) != 0) {
        fault_errno(fault, path, "write");
        is_written = false;
    }
    if (!is_written)
        unlink(temporary);
    free(temporary);
    return is_written;
}

bool file_make_directory(const char *path, struct fault *fault)
{
    size_t length = strlen(path);
    char *prefix = malloc(length + 1);
    if (prefix == NULL)
        return fault_errno(fault, path, "create");
    memcpy(prefix, path, length + 1);
    bool is_made = true;
    for (size_t i = 1; i <= length && is_made; i++) {
        if (prefix[i] != '/' && prefix[i] != '\0')
            continue;
        char kept = prefix[i];
        prefix[i] = '\0';
        if (mkdir(prefix, 0777) != 0 && errno != EEXIST)
            is_made = fault_errno(fault, path, "create");
        prefix[i] = kept;
    }
    struct stat status;
    if (is_made && (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))) {
        errno = ENOTDIR;
        is_made = fault_errno(fault, path, "create");
    }
    free(prefix);
    return is_made;
}
