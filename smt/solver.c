/* The solver wall: terms become Z3's expressions, its models become assignments, and nothing that
 * it says of a model is believed before the evaluator says so too. */
#include "base/array.h"
#include "smt/assignment.h"
#include "smt/wall.h"

#include <stdlib.h>
#include <string.h>
#include <z3.h>

struct wall {
    struct arena *arena;
    struct terms *terms;
    Z3_context context; /* made at the first question that needs it */
    Z3_tactic tactic;
    Z3_sort memory_sort;
    Z3_ast *translated[2]; /* by enum arithmetic, by term id */
    size_t translated_count;
    ARRAY(Z3_func_decl) functions; /* by symbol */
    Z3_func_decl abstract[3][65];  /* product, quotient, remainder by width */
};

const char *solver_version(void)
{
    static char version[32];
    unsigned major, minor, build, revision;
    Z3_get_version(&major, &minor, &build, &revision);
    snprintf(version, sizeof version, "Z3 %u.%u.%u", major, minor, build);
    return version;
}

struct wall *wall_new(struct arena *arena, struct terms *terms)
{
    struct wall *wall = ARENA_NEW(arena, struct wall);
    wall->arena = arena;
    wall->terms = terms;
    return wall;
}

void wall_free(struct wall *wall)
{
    if (wall->context == NULL)
        return;
    Z3_tactic_dec_ref(wall->context, wall->tactic);
    Z3_del_context(wall->context);
    wall->context = NULL;
}

/* The context */

/* Z3 calls this at an error; whoever made the call looks at the code afterwards. */
static void error_is_noted(Z3_context context, Z3_error_code code)
{
    (void)context;
    (void)code;
}

static Z3_tactic tactic_then(Z3_context context, Z3_tactic first, const char *name)
{
    Z3_tactic second = Z3_mk_tactic(context, name);
    Z3_tactic_inc_ref(context, second);
    Z3_tactic both = Z3_tactic_and_then(context, first, second);
    Z3_tactic_inc_ref(context, both);
    Z3_tactic_dec_ref(context, first);
    Z3_tactic_dec_ref(context, second);
    return both;
}

static void context_need(struct wall *wall)
{
    if (wall->context != NULL)
        return;
    Z3_config config = Z3_mk_config();
    Z3_context context = Z3_mk_context(config);
    Z3_del_config(config);
    require(context != NULL, "Z3 makes a context");
    Z3_set_error_handler(context, error_is_noted);
    wall->context = context;
    wall->memory_sort =
        Z3_mk_array_sort(context, Z3_mk_bv_sort(context, 30), Z3_mk_bv_sort(context, 32));
    Z3_tactic tactic = Z3_mk_tactic(context, "simplify");
    Z3_tactic_inc_ref(context, tactic);
    tactic = tactic_then(context, tactic, "propagate-values");
    tactic = tactic_then(context, tactic, "solve-eqs");
    wall->tactic = tactic_then(context, tactic, "smt");
}

/* Terms become expressions */

static Z3_sort sort_translated(struct wall *wall, struct sort sort)
{
    switch (sort.kind) {
    case SORT_BOOL:
        return Z3_mk_bool_sort(wall->context);
    case SORT_WORD:
        return Z3_mk_bv_sort(wall->context, sort.width_bits);
    case SORT_MEMORY:
        return wall->memory_sort;
    }
    require(false, "a sort");
    return NULL;
}

static Z3_ast constant(struct wall *wall, uint64_t value, unsigned width_bits)
{
    return Z3_mk_unsigned_int64(wall->context, value & mask_of(width_bits),
                                Z3_mk_bv_sort(wall->context, width_bits));
}

/* Functions and variables by number: the names are the person's, and need no quoting this way. */
static Z3_func_decl function_of(struct wall *wall, uint64_t symbol)
{
    while (wall->functions.count <= symbol)
        ARRAY_PUSH(wall->arena, &wall->functions, NULL);
    if (wall->functions.at[symbol] != NULL)
        return wall->functions.at[symbol];
    const struct symbol *known = &wall->terms->symbols[symbol];
    Z3_sort *domain = ARENA_ARRAY(wall->arena, Z3_sort, known->count);
    for (size_t i = 0; i < known->count; i++)
        domain[i] = sort_translated(wall, known->parameters[i]);
    Z3_func_decl function =
        Z3_mk_func_decl(wall->context, Z3_mk_int_symbol(wall->context, (int)symbol),
                        (unsigned)known->count, domain, sort_translated(wall, known->sort));
    wall->functions.at[symbol] = function;
    return function;
}

