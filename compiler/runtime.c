/* Runtime routines, assembled when they are wanted. */
#include "compiler/runtime.h"

#include "base/require.h"
#include "compiler/assembler.h"

#include <stdio.h>
#include <string.h>

static struct object *assemble(struct arena *arena, const char *name)
{
    for (const struct runtime_source *source = runtime_sources; source->name != NULL; source++) {
        if (strcmp(source->name, name) != 0)
            continue;
        const char *path = arena_printf(arena, "runtime/%s", name);
        struct object *object = assemble_text(arena, path, text_of(source->text), stderr);
        require(object != NULL, "the runtime routines assemble");
        return object;
    }
    return NULL;
}

struct object *runtime_object(struct arena *arena, const char *symbol)
{
    static const struct {
        const char *symbol, *source;
    } routines[] = {
        {"__mul", "mul.s"},   {"__udiv", "udiv.s"}, {"__urem", "urem.s"},
        {"__sdiv", "sdiv.s"}, {"__srem", "srem.s"}, {"__new", "new.s"},
    };
    for (size_t i = 0; i < sizeof routines / sizeof routines[0]; i++) {
        if (strcmp(routines[i].symbol, symbol) == 0)
            return assemble(arena, routines[i].source);
    }
    return NULL;
}

struct object *runtime_start(struct arena *arena, bool has_main)
{
    return assemble(arena, has_main ? "start.s" : "halt.s");
}
