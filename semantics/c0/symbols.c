#include "base/array.h"
#include "semantics/c0/check.h"

/* Names that start with two underscores belong to the runtime and the linker's symbols. */
bool c0_check_name_is_free(struct c0_unit *unit, struct location where, const char *name)
{
    if (name[0] != '_' || name[1] != '_' || unit->front->options->may_use_reserved_names)
        return true;
    c0_error(unit, where, "%s: names that start with __ are reserved", name);
    return false;
}

struct c0_symbol *c0_symbol_find(struct c0_unit *unit, const char *name)
{
    return c0_names_find(&unit->symbols, text_of(name));
}

static const char *origin(struct c0_unit *unit, struct location where)
{
    return arena_printf(unit->arena, "%s:%u", where.file, (unsigned)where.line);
}

/* The name's entry, a new one of kind UNKNOWN if there is none, or nothing is known about it. */
static struct c0_symbol *entry(struct c0_unit *unit, struct location where, const char *name)
{
    void **slot = c0_names_at(&unit->symbols, text_of(name));
    struct c0_symbol *symbol = *slot;
    if (symbol == NULL) {
        symbol = ARENA_NEW(unit->arena, struct c0_symbol);
        symbol->name = name;
        symbol->where = where;
        symbol->unit = unit->number;
        *slot = symbol;
    }
    return symbol;
}

/* The entry of a name that must be new. NULL after a report. */
static struct c0_symbol *new_entry(struct c0_unit *unit, struct location where, const char *name)
{
    if (!c0_check_name_is_free(unit, where, name))
        return NULL;
    struct c0_symbol *symbol = entry(unit, where, name);
    if (symbol->kind == C0_SYMBOL_UNKNOWN) {
        symbol->where = where;
        return symbol;
    }
    c0_error(unit, where, "%s is already declared at %s", name, origin(unit, symbol->where));
    return NULL;
}

void c0_declare_unknown(struct c0_unit *unit, const char *name)
{
    entry(unit, (struct location){0}, name);
}

void c0_declare_type(struct c0_unit *unit, struct location where, const char *name,
                     const struct c0_type *type)
{
    struct c0_symbol *known = c0_symbol_find(unit, name);
    if (known != NULL && known->kind == C0_SYMBOL_TYPE && known->type == type)
        return; /* the same again, as C allows */
    struct c0_symbol *symbol = new_entry(unit, where, name);
    if (symbol == NULL)
        return;
    symbol->kind = C0_SYMBOL_TYPE;
    symbol->type = type;
}

void c0_declare_constant(struct c0_unit *unit, struct location where, const char *name,
                         uint32_t word)
{
    struct c0_symbol *symbol = new_entry(unit, where, name);
    if (symbol == NULL)
        return;
    symbol->kind = C0_SYMBOL_CONSTANT;
    symbol->word = word;
}

/* The entity behind a first declaration: one of its own for a static name, else the shared one. */
static struct c0_entity *entity_of(struct c0_unit *unit, struct c0_symbol *symbol)
{
    struct c0_entity *entity = NULL;
    if (!symbol->is_static)
        entity = c0_names_find(&unit->front->shared, text_of(symbol->name));
    if (entity == NULL) {
        entity = ARENA_NEW(unit->arena, struct c0_entity);
        entity->first = symbol;
        if (!symbol->is_static)
            *c0_names_at(&unit->front->shared, text_of(symbol->name)) = entity;
    }
    return entity;
}

static struct c0_variable *new_global(struct c0_unit *unit, const struct c0_symbol *symbol,
                                      struct c0_entity *entity)
{
    struct c0_front *front = unit->front;
    struct c0_variable *variable = ARENA_NEW(unit->arena, struct c0_variable);
    *variable = (struct c0_variable){.name = symbol->name,
                                     .type = symbol->type,
                                     .scope = C0_SCOPE_GLOBAL,
                                     .index = (uint32_t)front->globals.count,
                                     .where = symbol->where,
                                     .is_static = symbol->is_static};
    ARRAY_PUSH(unit->arena, &front->globals, entity);
    front->global_cells += symbol->type->size_cells;
    if (front->global_cells > C0_MAX_CELLS &&
        front->global_cells - symbol->type->size_cells <= C0_MAX_CELLS)
        c0_error(unit, symbol->where, "the globals together exceed %d elementary values",
                 C0_MAX_CELLS);
    return variable;
}

/* The same name again in this file: of the same kind, type and linkage. */
static bool check_redeclaration(struct c0_unit *unit, struct location where,
                                const struct c0_symbol *symbol, bool is_same, bool is_static)
{
    if (!is_same) {
        c0_error(unit, where, "%s is declared differently at %s", symbol->name,
                 origin(unit, symbol->where));
        return false;
    }
    if (is_static && !symbol->is_static) {
        c0_error(unit, where, "%s is static here but not at %s", symbol->name,
                 origin(unit, symbol->where));
        return false;
    }
    return true;
}

static bool is_declared(const struct c0_symbol *symbol)
{
    return symbol != NULL && symbol->kind != C0_SYMBOL_UNKNOWN;
}