/* The function that stands for a product, quotient or remainder of a width. */
static Z3_func_decl abstract_function(struct wall *wall, const struct node *node)
{
    unsigned which = node->kind == TERM_MUL ? 0 : node->kind == TERM_UDIV ? 1 : 2;
    Z3_func_decl *function = &wall->abstract[which][node->width_bits];
    if (*function == NULL) {
        Z3_sort sort = Z3_mk_bv_sort(wall->context, node->width_bits);
        Z3_sort domain[] = {sort, sort};
        static const char *const names[] = {"product", "quotient", "remainder"};
        *function = Z3_mk_func_decl(wall->context, Z3_mk_string_symbol(wall->context, names[which]),
                                    2, domain, sort);
    }
    return *function;
}

static Z3_ast index_of(struct wall *wall, Z3_ast address)
{
    return Z3_mk_extract(wall->context, 31, 2, address);
}

static bool is_choice_atom(const struct terms *terms, term atom)
{
    struct choice choice;
    return choice_of(terms, atom, &choice);
}

/* constant + coefficient * atom + ...; a monomial that a condition decides is an ite. */
static Z3_ast sum_translated(struct wall *wall, const struct node *node, Z3_ast *known)
{
    Z3_context c = wall->context;
    unsigned width_bits = node->width_bits;
    Z3_ast sum = NULL;
    struct choice choice;
    if (choice_of(wall->terms, node->self, &choice))
        return Z3_mk_ite(c, known[choice.condition.id], constant(wall, choice.then, width_bits),
                         constant(wall, choice.otherwise, width_bits));
    for (uint32_t i = 0; i < node->count; i++) {
        term atom = node->arguments[i];
        uint64_t coefficient = node->coefficients[i];
        Z3_ast part = known[atom.id];
        if (is_choice_atom(wall->terms, atom))
            part =
                Z3_mk_ite(c, known[argument_of(wall->terms, atom, 0).id],
                          constant(wall, coefficient, width_bits), constant(wall, 0, width_bits));
        else if (coefficient == mask_of(width_bits))
            part = Z3_mk_bvneg(c, part);
        else if (coefficient != 1)
            part = Z3_mk_bvmul(c, constant(wall, coefficient, width_bits), part);
        sum = sum == NULL ? part : Z3_mk_bvadd(c, sum, part);
    }
    return node->word == 0 ? sum : Z3_mk_bvadd(c, sum, constant(wall, node->word, width_bits));
}

typedef Z3_ast (*z3_binary)(Z3_context context, Z3_ast a, Z3_ast b);

static Z3_ast folded(struct wall *wall, z3_binary apply, const struct node *node,
                     const Z3_ast *known)
{
    Z3_ast result = known[node->arguments[0].id];
    for (uint32_t i = 1; i < node->count; i++)
        result = apply(wall->context, result, known[node->arguments[i].id]);
    return result;
}

static Z3_ast hard_translated(struct wall *wall, const struct node *node,
                              enum arithmetic arithmetic, const Z3_ast *known)
{
    if (arithmetic == ARITHMETIC_BITS)
        return folded(wall,
                      node->kind == TERM_MUL    ? Z3_mk_bvmul
                      : node->kind == TERM_UDIV ? Z3_mk_bvudiv
                                                : Z3_mk_bvurem,
                      node, known);
    Z3_func_decl function = abstract_function(wall, node);
    Z3_ast result = known[node->arguments[0].id];
    for (uint32_t i = 1; i < node->count; i++) {
        Z3_ast arguments[] = {result, known[node->arguments[i].id]};
        result = Z3_mk_app(wall->context, function, 2, arguments);
    }
    return result;
}

static Z3_ast list_translated(struct wall *wall, const struct node *node, const Z3_ast *known)
{
    Z3_ast few[16], *arguments = few;
    if (node->count > 16)
        arguments = ARENA_ARRAY(wall->arena, Z3_ast, node->count);
    for (uint32_t i = 0; i < node->count; i++)
        arguments[i] = known[node->arguments[i].id];
    if (node->kind == TERM_AND)
        return Z3_mk_and(wall->context, node->count, arguments);
    if (node->kind == TERM_OR)
        return Z3_mk_or(wall->context, node->count, arguments);
    return Z3_mk_app(wall->context, function_of(wall, node->word), node->count, arguments);
}

