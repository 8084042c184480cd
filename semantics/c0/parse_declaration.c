#include "base/array.h"
#include "semantics/c0/check.h"
#include "semantics/c0/parse.h"

struct storage {
    bool is_typedef, is_static, is_extern;
};

/* storage ::= [ typedef | static | extern ] */
static struct storage storage(struct c0_unit *unit)
{
    struct storage found = {.is_typedef = c0_accept(unit, C0_TOKEN_TYPEDEF)};
    found.is_static = !found.is_typedef && c0_accept(unit, C0_TOKEN_STATIC);
    found.is_extern = !found.is_typedef && !found.is_static && c0_accept(unit, C0_TOKEN_EXTERN);
    return found;
}

struct parameters {
    const struct c0_type **at;
    size_t count, capacity;
    bool are_right, are_named;
};

/* parameter ::= specifier declarator, of an elementary type */
static void parameter(struct c0_unit *unit, struct parameters *parameters)
{
    const struct c0_type *base = c0_parse_type_specifier(unit);
    struct c0_declarator declarator = c0_parse_declarator(unit, base);
    const struct c0_type *type = declarator.type;
    if (declarator.is_function)
        c0_syntax_error(unit, declarator.where, "function pointers are not part of C0");
    if (type != NULL && !c0_type_is_elementary(type)) {
        c0_error(unit, declarator.where, "a parameter is elementary; this has type %s",
                 c0_type_name(unit->arena, type));
        type = NULL;
    }
    bool is_named = declarator.name != NULL;
    if (is_named && !c0_check_name_is_free(unit, declarator.where, declarator.name))
        type = NULL;
    c0_declare_local(unit, declarator.where, is_named ? declarator.name : "", type,
                     C0_SCOPE_PARAMETER);
    parameters->are_right = parameters->are_right && type != NULL;
    parameters->are_named = parameters->are_named && is_named;
    ARRAY_PUSH(unit->arena, parameters, type);
}

/* parameters ::= ( [ void ] ) | ( parameter { , parameter } ) */
static struct parameters parameter_list(struct c0_unit *unit)
{
    struct parameters parameters = {.are_right = true, .are_named = true};
    c0_advance(unit);
    bool is_void = c0_peek(unit) == C0_TOKEN_VOID && c0_second(unit)->kind == C0_TOKEN_CLOSE;
    if (is_void)
        c0_advance(unit);
    if (!is_void && c0_peek(unit) != C0_TOKEN_CLOSE) {
        do {
            parameter(unit, &parameters);
        } while (c0_accept(unit, C0_TOKEN_COMMA));
    }
    parameters.are_right =
        c0_expect(unit, C0_TOKEN_CLOSE, "after the parameters") && parameters.are_right;
    return parameters;
}

/* Goes back to where the parameters are, and behind the declarator again. */
static struct parameters parameters_of(struct c0_unit *unit, const struct c0_declarator *declarator)
{
    size_t end = unit->at;
    if (unit->is_panicking || end == declarator->parameters)
        return parameter_list(unit);
    unit->at = declarator->parameters;
    struct parameters parameters = parameter_list(unit);
    unit->at = unit->is_panicking ? unit->at : end;
    return parameters;
}

static void start_function(struct c0_unit *unit)
{
    unit->is_in_function = true;
    unit->locals = (struct c0_names){.arena = unit->arena};
    unit->local_cells = 0;
    unit->variables.at = NULL;
    unit->variables.count = unit->variables.capacity = 0;
}

static void end_function(struct c0_unit *unit)
{
    unit->is_in_function = false;
    unit->locals = (struct c0_names){.arena = unit->arena};
}

/* The parameters as the function's variables, unless a definition gave it its own. */
static void set_parameters(struct c0_unit *unit, struct c0_function *function)
{
    function->variables = unit->variables.at;
    function->variable_count = (uint32_t)unit->variables.count;
    function->parameter_count = function->variable_count;
}

static bool check_definition(struct c0_unit *unit, const struct c0_symbol *symbol,
                             struct location where)
{
    const struct c0_entity *entity = symbol->entity;
    if (entity->definition == NULL)
        return true;
    struct location before =
        entity->function != NULL ? entity->function->where : entity->variable->where;
    c0_error(unit, where, "%s is already defined at %s:%u", symbol->name, before.file,
             (unsigned)before.line);
    return false;
}

/* definition ::= ... body. `symbol` is NULL where the head has an error. */
static void function_definition(struct c0_unit *unit, struct location where, const char *name,
                                struct c0_symbol *symbol, const struct c0_type *result)
{
    uint32_t errors = unit->front->diagnostics.count;
    struct c0_symbol unknown = {.name = name, .type = result};
    bool is_new = symbol != NULL && check_definition(unit, symbol, where);
    uint32_t parameter_count = (uint32_t)unit->variables.count;
    struct c0_function ignored = {0};
    struct c0_function *function = is_new ? symbol->entity->function : &ignored;
    if (is_new) {
        symbol->entity->definition = symbol;
        function->where = where;
    }
    function->body = c0_parse_function_body(unit, symbol != NULL ? symbol : &unknown);
    function->variables = unit->variables.at;
    function->variable_count = (uint32_t)unit->variables.count;
    function->parameter_count = parameter_count;
    if (is_new && errors == unit->front->diagnostics.count)
        c0_check_assigned(unit, function);
}