struct c0_symbol *c0_declare_global(struct c0_unit *unit, struct location where, const char *name,
                                    const struct c0_type *type, bool is_static, bool is_extern)
{
    struct c0_symbol *symbol = c0_symbol_find(unit, name);
    if (is_declared(symbol)) {
        bool is_same = symbol->kind == C0_SYMBOL_GLOBAL && symbol->type == type;
        if (!check_redeclaration(unit, where, symbol, is_same, is_static))
            return NULL;
        if (symbol->is_static && !is_static && !is_extern) {
            c0_error(unit, where, "%s is static at %s but not here", name,
                     origin(unit, symbol->where));
            return NULL;
        }
        return symbol;
    }
    symbol = new_entry(unit, where, name);
    if (symbol == NULL)
        return NULL;
    symbol->type = type;
    symbol->is_static = is_static;
    struct c0_entity *entity = entity_of(unit, symbol);
    symbol->kind = C0_SYMBOL_GLOBAL;
    symbol->entity = entity;
    if (entity->variable == NULL && entity->function == NULL)
        entity->variable = new_global(unit, symbol, entity);
    if (entity->variable == NULL) { /* a function in another file */
        c0_error(unit, where, "%s is a function at %s", name, origin(unit, entity->first->where));
        symbol->kind = C0_SYMBOL_UNKNOWN;
        return NULL;
    }
    ARRAY_PUSH(unit->arena, &unit->front->symbols, symbol);
    return symbol;
}

static bool is_same_function(const struct c0_symbol *symbol, const struct c0_type *result,
                             const struct c0_type **parameters, uint32_t parameter_count)
{
    if (symbol->kind != C0_SYMBOL_FUNCTION || symbol->type != result ||
        symbol->parameter_count != parameter_count)
        return false;
    for (uint32_t i = 0; i < parameter_count; i++) {
        if (symbol->parameters[i] != parameters[i])
            return false;
    }
    return true;
}

static struct c0_function *new_function(struct c0_unit *unit, const struct c0_symbol *symbol,
                                        struct c0_entity *entity)
{
    struct c0_front *front = unit->front;
    struct c0_function *function = ARENA_NEW(unit->arena, struct c0_function);
    *function = (struct c0_function){.name = symbol->name,
                                     .result = symbol->type,
                                     .where = symbol->where,
                                     .index = (uint32_t)front->functions.count,
                                     .is_static = symbol->is_static};
    ARRAY_PUSH(unit->arena, &front->functions, entity);
    return function;
}

struct c0_symbol *c0_declare_function(struct c0_unit *unit, struct location where, const char *name,
                                      const struct c0_type *result,
                                      const struct c0_type **parameters, uint32_t parameter_count,
                                      bool is_static)
{
    struct c0_symbol *symbol = c0_symbol_find(unit, name);
    if (is_declared(symbol)) {
        bool is_same = is_same_function(symbol, result, parameters, parameter_count);
        return check_redeclaration(unit, where, symbol, is_same, is_static) ? symbol : NULL;
    }
    symbol = new_entry(unit, where, name);
    if (symbol == NULL)
        return NULL;
    symbol->type = result;
    symbol->parameters = parameters;
    symbol->parameter_count = parameter_count;
    symbol->is_static = is_static;
    struct c0_entity *entity = entity_of(unit, symbol);
    symbol->kind = C0_SYMBOL_FUNCTION;
    symbol->entity = entity;
    if (entity->variable == NULL && entity->function == NULL)
        entity->function = new_function(unit, symbol, entity);
    if (entity->function == NULL) { /* a global in another file */
        c0_error(unit, where, "%s is a variable at %s", name, origin(unit, entity->first->where));
        symbol->kind = C0_SYMBOL_UNKNOWN;
        return NULL;
    }
    ARRAY_PUSH(unit->arena, &unit->front->symbols, symbol);
    return symbol;
}

struct c0_variable *c0_declare_local(struct c0_unit *unit, struct location where, const char *name,
                                     const struct c0_type *type, enum c0_scope scope)
{
    void **slot = name[0] == '\0' ? NULL : c0_names_at(&unit->locals, text_of(name));
    if (slot != NULL && *slot != NULL) {
        const struct c0_variable *known = *slot;
        c0_error(unit, where, "%s is already declared at %s", name, origin(unit, known->where));
        return NULL;
    }
    struct c0_variable *variable = ARENA_NEW(unit->arena, struct c0_variable);
    *variable = (struct c0_variable){.name = name,
                                     .type = type,
                                     .scope = scope,
                                     .index = (uint32_t)unit->variables.count,
                                     .where = where};
    if (slot != NULL)
        *slot = variable;
    ARRAY_PUSH(unit->arena, &unit->variables, variable);
    uint32_t size_cells = type == NULL ? 0 : type->size_cells;
    unit->local_cells += size_cells;
    if (unit->local_cells > C0_MAX_CELLS && unit->local_cells - size_cells <= C0_MAX_CELLS)
        c0_error(unit, where, "the variables together exceed %d elementary values", C0_MAX_CELLS);
    return variable;
}

void c0_symbol_use(struct c0_symbol *symbol, struct location where)
{
    if (symbol->entity->is_used)
        return;
    symbol->entity->is_used = true;
    symbol->entity->first_use = where;
}