static Z3_ast node_translated(struct wall *wall, const struct node *node,
                              enum arithmetic arithmetic, Z3_ast *known)
{
    Z3_context c = wall->context;
    const term *arguments = node->arguments;
    Z3_ast a = node->count > 0 ? known[arguments[0].id] : NULL;
    Z3_ast b = node->count > 1 ? known[arguments[1].id] : NULL;
    switch ((enum term_kind)node->kind) {
    case TERM_CONSTANT:
        return constant(wall, node->word, node->width_bits);
    case TERM_TRUE:
        return Z3_mk_true(c);
    case TERM_FALSE:
        return Z3_mk_false(c);
    case TERM_VARIABLE:
    case TERM_APPLY:
    case TERM_AND:
    case TERM_OR:
        return list_translated(wall, node, known);
    case TERM_ITE:
        return Z3_mk_ite(c, a, b, known[arguments[2].id]);
    case TERM_NOT:
        return Z3_mk_not(c, a);
    case TERM_EQ:
        return Z3_mk_eq(c, a, b);
    case TERM_SUM:
        return sum_translated(wall, node, known);
    case TERM_MUL:
    case TERM_UDIV:
    case TERM_UREM:
        return hard_translated(wall, node, arithmetic, known);
    case TERM_BITAND:
        return folded(wall, Z3_mk_bvand, node, known);
    case TERM_BITOR:
        return folded(wall, Z3_mk_bvor, node, known);
    case TERM_BITXOR:
        return folded(wall, Z3_mk_bvxor, node, known);
    case TERM_BITNOT:
        return Z3_mk_bvnot(c, a);
    case TERM_SHL:
        return Z3_mk_bvshl(c, a, b);
    case TERM_LSHR:
        return Z3_mk_bvlshr(c, a, b);
    case TERM_ASHR:
        return Z3_mk_bvashr(c, a, b);
    case TERM_ULT:
        return Z3_mk_bvult(c, a, b);
    case TERM_SLT:
        return Z3_mk_bvslt(c, a, b);
    case TERM_CONCAT:
        return Z3_mk_concat(c, a, b);
    case TERM_EXTRACT:
        return Z3_mk_extract(c, node->low + node->width_bits - 1u, node->low, a);
    case TERM_ZEXT:
        return Z3_mk_zero_ext(c, node->width_bits - width_of(wall->terms, arguments[0]), a);
    case TERM_SEXT:
        return Z3_mk_sign_ext(c, node->width_bits - width_of(wall->terms, arguments[0]), a);
    case TERM_SELECT:
        return Z3_mk_select(c, a, index_of(wall, b));
    case TERM_STORE:
        return Z3_mk_store(c, a, index_of(wall, b), known[arguments[2].id]);
    }
    require(false, "a kind");
    return NULL;
}

static void translated_grow(struct wall *wall)
{
    if (wall->translated_count >= wall->terms->count)
        return;
    size_t count = wall->terms->count + wall->terms->count / 2;
    for (int i = 0; i < 2; i++) {
        Z3_ast *larger = ARENA_ARRAY(wall->arena, Z3_ast, count);
        if (wall->translated_count != 0)
            memcpy(larger, wall->translated[i], wall->translated_count * sizeof *larger);
        wall->translated[i] = larger;
    }
    wall->translated_count = count;
}

/* Arguments before what they are part of, so that nothing recurs. */
static void translate_all(struct wall *wall, const struct reach *reach, enum arithmetic arithmetic)
{
    translated_grow(wall);
    Z3_ast *known = wall->translated[arithmetic];
    for (size_t i = 0; i < reach->count; i++)
        if (known[reach->at[i].id] == NULL)
            known[reach->at[i].id] =
                node_translated(wall, node_of(wall->terms, reach->at[i]), arithmetic, known);
}

/* What holds of an abstract quotient or remainder whatever its arguments are: the bounds that the
 * store knows; a quotient by x > 0 is at most the dividend; a remainder always is, and below x if
 * that is not 0. */
