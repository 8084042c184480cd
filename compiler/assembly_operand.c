/* Operands of assembly lines. */
#include "compiler/assembly.h"

#include <ctype.h>

bool as_refuse(struct assembler *as, struct location where, const char *what, struct text name)
{
    return fault_at(&as->fault, where, "%s '%.*s'", what, (int)name.length, name.at);
}

static bool is_name_start(char c)
{
    return isalpha((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

bool as_is_name_part(char c)
{
    return is_name_start(c) || isdigit((unsigned char)c);
}

bool as_is_name(struct text text)
{
    if (text.length == 0 || !is_name_start(text.at[0]) || text_is(text, "."))
        return false;
    for (size_t i = 1; i < text.length; i++) {
        if (!as_is_name_part(text.at[i]))
            return false;
    }
    return true;
}

struct text as_trimmed(struct text text)
{
    while (text.length != 0 && isspace((unsigned char)text.at[0])) {
        text.at++;
        text.length--;
    }
    while (text.length != 0 && isspace((unsigned char)text.at[text.length - 1]))
        text.length--;
    return text;
}

struct text as_after(struct text text, size_t count)
{
    return (struct text){text.at + count, text.length - count};
}

/* The place of a part of the line that starts at `where`. */
struct location as_at_part(struct location where, struct text line, struct text part)
{
    where.column += (uint32_t)(part.at - line.at);
    return where;
}

uint32_t as_here(const struct assembler *as)
{
    if (as->place == OBJECT_BSS)
        return as->object->bss_bytes;
    return (uint32_t)(as->place == OBJECT_TEXT ? as->object->text.length : as->object->data.length);
}

const struct constant *as_find_constant(const struct assembler *as, struct text name)
{
    for (size_t i = 0; i < as->constants.count; i++) {
        if (text_equals(as->constants.at[i].name, name))
            return &as->constants.at[i];
    }
    return NULL;
}

/* A number, a character or a constant. */
bool as_read_number(const struct assembler *as, struct text text, uint32_t *value)
{
    if (text_to_word(text, value))
        return true;
    if (text.length == 3 && text.at[0] == '\'' && text.at[2] == '\'') {
        *value = (uint32_t)(int32_t)(signed char)text.at[1];
        return true;
    }
    const struct constant *constant = as_find_constant(as, text);
    if (constant != NULL)
        *value = constant->value;
    return constant != NULL;
}

bool as_need_number(struct assembler *as, struct text text, struct location where, uint32_t *value)
{
    return as_read_number(as, text, value) ||
           as_refuse(as, where, "not a number or constant:", text);
}

/* "name", "name+4", "name-4", with an optional '&' before it. */
static bool read_symbol(struct assembler *as, struct text text, struct location where,
                        uint32_t *symbol, uint32_t *addend)
{
    struct text rest = text;
    if (rest.length != 0 && rest.at[0] == '&')
        rest = as_trimmed(as_after(rest, 1));
    size_t length = 0;
    while (length < rest.length && as_is_name_part(rest.at[length]))
        length++;
    struct text name = {rest.at, length}, distance = as_trimmed(as_after(rest, length));
    *addend = 0;
    if (!as_is_name(name))
        return as_refuse(as, where, "not a number or symbol:", text);
    if (distance.length != 0) {
        bool is_sum = distance.at[0] == '+' || distance.at[0] == '-';
        struct text number = as_trimmed(as_after(distance, 1));
        if (!is_sum || !as_read_number(as, number, addend))
            return as_refuse(as, where, "not a symbol with a distance:", text);
        if (distance.at[0] == '-')
            *addend = -*addend;
    }
    *symbol = object_symbol_named(as->object, text_copy(as->arena, name));
    return true;
}

bool as_add_pending(struct assembler *as, struct text text, struct location where,
                    enum object_reloc_kind kind)
{
    struct object_reloc reloc = {.place = as->place, .kind = kind, .offset = as_here(as)};
    if (!read_symbol(as, text, where, &reloc.symbol, &reloc.addend))
        return false;
    ARRAY_PUSH(as->arena, &as->pendings, (struct pending){reloc, where});
    return true;
}
