#include "tools/vouch_call_image.h"

#include "semantics/c0/front.h"

#include <string.h>

enum { MEMORY_BYTES_LIMIT = 512 * 1024 * 1024 };

static struct location place_of(const struct call_image *call)
{
    return (struct location){call->image->path, 0, 0};
}

/* --- Loading --- */

static uint64_t memory_end(const struct image *image)
{
    uint64_t end = VAMP_MEMORY_BYTES_DEFAULT;
    for (size_t i = 0; i < image->segment_count; i++) {
        uint64_t last = (uint64_t)image->segments[i].address + image->segments[i].size_bytes;
        end = last > end ? last : end;
    }
    static const char *const ends[] = {"__globals_end", "__heap_end", "__stack_end"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const struct image_symbol *symbol = image_symbol(image, ends[i], NULL);
        if (symbol != NULL && symbol->address > end)
            end = symbol->address;
    }
    return end;
}

static bool load_memory(struct call_image *call, struct fault *fault)
{
    const struct image *image = call->image;
    uint64_t size_bytes = (memory_end(image) + 3) & ~UINT64_C(3);
    if (size_bytes > MEMORY_BYTES_LIMIT)
        return fault_at(fault, place_of(call), "the image needs %llu bytes of memory; %d are given",
                        (unsigned long long)size_bytes, MEMORY_BYTES_LIMIT);
    call->machine = vamp_machine_new(call->arena, (uint32_t)size_bytes);
    vamp_machine_stop_at_interrupts(call->machine, true);
    for (size_t i = 0; i < image->segment_count; i++) {
        if (!vamp_machine_load(call->machine, image->segments[i].address,
                               image->segments[i].content))
            return fault_at(fault, place_of(call), "segment %zu lies outside memory", i);
    }
    return true;
}

static bool find_base(const struct call_image *call, const char *name, uint32_t *value,
                      struct fault *fault)
{
    const struct image_symbol *symbol = image_symbol(call->image, name, NULL);
    if (symbol == NULL)
        return fault_at(fault, place_of(call), "the image lacks the symbol %s", name);
    *value = symbol->address;
    return true;
}

