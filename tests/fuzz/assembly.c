/* Any text is assembled or reported; the object reads back from its file. */
#include "base/require.h"
#include "compiler/assembler.h"
#include "compiler/object_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    if (nowhere == NULL)
        nowhere = fopen("/dev/null", "w");
    struct arena *arena = arena_new();
    struct text content = {arena_copy(arena, (const char *)data, size), size};
    const struct object *object = assemble_text(arena, "fuzz.s", content, nowhere);
    struct fault fault = {0};
    if (object != NULL)
        require(object_file_parse(arena, "fuzz.o", object_file_bytes(object), &fault) != NULL,
                "an object reads back");
    arena_free(arena);
    return 0;
}
