/* Declarations of several units as one text: each name is declared once, by the first unit. */
#include "compiler/link.h"

#include <ctype.h>
#include <string.h>

static bool is_identifier_part(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The declaration at the start of the text, up to its ';' outside braces and the line's end. */
static struct text first_declaration(struct text text)
{
    int depth = 0;
    for (size_t i = 0; i < text.length; i++) {
        depth += (text.at[i] == '{') - (text.at[i] == '}');
        if (text.at[i] == ';' && depth == 0) {
            size_t length = i + 1 < text.length && text.at[i + 1] == '\n' ? i + 2 : i + 1;
            return (struct text){text.at, length};
        }
    }
    return text;
}

/* What a declaration declares: of a struct its head "struct S;" or "struct S {", of a function the
 * identifier that a '(' follows, of a global the last identifier outside brackets. */
static struct text declared_name(struct text declaration)
{
    if (text_starts_with(declaration, "struct ")) {
        size_t end = sizeof "struct " - 1;
        while (end < declaration.length && is_identifier_part(declaration.at[end]))
            end++;
        size_t head = end < declaration.length && declaration.at[end] == ' ' ? end + 2 : end + 1;
        if (head <= declaration.length &&
            (declaration.at[head - 1] == ';' || declaration.at[head - 1] == '{'))
            return (struct text){declaration.at, head};
    }
    struct text name = declaration;
    int depth = 0;
    for (size_t i = 0; i < declaration.length;) {
        depth += (declaration.at[i] == '[') - (declaration.at[i] == ']');
        size_t end = i;
        while (end < declaration.length && is_identifier_part(declaration.at[end]))
            end++;
        if (end != i && depth == 0)
            name = (struct text){declaration.at + i, end - i};
        if (end != i && end < declaration.length && declaration.at[end] == '(')
            return name;
        i = end == i ? i + 1 : end;
    }
    return name;
}

static bool declares(struct text declarations, struct text name)
{
    while (declarations.length != 0) {
        struct text declaration = first_declaration(declarations);
        if (text_equals(declared_name(declaration), name))
            return true;
        declarations.at += declaration.length;
        declarations.length -= declaration.length;
    }
    return false;
}

void link_merge_declarations(struct text_builder *merged, struct text declarations)
{
    while (declarations.length != 0) {
        struct text declaration = first_declaration(declarations);
        struct text known = {text_built(merged), merged->length};
        if (!declares(known, declared_name(declaration)))
            text_append_bytes(merged, declaration.at, declaration.length);
        declarations.at += declaration.length;
        declarations.length -= declaration.length;
    }
}
