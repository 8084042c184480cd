/* Divergences in the words of a kernel's author. */
#include "cosim/relation_state.h"

#include <stdarg.h>
#include <stdio.h>

bool report(struct relation *relation, struct difference difference, const char *place,
            const char *format, ...)
{
    struct cosim_divergence *divergence = relation->divergence;
    divergence->conjunct = difference.conjunct;
    divergence->process = difference.process;
    divergence->has_address = difference.has_address;
    divergence->address = difference.address;
    divergence->abstract = difference.abstract;
    divergence->concrete = difference.concrete;
    divergence->place = place;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(divergence->text, sizeof divergence->text, format, arguments);
    va_end(arguments);
    return false;
}

/* --- Cells by type --- */

static const struct c0_field *field_at(const struct c0_type *type, uint32_t offset)
{
    uint32_t i = 0;
    while (offset >= type->fields[i].offset_cells + type->fields[i].type->size_cells)
        i++;
    return &type->fields[i];
}

const char *cell_path(const struct relation *relation, uint32_t cell)
{
    struct c0_object object;
    struct text_builder path = {.arena = relation->arena};
    if (!c0_machine_object(relation->c0, cell, &object))
        return "no object";
    if (object.global != NULL) {
        text_append(&path, "%s", object.global->name);
    } else {
        struct text_builder type = {.arena = relation->arena};
        c0_print_type(object.type, "", &type);
        text_append(&path, "heap object %u (%s)", object.heap_number, text_built(&type));
    }
    const struct c0_type *type = object.type;
    uint32_t offset = cell - object.first_cell;
    while (!c0_type_is_elementary(type)) {
        if (type->kind == C0_TYPE_ARRAY) {
            type = type->element;
            text_append(&path, "[%u]", offset / type->size_cells);
            offset %= type->size_cells;
        } else {
            const struct c0_field *field = field_at(type, offset);
            text_append(&path, ".%s", field->name);
            offset -= field->offset_cells;
            type = field->type;
        }
    }
    return text_built(&path);
}

/* --- Pages --- */

const char *page_state(const struct relation *relation, uint32_t p, uint32_t v)
{
    const struct cosim_kernel *kernel = relation->kernel;
    uint32_t entry = entry_of(relation, p, v), frame = entry / VAMP_PAGE_BYTES;
    if ((entry & ENTRY_VALID) != 0)
        return arena_printf(relation->arena, "%s at 0x%08x",
                            frame == kernel->zero_frame ? "the zero page" : "resident",
                            frame * VAMP_PAGE_BYTES);
    if (entry == ENTRY_LOST)
        return "lost";
    return arena_printf(relation->arena, "in sector %u of the swap disk",
                        cosim_swap_sector(kernel, p, v));
}
