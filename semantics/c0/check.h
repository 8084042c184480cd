/* The static rules: each function makes a typed construct of typed parts, or reports what rule
 * the parts break and gives NULL. A part that is NULL was reported before. */
#ifndef SEMANTICS_C0_CHECK_H
#define SEMANTICS_C0_CHECK_H

#include "semantics/c0/unit.h"

/* An expression as the front end keeps it. */
struct c0_expr_node {
    struct c0_expr expr; /* first */
    uint32_t nesting;
};

struct c0_expr *c0_check_constant(struct c0_unit *unit, struct location where,
                                  const struct c0_type *type, uint32_t word);
struct c0_expr *c0_check_name(struct c0_unit *unit, struct location where, const char *name);
struct c0_expr *c0_check_field(struct c0_unit *unit, struct location where, struct c0_expr *base,
                               const char *name);
struct c0_expr *c0_check_arrow(struct c0_unit *unit, struct location where, struct c0_expr *base,
                               const char *name);
struct c0_expr *c0_check_index(struct c0_unit *unit, struct location where, struct c0_expr *base,
                               struct c0_expr *index);
struct c0_expr *c0_check_deref(struct c0_unit *unit, struct location where, struct c0_expr *base);
struct c0_expr *c0_check_address(struct c0_unit *unit, struct location where, struct c0_expr *base);
struct c0_expr *c0_check_sizeof(struct c0_unit *unit, struct location where,
                                const struct c0_type *type);
struct c0_expr *c0_check_unary(struct c0_unit *unit, struct location where, enum c0_unary op,
                               struct c0_expr *base);
struct c0_expr *c0_check_binary(struct c0_unit *unit, struct location where, enum c0_binary op,
                                struct c0_expr *left, struct c0_expr *right);
struct c0_expr *c0_check_cast(struct c0_unit *unit, struct location where,
                              const struct c0_type *type, struct c0_expr *base);

/* An expression where a condition stands: it must be bool. */
struct c0_expr *c0_check_condition(struct c0_unit *unit, struct c0_expr *condition);

/* The value where one of `type` is needed; NULL takes the pointer type. `what` says where. */
struct c0_expr *c0_check_value(struct c0_unit *unit, struct c0_expr *value,
                               const struct c0_type *type, const char *what);

/* The statements. */
struct c0_stmt *c0_check_assign(struct c0_unit *unit, struct location where, struct c0_expr *place,
                                struct c0_expr *value);
struct c0_stmt *c0_check_new(struct c0_unit *unit, struct location where, struct c0_expr *place,
                             const struct c0_type *type);
struct c0_stmt *c0_check_call(struct c0_unit *unit, struct location where, struct c0_expr *place,
                              const char *name, struct location name_where,
                              struct c0_expr *const *arguments, uint32_t argument_count);

/* assigned.c: every read of an elementary local comes after an assignment on every path. */
void c0_check_assigned(struct c0_unit *unit, const struct c0_function *function);

/* constant.c: the value of a constant expression: a word, or the address of a global's cell. */
bool c0_constant(struct c0_unit *unit, const struct c0_expr *expr, struct c0_initial *value);
/* The word of a constant expression of an arithmetic type. */
bool c0_constant_word(struct c0_unit *unit, const struct c0_expr *expr, uint32_t *word);

/* symbols.c: the names of a file */
bool c0_check_name_is_free(struct c0_unit *unit, struct location where, const char *name);
struct c0_symbol *c0_symbol_find(struct c0_unit *unit, const char *name);
void c0_declare_type(struct c0_unit *unit, struct location where, const char *name,
                     const struct c0_type *type);
void c0_declare_constant(struct c0_unit *unit, struct location where, const char *name,
                         uint32_t word);
void c0_declare_unknown(struct c0_unit *unit, const char *name);
struct c0_symbol *c0_declare_global(struct c0_unit *unit, struct location where, const char *name,
                                    const struct c0_type *type, bool is_static, bool is_extern);
struct c0_symbol *c0_declare_function(struct c0_unit *unit, struct location where, const char *name,
                                      const struct c0_type *result,
                                      const struct c0_type **parameters, uint32_t parameter_count,
                                      bool is_static);
struct c0_variable *c0_declare_local(struct c0_unit *unit, struct location where, const char *name,
                                     const struct c0_type *type, enum c0_scope scope);
/* A use of the entity by a call, a read, a write or an address. */
void c0_symbol_use(struct c0_symbol *symbol, struct location where);

#endif
