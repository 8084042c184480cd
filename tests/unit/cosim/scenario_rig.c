#include "scenario_rig.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <string.h>

enum { OP_SW = 43 };

struct scenario_rig scenario_rig_new(void)
{
    struct scenario_rig rig = {.arena = arena_new()};
    rig.kernel =
        cosim_kernel_load(rig.arena, BINARY_ROOT "/kernel-small/kernel.json", stderr, &rig.fault);
    cr_assert(rig.kernel, "%s", rig.fault.message);
    return rig;
}

void scenario_rig_free(struct scenario_rig *rig)
{
    arena_free(rig->arena);
}

const char *scenario_rig_put(struct scenario_rig *rig, const char *name, const char *text)
{
    const char *path = arena_printf(rig->arena, BINARY_ROOT "/scenarios/%s", name);
    cr_assert(file_make_directory(BINARY_ROOT "/scenarios/good", &rig->fault));
    cr_assert(file_make_directory(BINARY_ROOT "/scenarios/bad", &rig->fault));
    cr_assert(file_write(path, text_of(text), &rig->fault), "%s", rig->fault.message);
    return path;
}

struct scenario *scenario_rig_load(struct scenario_rig *rig, const char *name, const char *text)
{
    struct scenario *scenario = scenario_load(rig->arena, scenario_rig_put(rig, name, text),
                                              rig->kernel, stderr, &rig->fault);
    cr_assert(scenario, "%u:%u: %s", rig->fault.line, rig->fault.column, rig->fault.message);
    return scenario;
}

static uint32_t last_store(const struct image *image, const struct image_symbol *function)
{
    uint32_t word, at = function->address + function->size_bytes - 4;
    while (at >= function->address && image_word(image, at, &word) && word >> 26 != OP_SW)
        at -= 4;
    cr_assert_geq(at, function->address);
    return at;
}

const struct cosim_kernel *scenario_rig_break(struct scenario_rig *rig, const char *name)
{
    struct cosim_kernel *kernel = ARENA_NEW(rig->arena, struct cosim_kernel);
    struct image *image = ARENA_NEW(rig->arena, struct image);
    const struct image_symbol *function = image_symbol(rig->kernel->image, name, NULL);
    cr_assert(function);
    uint32_t at = last_store(rig->kernel->image, function);
    *kernel = *rig->kernel;
    *image = *rig->kernel->image;
    struct image_segment *segments =
        ARENA_ARRAY(rig->arena, struct image_segment, image->segment_count);
    for (size_t i = 0; i < image->segment_count; i++) {
        segments[i] = image->segments[i];
        struct text *content = &segments[i].content;
        char *bytes = arena_copy(rig->arena, content->at, content->length);
        if (at >= segments[i].address && at - segments[i].address < content->length)
            memset(bytes + (at - segments[i].address), 0, 4);
        content->at = bytes;
    }
    image->segments = segments;
    kernel->image = image;
    return kernel;
}
