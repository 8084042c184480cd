#include "validator/check/subject.h"

#include "base/require.h"

#include <string.h>

static struct location in_file(const struct image *image)
{
    return (struct location){image->path, 0, 0};
}

static bool symbol_value(const struct image *image, const char *name, uint32_t *value,
                         struct fault *fault)
{
    const struct image_symbol *symbol = image_symbol(image, name, NULL);
    if (symbol == NULL)
        return fault_at(fault, in_file(image), "the image lacks the symbol %s", name);
    *value = symbol->address;
    return true;
}

static bool region_of(const struct image *image, struct region_symbols names, struct region *region,
                      struct fault *fault)
{
    if (!symbol_value(image, names.start, &region->start, fault) ||
        !symbol_value(image, names.end, &region->end, fault))
        return false;
    if (region->start > region->end || region->start % 4 != 0 || region->end % 4 != 0)
        return fault_at(fault, in_file(image), "%s..%s is not an aligned range of memory",
                        names.start, names.end);
    return true;
}

static bool regions_overlap(struct region a, struct region b)
{
    return a.start < b.end && b.start < a.end;
}

static bool map_is_sound(const struct subject *subject, struct fault *fault)
{
    const struct region *regions[] = {&subject->code, &subject->globals, &subject->heap,
                                      &subject->stack};
    static const char *const names[] = {"code", "globals", "heap", "stack"};
    for (size_t i = 0; i < 4; i++)
        if (regions[i]->end > subject->target->memory_end)
            return fault_at(fault, in_file(subject->image),
                            "%s reaches 0x%08lx, beyond the memory that ends at 0x%08lx", names[i],
                            (unsigned long)regions[i]->end,
                            (unsigned long)subject->target->memory_end);
    for (size_t i = 0; i < 4; i++)
        for (size_t j = i + 1; j < 4; j++)
            if (regions_overlap(*regions[i], *regions[j]))
                return fault_at(fault, in_file(subject->image), "%s and %s overlap in memory",
                                names[i], names[j]);
    if (subject->globals.start < subject->globals.end && subject->globals.start == 0)
        return fault_at(fault, in_file(subject->image), "a global would have the address NULL");
    if (subject->heap.start == 0)
        return fault_at(fault, in_file(subject->image), "the heap starts at NULL");
    return true;
}

static const struct image_symbol *symbol_of(const struct image *image, const char *name,
                                            bool is_static, const char *file)
{
    return is_static ? image_static_symbol(image, name, file) : image_symbol(image, name, NULL);
}

static bool join_globals(struct arena *arena, struct subject *subject, struct fault *fault)
{
    const struct c0_program *program = subject->program;
    uint32_t *addresses = ARENA_ARRAY(arena, uint32_t, program->global_count);
    for (uint32_t i = 0; i < program->global_count; i++) {
        const struct c0_variable *global = program->globals[i];
        const struct image_symbol *symbol =
            symbol_of(subject->image, global->name, global->is_static, global->where.file);
        if (symbol == NULL)
            return fault_at(fault, global->where, "the image has no symbol for the global '%s'",
                            global->name);
        uint32_t size_bytes = layout_size_bytes(subject, global->type);
        if (symbol->address % 4 != 0 || symbol->address < subject->globals.start ||
            symbol->address > subject->globals.end ||
            subject->globals.end - symbol->address < size_bytes)
            return fault_at(fault, global->where,
                            "the symbol '%s' does not lie in the image's globals", global->name);
        addresses[i] = symbol->address;
    }
    for (uint32_t i = 0; i < program->global_count; i++)
        for (uint32_t j = 0; j < i; j++) {
            uint32_t size_i = layout_size_bytes(subject, program->globals[i]->type);
            uint32_t size_j = layout_size_bytes(subject, program->globals[j]->type);
            if (addresses[i] < addresses[j] + size_j && addresses[j] < addresses[i] + size_i)
                return fault_at(fault, program->globals[i]->where,
                                "the globals '%s' and '%s' overlap in the image",
                                program->globals[j]->name, program->globals[i]->name);
        }
    subject->global_addresses = addresses;
    return true;
}

