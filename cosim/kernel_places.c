/* Addresses from the image's symbols, offsets from the concrete program's types: every elementary
 * value is a word (docs/ABI.md). */
#include "cosim/kernel_places.h"

#include "base/array.h"

#include <stdarg.h>
#include <string.h>

enum { IDLE_ADDRESS = 8, WORD = 4 };

struct search {
    struct arena *arena;
    struct cosim_kernel *kernel;
    struct fault *fault;
};

/* Always false. */
static bool refuse(const struct search *search, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static bool refuse(const struct search *search, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *message = arena_vprintf(search->arena, format, arguments);
    va_end(arguments);
    return fault_at(search->fault, (struct location){search->kernel->path, 0, 0}, "%s", message);
}

/* --- Code --- */

static bool find_function(const struct search *search, const char *name, uint32_t *address)
{
    const struct image *image = search->kernel->image;
    const struct image_symbol *symbol = image_symbol(image, name, NULL);
    if (symbol == NULL || symbol->kind != IMAGE_SYMBOL_FUNCTION)
        return refuse(search, "its image has no function %s", name);
    if (symbol->address % WORD != 0 || !image_is_executable(image, symbol->address))
        return refuse(search, "its image has no code where the function %s should be", name);
    *address = symbol->address;
    return true;
}

/* The kernel leaves by one rfe, so that whoever watches it sees every exit. */
static bool find_exit(const struct search *search)
{
    const struct image *image = search->kernel->image;
    uint32_t count = 0;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *segment = &image->segments[i];
        for (uint32_t at = 0; segment->is_executable && at < segment->size_bytes; at += WORD) {
            uint32_t word;
            struct vamp_insn insn;
            if (image_word(image, segment->address + at, &word) && vamp_decode(word, &insn) &&
                insn.op == VAMP_OP_RFE) {
                search->kernel->exit = segment->address + at;
                count++;
            }
        }
    }
    return count == 1 || refuse(search, "its image has %u rfe instead of one", count);
}

/* Where the machine waits: a jump to itself with a no-op behind it (docs/ABI.md). */
static bool find_idle(const struct search *search)
{
    const struct image *image = search->kernel->image;
    uint32_t jump, slot;
    struct vamp_insn loop, nothing;
    bool is_there = image_is_executable(image, IDLE_ADDRESS) &&
                    image_word(image, IDLE_ADDRESS, &jump) &&
                    image_word(image, IDLE_ADDRESS + WORD, &slot) && vamp_decode(jump, &loop) &&
                    vamp_decode(slot, &nothing);
    bool is_right = is_there && loop.op == VAMP_OP_J && loop.immediate == (uint32_t)-WORD &&
                    nothing.op == VAMP_OP_ORI && nothing.rd == nothing.rs1 &&
                    nothing.immediate == 0;
    search->kernel->idle = IDLE_ADDRESS;
    return is_right || refuse(search, "its image does not wait at 0x%08x", IDLE_ADDRESS);
}

static bool find_code(const struct search *search)
{
    struct cosim_kernel *kernel = search->kernel;
    if (kernel->image->entry != 0 || !image_is_executable(kernel->image, 0))
        return refuse(search, "its image does not begin at address 0");
    for (unsigned i = 0; i < CVM_PRIMITIVE_COUNT; i++) {
        if (!find_function(search, cvm_primitive_name((enum cvm_primitive)i),
                           &kernel->primitives[i]))
            return false;
    }
    return find_function(search, "kdispatch", &kernel->dispatch) && find_exit(search) &&
           find_idle(search);
}

/* --- The abstract program --- */

static bool is_unsigned(const struct c0_function *function, unsigned arguments, bool has_result)
{
    bool is_right = function->parameter_count == arguments &&
                    function->result->kind == (has_result ? C0_TYPE_UNSIGNED : C0_TYPE_VOID);
    for (uint32_t i = 0; is_right && i < arguments; i++)
        is_right = function->variables[i]->type->kind == C0_TYPE_UNSIGNED;
    return is_right;
}

static bool check_function(const struct search *search, const struct c0_function *function)
{
    for (unsigned i = 0; i < CVM_PRIMITIVE_COUNT; i++) {
        enum cvm_primitive primitive = (enum cvm_primitive)i;
        if (strcmp(function->name, cvm_primitive_name(primitive)) != 0)
            continue;
        if (function->body != NULL)
            return refuse(search, "its abstract part defines the primitive %s", function->name);
        return is_unsigned(function, cvm_primitive_arguments(primitive),
                           cvm_primitive_has_result(primitive)) ||
               refuse(search, "its abstract part declares the primitive %s otherwise",
                      function->name);
    }
    return function->body != NULL ||
           refuse(search, "its abstract part does not define %s, which is no primitive",
                  function->name);
}

