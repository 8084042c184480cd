/* From inputs to objects, and from objects to files. */
#include "compiler/driver.h"

#include "base/file.h"
#include "compiler/assembler.h"
#include "compiler/compile.h"
#include "compiler/link.h"
#include "compiler/object_file.h"
#include "semantics/c0/front.h"
#include "semantics/c0a/c0a.h"

#include <string.h>

struct driver {
    const struct driver_options *options;
    struct arena *arena;
    FILE *diagnostics;
    bool has_far_globals;
};

static bool report(struct driver *driver, const struct fault *fault)
{
    if (fault->file[0] != '\0')
        fault_print(fault, driver->diagnostics);
    else
        fprintf(driver->diagnostics, "c0c: error: %s\n", fault->message);
    return false;
}

static bool has_suffix(const char *path, const char *suffix)
{
    size_t length = strlen(path), size = strlen(suffix);
    return length > size && strcmp(path + length - size, suffix) == 0;
}

static const struct c0_program *load(struct driver *driver, const char *const *paths, size_t count)
{
    struct c0_front_options options = {
        .preprocessor_arguments = driver->options->preprocessor.at,
        .preprocessor_argument_count = driver->options->preprocessor.count,
        .may_lack_definitions = true,
        .assembler = &c0a_assembler,
    };
    return c0_load(driver->arena, paths, count, &options, driver->diagnostics);
}

static struct object *compile(struct driver *driver, const char *path)
{
    struct fault fault = {0};
    const struct c0_program *program = load(driver, &path, 1);
    if (program == NULL)
        return NULL;
    struct compile_options options = {.has_lines = driver->options->has_lines,
                                      .has_far_globals =
                                          driver->has_far_globals ||
                                          compile_global_bytes(program) > COMPILE_NEAR_BYTES};
    struct object *object = compile_unit(driver->arena, path, program, &options, &fault);
    if (object == NULL)
        report(driver, &fault);
    return object;
}

static struct object *read_object(struct driver *driver, const char *path)
{
    struct fault fault = {0};
    struct object *object = object_file_read(driver->arena, path, &fault);
    if (object == NULL)
        report(driver, &fault);
    return object;
}

static struct object *object_of(struct driver *driver, const char *path)
{
    if (has_suffix(path, ".c0"))
        return compile(driver, path);
    if (has_suffix(path, ".s"))
        return assemble_file(driver->arena, path, driver->diagnostics);
    return read_object(driver, path);
}

static bool write(struct driver *driver, const char *path, struct text content)
{
    struct fault fault = {0};
    return file_write(path, content, &fault) || report(driver, &fault);
}

/* dir/name.c0 gives name.o, here. */
static const char *object_path(struct driver *driver, const char *input)
{
    const char *slash = strrchr(input, '/');
    const char *name = slash == NULL ? input : slash + 1;
    const char *dot = strrchr(name, '.');
    return arena_printf(driver->arena, "%.*s.o", (int)(dot - name), name);
}

static bool make_objects(struct driver *driver)
{
    const struct driver_options *options = driver->options;
    bool is_made = true;
    for (size_t i = 0; i < options->inputs.count; i++) {
        const char *input = options->inputs.at[i];
        struct object *object = object_of(driver, input);
        const char *output = options->output != NULL ? options->output : object_path(driver, input);
        is_made = object != NULL && write(driver, output, object_file_bytes(object)) && is_made;
    }
    return is_made;
}

/* Sources that meet in one image are first checked against each other. The declarations of all
 * are those of the image, unless objects bring some of their own. */
static bool check_together(struct driver *driver, const char **declarations)
{
    const struct driver_options *options = driver->options;
    ARRAY(const char *) sources = {0};
    bool has_objects = false;
    for (size_t i = 0; i < options->inputs.count; i++) {
        if (has_suffix(options->inputs.at[i], ".c0"))
            ARRAY_PUSH(driver->arena, &sources, options->inputs.at[i]);
        has_objects = has_objects || has_suffix(options->inputs.at[i], ".o");
    }
    *declarations = NULL;
    if (sources.count < 2)
        return true;
    const struct c0_program *program = load(driver, sources.at, sources.count);
    if (program == NULL)
        return false;
    if (compile_global_bytes(program) > COMPILE_NEAR_BYTES)
        driver->has_far_globals = true;
    struct text_builder printed = {.arena = driver->arena};
    c0_print_declarations(program, &printed);
    if (!has_objects)
        *declarations = text_built(&printed);
    return true;
}

static bool make_image(struct driver *driver)
{
    const struct driver_options *options = driver->options;
    ARRAY(struct object *) objects = {0};
    struct link_input input = {.map = options->map};
    if (!check_together(driver, &input.declarations))
        return false;
    bool is_made = true;
    for (size_t i = 0; i < options->inputs.count; i++) {
        struct object *object = object_of(driver, options->inputs.at[i]);
        is_made = object != NULL && is_made;
        ARRAY_PUSH(driver->arena, &objects, object);
    }
    input.objects = objects.at;
    input.object_count = objects.count;
    struct fault fault = {0};
    struct text image;
    if (!is_made)
        return false;
    if (!link_image(driver->arena, &input, &image, &fault))
        return report(driver, &fault);
    return write(driver, options->output != NULL ? options->output : "a.out", image);
}

bool driver_run(const struct driver_options *options, FILE *diagnostics)
{
    struct driver driver = {.options = options,
                            .arena = options->arena,
                            .diagnostics = diagnostics,
                            .has_far_globals = options->has_far_globals};
    return options->stops_at_objects ? make_objects(&driver) : make_image(&driver);
}
