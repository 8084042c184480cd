#include "semantics/c0/preprocess.h"

#include "base/array.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* The rule for make goes to a file that cpp opens by name: this number of its own. */
enum { RULE_FILE = 3 };
#define RULE_PATH "/dev/fd/3"

/* What cpp writes, in files of memory. */
struct outputs {
    int text, messages, rule;
};

struct strings {
    const char **at;
    size_t count, capacity;
};

static bool holds_c0_header(struct arena *arena, const char *directory)
{
    return access(arena_printf(arena, "%s/c0.h", directory), R_OK) == 0;
}

/* Where c0.h is, seen from the program that runs: a build tree, or an installation. */
static const char *directory_beside_program(struct arena *arena)
{
    static const char *const ways[] = {"../include", "../../../include", "../share/vouch/include",
                                       "../../include"};
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return NULL;
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (slash == NULL)
        return NULL;
    *slash = '\0';
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const char *directory = arena_printf(arena, "%s/%s", program, ways[i]);
        if (holds_c0_header(arena, directory))
            return directory;
    }
    return NULL;
}

const char *c0_include_directory(struct c0_front *front)
{
    const char *named = front->options->include_directory;
    if (named == NULL) {
        named = getenv("VOUCH_INCLUDE");
        if (named == NULL || named[0] == '\0')
            return directory_beside_program(front->arena);
    }
    if (front->options->directory == NULL || named[0] == '/')
        return named;
    /* It is not named from where cpp runs. */
    char *here = getcwd(NULL, 0);
    const char *whole = here == NULL ? named : c0_source_path(front->arena, here, named);
    free(here);
    return whole;
}

/* cpp as a C preprocessor without macros or headers of the host, which names the files it reads in
 * a rule for make. */
static struct strings arguments_for(struct c0_front *front, const char *path)
{
    static const char *const fixed[] = {"cpp",       "-x",  "c",          "-std=c17", "-undef",
                                        "-nostdinc", "-w",  "-D__C0__=1", "-MD",      "-MF",
                                        RULE_PATH,   "-MT", "rule"};
    struct strings arguments = {0};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        ARRAY_PUSH(front->arena, &arguments, fixed[i]);
    for (size_t i = 0; i < front->options->preprocessor_argument_count; i++)
        ARRAY_PUSH(front->arena, &arguments, front->options->preprocessor_arguments[i]);
    const char *directory = c0_include_directory(front);
    if (directory != NULL)
        ARRAY_PUSH(front->arena, &arguments, arena_printf(front->arena, "-I%s", directory));
    ARRAY_PUSH(front->arena, &arguments,
               path[0] == '-' ? arena_printf(front->arena, "./%s", path) : path);
    ARRAY_PUSH(front->arena, &arguments, NULL);
    return arguments;
}

/* The environment without what would change cpp's output; its messages are in English. */
static struct strings environment(struct arena *arena)
{
    static const char *const dropped[] = {
        "LC_ALL=", "CPATH=", "C_INCLUDE_PATH=", "DEPENDENCIES_OUTPUT=", "SUNPRO_DEPENDENCIES="};
    struct strings strings = {0};
    for (char **entry = environ; *entry != NULL; entry++) {
        bool is_kept = true;
        for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
            is_kept = is_kept && strncmp(*entry, dropped[i], strlen(dropped[i])) != 0;
        if (is_kept)
            ARRAY_PUSH(arena, &strings, *entry);
    }
    ARRAY_PUSH(arena, &strings, "LC_ALL=C");
    ARRAY_PUSH(arena, &strings, NULL);
    return strings;
}

/* Runs cpp with what it writes going to the files. 0, or an errno. */
static int run(struct c0_front *front, const char *path, const struct outputs *outputs, int *status)
{
    struct strings arguments = arguments_for(front, path);
    struct strings variables = environment(front->arena);
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0)
        return error;
    pid_t child;
    error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(&actions, outputs->text, 1);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(&actions, outputs->messages, 2);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(&actions, outputs->rule, RULE_FILE);
    if (error == 0 && front->options->directory != NULL)
        error = posix_spawn_file_actions_addchdir_np(&actions, front->options->directory);
    if (error == 0)
        error = posix_spawnp(&child, "cpp", &actions, NULL, (char *const *)arguments.at,
                             (char *const *)variables.at);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        return error;
    while (waitpid(child, status, 0) < 0) {
        if (errno != EINTR)
            return errno;
    }
    return 0;
}