bool kernel_abstract_check(struct arena *arena, struct cosim_kernel *kernel, struct fault *fault)
{
    const struct search found = {arena, kernel, fault}, *search = &found;
    const struct c0_program *program = kernel->abstract;
    for (uint32_t i = 0; i < program->function_count; i++) {
        if (!check_function(search, program->functions[i]))
            return false;
    }
    const struct c0_function *dispatch = c0_program_function(program, "kdispatch", NULL);
    if (dispatch == NULL || dispatch->is_static || !is_unsigned(dispatch, 2, true))
        return refuse(search, "its abstract part has no unsigned int kdispatch(unsigned int, "
                              "unsigned int)");
    return true;
}

/* --- Globals --- */

static bool find_global(const struct search *search, const struct c0_variable *global,
                        uint32_t *address)
{
    struct cosim_kernel *kernel = search->kernel;
    const struct image_symbol *symbol =
        global->is_static ? image_static_symbol(kernel->image, global->name, global->where.file)
                          : image_symbol(kernel->image, global->name, NULL);
    if (symbol == NULL)
        return refuse(search, "its image has no global %s", global->name);
    uint64_t size_bytes = (uint64_t)global->type->size_cells * WORD;
    if (symbol->kind != IMAGE_SYMBOL_OBJECT || symbol->size_bytes != size_bytes)
        return refuse(search, "the global %s has %u bytes in its image, and %llu in its source",
                      global->name, symbol->size_bytes, (unsigned long long)size_bytes);
    if (symbol->address % WORD != 0 || symbol->address == 0 ||
        symbol->address + size_bytes > kernel->globals_end)
        return refuse(search, "the global %s does not lie in its image's globals", global->name);
    *address = symbol->address;
    return true;
}

static bool find_common_globals(const struct search *search)
{
    struct cosim_kernel *kernel = search->kernel;
    struct cosim_global *globals =
        ARENA_ARRAY(search->arena, struct cosim_global, kernel->abstract->global_count);
    for (uint32_t i = 0; i < kernel->abstract->global_count; i++) {
        const struct c0_variable *global = kernel->abstract->globals[i];
        if (!global->is_defined)
            return refuse(search, "its abstract part does not define its global %s", global->name);
        globals[i].abstract = global;
        if (!find_global(search, global, &globals[i].address))
            return false;
        for (uint32_t j = 0; j < i; j++) {
            uint64_t end_i = globals[i].address + (uint64_t)global->type->size_cells * WORD;
            uint64_t end_j =
                globals[j].address + (uint64_t)globals[j].abstract->type->size_cells * WORD;
            if (globals[i].address < end_j && globals[j].address < end_i)
                return refuse(search, "the globals %s and %s overlap in its image", global->name,
                              globals[j].abstract->name);
        }
    }
    kernel->globals = globals;
    kernel->global_count = kernel->abstract->global_count;
    return true;
}

/* --- The layer --- */

static bool is_of_layer(const struct cosim_kernel *kernel, const struct c0_variable *global)
{
    for (size_t i = 0; i < kernel->layer_sources.count; i++) {
        if (strcmp(kernel->layer_sources.at[i], global->where.file) == 0)
            return true;
    }
    return !global->is_static;
}

/* The layer's one global of that name. */
static bool find_layer_global(const struct search *search, const char *name,
                              const struct c0_variable **found, uint32_t *address)
{
    const struct c0_program *program = search->kernel->concrete;
    unsigned count = 0;
    for (uint32_t i = 0; i < program->global_count; i++) {
        const struct c0_variable *global = program->globals[i];
        if (strcmp(global->name, name) == 0 && is_of_layer(search->kernel, global)) {
            *found = global;
            count++;
        }
    }
    if (count != 1)
        return refuse(search, "its layer has %u globals %s instead of one", count, name);
    return find_global(search, *found, address);
}

static bool is_words(const struct c0_type *type, uint32_t length)
{
    return type->kind == C0_TYPE_ARRAY && type->length == length &&
           type->element->kind == C0_TYPE_UNSIGNED;
}

static bool find_word(const struct search *search, const char *name, uint32_t *address)
{
    const struct c0_variable *global = NULL;
    return find_layer_global(search, name, &global, address) &&
           (global->type->kind == C0_TYPE_UNSIGNED ||
            refuse(search, "its layer's %s is no unsigned int", name));
}

static const struct c0_field *field_of(const struct c0_type *type, const char *name)
{
    for (uint32_t i = 0; type->kind == C0_TYPE_STRUCT && i < type->field_count; i++) {
        if (strcmp(type->fields[i].name, name) == 0)
            return &type->fields[i];
    }
    return NULL;
}

