/* Whole files: what has an end is read, and nothing waits for what may never come. */
#include "base/file.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char path[] = BINARY_ROOT "/file-of-unit-base";

static bool is_refused(const char *name, const char *why)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct text content;
    bool is_read = file_read(arena, name, &content, &fault);
    bool is_told = fault.is_set && strstr(fault.message, why) != NULL;
    arena_free(arena);
    return !is_read && is_told;
}

static size_t length_of(const char *name)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct text content = {NULL, 999};
    cr_assert(file_read(arena, name, &content, &fault), "%s", fault.message);
    arena_free(arena);
    return content.length;
}

Test(file, directories_and_devices_are_not_read)
{
    cr_expect(is_refused("/", "directory"));
    cr_expect(is_refused("/dev/zero", "not a regular file"));
    cr_expect(is_refused(BINARY_ROOT "/nowhere", "No such file"));
}

Test(file, fifo_that_nobody_writes_to_is_empty)
{
    unlink(path);
    cr_assert_eq(mkfifo(path, 0600), 0);
    cr_expect_eq(length_of(path), 0);
    unlink(path);
}

Test(file, pipe_is_read_to_its_end)
{
    int ends[2];
    char name[32];
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(write(ends[1], "twelve bytes", 12), 12);
    close(ends[1]);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    cr_expect_eq(length_of(name), 12);
    close(ends[0]);
}
