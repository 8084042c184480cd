/* Directives: sections, symbols and data. */
#include "compiler/assembly.h"

#include <ctype.h>
#include <string.h>

enum { ALIGNMENT_LIMIT = 1 << 16, BSS_LIMIT_BYTES = 1 << 30, CONTENT_LIMIT_BYTES = 1 << 24 };

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
    if (count > limit || as_here(as) > limit - count)
        return fault_at(&as->fault, where, "the section becomes larger than %u bytes", limit);
    if (as->place == OBJECT_BSS)
        as->object->bss_bytes += count;
    for (uint32_t i = 0; as->place != OBJECT_BSS && i < count; i++)
        add_bytes(as, "", 1);
    return true;
}

/* Code is filled up with no-ops, data with zeros. */
bool as_align(struct assembler *as, struct location where, uint32_t alignment)
{
    if (alignment == 0 || (alignment & (alignment - 1)) != 0 || alignment > ALIGNMENT_LIMIT)
        return fault_at(&as->fault, where, "an alignment is a power of 2 up to %d",
                        ALIGNMENT_LIMIT);
    if (alignment > as->object->alignment)
        as->object->alignment = alignment;
    uint32_t distance = -as_here(as) & (alignment - 1);
    while (as->place == OBJECT_TEXT && as_here(as) % 4 == 0 && distance >= 4) {
        object_add_word(as->object, OBJECT_TEXT, 0x34210000);
        distance -= 4;
    }
    return add_space(as, where, distance);
}

static bool add_word(struct assembler *as, struct text operand, struct location where)
{
    uint32_t value = 0;
    if (as_here(as) % 4 != 0)
        return fault_at(&as->fault, where, "the word is not aligned; use .align 4");
    if (!as_read_number(as, operand, &value) &&
        !as_add_pending(as, operand, where, OBJECT_RELOC_WORD32))
        return false;
    object_add_word(as->object, as->place, value);
    return true;
}

static bool add_byte(struct assembler *as, struct text operand, struct location where)
{
    uint32_t value;
    if (!as_need_number(as, operand, where, &value))
        return false;
    if (value + 128 > 128 + 255)
        return as_refuse(as, where, "not a byte:", operand);
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
        return as_refuse(as, where, "not a string:", operand);
    for (size_t i = 1; i + 1 < operand.length; i++) {
        char byte = operand.at[i];
        if (byte == '\\' && !escaped(operand.at[++i], &byte))
            return as_refuse(as, where, "an unknown escape in", operand);
        if (i + 1 >= operand.length)
            return as_refuse(as, where, "not a string:", operand);
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
    if (!as_is_name(name))
        return as_refuse(as, where, "not a name:", name);
    if (!as_need_number(as, value, where, &number))
        return false;
    if (as_find_constant(as, name) != NULL)
        return as_refuse(as, where, "defined twice:", name);
    for (size_t i = 0; i < as->object->symbols.count; i++) {
        if (text_is(name, as->object->symbols.at[i].name))
            return as_refuse(as, where, "used before, or already a label:", name);
    }
    ARRAY_PUSH(as->arena, &as->constants, (struct constant){name, number});
    return true;
}

static bool set_type(struct assembler *as, struct text name, struct text type,
                     struct location where)
{
    if (!as_is_name(name))
        return as_refuse(as, where, "not a name:", name);
    if (type.length != 0 && (type.at[0] == '@' || type.at[0] == '%'))
        type = as_after(type, 1);
    uint32_t symbol = object_symbol_named(as->object, text_copy(as->arena, name));
    if (text_is(type, "function"))
        as->object->symbols.at[symbol].kind = OBJECT_SYMBOL_FUNCTION;
    else if (text_is(type, "object"))
        as->object->symbols.at[symbol].kind = OBJECT_SYMBOL_OBJECT;
    else
        return as_refuse(as, where, "neither function nor object:", type);
    return true;
}

/* .size name, number; .size name, .-name: from the label to here. */
static bool set_size(struct assembler *as, struct text name, struct text size,
                     struct location where)
{
    if (!as_is_name(name))
        return as_refuse(as, where, "not a name:", name);
    uint32_t number = object_symbol_named(as->object, text_copy(as->arena, name)), value;
    struct object_symbol *symbol = &as->object->symbols.at[number];
    if (symbol->place != as->place)
        return as_refuse(as, where, "not a label of this section:", name);
    struct text rest = size.length != 0 && size.at[0] == '.' ? as_trimmed(as_after(size, 1)) : size;
    if (rest.length != size.length && rest.length != 0 && rest.at[0] == '-' &&
        text_equals(as_trimmed(as_after(rest, 1)), name))
        value = as_here(as) - symbol->value;
    else if (!as_need_number(as, size, where, &value))
        return false;
    if (value > as_here(as) - symbol->value)
        return as_refuse(as, where, "a size beyond the end of", name);
    symbol->size_bytes = value;
    return true;
}

static bool export_symbol(struct assembler *as, struct text name, struct location where)
{
    if (!as_is_name(name) || as_find_constant(as, name) != NULL)
        return as_refuse(as, where, "not a label:", name);
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
        operands->at[operands->count] = as_trimmed((struct text){text.at + start, i - start});
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
    [DIRECTIVE_TEXT] = {".text", 0, 0},    [DIRECTIVE_DATA] = {".data", 0, 0},
    [DIRECTIVE_BSS] = {".bss", 0, 0},      [DIRECTIVE_GLOBL] = {".globl", 1, 64},
    [DIRECTIVE_TYPE] = {".type", 2, 2},    [DIRECTIVE_SIZE] = {".size", 2, 2},
    [DIRECTIVE_WORD] = {".word", 1, 64},   [DIRECTIVE_BYTE] = {".byte", 1, 64},
    [DIRECTIVE_SPACE] = {".space", 1, 1},  [DIRECTIVE_ALIGN] = {".align", 1, 1},
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
        return as_need_number(as, at[0], where, &value) && add_space(as, where, value);
    case DIRECTIVE_ALIGN:
        return as_need_number(as, at[0], where, &value) && as_align(as, where, value);
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
        if (!add_operand(as, directive, at[i], as_at_part(where, line, at[i])))
            return false;
    }
    return true;
}

bool as_add_directive(struct assembler *as, struct text line, struct location where)
{
    size_t length = 0;
    while (length < line.length && !isspace((unsigned char)line.at[length]))
        length++;
    struct text name = {line.at, length};
    struct operands operands;
    if (!split(as, as_trimmed(as_after(line, length)), where, &operands))
        return false;
    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++) {
        if (!text_is(name, directives[i].name))
            continue;
        if (operands.count < directives[i].least || operands.count > directives[i].most)
            return as_refuse(as, where, "wrong number of operands of", name);
        return obey(as, (enum directive)i, &operands, line, where);
    }
    return as_refuse(as, where, "an unknown directive", name);
}
