#include "base/array.h"
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

/* Where types are not declared: in a function and its parameters. */
static bool check_file_scope(struct c0_unit *unit, struct location where)
{
    if (!unit->is_in_function)
        return true;
    c0_error(unit, where, "types are declared outside functions");
    return false;
}

static struct c0_tag *tag_of(struct c0_unit *unit, const struct c0_token *token, bool is_struct)
{
    void **slot = c0_names_at(&unit->tags, text_of(token->name));
    struct c0_tag *tag = *slot;
    if (tag != NULL && (tag->type != NULL) != is_struct) {
        c0_error(unit, token->where, "%s is the tag of %s at %s:%u", token->name,
                 tag->type != NULL ? "a struct" : "an enum", tag->where.file,
                 (unsigned)tag->where.line);
        return NULL;
    }
    if (tag != NULL)
        return tag;
    if (unit->is_in_function) {
        c0_error(unit, token->where, "%s %s is not declared", is_struct ? "struct" : "enum",
                 token->name);
        return NULL;
    }
    if (!c0_check_name_is_free(unit, token->where, token->name))
        return NULL;
    tag = ARENA_NEW(unit->arena, struct c0_tag);
    tag->where = token->where;
    if (is_struct)
        tag->type = c0_type_struct(&unit->front->types, token->name, unit->number, token->where);
    *slot = tag;
    return tag;
}

struct fields {
    struct c0_field *at;
    size_t count, capacity;
    struct c0_names *names;
    uint32_t cells;
};

static void add_field(struct c0_unit *unit, struct fields *fields,
                      const struct c0_declarator *declarator)
{
    if (declarator->type == NULL)
        return;
    struct location where = declarator->where;
    if (declarator->name == NULL || declarator->is_function) {
        c0_syntax_error(unit, where,
                        declarator->is_function ? "a field cannot be a function"
                                                : "expected the name of a field");
        return;
    }
    if (!c0_check_name_is_free(unit, where, declarator->name))
        return;
    if (!c0_type_is_object(declarator->type)) {
        c0_error(unit, where, "field %s has type %s, which is not complete", declarator->name,
                 c0_type_name(unit->arena, declarator->type));
        return;
    }
    if (c0_names_find(fields->names, text_of(declarator->name)) != NULL) {
        c0_error(unit, where, "field %s is already declared", declarator->name);
        return;
    }
    if (c0_type_node(declarator->type)->nesting >= C0_MAX_NESTING) {
        c0_error(unit, where, "the type is nested more than %d deep", C0_MAX_NESTING);
        return;
    }
    if (declarator->type->size_cells > C0_MAX_CELLS - fields->cells) {
        c0_error(unit, where, "the struct exceeds %d elementary values", C0_MAX_CELLS);
        return;
    }
    fields->cells += declarator->type->size_cells;
    ARRAY_PUSH(unit->arena, fields,
               (struct c0_field){.name = declarator->name, .type = declarator->type});
    *c0_names_at(fields->names, text_of(declarator->name)) = (void *)(uintptr_t)fields->count;
}

/* field ::= specifier declarator { , declarator } ; */
static void field(struct c0_unit *unit, struct fields *fields)
{
    const struct c0_type *base = c0_parse_type_specifier(unit);
    do {
        struct c0_declarator declarator = c0_parse_declarator(unit, base);
        add_field(unit, fields, &declarator);
        if (c0_peek(unit) == C0_TOKEN_COLON)
            c0_syntax_error(unit, c0_here(unit), "bit-fields are not part of C0");
        else if (c0_peek(unit) == C0_TOKEN_ASSIGN)
            c0_syntax_error(unit, c0_here(unit), "a field has no initial value");
    } while (c0_accept(unit, C0_TOKEN_COMMA));
    c0_expect(unit, C0_TOKEN_SEMICOLON, "after the field");
}

/* The tag is defined from here on; NULL if it was before. */
static struct c0_type_node *start_definition(struct c0_unit *unit, struct c0_tag *tag,
                                             struct location where)
{
    if (tag == NULL)
        return NULL;
    if (tag->is_defined) {
        c0_error(unit, where, "struct %s is already defined", tag->type->type.tag);
        return NULL;
    }
    tag->is_defined = true;
    return tag->type;
}