static bool find_field(const struct search *search, const struct c0_type *block, const char *name,
                       uint32_t *offset)
{
    const struct c0_field *field = field_of(block, name);
    if (field == NULL || field->type->kind != C0_TYPE_UNSIGNED)
        return refuse(search, "its layer's control blocks have no unsigned int %s", name);
    *offset = field->offset_cells * WORD;
    return true;
}

static bool find_control_blocks(const struct search *search)
{
    struct cosim_kernel *kernel = search->kernel;
    const struct c0_variable *global = NULL;
    if (!find_layer_global(search, "process", &global, &kernel->control_blocks))
        return false;
    const struct c0_type *type = global->type;
    if (type->kind != C0_TYPE_ARRAY || type->length != kernel->parameters.process_count)
        return refuse(search, "its layer's process is no array of %u control blocks",
                      kernel->parameters.process_count);
    const struct c0_type *block = type->element;
    const struct c0_field *general = field_of(block, "general");
    const struct c0_field *gpr = general == NULL ? NULL : field_of(general->type, "gpr");
    if (gpr == NULL || !is_words(gpr->type, VAMP_GPR_COUNT))
        return refuse(search, "its layer's control blocks have no general.gpr of %d words",
                      VAMP_GPR_COUNT);
    kernel->control_block_bytes = block->size_cells * WORD;
    kernel->gpr_offset = (general->offset_cells + gpr->offset_cells) * WORD;
    return find_field(search, block, "dpc", &kernel->dpc_offset) &&
           find_field(search, block, "pcp", &kernel->pcp_offset) &&
           find_field(search, block, "rm", &kernel->rm_offset) &&
           find_field(search, block, "ieeef", &kernel->ieeef_offset) &&
           find_field(search, block, "fcc", &kernel->fcc_offset);
}

/* Not all layers need it: is_lost, if it is an array of a bool for each process. */
static void find_losses(const struct search *search)
{
    struct cosim_kernel *kernel = search->kernel;
    struct fault ignored = {0};
    const struct search attempt = {search->arena, kernel, &ignored};
    const struct c0_variable *losses = NULL;
    if (!find_layer_global(&attempt, "is_lost", &losses, &kernel->losses) ||
        losses->type->kind != C0_TYPE_ARRAY || losses->type->element->kind != C0_TYPE_BOOL ||
        losses->type->length != kernel->parameters.process_count)
        kernel->losses = 0;
}

static bool find_layer(const struct search *search)
{
    struct cosim_kernel *kernel = search->kernel;
    const struct c0_variable *counts = NULL;
    if (!find_control_blocks(search) || !find_word(search, "current", &kernel->current) ||
        !find_word(search, "process_mask", &kernel->mask) ||
        !find_layer_global(search, "page_count", &counts, &kernel->page_counts))
        return false;
    if (!is_words(counts->type, kernel->parameters.process_count))
        return refuse(search, "its layer's page_count is no array of %u words",
                      kernel->parameters.process_count);
    find_losses(search);
    return true;
}

/* --- Regions --- */

static bool find_mark(const struct search *search, const char *name, uint32_t *address)
{
    const struct image_symbol *symbol = image_symbol(search->kernel->image, name, NULL);
    if (symbol == NULL || !symbol->is_absolute || symbol->address % WORD != 0)
        return refuse(search, "its image has no mark %s", name);
    *address = symbol->address;
    return true;
}

static bool find_regions(const struct search *search)
{
    struct cosim_kernel *kernel = search->kernel;
    const struct cosim_parameters *given = &kernel->parameters;
    uint32_t stack_end;
    if (!find_mark(search, "__globals_end", &kernel->globals_end) ||
        !find_mark(search, "__heap", &kernel->heap) ||
        !find_mark(search, "__heap_end", &kernel->heap_end) ||
        !find_mark(search, "__stack_end", &stack_end))
        return false;
    if (kernel->globals_end > kernel->heap || kernel->heap >= kernel->heap_end ||
        kernel->heap_end > stack_end || stack_end > given->kernel_bytes)
        return refuse(search, "globals, heap and stack of its image do not lie in this order "
                              "below KERNEL_BYTES");
    for (size_t i = 0; i < kernel->image->segment_count; i++) {
        const struct image_segment *segment = &kernel->image->segments[i];
        if ((uint64_t)segment->address + segment->size_bytes > given->kernel_bytes)
            return refuse(search, "its image does not lie below KERNEL_BYTES");
    }
    kernel->tables = given->kernel_bytes;
    kernel->zero_frame = given->kernel_bytes / VAMP_PAGE_BYTES + given->process_count;
    kernel->first_frame = kernel->zero_frame + 1;
    return true;
}

bool kernel_places_find(struct arena *arena, struct cosim_kernel *kernel, struct fault *fault)
{
    const struct search search = {arena, kernel, fault};
    return find_code(&search) && find_regions(&search) && find_common_globals(&search) &&
           find_layer(&search);
}
