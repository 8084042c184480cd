#include "semantics/c0/fast_emit.h"

#include "base/require.h"
#include "semantics/c0/machine_word.h"

/* --- What the tables of fast.def say --- */

/* The comparisons in the order of fast.def; each has four instructions in a row. */
enum comparison {
#define FAST_COMPARE(name, op, is_swapped, inverse, mirror) COMPARISON_##name,
#include "semantics/c0/fast.def"
    COMPARISON_COUNT
};

enum form { FORM_SET, FORM_SETK, FORM_BR, FORM_BRK, FORM_COUNT };

static const struct {
    enum comparison inverse, mirror;
} comparisons[COMPARISON_COUNT] = {
#define FAST_COMPARE(name, op, is_swapped, inverse, mirror)                                        \
    [COMPARISON_##name] = {COMPARISON_##inverse, COMPARISON_##mirror},
#include "semantics/c0/fast.def"
};

static const bool has_result[C0_FAST_OP_COUNT] = {
#define FAST_WORD(name) [C0_FAST_##name] = true, [C0_FAST_##name##K] = true,
#define FAST_COMPARE(name, op, is_swapped, inverse, mirror)                                        \
    [C0_FAST_SET_##name] = true, [C0_FAST_SETK_##name] = true,
#define FAST_PLAIN(name, is_result) [C0_FAST_##name] = is_result,
#include "semantics/c0/fast.def"
};

static bool is_comparing(enum c0_fast_op op)
{
    return op >= C0_FAST_SET_EQ && op < C0_FAST_SET_EQ + COMPARISON_COUNT * FORM_COUNT;
}

static enum comparison comparison_of(enum c0_fast_op op)
{
    return (enum comparison)((op - C0_FAST_SET_EQ) / FORM_COUNT);
}

static enum form form_of(enum c0_fast_op op)
{
    return (enum form)((op - C0_FAST_SET_EQ) % FORM_COUNT);
}

static enum c0_fast_op comparing(enum comparison comparison, enum form form)
{
    return (enum c0_fast_op)(C0_FAST_SET_EQ + comparison * FORM_COUNT + form);
}

static enum c0_fast_op inverse_of(enum c0_fast_op op)
{
    return comparing(comparisons[comparison_of(op)].inverse, form_of(op));
}

/* --- Instructions and registers --- */

void fast_begin_node(struct fast_emitter *emitter, const struct c0_stmt *stmt)
{
    require(emitter->open == NO_CONDITION && emitter->lazies.count == 0,
            "a node ends with its conditions decided");
    emitter->stmt = stmt;
    emitter->next_temporary = emitter->first_temporary;
    emitter->conditions.count = 0;
    emitter->barrier = (uint32_t)emitter->code.count;
}

uint32_t fast_temporaries(struct fast_emitter *emitter, uint32_t count)
{
    uint32_t first = emitter->next_temporary;
    emitter->next_temporary += count;
    if (emitter->window_cells < emitter->next_temporary)
        emitter->window_cells = emitter->next_temporary;
    return first;
}

uint32_t fast_temporary(struct fast_emitter *emitter)
{
    return fast_temporaries(emitter, 1);
}

struct fast_operand fast_register(uint32_t number)
{
    return (struct fast_operand){FAST_REGISTER, number};
}

struct fast_operand fast_constant(uint32_t word)
{
    return (struct fast_operand){FAST_CONSTANT, word};
}

static void resolve(struct fast_emitter *emitter, uint32_t target);

static uint32_t append(struct fast_emitter *emitter, struct c0_instr instr)
{
    struct c0_site site = {emitter->stmt, emitter->steps_done};
    ARRAY_PUSH(emitter->arena, &emitter->code, instr);
    ARRAY_PUSH(emitter->arena, &emitter->sites, site);
    return (uint32_t)emitter->code.count - 1;
}

uint32_t fast_emit(struct fast_emitter *emitter, struct c0_instr instr)
{
    if (emitter->open != NO_CONDITION)
        resolve(emitter, fast_temporary(emitter));
    return append(emitter, instr);
}

/* The last instruction if it is all that gives `number`, a temporary, its value; it may then be
 * rewritten or taken back. */
static struct c0_instr *producer(struct fast_emitter *emitter, struct fast_operand operand)
{
    if (operand.kind != FAST_REGISTER || operand.number < emitter->first_temporary ||
        emitter->open != NO_CONDITION || emitter->code.count <= emitter->barrier)
        return NULL;
    struct c0_instr *last = &emitter->code.at[emitter->code.count - 1];
    return has_result[last->op] && last->a == operand.number ? last : NULL;
}

static void take_back(struct fast_emitter *emitter)
{
    emitter->code.count--;
    emitter->sites.count--;
}

uint32_t fast_in_register(struct fast_emitter *emitter, struct fast_operand operand)
{
    if (operand.kind == FAST_REGISTER)
        return operand.number;
    uint32_t target = fast_temporary(emitter);
    if (operand.kind == FAST_CONSTANT) {
        fast_emit(emitter, (struct c0_instr){C0_FAST_MOVEK, .a = target, .b = operand.number});
        return target;
    }
    if (emitter->open == operand.number)
        resolve(emitter, target);
    require(emitter->conditions.at[operand.number].is_resolved, "a condition has a value");
    return emitter->conditions.at[operand.number].resolved;
}

void fast_move_to(struct fast_emitter *emitter, uint32_t target, struct fast_operand operand)
{
    struct c0_instr *last = producer(emitter, operand);
    if (last != NULL) {
        last->a = target;
        return;
    }
    if (operand.kind == FAST_CONDITION && emitter->open == operand.number) {
        resolve(emitter, target);
        return;
    }
    if (operand.kind == FAST_CONSTANT) {
        fast_emit(emitter, (struct c0_instr){C0_FAST_MOVEK, .a = target, .b = operand.number});
        return;
    }
    uint32_t source = fast_in_register(emitter, operand);
    fast_emit(emitter, (struct c0_instr){C0_FAST_MOVE, .a = target, .b = source});
}

/* --- Jumps within a node --- */

static void add_patch(struct fast_emitter *emitter, struct fast_patches *patches, uint32_t instr,
                      bool is_d)
{
    struct fast_patch patch = {instr, is_d};
    ARRAY_PUSH(emitter->arena, patches, patch);
}

/* Those jumps lead to the next instruction. */
static void bind_here(struct fast_emitter *emitter, const struct fast_patches *patches)
{
    uint32_t here = (uint32_t)emitter->code.count;
    for (size_t i = 0; i < patches->count; i++) {
        struct c0_instr *instr = &emitter->code.at[patches->at[i].instr];
        *(patches->at[i].is_d ? &instr->d : &instr->c) = here - patches->at[i].instr;
    }
    emitter->barrier = here;
}

/* Emits a condition's last comparison; its two ways join those taken before. */
static void emit_test(struct fast_emitter *emitter, struct fast_condition *condition)
{
    struct c0_instr instr = {(uint16_t)condition->branch, .a = condition->left,
                             .b = condition->right};
    uint32_t number = append(emitter, instr);
    add_patch(emitter, &condition->if_true, number, false);
    add_patch(emitter, &condition->if_false, number, true);
}

/* Gives the open condition's value, 1 or 0, to a register. */
static void resolve(struct fast_emitter *emitter, uint32_t target)
{
    uint32_t number = emitter->open;
    struct fast_condition condition = emitter->conditions.at[number];
    struct fast_patches to_end = {0};
    emitter->open = NO_CONDITION;
    emit_test(emitter, &condition);
    bind_here(emitter, &condition.if_true);
    append(emitter, (struct c0_instr){C0_FAST_MOVEK, .a = target, .b = 1});
    add_patch(emitter, &to_end, append(emitter, (struct c0_instr){.op = C0_FAST_JUMP}), false);
    bind_here(emitter, &condition.if_false);
    append(emitter, (struct c0_instr){C0_FAST_MOVEK, .a = target, .b = 0});
    bind_here(emitter, &to_end);
    emitter->conditions.at[number].is_resolved = true;
    emitter->conditions.at[number].resolved = target;
}

/* The operand as a condition: an open one, a comparison just made, or "not 0". */
static struct fast_condition take_condition(struct fast_emitter *emitter,
                                            struct fast_operand operand)
{
    if (operand.kind == FAST_CONDITION && emitter->open == operand.number) {
        emitter->open = NO_CONDITION;
        return emitter->conditions.at[operand.number];
    }
    if (emitter->open != NO_CONDITION) /* another one, evaluated earlier */
        resolve(emitter, fast_temporary(emitter));
    const struct c0_instr *last = producer(emitter, operand);
    if (last != NULL && is_comparing(last->op)) {
        enum form form = form_of(last->op) == FORM_SET ? FORM_BR : FORM_BRK;
        struct fast_condition made = {
            .branch = comparing(comparison_of(last->op), form), .left = last->b, .right = last->c};
        take_back(emitter);
        return made;
    }
    return (struct fast_condition){.branch = C0_FAST_BRK_NE,
                                   .left = fast_in_register(emitter, operand)};
}

static void append_patches(struct fast_emitter *emitter, struct fast_patches *patches,
                           const struct fast_patches *more)
{
    for (size_t i = 0; i < more->count; i++)
        ARRAY_PUSH(emitter->arena, patches, more->at[i]);
}

/* The left operand decides `&&` if it is false, `||` if it is true: then control goes to the end;
 * else it goes on here. */
bool fast_lazy_begin(struct fast_emitter *emitter, bool is_and, struct fast_operand left)
{
    if (left.kind == FAST_CONSTANT)
        return is_and == (left.number != 0);
    struct fast_condition condition = take_condition(emitter, left);
    emit_test(emitter, &condition);
    bind_here(emitter, is_and ? &condition.if_true : &condition.if_false);
    ARRAY_PUSH(emitter->arena, &emitter->lazies, is_and ? condition.if_false : condition.if_true);
    return true;
}

struct fast_operand fast_lazy_end(struct fast_emitter *emitter, bool is_and,
                                  struct fast_operand left, struct fast_operand right)
{
    if (left.kind == FAST_CONSTANT)
        return right;
    if (right.kind == FAST_CONSTANT)
        right = fast_register(fast_in_register(emitter, right));
    struct fast_condition condition = take_condition(emitter, right);
    const struct fast_patches *decided = &emitter->lazies.at[--emitter->lazies.count];
    append_patches(emitter, is_and ? &condition.if_false : &condition.if_true, decided);
    ARRAY_PUSH(emitter->arena, &emitter->conditions, condition);
    emitter->open = (uint32_t)emitter->conditions.count - 1;
    return (struct fast_operand){FAST_CONDITION, emitter->open};
}

/* --- Word operations --- */

static enum c0_fast_op word_instruction(enum c0_word_op op)
{
    switch (op) {
    case C0_WORD_ADD:
        return C0_FAST_ADD;
    case C0_WORD_SUB:
        return C0_FAST_SUB;
    case C0_WORD_MUL:
        return C0_FAST_MUL;
    case C0_WORD_UDIV:
        return C0_FAST_UDIV;
    case C0_WORD_UREM:
        return C0_FAST_UREM;
    case C0_WORD_SDIV:
        return C0_FAST_SDIV;
    case C0_WORD_SREM:
        return C0_FAST_SREM;
    case C0_WORD_AND:
        return C0_FAST_AND;
    case C0_WORD_OR:
        return C0_FAST_OR;
    case C0_WORD_XOR:
        return C0_FAST_XOR;
    case C0_WORD_SHL:
        return C0_FAST_SHL;
    case C0_WORD_LSHR:
        return C0_FAST_LSHR;
    case C0_WORD_ASHR:
        return C0_FAST_ASHR;
    case C0_WORD_EQ:
        return C0_FAST_SET_EQ;
    case C0_WORD_NE:
        return C0_FAST_SET_NE;
    case C0_WORD_ULT:
        return C0_FAST_SET_ULT;
    case C0_WORD_ULE:
        return C0_FAST_SET_ULE;
    case C0_WORD_SLT:
        return C0_FAST_SET_SLT;
    case C0_WORD_SLE:
        return C0_FAST_SET_SLE;
    case C0_WORD_SEXT8:
        return C0_FAST_SEXT8;
    }
    require(false, "an operation on words");
    return C0_FAST_ADD;
}

static bool is_commutative(enum c0_word_op op)
{
    return op == C0_WORD_ADD || op == C0_WORD_MUL || op == C0_WORD_AND || op == C0_WORD_OR ||
           op == C0_WORD_XOR;
}

/* `x == 0` of a truth value: the same test, inverted. */
static bool invert(struct fast_emitter *emitter, struct fast_operand operand)
{
    if (operand.kind == FAST_CONDITION && emitter->open == operand.number) {
        struct fast_condition *condition = &emitter->conditions.at[operand.number];
        struct fast_patches if_true = condition->if_true;
        condition->if_true = condition->if_false;
        condition->if_false = if_true;
        condition->branch = inverse_of(condition->branch);
        return true;
    }
    struct c0_instr *last = producer(emitter, operand);
    if (last == NULL || !is_comparing(last->op))
        return false;
    last->op = (uint16_t)inverse_of(last->op);
    return true;
}

/* `x | 1` of a truth value just computed is 1: so the test for INT_MIN / -1 vanishes where the
 * divisor is a constant. */
static bool is_true_already(struct fast_emitter *emitter, enum c0_word_op op,
                            struct fast_operand one, struct fast_operand other)
{
    if (op != C0_WORD_OR || one.kind != FAST_CONSTANT || one.number != 1)
        return false;
    const struct c0_instr *last = producer(emitter, other);
    if (last == NULL || !is_comparing(last->op))
        return false;
    take_back(emitter);
    return true;
}

struct fast_operand fast_word(struct fast_emitter *emitter, enum c0_word_op op,
                              struct fast_operand left, struct fast_operand right)
{
    bool are_constant = left.kind == FAST_CONSTANT && right.kind == FAST_CONSTANT;
    if (are_constant && !c0_word_is_undefined(op, left.number, right.number))
        return fast_constant(c0_word_compute(op, left.number, right.number));
    if (op == C0_WORD_EQ && right.kind == FAST_CONSTANT && right.number == 0 &&
        invert(emitter, left))
        return left;
    if (op == C0_WORD_MUL && right.kind == FAST_CONSTANT && right.number == 1)
        return left;
    if (is_true_already(emitter, op, left, right) || is_true_already(emitter, op, right, left))
        return fast_constant(1);
    enum c0_fast_op instruction = word_instruction(op);
    if (left.kind == FAST_CONSTANT && right.kind != FAST_CONSTANT &&
        (is_commutative(op) || is_comparing(instruction))) {
        struct fast_operand other = left;
        left = right;
        right = other;
        if (is_comparing(instruction))
            instruction = comparing(comparisons[comparison_of(instruction)].mirror, FORM_SET);
    }
    struct c0_instr instr = {.b = fast_in_register(emitter, left)};
    bool is_constant = right.kind == FAST_CONSTANT;
    instr.op = (uint16_t)(instruction + is_constant); /* the form with a constant comes next */
    instr.c = is_constant ? right.number : fast_in_register(emitter, right);
    instr.a = fast_temporary(emitter);
    fast_emit(emitter, instr);
    return fast_register(instr.a);
}

void fast_require(struct fast_emitter *emitter, struct fast_operand condition, enum c0_rule rule)
{
    if (condition.kind == FAST_CONSTANT) {
        if (condition.number == 0)
            fast_emit(emitter, (struct c0_instr){C0_FAST_FAULT, .d = rule});
        return;
    }
    const struct c0_instr *last = producer(emitter, condition);
    struct c0_instr check = {C0_FAST_NONZERO, .d = rule};
    if (last != NULL && last->op == C0_FAST_SETK_ULT) {
        check.op = C0_FAST_BELOWK;
    } else if (last != NULL && last->op == C0_FAST_SETK_ULE) {
        check.op = C0_FAST_AT_MOSTK;
    } else if (last == NULL || last->op != C0_FAST_SETK_NE || last->c != 0) {
        check.a = fast_in_register(emitter, condition);
        fast_emit(emitter, check);
        return;
    }
    check.a = last->b;
    check.b = last->c;
    take_back(emitter);
    fast_emit(emitter, check);
}

/* --- Jumps to nodes --- */

static void link_to(struct fast_emitter *emitter, uint32_t instr, bool is_d, uint32_t node)
{
    struct fast_link link = {{instr, is_d}, node};
    ARRAY_PUSH(emitter->arena, &emitter->links, link);
}

void fast_jump(struct fast_emitter *emitter, uint32_t node)
{
    link_to(emitter, fast_emit(emitter, (struct c0_instr){.op = C0_FAST_JUMP}), false, node);
}

void fast_branch(struct fast_emitter *emitter, struct fast_operand operand, uint32_t if_true,
                 uint32_t if_false)
{
    if (operand.kind == FAST_CONSTANT) {
        fast_jump(emitter, operand.number != 0 ? if_true : if_false);
        return;
    }
    struct fast_condition condition = take_condition(emitter, operand);
    emit_test(emitter, &condition);
    for (size_t i = 0; i < condition.if_true.count; i++)
        link_to(emitter, condition.if_true.at[i].instr, condition.if_true.at[i].is_d, if_true);
    for (size_t i = 0; i < condition.if_false.count; i++)
        link_to(emitter, condition.if_false.at[i].instr, condition.if_false.at[i].is_d, if_false);
}
