/* Whole files in and out. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"

/* The bytes of a file (a NUL follows them that does not count): of a regular one, or of a pipe, which
 * is empty if nobody writes to it. What has no end (a device) is refused. */
bool file_read(struct arena *arena, const char *path, struct text *content, struct fault *fault);

/* Replaces the file at `path` in one step: nobody sees half of it. A path that is not a regular
 * file (a pipe, /dev/stdout) is written straight through. */
bool file_write(const char *path, struct text content, struct fault *fault);

/* Makes a directory and the directories above it. */
bool file_make_directory(const char *path, struct fault *fault);

#endif
