#include "semantics/c0/check.h"
#include "semantics/c0/parse.h"

static bool initial(struct c0_unit *unit, const struct c0_type *type, struct c0_initial *cells);

/* list ::= { initial { , initial } [ , ] }: the elements or fields in order; what is left is 0 */
static bool initial_list(struct c0_unit *unit, const struct c0_type *type, struct c0_initial *cells)
{
    uint32_t count = type->kind == C0_TYPE_ARRAY ? type->length : type->field_count;
    bool is_right = true;
    uint32_t i = 0;
    do {
        if (i == count) {
            c0_syntax_error(unit, c0_here(unit), "too many initial values for %s",
                            c0_type_name(unit->arena, type));
            return false;
        }
        bool is_array = type->kind == C0_TYPE_ARRAY;
        const struct c0_type *part = is_array ? type->element : type->fields[i].type;
        uint32_t offset_cells = is_array ? i * part->size_cells : type->fields[i].offset_cells;
        is_right = initial(unit, part, cells + offset_cells) && is_right;
        i++;
    } while (c0_accept(unit, C0_TOKEN_COMMA) && c0_peek(unit) != C0_TOKEN_CLOSE_BRACE);
    return c0_expect(unit, C0_TOKEN_CLOSE_BRACE, "after the initial values") && is_right;
}

/* initial ::= expression, constant | list, for an array or a struct */
static bool initial(struct c0_unit *unit, const struct c0_type *type, struct c0_initial *cells)
{
    bool is_aggregate = type->kind == C0_TYPE_ARRAY || type->kind == C0_TYPE_STRUCT;
    bool is_list = c0_peek(unit) == C0_TOKEN_OPEN_BRACE;
    if (c0_token(unit)->message != NULL && is_aggregate) {
        c0_unexpected(unit, "an initial value");
        return false;
    }
    if (is_aggregate != is_list) {
        c0_syntax_error(unit, c0_here(unit),
                        is_list ? "the initial value of %s has no braces"
                                : "the initial value of %s stands in braces",
                        c0_type_name(unit->arena, type));
        return false;
    }
    if (is_list) {
        c0_advance(unit);
        if (c0_peek(unit) == C0_TOKEN_DOT || c0_peek(unit) == C0_TOKEN_OPEN_BRACKET)
            c0_syntax_error(unit, c0_here(unit), "designators are not part of C0");
        return initial_list(unit, type, cells);
    }
    struct c0_expr *value = c0_parse_expression(unit);
    value = c0_check_value(unit, value, type, "the initial value");
    return value != NULL && c0_constant(unit, value, cells);
}

struct c0_initial *c0_parse_initial(struct c0_unit *unit, const struct c0_type *type)
{
    struct c0_initial *cells = ARENA_ARRAY(unit->arena, struct c0_initial, type->size_cells);
    return initial(unit, type, cells) ? cells : NULL;
}