static void join_functions(struct arena *arena, struct subject *subject)
{
    const struct c0_program *program = subject->program;
    const struct image_symbol **symbols =
        ARENA_ARRAY(arena, const struct image_symbol *, program->function_count);
    for (uint32_t i = 0; i < program->function_count; i++) {
        const struct c0_function *function = program->functions[i];
        const struct image_symbol *symbol =
            symbol_of(subject->image, function->name, function->is_static, function->where.file);
        bool has_code =
            symbol != NULL && symbol->kind == IMAGE_SYMBOL_FUNCTION && symbol->size_bytes != 0;
        symbols[i] = has_code ? symbol : NULL;
    }
    subject->function_symbols = symbols;
}

bool subject_join(struct arena *arena, const struct c0_program *program, const struct image *image,
                  const struct target *target, struct subject *subject, struct fault *fault)
{
    *subject = (struct subject){.program = program, .image = image, .target = target};
    if (!region_of(image, target->code, &subject->code, fault) ||
        !region_of(image, target->globals, &subject->globals, fault) ||
        !region_of(image, target->heap, &subject->heap, fault) ||
        !region_of(image, target->stack, &subject->stack, fault) || !map_is_sound(subject, fault))
        return false;
    for (size_t i = 0; i < target->base_count; i++)
        if (!symbol_value(image, target->bases[i].symbol, &subject->base_values[i], fault))
            return false;
    if (!join_globals(arena, subject, fault))
        return false;
    join_functions(arena, subject);
    return true;
}

const struct c0_function *subject_function_at(const struct subject *subject, uint32_t address)
{
    for (uint32_t i = 0; i < subject->program->function_count; i++) {
        const struct image_symbol *symbol = subject->function_symbols[i];
        if (symbol != NULL && symbol->address == address &&
            subject->program->functions[i]->body != NULL)
            return subject->program->functions[i];
    }
    return NULL;
}

const struct contract *subject_contract_at(const struct subject *subject, uint32_t address)
{
    const struct target *target = subject->target;
    for (size_t i = 0; i < target->contract_count; i++) {
        const struct image_symbol *symbol =
            image_symbol(subject->image, target->contracts[i].symbol, NULL);
        if (symbol != NULL && symbol->kind == IMAGE_SYMBOL_FUNCTION && symbol->address == address)
            return &target->contracts[i];
    }
    return NULL;
}

/* The only function symbol of that name. */
static const struct image_symbol *only_code(const struct image *image, const char *name)
{
    const struct image_symbol *found = NULL;
    for (size_t i = 0; i < image->symbol_count; i++) {
        const struct image_symbol *symbol = &image->symbols[i];
        if (symbol->kind != IMAGE_SYMBOL_FUNCTION || strcmp(symbol->name, name) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = symbol;
    }
    return found;
}

bool subject_trust(struct subject *subject, const char *const *names, size_t count,
                   struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        const struct image_symbol *symbol = only_code(subject->image, names[i]);
        if (symbol == NULL)
            return fault_at(fault, in_file(subject->image),
                            "no code, or code in several places, has the name '%s'", names[i]);
        if (subject_function_at(subject, symbol->address) != NULL ||
            c0_program_function(subject->program, names[i], NULL) != NULL)
            return fault_at(fault, in_file(subject->image),
                            "'%s' has a source, and is judged by it", names[i]);
        if (subject_contract_at(subject, symbol->address) != NULL)
            return fault_at(fault, in_file(subject->image),
                            "'%s' has a contract, and is judged by it", names[i]);
        for (size_t k = 0; k < i; k++)
            if (strcmp(names[k], names[i]) == 0)
                return fault_at(fault, in_file(subject->image), "'%s' is trusted twice", names[i]);
    }
    subject->trusted_assembly = names;
    subject->trusted_assembly_count = count;
    return true;
}