static void abstract_facts(struct wall *wall, Z3_solver z3, const struct reach *reach)
{
    Z3_context c = wall->context;
    Z3_ast *known = wall->translated[ARITHMETIC_ABSTRACT];
    for (size_t i = 0; i < reach->count; i++) {
        const struct node *node = node_of(wall->terms, reach->at[i]);
        if (!is_hard_arithmetic(wall->terms, node->self))
            continue;
        unsigned width_bits = node->width_bits;
        Z3_ast value = known[node->self.id];
        if (node->bounds.low > 0)
            Z3_solver_assert(c, z3,
                             Z3_mk_bvuge(c, value, constant(wall, node->bounds.low, width_bits)));
        if (node->bounds.high < mask_of(width_bits))
            Z3_solver_assert(c, z3,
                             Z3_mk_bvule(c, value, constant(wall, node->bounds.high, width_bits)));
        if (node->kind == TERM_MUL)
            continue;
        Z3_ast dividend = known[node->arguments[0].id], divisor = known[node->arguments[1].id];
        Z3_ast is_zero = Z3_mk_eq(c, divisor, constant(wall, 0, width_bits));
        Z3_ast is_at_most = Z3_mk_bvule(c, value, dividend);
        bool is_remainder = node->kind == TERM_UREM;
        Z3_ast either[] = {is_zero, is_remainder ? Z3_mk_bvult(c, value, divisor) : is_at_most};
        Z3_solver_assert(c, z3, Z3_mk_or(c, 2, either));
        if (is_remainder)
            Z3_solver_assert(c, z3, is_at_most);
    }
}

/* Models become assignments */

static bool numeral_of(Z3_context c, Z3_ast ast, uint64_t *value)
{
    if (Z3_get_ast_kind(c, ast) == Z3_NUMERAL_AST)
        return Z3_get_numeral_uint64(c, ast, value);
    Z3_lbool truth = Z3_get_bool_value(c, ast);
    *value = truth == Z3_L_TRUE;
    return truth != Z3_L_UNDEF;
}

/* Where the words of one memory go: a variable, or the application of a function. */
struct target {
    struct wall *wall;
    struct assignment *assignment;
    const struct node *memory;
};

static void target_word(const struct target *target, uint64_t index, uint64_t word)
{
    uint32_t address = (uint32_t)(index << 2);
    if (target->memory->kind == TERM_VARIABLE)
        assignment_set_memory_word(target->assignment, target->memory->self, address,
                                   (uint32_t)word);
    else
        assignment_set_apply_memory_word(target->wall->terms, target->assignment,
                                         target->memory->self, address, (uint32_t)word);
}

static void target_default(const struct target *target, uint64_t word)
{
    if (target->memory->kind == TERM_VARIABLE)
        assignment_set_memory_default(target->assignment, target->memory->self, (uint32_t)word);
    else
        assignment_set_apply_memory_default(target->wall->terms, target->assignment,
                                            target->memory->self, (uint32_t)word);
}

static bool function_words(const struct target *target, Z3_model model, Z3_func_decl function)
{
    Z3_context c = target->wall->context;
    Z3_func_interp interpretation = Z3_model_get_func_interp(c, model, function);
    if (interpretation == NULL)
        return false;
    Z3_func_interp_inc_ref(c, interpretation);
    uint64_t index, word;
    bool is_read = numeral_of(c, Z3_func_interp_get_else(c, interpretation), &word);
    if (is_read)
        target_default(target, word);
    for (unsigned i = 0; is_read && i < Z3_func_interp_get_num_entries(c, interpretation); i++) {
        Z3_func_entry entry = Z3_func_interp_get_entry(c, interpretation, i);
        Z3_func_entry_inc_ref(c, entry);
        is_read = numeral_of(c, Z3_func_entry_get_arg(c, entry, 0), &index) &&
                  numeral_of(c, Z3_func_entry_get_value(c, entry), &word);
        if (is_read)
            target_word(target, index, word);
        Z3_func_entry_dec_ref(c, entry);
    }
    Z3_func_interp_dec_ref(c, interpretation);
    return is_read;
}

