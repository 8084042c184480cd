/* Any text is a certificate of the function below or is refused with a fault; what was read prints
 * as a certificate that reads the same. The seeds are certificates of this very program. */
#include "validator/check/certificate.h"
#include "base/require.h"
#include "semantics/c0/front.h"
#include "validator/vamp/target.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char source[] = "struct pair {\n"
                             "    int key;\n"
                             "    unsigned int count;\n"
                             "};\n"
                             "\n"
                             "struct pair pairs[8];\n"
                             "int calls;\n"
                             "\n"
                             "static unsigned int weight(char kind, bool is_heavy)\n"
                             "{\n"
                             "    unsigned int result;\n"
                             "\n"
                             "    result = 1u;\n"
                             "    if (is_heavy && kind > 'a') {\n"
                             "        result = 2u;\n"
                             "    }\n"
                             "    return result;\n"
                             "}\n"
                             "\n"
                             "unsigned int search(int key, char kind, struct pair *found)\n"
                             "{\n"
                             "    struct pair copy;\n"
                             "    unsigned int i;\n"
                             "    unsigned int sum;\n"
                             "    bool is_found;\n"
                             "\n"
                             "    sum = 0u;\n"
                             "    i = 0u;\n"
                             "    is_found = false;\n"
                             "    while (i < 8u && !is_found) {\n"
                             "        copy = pairs[i];\n"
                             "        sum = weight(kind, copy.key < 0);\n"
                             "        is_found = copy.key == key;\n"
                             "        i = i + sum;\n"
                             "    }\n"
                             "    while (sum > 0u) {\n"
                             "        sum = sum - 1u;\n"
                             "        calls = calls + 1;\n"
                             "    }\n"
                             "    if (found != NULL) {\n"
                             "        found->count = sum;\n"
                             "    }\n"
                             "    return i;\n"
                             "}\n";

/* The program stays for all inputs. */
static const struct c0_function *function(void)
{
    static const struct c0_program *program;
    if (program == NULL) {
        struct c0_front_options options = {0};
        program = c0_load_text(arena_new(), "program.c0", text_of(source), &options, stderr);
        require(program, "the program is C0");
    }
    return c0_program_function(program, "search", NULL);
}

static bool parse(struct arena *arena, struct text content, struct relation *relation)
{
    struct fault fault = {0};
    bool is_read = certificate_parse(arena, &vamp_target, function(), "certificate", content,
                                     relation, &fault);
    require(is_read == !fault.is_set, "what is refused has a reason");
    require(is_read || fault.line > 0 || content.length == 0, "the reason has a place");
    return is_read;
}

static struct text printed(struct arena *arena, const struct relation *relation)
{
    struct text_builder out = {.arena = arena};
    certificate_print(&vamp_target, relation, &out);
    return text_of(text_built(&out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct text content = {(const char *)data, size};
    struct relation relation = {0}, again = {0};
    if (parse(arena, content, &relation)) {
        struct text first = printed(arena, &relation);
        require(parse(arena, first, &again), "what is printed reads");
        require(text_equals(first, printed(arena, &again)), "and reads the same");
    }
    arena_free(arena);
    return 0;
}
