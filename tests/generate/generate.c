/* generate SEED [--size N] [--functions N] [--faulty] [--driver SOURCE]
 *
 * Prints a random C0 program with an entry `int run()`, or with --driver the C program that runs
 * the same one, compiled from SOURCE by a C compiler, and prints its result and globals as `vouch`
 * does. docs/GENERATOR.md tells how the programs are made. */
#include "tests/generate/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int usage(void)
{
    fputs("usage: generate SEED [--size N] [--functions N] [--faulty] [--driver SOURCE]\n", stderr);
    return 2;
}

static void print_program(struct program *program, struct text_builder *out)
{
    text_append(out, "/* seed %llu */\n#include <c0.h>\n\n%s\n%s\n",
                (unsigned long long)program->options.seed, text_built(&program->types_text),
                text_built(&program->globals_text));
    for (size_t i = 0; i < program->functions.count; i++) {
        const struct function *function = program->functions.at[i];
        const char *end = strchr(function->text, '\n');
        if (function->has_prototype)
            text_append(out, "%.*s;\n", (int)(end - function->text), function->text);
    }
    for (size_t i = 0; i < program->functions.count; i++)
        text_append(out, "\n%s", program->functions.at[i]->text);
}

static bool parse(int argc, char **argv, struct options *options, const char **driver)
{
    bool has_seed = false;
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--faulty") == 0) {
            options->may_fault = true;
        } else if (strcmp(argv[i], "--size") == 0 && has_value) {
            options->size = (uint32_t)strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--functions") == 0 && has_value) {
            options->functions = (uint32_t)strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--driver") == 0 && has_value) {
            *driver = argv[++i];
        } else if (!has_seed) {
            char *end;
            options->seed = strtoull(argv[i], &end, 10);
            has_seed = *end == '\0' && end != argv[i];
            if (!has_seed)
                return false;
        } else {
            return false;
        }
    }
    return has_seed && options->size > 0 && options->size <= 1000 && options->functions <= 1000;
}

int main(int argc, char **argv)
{
    struct options options = {.size = 12, .functions = 5};
    const char *driver = NULL;
    if (!parse(argc, argv, &options, &driver))
        return usage();
    struct arena *arena = arena_new();
    struct program program = {.arena = arena,
                              .random = {options.seed},
                              .options = options,
                              .types_text = {.arena = arena},
                              .globals_text = {.arena = arena}};
    make_types(&program);
    make_globals(&program);
    make_functions(&program);
    struct text_builder out = {.arena = arena};
    if (driver != NULL)
        print_driver(&program, driver, &out);
    else
        print_program(&program, &out);
    bool is_printed = fputs(text_built(&out), stdout) != EOF && fflush(stdout) == 0;
    arena_free(arena);
    return is_printed ? 0 : 1;
}