/* fields ::= { field { field } } */
static void struct_body(struct c0_unit *unit, struct c0_tag *tag, struct location where)
{
    struct c0_type_node *node = start_definition(unit, tag, where);
    struct c0_names ignored = {.arena = unit->arena};
    struct fields fields = {.names = node == NULL ? &ignored : &node->field_names};
    if (!c0_enter(unit))
        return;
    c0_advance(unit);
    while (c0_peek(unit) != C0_TOKEN_CLOSE_BRACE && c0_peek(unit) != C0_TOKEN_END) {
        field(unit, &fields);
        if (unit->is_panicking)
            c0_recover(unit);
    }
    if (node != NULL && fields.count != 0)
        c0_type_complete(node, fields.at, (uint32_t)fields.count);
    else if (node != NULL)
        c0_error(unit, where, "struct %s has no fields", node->type.tag);
    c0_expect(unit, C0_TOKEN_CLOSE_BRACE, "after the fields");
    c0_leave(unit);
}

/* struct-specifier ::= struct identifier [ fields ] */
static const struct c0_type *struct_specifier(struct c0_unit *unit)
{
    c0_advance(unit);
    const struct c0_token *name = c0_token(unit);
    if (name->kind == C0_TOKEN_OPEN_BRACE) {
        c0_error(unit, name->where, "a struct needs a tag: struct S { ... }");
        struct_body(unit, NULL, name->where);
        return NULL;
    }
    if (!c0_expect(unit, C0_TOKEN_IDENTIFIER, "as the tag of the struct"))
        return NULL;
    bool has_body = c0_peek(unit) == C0_TOKEN_OPEN_BRACE;
    if (has_body && !check_file_scope(unit, name->where)) {
        struct_body(unit, NULL, name->where);
        return NULL;
    }
    struct c0_tag *tag = tag_of(unit, name, true);
    if (has_body)
        struct_body(unit, tag, name->where);
    return tag == NULL ? NULL : &tag->type->type;
}

/* enumerator ::= identifier [ = expression ]; without the expression one more than the last */
static void enumerator(struct c0_unit *unit, uint32_t *next, bool *has_next)
{
    const struct c0_token *name = c0_token(unit);
    if (!c0_expect(unit, C0_TOKEN_IDENTIFIER, "as the name of an enum constant"))
        return;
    bool is_known = *has_next;
    uint32_t value = *next;
    if (c0_accept(unit, C0_TOKEN_ASSIGN)) {
        struct c0_expr *expr = c0_parse_expression(unit);
        expr =
            c0_check_value(unit, expr, basic(unit, C0_TYPE_INT), "the value of an enum constant");
        is_known = expr != NULL && c0_constant_word(unit, expr, &value);
    } else if (!*has_next) {
        c0_error(unit, name->where, "the value of %s does not fit int", name->name);
    }
    if (is_known)
        c0_declare_constant(unit, name->where, name->name, value);
    else
        c0_declare_unknown(unit, name->name);
    /* After a value that is in error nothing more is said about those that follow from it. */
    *has_next = !is_known || value != INT32_MAX;
    *next = is_known ? value + 1 : 0;
}

/* { enumerator { , enumerator } [ , ] } */
static void enum_body(struct c0_unit *unit)
{
    uint32_t next = 0;
    bool has_next = true;
    c0_advance(unit);
    do {
        enumerator(unit, &next, &has_next);
    } while (c0_accept(unit, C0_TOKEN_COMMA) && c0_peek(unit) != C0_TOKEN_CLOSE_BRACE);
    c0_expect(unit, C0_TOKEN_CLOSE_BRACE, "after the enum constants");
}

static void define_enum(struct c0_unit *unit, const struct c0_token *name)
{
    struct c0_tag *tag = tag_of(unit, name, false);
    if (tag == NULL)
        return;
    if (tag->is_defined)
        c0_error(unit, name->where, "enum %s is already defined", name->name);
    tag->is_defined = true;
}

/* enum ::= enum [ identifier ] [ { enumerator { , enumerator } [ , ] } ], which declares constants
 * of type int and, C being free in the choice of its type, no type */
static const struct c0_type *enum_specifier(struct c0_unit *unit)
{
    struct location where = c0_here(unit);
    c0_advance(unit);
    const struct c0_token *name = c0_token(unit);
    bool has_name = c0_accept(unit, C0_TOKEN_IDENTIFIER);
    if (c0_peek(unit) == C0_TOKEN_OPEN_BRACE) {
        bool is_misplaced = !check_file_scope(unit, where);
        if (has_name && !is_misplaced)
            define_enum(unit, name);
        enum_body(unit);
        unit->is_panicking = unit->is_panicking || is_misplaced;
    }
    if (c0_peek(unit) != C0_TOKEN_SEMICOLON) {
        c0_syntax_error(unit, where, "an enum declares constants, not a type; declare an int");
        return NULL;
    }
    return basic(unit, C0_TYPE_INT);
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
        return struct_specifier(unit);
    case C0_TOKEN_ENUM:
        return enum_specifier(unit);
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