bool subject_trusts(const struct subject *subject, const struct image_symbol *symbol)
{
    for (size_t i = 0; symbol != NULL && i < subject->trusted_assembly_count; i++)
        if (strcmp(subject->trusted_assembly[i], symbol->name) == 0)
            return true;
    return false;
}

uint32_t layout_size_bytes(const struct subject *subject, const struct c0_type *type)
{
    (void)subject; /* every target so far gives each elementary value a word of its own */
    require(type->size_cells <= UINT32_MAX / 4, "a type larger than memory");
    return type->size_cells * 4;
}

uint32_t layout_field_offset_bytes(const struct subject *subject, const struct c0_field *field)
{
    (void)subject;
    return field->offset_cells * 4;
}

static term region_holds(struct terms *terms, struct region region, term address,
                         uint32_t size_bytes)
{
    if (region.end - region.start < size_bytes)
        return term_false(terms);
    term low = term_word(terms, region.start, 32);
    term high = term_word(terms, region.end - size_bytes, 32);
    return term_and(terms, term_ule(terms, low, address), term_ule(terms, address, high));
}

/* Globals and heap as one range if nothing but unused memory lies between them. */
static bool shared_range(const struct subject *subject, struct region *range)
{
    struct region low = subject->globals, high = subject->heap;
    if (low.start > high.start) {
        low = subject->heap;
        high = subject->globals;
    }
    struct region gap = {low.end, high.start};
    *range = (struct region){low.start, high.end};
    return !regions_overlap(gap, subject->stack) && !regions_overlap(gap, subject->code);
}

term shared_holds(const struct subject *subject, struct terms *terms, term address,
                  uint32_t size_bytes)
{
    struct region range;
    if (shared_range(subject, &range))
        return region_holds(terms, range, address, size_bytes);
    return term_or(terms, region_holds(terms, subject->globals, address, size_bytes),
                   region_holds(terms, subject->heap, address, size_bytes));
}

static term word_is_aligned(struct terms *terms, term word)
{
    return term_eq(terms, term_extract(terms, word, 1, 0), term_word(terms, 0, 2));
}

term typed_word(const struct subject *subject, struct terms *terms, term word,
                const struct c0_type *type)
{
    switch (type->kind) {
    case C0_TYPE_BOOL:
        return term_ule(terms, word, term_word(terms, 1, 32));
    case C0_TYPE_CHAR:
        return term_and(terms, term_sle(terms, term_word(terms, (uint32_t)-128, 32), word),
                        term_sle(terms, word, term_word(terms, 127, 32)));
    case C0_TYPE_POINTER: {
        uint32_t size_bytes = layout_size_bytes(subject, type->element);
        term is_null = term_eq(terms, word, term_word(terms, 0, 32));
        term is_object = term_and(terms, word_is_aligned(terms, word),
                                  shared_holds(subject, terms, word, size_bytes));
        return term_or(terms, is_null, is_object);
    }
    case C0_TYPE_INT:
    case C0_TYPE_UNSIGNED:
        return term_true(terms);
    case C0_TYPE_VOID:
    case C0_TYPE_ARRAY:
    case C0_TYPE_STRUCT:
        break;
    }
    require(false, "only elementary values are words");
    return term_true(terms);
}

void new_contract(const struct subject *subject, struct terms *terms, term memory, term size_bytes,
                  term *result, term *memory_after)
{
    term zero = term_word(terms, 0, 32);
    term heap = term_word(terms, subject->heap.start, 32);
    term heap_end = term_word(terms, subject->heap.end, 32);
    term cursor = term_select(terms, memory, heap);
    term start = term_ite(terms, term_eq(terms, cursor, zero),
                          term_word(terms, subject->heap.start + 4, 32), cursor);
    term fits = term_ule(terms, size_bytes, term_sub(terms, heap_end, start));
    *result = term_ite(terms, fits, start, zero);
    *memory_after = term_ite(
        terms, fits, term_store(terms, memory, heap, term_add(terms, start, size_bytes)), memory);
}
