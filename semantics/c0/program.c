#include "semantics/c0/program.h"

#include <string.h>

/* Which of several entities of one name is meant: the static one of `file`, else the one that is
 * not private, else the only static one. */
struct choice {
    const void *of_file, *public, *private;
    uint32_t private_count;
};

static void choice_see(struct choice *choice, const void *entity, bool is_static,
                       struct location where, const char *file)
{
    if (!is_static) {
        choice->public = entity;
        return;
    }
    choice->private = entity;
    choice->private_count++;
    if (file != NULL && where.file != NULL && strcmp(where.file, file) == 0)
        choice->of_file = entity;
}

static const void *choice_made(const struct choice *choice)
{
    if (choice->of_file != NULL)
        return choice->of_file;
    if (choice->public != NULL)
        return choice->public;
    return choice->private_count == 1 ? choice->private : NULL;
}

const struct c0_function *c0_program_function(const struct c0_program *program, const char *name,
                                              const char *file)
{
    struct choice choice = {0};
    for (uint32_t i = 0; i < program->function_count; i++) {
        const struct c0_function *function = program->functions[i];
        if (strcmp(function->name, name) == 0)
            choice_see(&choice, function, function->is_static, function->where, file);
    }
    return choice_made(&choice);
}

struct c0_variable *c0_program_global(const struct c0_program *program, const char *name,
                                      const char *file)
{
    struct choice choice = {0};
    for (uint32_t i = 0; i < program->global_count; i++) {
        struct c0_variable *global = program->globals[i];
        if (strcmp(global->name, name) == 0)
            choice_see(&choice, global, global->is_static, global->where, file);
    }
    return (struct c0_variable *)choice_made(&choice);
}
