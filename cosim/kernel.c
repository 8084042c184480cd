#include "cosim/kernel.h"

#include "cosim/kernel_description.h"
#include "cosim/kernel_places.h"
#include "semantics/c0/front.h"
#include "semantics/c0a/c0a.h"

#include <string.h>

static bool has_path(struct cosim_paths paths, const char *path)
{
    for (size_t i = 0; i < paths.count; i++) {
        if (strcmp(paths.at[i], path) == 0)
            return true;
    }
    return false;
}

/* The sources of both parts, each once: they may share modules. */
static struct cosim_paths all_sources(struct arena *arena, const struct kernel_description *from)
{
    const char **at = ARENA_ARRAY(arena, const char *, from->abstract.count + from->layer.count);
    size_t count = 0;
    for (size_t i = 0; i < from->layer.count; i++)
        at[count++] = from->layer.at[i];
    for (size_t i = 0; i < from->abstract.count; i++) {
        if (!has_path(from->layer, from->abstract.at[i]))
            at[count++] = from->abstract.at[i];
    }
    return (struct cosim_paths){at, count};
}

static bool load_programs(struct arena *arena, const struct kernel_description *from,
                          struct cosim_kernel *kernel, FILE *diagnostics, struct fault *fault)
{
    struct c0_front_options options = {
        .preprocessor_arguments = from->options.at,
        .preprocessor_argument_count = from->options.count,
        .may_lack_definitions = true,
        .directory = from->root,
    };
    const struct location where = {kernel->path, 0, 0};
    kernel->abstract =
        c0_load(arena, from->abstract.at, from->abstract.count, &options, diagnostics);
    if (kernel->abstract == NULL)
        return fault_at(fault, where, "its abstract part is no program of C0");
    if (!kernel_abstract_check(arena, kernel, fault))
        return false;
    options.may_lack_definitions = false;
    options.assembler = &c0a_assembler;
    options.inputs = &kernel->inputs;
    struct cosim_paths sources = all_sources(arena, from);
    kernel->concrete = c0_load(arena, sources.at, sources.count, &options, diagnostics);
    return kernel->concrete != NULL ||
           fault_at(fault, where, "it is no program of C0 together with its layer");
}

const struct cosim_kernel *cosim_kernel_load(struct arena *arena, const char *path,
                                             FILE *diagnostics, struct fault *fault)
{
    struct kernel_description description = {0};
    if (!kernel_description_read(arena, path, &description, fault))
        return NULL;
    struct cosim_kernel *kernel = ARENA_NEW(arena, struct cosim_kernel);
    *kernel = (struct cosim_kernel){
        .path = arena_printf(arena, "%s", path),
        .digest = description.digest,
        .root = description.root,
        .abstract_sources = description.abstract,
        .layer_sources = description.layer,
        .options = description.options,
        .image = image_load(arena, description.image, IMAGE_MACHINE_VAMP, fault),
        .parameters = description.parameters,
    };
    bool is_loaded = kernel->image != NULL &&
                     load_programs(arena, &description, kernel, diagnostics, fault) &&
                     kernel_places_find(arena, kernel, fault);
    return is_loaded ? kernel : NULL;
}
