#include "base/array.h"
#include "semantics/c0/check.h"
#include "semantics/c0/parse.h"

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
const struct c0_type *c0_parse_struct(struct c0_unit *unit)
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
        expr = c0_check_value(unit, expr, c0_type_basic(&unit->front->types, C0_TYPE_INT),
                              "the value of an enum constant");
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
const struct c0_type *c0_parse_enum(struct c0_unit *unit)
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
    return c0_type_basic(&unit->front->types, C0_TYPE_INT);
}
