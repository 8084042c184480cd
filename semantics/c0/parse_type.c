#include "semantics/c0/check.h"
#include "semantics/c0/parse.h"

static const struct c0_type *basic(struct c0_unit *unit, enum c0_type_kind kind)
{
    return c0_type_basic(&unit->front->types, kind);
}

bool c0_starts_type(struct c0_unit *unit, const struct c0_token *token)
{
    switch ((int)token->kind) {
    case C0_TOKEN_INT:
    case C0_TOKEN_UNSIGNED:
    case C0_TOKEN_CHAR:
    case C0_TOKEN_BOOL:
    case C0_TOKEN_VOID:
    case C0_TOKEN_STRUCT:
    case C0_TOKEN_ENUM:
        return true;
    case C0_TOKEN_FOREIGN: {
        static const char *const words[] = {"const",    "double", "float",  "long",     "register",
                                            "auto",     "short",  "signed", "union",    "volatile",
                                            "restrict", "_Bool",  "inline", "_Complex", "_Atomic"};
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (text_is(token->text, words[i]))
                return true;
        }
        return false;
    }
    case C0_TOKEN_IDENTIFIER: {
        const struct c0_symbol *symbol = c0_symbol_find(unit, token->name);
        bool is_local = c0_names_find(&unit->locals, text_of(token->name)) != NULL;
        return !is_local && symbol != NULL && symbol->kind == C0_SYMBOL_TYPE;
    }
    default:
        return false;
    }
}

/* The name of a typedef. One that is not known is passed where a declarator follows. */
static const struct c0_type *named_type(struct c0_unit *unit, const struct c0_token *token)
{
    const struct c0_symbol *symbol = c0_symbol_find(unit, token->name);
    if (c0_starts_type(unit, token)) {
        c0_advance(unit);
        return symbol->type;
    }
    enum c0_token_kind second = c0_second(unit)->kind;
    if (second != C0_TOKEN_IDENTIFIER && second != C0_TOKEN_STAR) {
        c0_syntax_error(unit, token->where, "%s is not the name of a type", token->name);
        return NULL;
    }
    if (symbol == NULL || symbol->kind != C0_SYMBOL_UNKNOWN)
        c0_error(unit, token->where, "%s is not the name of a type", token->name);
    if (symbol == NULL)
        c0_declare_unknown(unit, token->name);
    c0_advance(unit);
    return NULL;
}

/* specifier ::= int | unsigned [ int ] | char | bool | void | struct-specifier | enum
 *             | identifier (of a typedef) */
const struct c0_type *c0_parse_type_specifier(struct c0_unit *unit)
{
    const struct c0_token *token = c0_token(unit);
    switch ((int)token->kind) {
    case C0_TOKEN_INT:
        c0_advance(unit);
        return basic(unit, C0_TYPE_INT);
    case C0_TOKEN_UNSIGNED:
        c0_advance(unit);
        if (c0_peek(unit) == C0_TOKEN_CHAR) {
            c0_syntax_error(unit, token->where, "the type unsigned char is not part of C0");
            return NULL;
        }
        c0_accept(unit, C0_TOKEN_INT);
        return basic(unit, C0_TYPE_UNSIGNED);
    case C0_TOKEN_CHAR:
        c0_advance(unit);
        return basic(unit, C0_TYPE_CHAR);
    case C0_TOKEN_BOOL:
        c0_advance(unit);
        return basic(unit, C0_TYPE_BOOL);
    case C0_TOKEN_VOID:
        c0_advance(unit);
        return basic(unit, C0_TYPE_VOID);
    case C0_TOKEN_STRUCT:
        return c0_parse_struct(unit);
    case C0_TOKEN_ENUM:
        return c0_parse_enum(unit);
    default:
        break;
    }
    if (token->kind == C0_TOKEN_IDENTIFIER)
        return named_type(unit, token);
    c0_unexpected(unit, "a type");
    return NULL;
}

/* length ::= [ expression ], constant, int or unsigned int, at least 1. 0 after a report. */
static uint32_t array_length(struct c0_unit *unit)
{
    struct location where = c0_here(unit);
    c0_advance(unit);
    if (c0_peek(unit) == C0_TOKEN_CLOSE_BRACKET) {
        c0_advance(unit);
        c0_error(unit, where, "an array needs a length");
        return 0;
    }
    struct c0_expr *expr = c0_parse_expression(unit);
    uint32_t length = 0;
    if (!c0_expect(unit, C0_TOKEN_CLOSE_BRACKET, "after the length") || expr == NULL)
        return 0;
    if (expr->type->kind != C0_TYPE_INT && expr->type->kind != C0_TYPE_UNSIGNED) {
        c0_error(unit, expr->where, "the length of an array is int or unsigned int, not %s",
                 c0_type_name(unit->arena, expr->type));
        return 0;
    }
    if (!c0_constant_word(unit, expr, &length))
        return 0;
    if (length == 0 || (expr->type->kind == C0_TYPE_INT && length > INT32_MAX)) {
        c0_error(unit, expr->where, "the length of an array is at least 1");
        return 0;
    }
    return length;
}