/* store(store(const(word), index, word), ...), or a function of the model as an array */
static bool memory_words(const struct target *target, Z3_model model, Z3_ast array)
{
    Z3_context c = target->wall->context;
    ARRAY(Z3_ast) stores = {0};
    uint64_t index, word;
    for (;;) {
        if (Z3_is_as_array(c, array)) {
            if (!function_words(target, model, Z3_get_as_array_func_decl(c, array)))
                return false;
            break;
        }
        if (Z3_get_ast_kind(c, array) != Z3_APP_AST)
            return false;
        Z3_app app = Z3_to_app(c, array);
        Z3_decl_kind kind = Z3_get_decl_kind(c, Z3_get_app_decl(c, app));
        if (kind == Z3_OP_CONST_ARRAY) {
            if (!numeral_of(c, Z3_get_app_arg(c, app, 0), &word))
                return false;
            target_default(target, word);
            break;
        }
        if (kind != Z3_OP_STORE)
            return false;
        ARRAY_PUSH(target->wall->arena, &stores, array);
        array = Z3_get_app_arg(c, app, 0);
    }
    while (stores.count > 0) { /* the innermost first: the last one to an index counts */
        Z3_app app = Z3_to_app(c, stores.at[--stores.count]);
        if (!numeral_of(c, Z3_get_app_arg(c, app, 1), &index) ||
            !numeral_of(c, Z3_get_app_arg(c, app, 2), &word))
            return false;
        target_word(target, index, word);
    }
    return true;
}

static bool leaf_from_model(struct wall *wall, Z3_model model, const struct node *node,
                            struct assignment *assignment)
{
    Z3_ast value;
    uint64_t number;
    if (!Z3_model_eval(wall->context, model, wall->translated[ARITHMETIC_BITS][node->self.id], true,
                       &value))
        return false;
    if (node->sort_kind == SORT_MEMORY) {
        struct target target = {wall, assignment, node};
        return memory_words(&target, model, value);
    }
    if (!numeral_of(wall->context, value, &number))
        return false;
    if (node->kind == TERM_APPLY)
        assignment_set_apply(wall->terms, assignment, node->self, number);
    else if (node->sort_kind == SORT_BOOL)
        assignment_set_bool(assignment, node->self, number != 0);
    else
        assignment_set_word(assignment, node->self, number);
    return true;
}

/* Variables and applications by id: a function's arguments have their values before it has. */
static struct assignment *assignment_of_model(struct wall *wall, Z3_model model,
                                              const struct reach *reach)
{
    struct assignment *assignment = assignment_new(wall->arena, 0);
    for (size_t i = 0; i < reach->count; i++) {
        const struct node *node = node_of(wall->terms, reach->at[i]);
        if ((node->kind == TERM_VARIABLE || node->kind == TERM_APPLY) &&
            !leaf_from_model(wall, model, node, assignment))
            return NULL;
    }
    return assignment;
}

/* Asking */

static uint64_t steps_of(Z3_context c, Z3_solver z3)
{
    Z3_stats statistics = Z3_solver_get_statistics(c, z3);
    Z3_stats_inc_ref(c, statistics);
    uint64_t steps = 0;
    for (unsigned i = 0; i < Z3_stats_size(c, statistics); i++)
        if (strcmp(Z3_stats_get_key(c, statistics, i), "rlimit count") == 0)
            steps = Z3_stats_get_uint_value(c, statistics, i);
    Z3_stats_dec_ref(c, statistics);
    return steps;
}

static Z3_solver z3_solver_new(struct wall *wall, uint32_t rlimit)
{
    Z3_context c = wall->context;
    Z3_solver z3 = Z3_mk_solver_from_tactic(c, wall->tactic);
    Z3_solver_inc_ref(c, z3);
    Z3_params parameters = Z3_mk_params(c);
    Z3_params_inc_ref(c, parameters);
    Z3_params_set_uint(c, parameters, Z3_mk_string_symbol(c, "rlimit"), rlimit);
    Z3_params_set_uint(c, parameters, Z3_mk_string_symbol(c, "random_seed"), 0);
    Z3_solver_set_params(c, z3, parameters);
    Z3_params_dec_ref(c, parameters);
    return z3;
}

static struct reply broken(const char *reason)
{
    return (struct reply){.answer = ANSWER_BROKEN, .reason = reason};
}

static struct reply reply_to_model(struct wall *wall, Z3_solver z3, const struct prepared *asked,
                                   const struct reach *reach)
{
    Z3_context c = wall->context;
    Z3_model model = Z3_solver_get_model(c, z3);
    if (model == NULL)
        return broken("no model");
    Z3_model_inc_ref(c, model);
    struct assignment *assignment = assignment_of_model(wall, model, reach);
    Z3_model_dec_ref(c, model);
    if (assignment == NULL)
        return broken("a model that cannot be read");
    if (!is_refuted_by(wall->terms, assignment, asked))
        return broken("a model that does not evaluate");
    return (struct reply){.answer = ANSWER_REFUTED, .model = assignment};
}

