/* Global symbols by name. */
#include "compiler/link.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *left, const void *right)
{
    const struct link_definition *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    if (order != 0)
        return order;
    return (a->object > b->object) - (a->object < b->object);
}

bool link_collect(struct arena *arena, struct object *const *objects, size_t object_count,
                  struct link_definitions *definitions, struct fault *fault)
{
    ARRAY(struct link_definition) found = {0};
    for (size_t i = 0; i < object_count; i++) {
        for (size_t j = 0; j < objects[i]->symbols.count; j++) {
            const struct object_symbol *symbol = &objects[i]->symbols.at[j];
            if (!symbol->is_local && symbol->place != OBJECT_UNDEFINED)
                ARRAY_PUSH(arena, &found,
                           (struct link_definition){symbol->name, (uint32_t)i, (uint32_t)j});
        }
    }
    if (found.count != 0)
        qsort(found.at, found.count, sizeof found.at[0], by_name);
    for (size_t i = 1; i < found.count; i++) {
        if (strcmp(found.at[i - 1].name, found.at[i].name) == 0)
            return fault_at(fault, (struct location){objects[found.at[i].object]->path, 0, 0},
                            "symbol '%s' is defined in %s already", found.at[i].name,
                            objects[found.at[i - 1].object]->path);
    }
    *definitions = (struct link_definitions){found.at, found.count};
    return true;
}

static int compare_name(const void *key, const void *element)
{
    return strcmp(key, ((const struct link_definition *)element)->name);
}

const struct link_definition *link_find(const struct link_definitions *definitions,
                                        const char *name)
{
    if (definitions->count == 0)
        return NULL;
    return bsearch(name, definitions->at, definitions->count, sizeof definitions->at[0],
                   compare_name);
}
