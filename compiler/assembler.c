/* Assembly files, line by line. Every use of a name makes a relocation; at the end, distances
 * within the text are resolved, and what is left waits for the linker. */
#include "compiler/assembler.h"

#include "base/fault.h"
#include "base/file.h"
#include "base/require.h"
#include "semantics/vamp/assemble.h"

#include <ctype.h>
#include <string.h>

enum { ERROR_LIMIT = 20, ALIGNMENT_LIMIT = 1 << 16 };
enum { BSS_LIMIT_BYTES = 1 << 30, CONTENT_LIMIT_BYTES = 1 << 24 };

struct constant {
    struct text name;
    uint32_t value;
};

/* A distance that is not known before the end of the file. */
struct pending {
    struct object_reloc reloc;
    struct location where;
};

/* A symbol's first use, for the report that it is not defined; and its .size .-name. */
struct assembler {
    struct arena *arena;
    struct object *object;
    struct text content;
    enum object_place place;
    ARRAY(struct constant) constants;
    ARRAY(struct pending) pendings;
    ARRAY(uint32_t) globals; /* symbols named by .globl */
    struct fault fault;      /* of the current line */
    FILE *diagnostics;
    unsigned error_count;
};

static bool refuse(struct assembler *as, struct location where, const char *what, struct text name)
{
    return fault_at(&as->fault, where, "%s '%.*s'", what, (int)name.length, name.at);
}