static bool read_all(struct arena *arena, int file, struct text *content)
{
    off_t size = lseek(file, 0, SEEK_END);
    if (size < 0)
        return false;
    char *bytes = arena_alloc(arena, (size_t)size + 1);
    for (off_t done = 0; done < size;) {
        ssize_t count = pread(file, bytes + done, (size_t)(size - done), done);
        if (count <= 0)
            return false;
        done += count;
    }
    *content = (struct text){bytes, (size_t)size};
    return true;
}

/* "file:line:column" cut at its last two colons. */
static struct location location_of(struct c0_front *front, struct text text)
{
    struct location where = {0};
    uint32_t *numbers[] = {&where.column, &where.line};
    size_t end = text.length;
    for (size_t i = 0; i < 2; i++) {
        size_t start = end;
        while (start > 0 && text.at[start - 1] != ':')
            start--;
        if (start == 0 || !text_to_word((struct text){text.at + start, end - start}, numbers[i]))
            return (struct location){.file = text_copy(front->arena, text)};
        end = start - 1;
    }
    where.file = c0_names_intern(&front->identifiers, (struct text){text.at, end});
    return where;
}

/* A line of cpp's messages: "file:line:column: error: message". False: it is something else. */
static bool report_line(struct c0_front *front, struct text line)
{
    static const char *const marks[] = {": fatal error: ", ": error: "};
    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(marks[i]);
        const char *mark = memmem(line.at, line.length, marks[i], length);
        if (mark == NULL)
            continue;
        size_t before = (size_t)(mark - line.at);
        struct text message = {mark + length, line.length - before - length};
        bool lacks_header = c0_include_directory(front) == NULL &&
                            memmem(message.at, message.length, "c0.h", 4) != NULL;
        c0_diagnose(&front->diagnostics, location_of(front, (struct text){line.at, before}),
                    "%.*s%s", (int)message.length, message.at,
                    lacks_header ? " (VOUCH_INCLUDE may name its directory)" : "");
        return true;
    }
    return false;
}

static void report_messages(struct c0_front *front, const char *path, struct text messages)
{
    bool is_reported = false;
    for (size_t start = 0; start < messages.length;) {
        const char *end = memchr(messages.at + start, '\n', messages.length - start);
        size_t length = end == NULL ? messages.length - start : (size_t)(end - messages.at) - start;
        if (report_line(front, (struct text){messages.at + start, length}))
            is_reported = true;
        start += length + 1;
    }
    if (!is_reported)
        c0_diagnose(&front->diagnostics, (struct location){path, 0, 0}, "the preprocessor failed");
}

/* The file can be opened; cpp would say so in its own words. */
static bool is_readable(struct c0_front *front, const char *path)
{
    struct text ignored;
    struct fault fault = {0};
    const char *found = c0_source_path(front->arena, front->options->directory, path);
    if (file_read(front->arena, found, &ignored, &fault))
        return true;
    c0_diagnose(&front->diagnostics, (struct location){path, 0, 0}, "%s", fault.message);
    return false;
}

/* A file in memory. Its number is beyond those that cpp gets them as: giving it one must not take
 * another away. -1, and errno, if there is none. */
static int memory_file(const char *name)
{
    int file = memfd_create(name, MFD_CLOEXEC);
    if (file < 0)
        return -1;
    int high = fcntl(file, F_DUPFD_CLOEXEC, RULE_FILE + 1);
    int error = errno;
    close(file);
    errno = error;
    return high;
}

static bool open_outputs(struct outputs *outputs)
{
    *outputs = (struct outputs){-1, -1, -1};
    return (outputs->text = memory_file("c0-text")) >= 0 &&
           (outputs->messages = memory_file("c0-messages")) >= 0 &&
           (outputs->rule = memory_file("c0-rule")) >= 0;
}

static void close_outputs(const struct outputs *outputs)
{
    const int files[] = {outputs->text, outputs->messages, outputs->rule};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (files[i] >= 0)
            close(files[i]);
    }
}

bool c0_preprocess(struct c0_front *front, const char *path, struct text *content,
                   struct text *rule)
{
    if (!is_readable(front, path))
        return false;
    struct outputs outputs;
    int status = 0;
    int error = open_outputs(&outputs) ? run(front, path, &outputs, &status) : errno;
    struct text text = {"", 0};
    bool is_done = error == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
                   read_all(front->arena, outputs.text, content) &&
                   (rule == NULL || read_all(front->arena, outputs.rule, rule));
    if (error != 0)
        c0_diagnose(&front->diagnostics, (struct location){path, 0, 0},
                    "cannot run the preprocessor cpp: %s", strerror(error));
    else if (!is_done) {
        read_all(front->arena, outputs.messages, &text);
        report_messages(front, path, text);
    }
    close_outputs(&outputs);
    return is_done;
}
