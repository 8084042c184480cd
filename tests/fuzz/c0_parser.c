/* Any bytes give a program or a report, asm blocks included; the declarations of a program read
 * back, and declarations that were read back stay the same. */
#include "base/require.h"
#include "semantics/c0/front.h"
#include "semantics/c0a/c0a.h"

#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *declarations(struct arena *arena, const struct c0_program *program)
{
    struct text_builder out = {.arena = arena};
    c0_print_declarations(program, &out);
    return text_built(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    if (nowhere == NULL)
        nowhere = fopen("/dev/null", "w");
    struct c0_front_options options = {.may_lack_definitions = true, .assembler = &c0a_assembler};
    struct arena *arena = arena_new();
    const struct c0_program *program =
        c0_load_text(arena, "fuzz.c0", (struct text){(const char *)data, size}, &options, nowhere);
    const char *text = program == NULL ? NULL : declarations(arena, program);
    for (int round = 0; round < 2 && text != NULL; round++) {
        program = c0_load_text(arena, "again.c0", text_of(text), &options, nowhere);
        require(program != NULL, "declarations read back");
        const char *again = declarations(arena, program);
        require(round == 0 || strcmp(again, text) == 0, "declarations stay the same");
        text = again;
    }
    arena_free(arena);
    return 0;
}
