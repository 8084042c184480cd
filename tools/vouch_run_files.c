/* Files of a run that would overwrite each other. */
#include "tools/vouch_run_options.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct location nowhere = {0};

/* The path without symbolic links; of a file that is not there, that of its folder. */
static const char *resolved(struct arena *arena, const char *path)
{
    char real[PATH_MAX];
    if (realpath(path, real) != NULL)
        return arena_printf(arena, "%s", real);
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    const char *folder = slash == NULL ? "." : arena_copy(arena, path, (size_t)(slash + 1 - path));
    return realpath(folder, real) == NULL ? path : arena_printf(arena, "%s/%s", real, name);
}

/* Devices may be written by many. */
bool run_is_same_file(struct arena *arena, const char *left, const char *right)
{
    struct stat a, b;
    bool has_left = stat(left, &a) == 0, has_right = stat(right, &b) == 0;
    if (has_left && has_right)
        return S_ISREG(a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    return !has_left && !has_right && strcmp(resolved(arena, left), resolved(arena, right)) == 0;
}

bool run_options_check_files(const struct run_options *options, struct fault *fault)
{
    bool prints_json = options->json != NULL && strcmp(options->json, "-") == 0;
    const struct {
        const char *option, *path;
    } files[] = {
        {"--record", options->record},
        {"--trace", options->trace},
        {"--json", prints_json ? NULL : options->json},
        {"the image", options->image},
        {"--replay", options->replay},
    };
    enum { WRITTEN = 3, FILES = sizeof files / sizeof files[0] };
    for (unsigned i = 0; i < WRITTEN; i++) {
        for (unsigned k = i + 1; k < FILES; k++) {
            if (files[i].path != NULL && files[k].path != NULL &&
                run_is_same_file(options->arena, files[i].path, files[k].path))
                return fault_at(fault, nowhere, "%s and %s name the same file, '%s'",
                                files[i].option, files[k].option, files[i].path);
        }
    }
    return true;
}
