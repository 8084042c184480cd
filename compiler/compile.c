/* Units: globals with their initial values, then the functions. */
#include "compiler/compile.h"

#include "compiler/unit.h"
#include "semantics/c0/front.h"

enum { SECTION_LIMIT_BYTES = 1 << 30 };

uint32_t unit_function(struct unit *unit, const struct c0_function *function)
{
    uint32_t *number = &unit->function_symbols[function->index];
    if (*number == TREE_NO_SYMBOL)
        *number = object_add_symbol(
            unit->object,
            (struct object_symbol){.name = function->name, .is_local = function->is_static});
    return *number;
}

uint32_t unit_global(struct unit *unit, const struct c0_variable *global)
{
    uint32_t *number = &unit->global_symbols[global->index];
    if (*number == TREE_NO_SYMBOL)
        *number =
            object_add_symbol(unit->object, (struct object_symbol){.name = global->name,
                                                                   .is_local = global->is_static});
    return *number;
}

uint64_t compile_global_bytes(const struct c0_program *program)
{
    uint64_t size_bytes = 0;
    for (uint32_t i = 0; i < program->global_count; i++)
        size_bytes += (uint64_t)program->globals[i]->type->size_cells * WORD_BYTES;
    return size_bytes;
}

static bool is_zero(const struct c0_variable *global)
{
    for (uint32_t i = 0; global->initial != NULL && i < global->type->size_cells; i++) {
        if (global->initial[i].target != NULL || global->initial[i].word != 0)
            return false;
    }
    return true;
}

static void define_data(struct unit *unit, const struct c0_variable *global)
{
    for (uint32_t i = 0; i < global->type->size_cells; i++) {
        const struct c0_initial *initial = &global->initial[i];
        uint32_t offset =
            object_add_word(unit->object, OBJECT_DATA, initial->target != NULL ? 0 : initial->word);
        if (initial->target != NULL)
            object_add_reloc(unit->object,
                             (struct object_reloc){.place = OBJECT_DATA,
                                                   .kind = OBJECT_RELOC_WORD32,
                                                   .offset = offset,
                                                   .symbol = unit_global(unit, initial->target),
                                                   .addend = initial->target_cell * WORD_BYTES});
    }
}

static bool define_global(struct unit *unit, const struct c0_variable *global, struct fault *fault)
{
    struct object *object = unit->object;
    uint64_t size_bytes = (uint64_t)global->type->size_cells * WORD_BYTES;
    if (size_bytes + object->bss_bytes + object->data.length > SECTION_LIMIT_BYTES)
        return fault_at(fault, global->where, "with '%s', the globals take more than %d bytes",
                        global->name, SECTION_LIMIT_BYTES);
    uint32_t number = unit_global(unit, global);
    struct object_symbol *symbol = &object->symbols.at[number];
    symbol->kind = OBJECT_SYMBOL_OBJECT;
    symbol->size_bytes = (uint32_t)size_bytes;
    if (is_zero(global)) {
        symbol->place = OBJECT_BSS;
        symbol->value = object->bss_bytes;
        object->bss_bytes += (uint32_t)size_bytes;
        return true;
    }
    symbol->place = OBJECT_DATA;
    symbol->value = (uint32_t)object->data.length;
    define_data(unit, global);
    return true;
}

static void fill(uint32_t *symbols, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        symbols[i] = TREE_NO_SYMBOL;
}

struct object *compile_unit(struct arena *arena, const char *path, const struct c0_program *program,
                            const struct compile_options *options, struct fault *fault)
{
    struct unit unit = {
        .arena = arena,
        .program = program,
        .object = object_new(arena, path, path),
        .has_far_globals = options->has_far_globals,
        .has_lines = options->has_lines,
        .function_symbols = ARENA_ARRAY(arena, uint32_t, program->function_count + 1),
        .global_symbols = ARENA_ARRAY(arena, uint32_t, program->global_count + 1),
    };
    fill(unit.function_symbols, program->function_count);
    fill(unit.global_symbols, program->global_count);
    for (uint32_t i = 0; i < program->global_count; i++) {
        if (program->globals[i]->is_defined && !define_global(&unit, program->globals[i], fault))
            return NULL;
    }
    for (uint32_t i = 0; i < program->function_count; i++) {
        if (program->functions[i]->body != NULL &&
            !function_compile(&unit, program->functions[i], fault))
            return NULL;
    }
    c0_print_declarations(program, &unit.object->declarations);
    return unit.object;
}