/* The one local symbol of that name, if there is only one. */
static const struct image_symbol *only_local(const struct image *image, const char *name)
{
    const struct image_symbol *found = NULL;
    for (size_t i = 0; i < image->symbol_count; i++) {
        if (!image->symbols[i].is_local || strcmp(image->symbols[i].name, name) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = &image->symbols[i];
    }
    return found;
}

static const struct image_symbol *find_symbol(const struct image *image, const char *name,
                                              const char *file)
{
    const struct image_symbol *symbol = image_symbol(image, name, file);
    return symbol != NULL ? symbol : only_local(image, name);
}

/* --- Declarations --- */

struct new_line {
    uint32_t return_address;
    struct text type;
};

static bool next_line(struct text *rest, struct text *line)
{
    if (rest->length == 0)
        return false;
    const char *end = memchr(rest->at, '\n', rest->length);
    size_t length = end == NULL ? rest->length : (size_t)(end - rest->at);
    *line = (struct text){rest->at, length};
    length += end != NULL;
    *rest = (struct text){rest->at + length, rest->length - length};
    return true;
}

/* Where the last `mark` in a line begins; NULL if there is none. */
static const char *last_of(struct text line, const char *mark)
{
    const char *found = NULL;
    for (size_t i = 0; i + strlen(mark) <= line.length; i++)
        if (memcmp(line.at + i, mark, strlen(mark)) == 0)
            found = line.at + i;
    return found;
}

/* "FUNCTION+0xOFFSET TYPE", a local function as NAME@FILE; a file's name may hold blanks and +,
 * no type holds a +. */
static bool parse_new_line(const struct call_image *call, struct text line, struct new_line *out,
                           struct fault *fault)
{
    const char *plus = last_of(line, "+0x");
    const char *blank =
        plus == NULL ? NULL : memchr(plus, ' ', line.length - (size_t)(plus - line.at));
    uint32_t offset;
    if (blank == NULL ||
        !text_to_word((struct text){plus + 1, (size_t)(blank - plus - 1)}, &offset))
        return fault_at(fault, place_of(call), "malformed line in .c0.new: '%.*s'",
                        (int)line.length, line.at);
    char *name = arena_copy(call->arena, line.at, (size_t)(plus - line.at));
    char *file = strchr(name, '@');
    if (file != NULL)
        *file++ = '\0';
    const struct image_symbol *symbol = image_symbol(call->image, name, file);
    if (symbol == NULL)
        return fault_at(fault, place_of(call), ".c0.new names '%s', which is no symbol", name);
    out->return_address = symbol->address + offset;
    out->type = (struct text){blank + 1, (size_t)(line.at + line.length - blank - 1)};
    return true;
}

/* The types of .c0.new are read by the C0 front end itself: each as the operand of a sizeof, in a
 * function of its own behind the declarations. Its name begins with a prefix that they do not
 * contain. */
static const char *unused_prefix(struct arena *arena, struct text declarations)
{
    const char *text = text_copy(arena, declarations), *prefix = "type_";
    while (strstr(text, prefix) != NULL)
        prefix = arena_printf(arena, "%s_", prefix);
    return prefix;
}

static const struct c0_type *type_of_function(const struct call_image *call, const char *prefix,
                                              size_t number)
{
    const char *name = arena_printf(call->arena, "%s%zu", prefix, number);
    const struct c0_stmt *body = c0_program_function(call->program, name, NULL)->body;
    return body->stmts[body->stmt_count - 1]->value->operand_type;
}

static bool read_declarations(struct call_image *call, struct fault *fault)
{
    const struct image_section *declarations = image_section(call->image, ".c0.declarations");
    const struct image_section *news = image_section(call->image, ".c0.new");
    if (declarations == NULL)
        return true;
    const char *prefix = unused_prefix(call->arena, declarations->content);
    ARRAY(struct new_line) lines = {0};
    struct text_builder source = {.arena = call->arena};
    text_append_bytes(&source, declarations->content.at, declarations->content.length);
    struct text rest = news == NULL ? (struct text){"", 0} : news->content, text;
    while (next_line(&rest, &text)) {
        struct new_line line;
        if (!parse_new_line(call, text, &line, fault))
            return false;
        text_append(&source, "\nunsigned int %s%zu(void) { return sizeof(%.*s); }", prefix,
                    lines.count, (int)line.type.length, line.type.at);
        ARRAY_PUSH(call->arena, &lines, line);
    }
    struct c0_front_options options = {.may_lack_definitions = true};
    call->program =
        c0_load_text(call->arena, call->image->path,
                     (struct text){text_built(&source), source.length}, &options, stderr);
    if (call->program == NULL)
        return fault_at(fault, place_of(call), "the section .c0.declarations is damaged");
    for (size_t i = 0; i < lines.count; i++)
        ARRAY_PUSH(
            call->arena, &call->sites,
            (struct call_site){lines.at[i].return_address, type_of_function(call, prefix, i)});
    return true;
}

struct placed_globals {
    ARRAY(struct c0_variable *) variables;
    ARRAY(uint32_t) addresses;
};

/* A declared global is where its symbol says, with the size of its type. */
static bool place_global(struct call_image *call, struct placed_globals *placed,
                         const struct c0_variable *declared, const struct image_symbol *symbol,
                         struct fault *fault)
{
    if (symbol->size_bytes != (uint64_t)4 * declared->type->size_cells ||
        symbol->address % 4 != 0 ||
        (uint64_t)symbol->address + symbol->size_bytes > vamp_machine_memory_bytes(call->machine))
        return fault_at(fault, place_of(call),
                        "the symbol of the global %s does not fit its declaration", declared->name);
    struct c0_variable *variable = ARENA_NEW(call->arena, struct c0_variable);
    *variable = *declared;
    variable->index = (uint32_t)placed->variables.count;
    variable->is_static = symbol->is_local;
    variable->where.file = symbol->file;
    ARRAY_PUSH(call->arena, &placed->variables, variable);
    ARRAY_PUSH(call->arena, &placed->addresses, symbol->address);
    return true;
}

/* The declarations have each name once; static globals of several files may share it. */
static bool place_globals(struct call_image *call, struct fault *fault)
{
    struct placed_globals placed = {0};
    for (uint32_t i = 0; call->program != NULL && i < call->program->global_count; i++) {
        const struct c0_variable *declared = call->program->globals[i];
        size_t count = placed.variables.count;
        for (size_t k = 0; k < call->image->symbol_count; k++) {
            const struct image_symbol *symbol = &call->image->symbols[k];
            if (symbol->kind == IMAGE_SYMBOL_OBJECT && strcmp(symbol->name, declared->name) == 0 &&
                !place_global(call, &placed, declared, symbol, fault))
                return false;
        }
        if (placed.variables.count == count)
            return fault_at(fault, place_of(call), "the image has no symbol for the global %s",
                            declared->name);
    }
    if (call->program != NULL) {
        struct c0_program *program = ARENA_NEW(call->arena, struct c0_program);
        *program = *call->program;
        program->globals = placed.variables.at;
        program->global_count = (uint32_t)placed.variables.count;
        call->program = program;
        call->global_addresses = placed.addresses.at;
    }
    return true;
}

bool call_load(struct call_image *call, struct arena *arena, const char *path, struct fault *fault)
{
    *call = (struct call_image){.arena = arena};
    call->image = image_load(arena, path, IMAGE_MACHINE_VAMP, fault);
    if (call->image == NULL || !load_memory(call, fault) ||
        !find_base(call, "__globals", &call->globals, fault) ||
        !find_base(call, "__stack", &call->stack, fault) ||
        !find_base(call, "__heap", &call->heap, fault))
        return false;
    call->allocator = image_symbol(call->image, "__new", NULL);
    return read_declarations(call, fault) && place_globals(call, fault);
}

/* --- What the user names --- */

bool call_find_function(const struct call_image *call, const char *name, uint32_t *address,
                        const struct c0_function **declared, struct fault *fault)
{
    const char *colon = strrchr(name, ':'), *file = NULL;
    *declared = NULL;
    if (colon != NULL) {
        file = arena_copy(call->arena, name, (size_t)(colon - name));
        name = colon + 1;
    }
    const struct image_symbol *symbol =
        file != NULL ? image_symbol(call->image, name, file) : find_symbol(call->image, name, NULL);
    bool is_right_file = file == NULL || (symbol != NULL && symbol->is_local);
    if (symbol == NULL || !is_right_file || symbol->kind != IMAGE_SYMBOL_FUNCTION)
        return fault_at(fault, place_of(call), "the image has no function '%s'", name);
    *address = symbol->address;
    if (call->program != NULL)
        *declared = c0_program_function(call->program, name, symbol->file);
    return true;
}

static bool set_word(struct call_image *call, struct text setting, struct fault *fault)
{
    uint32_t word;
    const char *equals = memchr(setting.at, '=', setting.length);
    if (equals == NULL)
        return fault_at(fault, (struct location){0}, "'%s' is not GLOBAL=VALUE", setting.at);
    struct text value = text_of(equals + 1);
    const char *name = arena_copy(call->arena, setting.at, (size_t)(equals - setting.at));
    const struct image_symbol *symbol = find_symbol(call->image, name, NULL);
    if (symbol == NULL)
        return fault_at(fault, place_of(call), "the image has no symbol '%s'", name);
    if (!text_to_word(value, &word))
        return fault_at(fault, (struct location){0}, "'%s' is not a word", value.at);
    if (!vamp_machine_write(call->machine, symbol->address, word))
        return fault_at(fault, place_of(call), "'%s' is not the place of a word", name);
    return true;
}

bool call_set_global(struct call_image *call, const char *text, struct fault *fault)
{
    struct c0_setting setting;
    if (call->program == NULL)
        return set_word(call, text_of(text), fault);
    if (!c0_parse_setting(call->program, text_of(text), &setting, fault))
        return false;
    vamp_machine_write(call->machine,
                       call->global_addresses[setting.global->index] + 4 * setting.offset_cells,
                       setting.word);
    return true;
}