static bool is_name_start(char c)
{
    return isalpha((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

static bool is_name_part(char c)
{
    return is_name_start(c) || isdigit((unsigned char)c);
}

static bool is_name(struct text text)
{
    if (text.length == 0 || !is_name_start(text.at[0]) || text_is(text, "."))
        return false;
    for (size_t i = 1; i < text.length; i++) {
        if (!is_name_part(text.at[i]))
            return false;
    }
    return true;
}

static struct text trimmed(struct text text)
{
    while (text.length != 0 && isspace((unsigned char)text.at[0])) {
        text.at++;
        text.length--;
    }
    while (text.length != 0 && isspace((unsigned char)text.at[text.length - 1]))
        text.length--;
    return text;
}

static struct text after(struct text text, size_t count)
{
    return (struct text){text.at + count, text.length - count};
}

/* The place of a part of the line that starts at `where`. */
static struct location at_part(struct location where, struct text line, struct text part)
{
    where.column += (uint32_t)(part.at - line.at);
    return where;
}

static uint32_t here(const struct assembler *as)
{
    if (as->place == OBJECT_BSS)
        return as->object->bss_bytes;
    return (uint32_t)(as->place == OBJECT_TEXT ? as->object->text.length : as->object->data.length);
}

static const struct constant *find_constant(const struct assembler *as, struct text name)
{
    for (size_t i = 0; i < as->constants.count; i++) {
        if (text_equals(as->constants.at[i].name, name))
            return &as->constants.at[i];
    }
    return NULL;
}

/* A number, a character or a constant. */
static bool read_number(const struct assembler *as, struct text text, uint32_t *value)
{
    if (text_to_word(text, value))
        return true;
    if (text.length == 3 && text.at[0] == '\'' && text.at[2] == '\'') {
        *value = (uint32_t)(int32_t)(signed char)text.at[1];
        return true;
    }
    const struct constant *constant = find_constant(as, text);
    if (constant != NULL)
        *value = constant->value;
    return constant != NULL;
}

static bool need_number(struct assembler *as, struct text text, struct location where,
                        uint32_t *value)
{
    return read_number(as, text, value) || refuse(as, where, "not a number or constant:", text);
}

/* "name", "name+4", "name-4", with an optional '&' before it. */
static bool read_symbol(struct assembler *as, struct text text, struct location where,
                        uint32_t *symbol, uint32_t *addend)
{
    struct text rest = text;
    if (rest.length != 0 && rest.at[0] == '&')
        rest = trimmed(after(rest, 1));
    size_t length = 0;
    while (length < rest.length && is_name_part(rest.at[length]))
        length++;
    struct text name = {rest.at, length}, distance = trimmed(after(rest, length));
    *addend = 0;
    if (!is_name(name))
        return refuse(as, where, "not a number or symbol:", text);
    if (distance.length != 0) {
        bool is_sum = distance.at[0] == '+' || distance.at[0] == '-';
        struct text number = trimmed(after(distance, 1));
        if (!is_sum || !read_number(as, number, addend))
            return refuse(as, where, "not a symbol with a distance:", text);
        if (distance.at[0] == '-')
            *addend = -*addend;
    }
    *symbol = object_symbol_named(as->object, text_copy(as->arena, name));
    return true;
}

static bool add_pending(struct assembler *as, struct text text, struct location where,
                        enum object_reloc_kind kind)
{
    struct object_reloc reloc = {.place = as->place, .kind = kind, .offset = here(as)};
    if (!read_symbol(as, text, where, &reloc.symbol, &reloc.addend))
        return false;
    ARRAY_PUSH(as->arena, &as->pendings, (struct pending){reloc, where});
    return true;
}

static bool resolve(void *self, struct text expression, enum vamp_symbolic_operand operand,
                    struct location where, uint32_t *value, struct fault *fault)
{
    struct assembler *as = self;
    require(fault == &as->fault, "one line has one fault");
    if (read_number(as, expression, value))
        return true;
    *value = 0;
    switch (operand) {
    case VAMP_SYMBOLIC_IMMEDIATE:
        return add_pending(as, expression, where, OBJECT_RELOC_GLOBAL16);
    case VAMP_SYMBOLIC_BRANCH:
        return add_pending(as, expression, where, OBJECT_RELOC_B16);
    case VAMP_SYMBOLIC_JUMP:
        return add_pending(as, expression, where, OBJECT_RELOC_J26);
    case VAMP_SYMBOLIC_HIGH_HALF:
    case VAMP_SYMBOLIC_TRAP_CODE:
        break;
    }
    return refuse(as, where, "not a number or constant:", expression);
}

static bool need_text(struct assembler *as, struct location where)
{
    if (as->place != OBJECT_TEXT)
        return fault_at(&as->fault, where, "an instruction outside .text");
    if (here(as) % 4 != 0)
        return fault_at(&as->fault, where, "the instruction is not aligned; use .align 4");
    return true;
}

/* Instructions of the assembler's own making are written as a programmer would. */
static bool add_line(struct assembler *as, struct location where, const char *line)
{
    struct vamp_insn insn;
    if (!vamp_assemble(text_of(line), where, NULL, &insn, &as->fault))
        return false;
    object_add_word(as->object, OBJECT_TEXT, vamp_encode(&insn));
    return true;
}

static bool load_number(struct assembler *as, struct location where, struct text reg,
                        uint32_t value)
{
    int length = (int)reg.length;
    uint32_t low = (uint32_t)(int32_t)(int16_t)(value & 0xFFFF);
    if (value == low)
        return add_line(as, where,
                        arena_printf(as->arena, "addi %.*s,r0,%d", length, reg.at, (int)low));
    const char *high =
        arena_printf(as->arena, "lhgi %.*s,0x%x", length, reg.at, (unsigned)((value ^ low) >> 16));
    if (!add_line(as, where, high) || low == 0)
        return low == 0 && !as->fault.is_set;
    return add_line(as, where, arena_printf(as->arena, "xori %.*s,%.*s,%d", length, reg.at, length,
                                            reg.at, (int)low));
}

/* li reg, number; li reg, &symbol; la reg, symbol */
static bool load_constant(struct assembler *as, struct text line, struct location where,
                          struct text operands)
{
    const char *comma = memchr(operands.at, ',', operands.length);
    if (comma == NULL)
        return fault_at(&as->fault, where, "a register and a value are wanted");
    struct text reg = trimmed((struct text){operands.at, (size_t)(comma - operands.at)});
    struct text value = trimmed(after(operands, (size_t)(comma + 1 - operands.at)));
    struct location value_where = at_part(where, line, value);
    uint32_t number;
    if (!need_text(as, where))
        return false;
    if (read_number(as, value, &number))
        return load_number(as, where, reg, number);
    return add_pending(as, value, value_where, OBJECT_RELOC_HI16) &&
           add_line(as, where, arena_printf(as->arena, "lhgi %.*s,0", (int)reg.length, reg.at)) &&
           add_pending(as, value, value_where, OBJECT_RELOC_LO16) &&
           add_line(as, where,
                    arena_printf(as->arena, "xori %.*s,%.*s,0", (int)reg.length, reg.at,
                                 (int)reg.length, reg.at));
}

static bool add_instruction(struct assembler *as, struct text line, struct location where)
{
    size_t length = 0;
    while (length < line.length && !isspace((unsigned char)line.at[length]))
        length++;
    struct text mnemonic = {line.at, length};
    if (text_is(mnemonic, "li") || text_is(mnemonic, "la"))
        return load_constant(as, line, where, trimmed(after(line, length)));
    struct vamp_resolver resolver = {as, resolve};
    struct vamp_insn insn;
    if (!need_text(as, where) || !vamp_assemble(line, where, &resolver, &insn, &as->fault))
        return false;
    object_add_word(as->object, OBJECT_TEXT, vamp_encode(&insn));
    return true;
}

static bool define_label(struct assembler *as, struct text name, struct location where)
{
    if (find_constant(as, name) != NULL)
        return refuse(as, where, "already a constant:", name);
    uint32_t number = object_symbol_named(as->object, text_copy(as->arena, name));
    struct object_symbol *symbol = &as->object->symbols.at[number];
    if (symbol->place != OBJECT_UNDEFINED)
        return refuse(as, where, "defined twice:", name);
    symbol->place = as->place;
    symbol->value = here(as);
    return true;
}

static void add_bytes(struct assembler *as, const char *bytes, size_t count)
{
    text_append_bytes(as->place == OBJECT_TEXT ? &as->object->text : &as->object->data, bytes,
                      count);
}

static bool need_content(struct assembler *as, struct location where)
{
    return as->place != OBJECT_BSS || fault_at(&as->fault, where, ".bss holds no content");
}

static bool add_space(struct assembler *as, struct location where, uint32_t count)
{
    uint32_t limit = as->place == OBJECT_BSS ? BSS_LIMIT_BYTES : CONTENT_LIMIT_BYTES;
    if (count > limit || here(as) > limit - count)
        return fault_at(&as->fault, where, "the section becomes larger than %u bytes", limit);
    if (as->place == OBJECT_BSS)
        as->object->bss_bytes += count;
    for (uint32_t i = 0; as->place != OBJECT_BSS && i < count; i++)
        add_bytes(as, "", 1);
    return true;
}

/* Code is filled up with no-ops, data with zeros. */
static bool align(struct assembler *as, struct location where, uint32_t alignment)
{
    if (alignment == 0 || (alignment & (alignment - 1)) != 0 || alignment > ALIGNMENT_LIMIT)
        return fault_at(&as->fault, where, "an alignment is a power of 2 up to %d",
                        ALIGNMENT_LIMIT);
    if (alignment > as->object->alignment)
        as->object->alignment = alignment;
    uint32_t distance = -here(as) & (alignment - 1);
    while (as->place == OBJECT_TEXT && here(as) % 4 == 0 && distance >= 4) {
        object_add_word(as->object, OBJECT_TEXT, 0x34210000);
        distance -= 4;
    }
    return add_space(as, where, distance);
}

static bool add_word(struct assembler *as, struct text operand, struct location where)
{
    uint32_t value = 0;
    if (here(as) % 4 != 0)
        return fault_at(&as->fault, where, "the word is not aligned; use .align 4");
    if (!read_number(as, operand, &value) &&
        !add_pending(as, operand, where, OBJECT_RELOC_WORD32))
        return false;
    object_add_word(as->object, as->place, value);
    return true;
}

static bool add_byte(struct assembler *as, struct text operand, struct location where)
{
    uint32_t value;
    if (!need_number(as, operand, where, &value))
        return false;
    if (value + 128 > 128 + 255)
        return refuse(as, where, "not a byte:", operand);
    char byte = (char)value;
    add_bytes(as, &byte, 1);
    return true;
}

static bool escaped(char c, char *byte)
{
    static const char names[] = "nrt0\\\"", values[] = {'\n', '\r', '\t', '\0', '\\', '"'};
    const char *found = c == '\0' ? NULL : strchr(names, c);
    if (found != NULL)
        *byte = values[found - names];
    return found != NULL;
}

static bool add_string(struct assembler *as, struct text operand, struct location where,
                       bool has_nul)
{
    if (operand.length < 2 || operand.at[0] != '"' || operand.at[operand.length - 1] != '"')
        return refuse(as, where, "not a string:", operand);
    for (size_t i = 1; i + 1 < operand.length; i++) {
        char byte = operand.at[i];
        if (byte == '\\' && !escaped(operand.at[++i], &byte))
            return refuse(as, where, "an unknown escape in", operand);
        if (i + 1 >= operand.length)
            return refuse(as, where, "not a string:", operand);
        add_bytes(as, &byte, 1);
    }
    if (has_nul)
        add_bytes(as, "", 1);
    return true;
}

static bool define_constant(struct assembler *as, struct text name, struct text value,
                            struct location where)
{
    uint32_t number;
    if (!is_name(name))
        return refuse(as, where, "not a name:", name);
    if (!need_number(as, value, where, &number))
        return false;
    if (find_constant(as, name) != NULL)
        return refuse(as, where, "defined twice:", name);
    for (size_t i = 0; i < as->object->symbols.count; i++) {
        if (text_is(name, as->object->symbols.at[i].name))
            return refuse(as, where, "used before, or already a label:", name);
    }
    ARRAY_PUSH(as->arena, &as->constants, (struct constant){name, number});
    return true;
}

static bool set_type(struct assembler *as, struct text name, struct text type,
                     struct location where)
{
    if (!is_name(name))
        return refuse(as, where, "not a name:", name);
    if (type.length != 0 && (type.at[0] == '@' || type.at[0] == '%'))
        type = after(type, 1);
    uint32_t symbol = object_symbol_named(as->object, text_copy(as->arena, name));
    if (text_is(type, "function"))
        as->object->symbols.at[symbol].kind = OBJECT_SYMBOL_FUNCTION;
    else if (text_is(type, "object"))
        as->object->symbols.at[symbol].kind = OBJECT_SYMBOL_OBJECT;
    else
        return refuse(as, where, "neither function nor object:", type);
    return true;
}

/* .size name, number; .size name, .-name: from the label to here. */
static bool set_size(struct assembler *as, struct text name, struct text size,
                     struct location where)
{
    if (!is_name(name))
        return refuse(as, where, "not a name:", name);
    uint32_t number = object_symbol_named(as->object, text_copy(as->arena, name)), value;
    struct object_symbol *symbol = &as->object->symbols.at[number];
    if (symbol->place != as->place)
        return refuse(as, where, "not a label of this section:", name);
    struct text rest = size.length != 0 && size.at[0] == '.' ? trimmed(after(size, 1)) : size;
    if (rest.length != size.length && rest.length != 0 && rest.at[0] == '-' &&
        text_equals(trimmed(after(rest, 1)), name))
        value = here(as) - symbol->value;
    else if (!need_number(as, size, where, &value))
        return false;
    if (value > here(as) - symbol->value)
        return refuse(as, where, "a size beyond the end of", name);
    symbol->size_bytes = value;
    return true;
}

static bool export_symbol(struct assembler *as, struct text name, struct location where)
{
    if (!is_name(name) || find_constant(as, name) != NULL)
        return refuse(as, where, "not a label:", name);
    uint32_t symbol = object_symbol_named(as->object, text_copy(as->arena, name));
    ARRAY_PUSH(as->arena, &as->globals, symbol);
    return true;
}

/* The operands of a directive, split at the commas outside quotes. */
struct operands {
    struct text at[64];
    size_t count;
};

static bool split(struct assembler *as, struct text text, struct location where,
                  struct operands *operands)
{
    bool is_quoted = false;
    size_t start = 0;
    operands->count = 0;
    if (text.length == 0)
        return true;
    for (size_t i = 0; i <= text.length; i++) {
        if (i < text.length && text.at[i] == '"' && (i == 0 || text.at[i - 1] != '\\'))
            is_quoted = !is_quoted;
        if (i < text.length && (is_quoted || text.at[i] != ','))
            continue;
        if (operands->count == sizeof operands->at / sizeof operands->at[0])
            return fault_at(&as->fault, where, "too many operands on one line");
        operands->at[operands->count] = trimmed((struct text){text.at + start, i - start});
        if (operands->at[operands->count++].length == 0)
            return fault_at(&as->fault, where, "an operand is missing");
        start = i + 1;
    }
    return true;
}

enum directive {
    DIRECTIVE_TEXT,
    DIRECTIVE_DATA,
    DIRECTIVE_BSS,
    DIRECTIVE_GLOBL,
    DIRECTIVE_TYPE,
    DIRECTIVE_SIZE,
    DIRECTIVE_WORD,
    DIRECTIVE_BYTE,
    DIRECTIVE_SPACE,
    DIRECTIVE_ALIGN,
    DIRECTIVE_ASCII,
    DIRECTIVE_ASCIZ,
    DIRECTIVE_EQU,
};

static const struct {
    const char *name;
    size_t least, most; /* operands */
} directives[] = {
    [DIRECTIVE_TEXT] = {".text", 0, 0},   [DIRECTIVE_DATA] = {".data", 0, 0},
    [DIRECTIVE_BSS] = {".bss", 0, 0},     [DIRECTIVE_GLOBL] = {".globl", 1, 64},
    [DIRECTIVE_TYPE] = {".type", 2, 2},   [DIRECTIVE_SIZE] = {".size", 2, 2},
    [DIRECTIVE_WORD] = {".word", 1, 64},  [DIRECTIVE_BYTE] = {".byte", 1, 64},
    [DIRECTIVE_SPACE] = {".space", 1, 1}, [DIRECTIVE_ALIGN] = {".align", 1, 1},
    [DIRECTIVE_ASCII] = {".ascii", 1, 64}, [DIRECTIVE_ASCIZ] = {".asciz", 1, 64},
    [DIRECTIVE_EQU] = {".equ", 2, 2},
};

static bool enter(struct assembler *as, enum object_place place)
{
    as->place = place;
    return true;
}

/* The directives that do the same for each of their operands. */
static bool add_operand(struct assembler *as, enum directive directive, struct text operand,
                        struct location where)
{
    if (directive == DIRECTIVE_GLOBL)
        return export_symbol(as, operand, where);
    if (!need_content(as, where))
        return false;
    if (directive == DIRECTIVE_WORD)
        return add_word(as, operand, where);
    if (directive == DIRECTIVE_BYTE)
        return add_byte(as, operand, where);
    return add_string(as, operand, where, directive == DIRECTIVE_ASCIZ);
}

static bool obey(struct assembler *as, enum directive directive, const struct operands *operands,
                 struct text line, struct location where)
{
    const struct text *at = operands->at;
    uint32_t value;
    switch (directive) {
    case DIRECTIVE_TEXT:
        return enter(as, OBJECT_TEXT);
    case DIRECTIVE_DATA:
        return enter(as, OBJECT_DATA);
    case DIRECTIVE_BSS:
        return enter(as, OBJECT_BSS);
    case DIRECTIVE_TYPE:
        return set_type(as, at[0], at[1], where);
    case DIRECTIVE_SIZE:
        return set_size(as, at[0], at[1], where);
    case DIRECTIVE_SPACE:
        return need_number(as, at[0], where, &value) && add_space(as, where, value);
    case DIRECTIVE_ALIGN:
        return need_number(as, at[0], where, &value) && align(as, where, value);
    case DIRECTIVE_EQU:
        return define_constant(as, at[0], at[1], where);
    case DIRECTIVE_GLOBL:
    case DIRECTIVE_WORD:
    case DIRECTIVE_BYTE:
    case DIRECTIVE_ASCII:
    case DIRECTIVE_ASCIZ:
        break;
    }
    for (size_t i = 0; i < operands->count; i++) {
        if (!add_operand(as, directive, at[i], at_part(where, line, at[i])))
            return false;
    }
    return true;
}

static bool add_directive(struct assembler *as, struct text line, struct location where)
{
    size_t length = 0;
    while (length < line.length && !isspace((unsigned char)line.at[length]))
        length++;
    struct text name = {line.at, length};
    struct operands operands;
    if (!split(as, trimmed(after(line, length)), where, &operands))
        return false;
    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++) {
        if (!text_is(name, directives[i].name))
            continue;
        if (operands.count < directives[i].least || operands.count > directives[i].most)
            return refuse(as, where, "wrong number of operands of", name);
        return obey(as, (enum directive)i, &operands, line, where);
    }
    return refuse(as, where, "an unknown directive", name);
}

/* The line up to its comment. */
static struct text without_comment(struct text line)
{
    bool is_quoted = false;
    for (size_t i = 0; i < line.length; i++) {
        char c = line.at[i];
        if (c == '"' && (i == 0 || line.at[i - 1] != '\\'))
            is_quoted = !is_quoted;
        bool is_slashes = c == '/' && i + 1 < line.length && line.at[i + 1] == '/';
        bool is_literal = i > 0 && i + 1 < line.length && line.at[i - 1] == '\'' &&
                          line.at[i + 1] == '\'';
        if (!is_quoted && !is_literal && (c == '#' || c == ';' || is_slashes))
            return (struct text){line.at, i};
    }
    return line;
}

/* [label:]… [directive or instruction] */
static bool add_source_line(struct assembler *as, struct text line, uint32_t number)
{
    struct location start = {as->object->path, number, 1};
    struct text rest = trimmed(without_comment(line));
    for (;;) {
        size_t length = 0;
        while (length < rest.length && is_name_part(rest.at[length]))
            length++;
        if (length == 0 || length == rest.length || rest.at[length] != ':')
            break;
        struct text name = {rest.at, length};
        struct location where = at_part(start, line, name);
        if (!is_name(name))
            return refuse(as, where, "not a label:", name);
        if (!define_label(as, name, where))
            return false;
        rest = trimmed(after(rest, length + 1));
    }
    if (rest.length == 0)
        return true;
    struct location where = at_part(start, line, rest);
    return rest.at[0] == '.' ? add_directive(as, rest, where) : add_instruction(as, rest, where);
}

static struct text line_at(struct text content, uint32_t number)
{
    size_t start = 0;
    for (uint32_t line = 1; line < number; line++)
        start = (size_t)((char *)memchr(content.at + start, '\n', content.length - start) -
                         content.at) +
                1;
    const char *end = memchr(content.at + start, '\n', content.length - start);
    size_t length = end == NULL ? content.length - start : (size_t)(end - content.at) - start;
    return (struct text){content.at + start, length};
}

static void print_error(struct assembler *as)
{
    as->error_count++;
    fault_print(&as->fault, as->diagnostics);
    if (as->fault.line != 0) {
        struct text line = line_at(as->content, as->fault.line);
        for (size_t i = 0; i < line.length; i++)
            fputc(isprint((unsigned char)line.at[i]) ? line.at[i] : ' ', as->diagnostics);
        fprintf(as->diagnostics, "\n%*s\n", (int)as->fault.column, "^");
    }
    as->fault = (struct fault){0};
}

/* A distance within the text needs no linker. */
static bool settle(struct assembler *as, const struct pending *pending)
{
    const struct object_reloc *reloc = &pending->reloc;
    const struct object_symbol *symbol = &as->object->symbols.at[reloc->symbol];
    if (symbol->place == OBJECT_UNDEFINED && strncmp(symbol->name, ".L", 2) == 0)
        return fault_at(&as->fault, pending->where, "'%s' is not defined", symbol->name);
    bool is_distance = reloc->kind == OBJECT_RELOC_B16 || reloc->kind == OBJECT_RELOC_J26;
    if (!is_distance || symbol->place != OBJECT_TEXT) {
        object_add_reloc(as->object, *reloc);
        return true;
    }
    uint32_t distance = symbol->value + reloc->addend - (reloc->offset + 4);
    if (object_patch(as->object, reloc, distance))
        return true;
    return fault_at(&as->fault, pending->where, "'%s' is out of reach (%d bytes)", symbol->name,
                    (int)distance);
}

/* Symbols that are neither exported nor wanted from elsewhere are local. */
static void bind(struct assembler *as)
{
    struct object *object = as->object;
    for (size_t i = 0; i < object->symbols.count; i++)
        object->symbols.at[i].is_local = object->symbols.at[i].place != OBJECT_UNDEFINED;
    for (size_t i = 0; i < as->globals.count; i++)
        object->symbols.at[as->globals.at[i]].is_local = false;
}

static void finish(struct assembler *as)
{
    for (size_t i = 0; i < as->pendings.count && as->error_count < ERROR_LIMIT; i++) {
        if (!settle(as, &as->pendings.at[i]))
            print_error(as);
    }
    as->place = OBJECT_TEXT;
    align(as, (struct location){0}, 4);
    as->place = OBJECT_DATA;
    align(as, (struct location){0}, 4);
    as->place = OBJECT_BSS;
    align(as, (struct location){0}, 4);
    bind(as);
}

struct object *assemble_text(struct arena *arena, const char *path, struct text content,
                             FILE *diagnostics)
{
    struct assembler as = {.arena = arena,
                           .object = object_new(arena, path, path),
                           .content = content,
                           .place = OBJECT_TEXT,
                           .diagnostics = diagnostics};
    uint32_t number = 0;
    for (size_t start = 0; start < content.length && as.error_count < ERROR_LIMIT;) {
        struct text rest = after(content, start);
        const char *end = memchr(rest.at, '\n', rest.length);
        struct text line = {rest.at, end == NULL ? rest.length : (size_t)(end - rest.at)};
        if (!add_source_line(&as, line, ++number))
            print_error(&as);
        start += line.length + 1;
    }
    finish(&as);
    return as.error_count == 0 ? as.object : NULL;
}

struct object *assemble_file(struct arena *arena, const char *path, FILE *diagnostics)
{
    struct text content;
    struct fault fault = {0};
    if (file_read(arena, path, &content, &fault))
        return assemble_text(arena, path, content, diagnostics);
    fault_print(&fault, diagnostics);
    return NULL;
}