static const struct c0_type *array_of(struct c0_unit *unit, struct location where,
                                      const struct c0_type *element, uint32_t length)
{
    if (element == NULL || length == 0)
        return NULL;
    if (!c0_type_is_object(element)) {
        c0_error(unit, where, "the elements have type %s, which is not complete",
                 c0_type_name(unit->arena, element));
        return NULL;
    }
    if (length > C0_MAX_CELLS / element->size_cells) {
        c0_error(unit, where, "the array exceeds %d elementary values", C0_MAX_CELLS);
        return NULL;
    }
    if (c0_type_node(element)->nesting >= C0_MAX_NESTING) {
        c0_error(unit, where, "the type is nested more than %d deep", C0_MAX_NESTING);
        return NULL;
    }
    return c0_type_array(&unit->front->types, element, length);
}

/* lengths ::= { length }; the last is the innermost */
static const struct c0_type *lengths(struct c0_unit *unit, const struct c0_type *base)
{
    if (c0_peek(unit) != C0_TOKEN_OPEN_BRACKET || !c0_enter(unit))
        return base;
    struct location where = c0_here(unit);
    uint32_t length = array_length(unit);
    const struct c0_type *type = array_of(unit, where, lengths(unit, base), length);
    c0_leave(unit);
    return type;
}

static const struct c0_type *pointer_to(struct c0_unit *unit, struct location where,
                                        const struct c0_type *element)
{
    if (element == NULL)
        return NULL;
    if (element->kind == C0_TYPE_VOID) {
        c0_error(unit, where, "void pointers are not part of C0");
        return NULL;
    }
    if (element->kind != C0_TYPE_STRUCT && c0_type_node(element)->nesting >= C0_MAX_NESTING) {
        c0_error(unit, where, "the type is nested more than %d deep", C0_MAX_NESTING);
        return NULL;
    }
    return c0_type_pointer(&unit->front->types, element);
}

/* Passes ( ... ) to what follows, and gives where the inside starts. */
static size_t pass_parentheses(struct c0_unit *unit)
{
    size_t start = unit->at + 1, depth = 0;
    do {
        if (c0_peek(unit) == C0_TOKEN_OPEN)
            depth++;
        else if (c0_peek(unit) == C0_TOKEN_CLOSE)
            depth--;
        c0_advance(unit);
    } while (depth != 0 && c0_peek(unit) != C0_TOKEN_END);
    return start;
}

/* The declarator in parentheses applies to what stands around it: that is read first. Where it
 * names a function, as in int (*f(void))[3], the parameters are left for later. */
static struct c0_declarator inner_declarator(struct c0_unit *unit, const struct c0_type *base)
{
    struct location where = c0_here(unit);
    bool is_parameter_list =
        c0_second(unit)->kind == C0_TOKEN_CLOSE || c0_starts_type(unit, c0_second(unit));
    size_t start = pass_parentheses(unit);
    if (is_parameter_list || c0_peek(unit) == C0_TOKEN_OPEN) {
        c0_syntax_error(unit, where, "function pointers are not part of C0");
        return (struct c0_declarator){.where = where};
    }
    base = lengths(unit, base);
    if (unit->is_panicking)
        return (struct c0_declarator){.where = where};
    size_t end = unit->at;
    unit->at = start;
    struct c0_declarator declarator = c0_parse_declarator(unit, base);
    if (declarator.is_function && unit->at == declarator.parameters)
        pass_parentheses(unit);
    if (c0_expect(unit, C0_TOKEN_CLOSE, "after the declarator"))
        unit->at = end;
    return declarator;
}

/* declarator ::= { * } [ identifier | ( declarator ) ] lengths
 * Before a '(' the identifier names a function; behind the declarator parameters are next, unless
 * they stand within its parentheses. */
struct c0_declarator c0_parse_declarator(struct c0_unit *unit, const struct c0_type *base)
{
    struct c0_declarator declarator = {.where = c0_here(unit)};
    if (!c0_enter(unit))
        return declarator;
    while (c0_peek(unit) == C0_TOKEN_STAR) {
        base = pointer_to(unit, c0_here(unit), base);
        c0_advance(unit);
    }
    const struct c0_token *token = c0_token(unit);
    if (token->kind == C0_TOKEN_FOREIGN) {
        c0_unexpected(unit, "a name");
    } else if (token->kind == C0_TOKEN_OPEN) {
        declarator = inner_declarator(unit, base);
    } else {
        declarator.where = token->where;
        if (c0_accept(unit, C0_TOKEN_IDENTIFIER))
            declarator.name = token->name;
        declarator.is_function = declarator.name != NULL && c0_peek(unit) == C0_TOKEN_OPEN;
        declarator.parameters = unit->at;
        declarator.type = declarator.is_function ? base : lengths(unit, base);
    }
    c0_leave(unit);
    return declarator;
}

/* type ::= specifier declarator without a name */
const struct c0_type *c0_parse_type_name(struct c0_unit *unit)
{
    const struct c0_type *base = c0_parse_type_specifier(unit);
    struct c0_declarator declarator = c0_parse_declarator(unit, base);
    if (declarator.name != NULL) {
        c0_syntax_error(unit, declarator.where, "expected ) after the type, found %s",
                        declarator.name);
        return NULL;
    }
    return declarator.type;
}
