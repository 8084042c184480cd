/* Any file is a scenario or is refused with a fault at a place in it; what is accepted can be
 * written and is read again as the same. */
#include "cosim/scenario.h"
#include "base/file.h"
#include "base/require.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct image no_image = {.digest = "00"};
static const struct cosim_kernel small_kernel = {
    .path = "kernel.json",
    .image = &no_image,
    .parameters = {.process_count = 8, .virtual_pages = 16, .frame_count = 6}};

static void check(struct arena *arena, const char *path, const struct scenario *scenario)
{
    struct fault fault = {0};
    struct text again = {0}, first;
    require(scenario->disk.length % DEVICE_SECTOR_BYTES == 0, "a disk has whole sectors");
    require(scenario_write(scenario, path, &fault) && file_read(arena, path, &first, &fault),
            "what was read can be written");
    struct scenario *read = scenario_load(arena, path, &small_kernel, stderr, &fault);
    require(read != NULL, "what was written can be read");
    require(scenario_write(read, path, &fault) && file_read(arena, path, &again, &fault) &&
                text_equals(first, again) && text_equals(scenario->disk, read->disk),
            "it is the same");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static char path[64];
    struct arena *arena = arena_new();
    struct fault fault = {0};
    if (path[0] == '\0')
        snprintf(path, sizeof path, "/tmp/fuzz-scenario-%d.json", (int)getpid());
    require(file_write(path, (struct text){(const char *)bytes, length}, &fault), "it is written");
    struct scenario *scenario = scenario_load(arena, path, &small_kernel, stderr, &fault);
    require((scenario == NULL) == fault.is_set, "what is refused has a fault");
    if (scenario != NULL)
        check(arena, path, scenario);
    unlink(path);
    arena_free(arena);
    return 0;
}