/* function ::= specifier declarator parameters ( ; | body ). True: it had a body. */
static bool function(struct c0_unit *unit, struct storage storage,
                     const struct c0_declarator *declarator)
{
    struct location where = declarator->where;
    const struct c0_type *result = declarator->type;
    if (storage.is_typedef) {
        c0_syntax_error(unit, where, "function types are not part of C0");
        return false;
    }
    if (result != NULL && result->kind != C0_TYPE_VOID && !c0_type_is_elementary(result)) {
        c0_error(unit, where, "the result of a function is elementary; this has type %s",
                 c0_type_name(unit->arena, result));
        result = NULL;
    }
    start_function(unit);
    struct parameters parameters = parameters_of(unit, declarator);
    struct c0_symbol *symbol = NULL;
    if (result != NULL && parameters.are_right)
        symbol = c0_declare_function(unit, where, declarator->name, result, parameters.at,
                                     (uint32_t)parameters.count, storage.is_static);
    else if (!unit->is_panicking || c0_symbol_find(unit, declarator->name) == NULL)
        c0_declare_unknown(unit, declarator->name);
    if (symbol != NULL && symbol->entity->function->variables == NULL)
        set_parameters(unit, symbol->entity->function);
    bool has_body = c0_peek(unit) == C0_TOKEN_OPEN_BRACE;
    if (has_body && !parameters.are_named)
        c0_error(unit, where, "the parameters of a defined function have names");
    if (has_body)
        function_definition(unit, where, declarator->name, symbol, result);
    end_function(unit);
    return has_body;
}

/* A global: [ static ] defines it, extern declares it. */
static void global(struct c0_unit *unit, struct storage storage,
                   const struct c0_declarator *declarator)
{
    struct location where = declarator->where;
    const struct c0_type *type = declarator->type;
    if (type != NULL && !c0_type_is_object(type)) {
        c0_error(unit, where, "%s has type %s, which is not complete", declarator->name,
                 c0_type_name(unit->arena, type));
        type = NULL;
    }
    struct c0_symbol *symbol = NULL;
    if (type == NULL)
        c0_declare_unknown(unit, declarator->name);
    else
        symbol = c0_declare_global(unit, where, declarator->name, type, storage.is_static,
                                   storage.is_extern);
    if (storage.is_extern && c0_peek(unit) == C0_TOKEN_ASSIGN)
        c0_syntax_error(unit, c0_here(unit), "an extern declaration has no initial value");
    const struct c0_symbol *definition = symbol == NULL ? NULL : symbol->entity->definition;
    bool is_repeated = definition != NULL && definition->unit == unit->number;
    if (symbol != NULL && !storage.is_extern && !is_repeated &&
        check_definition(unit, symbol, where)) {
        symbol->entity->definition = symbol;
        symbol->entity->variable->where = where;
        symbol->entity->variable->is_defined = true;
    }
    if (!c0_accept(unit, C0_TOKEN_ASSIGN))
        return;
    if (symbol == NULL || unit->front->global_cells > C0_MAX_CELLS) {
        unit->is_panicking = true; /* reported; the value has no known type */
        return;
    }
    struct c0_variable *variable = symbol->entity->variable;
    if (variable->initial != NULL)
        c0_error(unit, where, "%s already has an initial value", variable->name);
    variable->initial = c0_parse_initial(unit, type);
}

/* declarators ::= declarator [ = initial ] { , declarator [ = initial ] }
 * True: it was the definition of a function, which no ';' follows. */
static bool declarators(struct c0_unit *unit, struct storage storage, const struct c0_type *base)
{
    do {
        struct c0_declarator declarator = c0_parse_declarator(unit, base);
        if (declarator.name == NULL) {
            c0_unexpected(unit, "a name to declare");
            return false;
        }
        if (declarator.is_function) {
            if (function(unit, storage, &declarator))
                return true;
        } else if (!storage.is_typedef) {
            global(unit, storage, &declarator);
        } else if (declarator.type != NULL) {
            c0_declare_type(unit, declarator.where, declarator.name, declarator.type);
        } else if (!unit->is_panicking) {
            c0_declare_unknown(unit, declarator.name);
        }
    } while (c0_accept(unit, C0_TOKEN_COMMA));
    return false;
}

/* declaration ::= storage specifier [ declarators ] ; | a function's definition */
static void declaration(struct c0_unit *unit)
{
    struct location where = c0_here(unit);
    struct storage found = storage(unit);
    enum c0_token_kind kind = c0_peek(unit);
    const struct c0_type *base = c0_parse_type_specifier(unit);
    if (c0_peek(unit) == C0_TOKEN_SEMICOLON) {
        bool declares = kind == C0_TOKEN_STRUCT || kind == C0_TOKEN_ENUM;
        if (!declares || found.is_typedef || found.is_static || found.is_extern)
            c0_error(unit, where, "this declares nothing");
        c0_advance(unit);
        return;
    }
    if (!declarators(unit, found, base))
        c0_expect(unit, C0_TOKEN_SEMICOLON, "after the declaration");
}

/* file ::= { declaration } */
void c0_parse_unit(struct c0_unit *unit)
{
    while (c0_peek(unit) != C0_TOKEN_END) {
        if (c0_peek(unit) == C0_TOKEN_SEMICOLON || c0_peek(unit) == C0_TOKEN_CLOSE_BRACE) {
            c0_error(unit, c0_here(unit), "expected a declaration, found '%s'",
                     c0_token_kind_name(c0_peek(unit)));
            c0_advance(unit);
        } else {
            declaration(unit);
        }
        if (unit->is_panicking)
            c0_recover_declaration(unit);
    }
}