static struct reply reply_to_unknown(struct wall *wall, Z3_solver z3)
{
    const char *words = Z3_solver_get_reason_unknown(wall->context, z3);
    bool is_limit = strstr(words, "resource") != NULL || strcmp(words, "canceled") == 0;
    return (struct reply){.answer = is_limit ? ANSWER_LIMIT : ANSWER_UNKNOWN,
                          .reason = arena_copy(wall->arena, words, strlen(words))};
}

static struct reply ask_z3(struct wall *wall, const struct prepared *asked,
                           const struct reach *reach, enum arithmetic arithmetic, uint32_t rlimit)
{
    Z3_context c = wall->context;
    translate_all(wall, reach, arithmetic);
    Z3_ast *known = wall->translated[arithmetic];
    Z3_solver z3 = z3_solver_new(wall, rlimit);
    for (size_t i = 0; i < asked->count; i++)
        Z3_solver_assert(c, z3, known[asked->facts[i].id]);
    Z3_solver_assert(c, z3, Z3_mk_not(c, known[asked->goal.id]));
    if (arithmetic == ARITHMETIC_ABSTRACT)
        abstract_facts(wall, z3, reach);
    struct reply reply;
    uint64_t before = steps_of(c, z3);
    Z3_lbool found = Z3_get_error_code(c) == Z3_OK ? Z3_solver_check(c, z3) : Z3_L_UNDEF;
    if (found == Z3_L_FALSE)
        reply = (struct reply){.answer = ANSWER_PROVED};
    else if (found == Z3_L_TRUE && arithmetic == ARITHMETIC_BITS)
        reply = reply_to_model(wall, z3, asked, reach);
    else if (found == Z3_L_TRUE)
        reply =
            (struct reply){.answer = ANSWER_UNKNOWN, .reason = "refuted with abstract products"};
    else
        reply = reply_to_unknown(wall, z3);
    Z3_error_code code = Z3_get_error_code(c);
    if (code != Z3_OK)
        reply = broken(arena_printf(wall->arena, "%s", Z3_get_error_msg(c, code)));
    reply.spent = steps_of(c, z3) - before;
    Z3_solver_dec_ref(c, z3);
    return reply;
}

/* Z3 recurs on its expressions, and ends the process where its stack does. */
enum { SOLVER_DEPTH_MAX = 6000 };

static bool is_too_deep(const struct terms *terms, const struct reach *reach)
{
    uint32_t highest = reach->at[reach->count - 1].id;
    uint16_t *depth = calloc((size_t)highest + 1, sizeof *depth);
    require(depth != NULL, "out of memory");
    bool is_deep = false;
    for (size_t i = 0; i < reach->count && !is_deep; i++) {
        const struct node *node = node_of(terms, reach->at[i]);
        for (uint32_t j = 0; j < node->count; j++)
            if (depth[node->arguments[j].id] >= depth[node->self.id])
                depth[node->self.id] = (uint16_t)(depth[node->arguments[j].id] + 1);
        is_deep = depth[node->self.id] > SOLVER_DEPTH_MAX;
    }
    free(depth);
    return is_deep;
}

struct reply wall_ask(struct wall *wall, const struct prepared *asked, uint32_t rlimit)
{
    ARRAY(term) roots = {0};
    for (size_t i = 0; i < asked->count; i++)
        ARRAY_PUSH(wall->arena, &roots, asked->facts[i]);
    ARRAY_PUSH(wall->arena, &roots, asked->goal);
    struct reach reach = reach_of(wall->terms, roots.at, roots.count);
    if (is_too_deep(wall->terms, &reach)) {
        reach_free(&reach);
        return (struct reply){.answer = ANSWER_UNKNOWN, .reason = "terms too deep for the solver"};
    }
    context_need(wall);
    uint64_t spent = 0;
    struct reply reply = {0};
    if (asked->has_hard_arithmetic) {
        reply = ask_z3(wall, asked, &reach, ARITHMETIC_ABSTRACT, rlimit);
        spent = reply.spent;
    }
    if (!asked->has_hard_arithmetic || reply.answer != ANSWER_PROVED) {
        reply = ask_z3(wall, asked, &reach, ARITHMETIC_BITS, rlimit);
        reply.spent += spent;
    }
    reach_free(&reach);
    return reply;
}
