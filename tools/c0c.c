/* c0c: reads the arguments as gcc does, and hands them to the driver. */
#include "base/file.h"
#include "compiler/driver.h"

#include <string.h>

enum { EXIT_GOOD = 0, EXIT_BAD = 2 };

static const char help[] =
    "usage: c0c [OPTION]... INPUT...\n"
    "\n"
    "Compiles C0 for the VAMP. Inputs are C0 sources (.c0), assembly (.s) and objects (.o).\n"
    "\n"
    "  -c             make an object of each input, not an image of all\n"
    "  -o FILE        write FILE (default: a.out; with -c the input's name with .o)\n"
    "  -I DIR, -D X   for the preprocessor\n"
    "  -g             add the line table (.c0.lines)\n"
    "  --map MAP      the memory map, as text or as the name of a file that holds it:\n"
    "                 code=ADDRESS,globals=ADDRESS,heap=SIZE[@ADDRESS],stack=SIZE[@ADDRESS],\n"
    "                 memory=SIZE; sizes may end in K or M\n"
    "  --far-globals  let globals lie anywhere, at the price of longer code\n"
    "  --help         this text\n"
    "  --version      the version\n"
    "\n"
    "exit code: 0 done, 2 bad usage or errors in the inputs\n";

struct arguments {
    int count, next;
    char **at;
    struct driver_options *options;
};

static bool refuse(const char *what, const char *argument)
{
    fprintf(stderr, "c0c: error: %s '%s'; see c0c --help\n", what, argument);
    return false;
}

/* The value of an option, joined to it or the next argument; NULL if it is neither. */
static const char *value_of(struct arguments *arguments, const char *option)
{
    const char *argument = arguments->at[arguments->next - 1];
    if (argument[strlen(option)] != '\0')
        return argument + strlen(option) + (option[1] == '-');
    if (arguments->next < arguments->count)
        return arguments->at[arguments->next++];
    refuse("a value is missing after", option);
    return NULL;
}

static bool add_preprocessor(struct arguments *arguments, const char *option)
{
    struct driver_options *options = arguments->options;
    const char *value = value_of(arguments, option);
    if (value == NULL)
        return false;
    ARRAY_PUSH(options->arena, &options->preprocessor,
               arena_printf(options->arena, "%s%s", option, value));
    return true;
}

static bool set_output(struct arguments *arguments)
{
    const char *value = value_of(arguments, "-o");
    if (value == NULL)
        return false;
    if (arguments->options->output != NULL)
        return refuse("a second output", value);
    arguments->options->output = value;
    return true;
}

static bool set_map(struct arguments *arguments)
{
    const char *value = value_of(arguments, "--map");
    struct fault fault = {0};
    struct location where = {0};
    if (value == NULL)
        return false;
    struct text text = text_of(value);
    if (strchr(value, '=') == NULL) {
        where = (struct location){value, 1, 0};
        if (!file_read(arguments->options->arena, value, &text, &fault)) {
            fault_print(&fault, stderr);
            return false;
        }
    }
    if (map_parse(&arguments->options->map, text, where, &fault))
        return true;
    if (where.file != NULL)
        fault_print(&fault, stderr);
    else
        fprintf(stderr, "c0c: error: %s\n", fault.message);
    return false;
}

static bool add_input(struct arguments *arguments, const char *path)
{
    const char *dot = strrchr(path, '.');
    if (dot == NULL ||
        (strcmp(dot, ".c0") != 0 && strcmp(dot, ".s") != 0 && strcmp(dot, ".o") != 0))
        return refuse("an input that is neither .c0 nor .s nor .o:", path);
    ARRAY_PUSH(arguments->options->arena, &arguments->options->inputs, path);
    return true;
}

static bool read_argument(struct arguments *arguments)
{
    struct driver_options *options = arguments->options;
    const char *argument = arguments->at[arguments->next++];
    if (argument[0] != '-')
        return add_input(arguments, argument);
    if (strcmp(argument, "-c") == 0)
        return options->stops_at_objects = true;
    if (strcmp(argument, "-g") == 0)
        return options->has_lines = true;
    if (strcmp(argument, "--far-globals") == 0)
        return options->has_far_globals = true;
    if (strncmp(argument, "-o", 2) == 0)
        return set_output(arguments);
    if (strncmp(argument, "-I", 2) == 0)
        return add_preprocessor(arguments, "-I");
    if (strncmp(argument, "-D", 2) == 0)
        return add_preprocessor(arguments, "-D");
    if (strcmp(argument, "--map") == 0 || strncmp(argument, "--map=", 6) == 0)
        return set_map(arguments);
    return refuse("an unknown option", argument);
}

static bool check_options(const struct driver_options *options)
{
    if (options->inputs.count == 0) {
        fprintf(stderr, "c0c: error: there is no input; see c0c --help\n");
        return false;
    }
    for (size_t i = 0; options->stops_at_objects && i < options->inputs.count; i++) {
        const char *dot = strrchr(options->inputs.at[i], '.');
        if (strcmp(dot, ".o") == 0)
            return refuse("with -c, an object as input:", options->inputs.at[i]);
    }
    if (options->stops_at_objects && options->output != NULL && options->inputs.count > 1)
        return refuse("with -c, several inputs for one output", options->output);
    return true;
}

/* --help and --version are obeyed wherever they stand. */
static const char *wanted_text(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            return help;
        if (strcmp(argv[i], "--version") == 0)
            return "c0c " VOUCH_VERSION "\n";
    }
    return NULL;
}

static int run(struct arena *arena, int argc, char **argv)
{
    struct driver_options options = {.arena = arena, .map = map_default()};
    struct arguments arguments = {.count = argc, .next = 1, .at = argv, .options = &options};
    while (arguments.next < argc) {
        if (!read_argument(&arguments))
            return EXIT_BAD;
    }
    if (!check_options(&options))
        return EXIT_BAD;
    return driver_run(&options, stderr) ? EXIT_GOOD : EXIT_BAD;
}

int main(int argc, char **argv)
{
    const char *text = wanted_text(argc, argv);
    if (text != NULL) {
        fputs(text, stdout);
        if (fflush(stdout) == 0)
            return EXIT_GOOD;
        fprintf(stderr, "c0c: error: cannot write to the standard output\n");
        return EXIT_BAD;
    }
    struct arena *arena = arena_new();
    int code = run(arena, argc, argv);
    arena_free(arena);
    return code;
}
