/* Building trees. */
#include "compiler/tree.h"

#include "base/require.h"

static uint32_t max(uint32_t left, uint32_t right)
{
    return left > right ? left : right;
}

static struct tree *tree_new(struct arena *arena, enum tree_kind kind)
{
    struct tree *tree = ARENA_NEW(arena, struct tree);
    tree->kind = kind;
    tree->demand = 1;
    tree->symbol = tree->address.symbol = TREE_NO_SYMBOL;
    return tree;
}

const struct tree *tree_constant(struct arena *arena, uint32_t word)
{
    struct tree *tree = tree_new(arena, TREE_CONSTANT);
    tree->word = word;
    tree->demand = word == 0 ? 0 : 1;
    return tree;
}

const struct tree *tree_register(struct arena *arena, uint8_t reg)
{
    struct tree *tree = tree_new(arena, TREE_REGISTER);
    tree->reg = reg;
    tree->demand = 0;
    return tree;
}

const struct tree *tree_symbol(struct arena *arena, uint32_t symbol)
{
    struct tree *tree = tree_new(arena, TREE_SYMBOL);
    tree->symbol = symbol;
    return tree;
}

/* An offset beyond 16 bits takes a register of its own beside the base. */
static uint32_t address_demand(struct tree_address address)
{
    bool is_far = address.symbol == TREE_NO_SYMBOL && !tree_fits_16(address.offset);
    return max(address.base->demand, is_far ? 2 : 1);
}

const struct tree *tree_of_address(struct arena *arena, struct tree_address address)
{
    if (address.symbol == TREE_NO_SYMBOL && address.offset == 0)
        return address.base;
    struct tree *tree = tree_new(arena, TREE_ADDRESS);
    tree->address = address;
    tree->has_call = address.base->has_call;
    tree->demand = address_demand(address);
    return tree;
}

const struct tree *tree_load(struct arena *arena, struct tree_address address)
{
    struct tree *tree = tree_new(arena, TREE_LOAD);
    tree->address = address;
    tree->has_call = address.base->has_call;
    tree->demand = address_demand(address);
    return tree;
}

bool tree_immediate(enum vamp_op op, uint32_t word, enum vamp_op *immediate_op, uint32_t *immediate)
{
    static const struct {
        enum vamp_op op, immediate_op;
    } pairs[] = {
        {VAMP_OP_ADD, VAMP_OP_ADDI}, {VAMP_OP_SUB, VAMP_OP_ADDI}, {VAMP_OP_AND, VAMP_OP_ANDI},
        {VAMP_OP_OR, VAMP_OP_ORI},   {VAMP_OP_XOR, VAMP_OP_XORI}, {VAMP_OP_SGR, VAMP_OP_SGRI},
        {VAMP_OP_SEQ, VAMP_OP_SEQI}, {VAMP_OP_SGE, VAMP_OP_SGEI}, {VAMP_OP_SLS, VAMP_OP_SLSI},
        {VAMP_OP_SNE, VAMP_OP_SNEI}, {VAMP_OP_SLE, VAMP_OP_SLEI}, {VAMP_OP_SLL, VAMP_OP_SLLI},
        {VAMP_OP_SRL, VAMP_OP_SRLI}, {VAMP_OP_SRA, VAMP_OP_SRAI},
    };
    bool is_shift = op == VAMP_OP_SLL || op == VAMP_OP_SRL || op == VAMP_OP_SRA;
    *immediate = op == VAMP_OP_SUB ? -word : word;
    if (is_shift ? word >= 32 : !tree_fits_16(*immediate))
        return false;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (pairs[i].op == op) {
            *immediate_op = pairs[i].immediate_op;
            return true;
        }
    }
    return false;
}

static bool fold(enum vamp_op op, uint32_t left, uint32_t right, uint32_t *word)
{
    int64_t a = (int32_t)left, b = (int32_t)right;
    /* clang-format off */
    switch ((int)op) {
    case VAMP_OP_ADD: *word = left + right; return true;
    case VAMP_OP_SUB: *word = left - right; return true;
    case VAMP_OP_AND: *word = left & right; return true;
    case VAMP_OP_OR:  *word = left | right; return true;
    case VAMP_OP_XOR: *word = left ^ right; return true;
    case VAMP_OP_SGR: *word = a > b; return true;
    case VAMP_OP_SEQ: *word = a == b; return true;
    case VAMP_OP_SGE: *word = a >= b; return true;
    case VAMP_OP_SLS: *word = a < b; return true;
    case VAMP_OP_SNE: *word = a != b; return true;
    case VAMP_OP_SLE: *word = a <= b; return true;
    case VAMP_OP_SLL: *word = left << (right & 31); return true;
    case VAMP_OP_SRL: *word = left >> (right & 31); return true;
    case VAMP_OP_SRA: *word = (uint32_t)(a >> (right & 31)); return true;
    default: return false;
    }
    /* clang-format on */
}

/* a op b as b op' a; false if there is no op'. */
static bool mirror(enum vamp_op op, enum vamp_op *mirrored)
{
    /* clang-format off */
    switch ((int)op) {
    case VAMP_OP_ADD: case VAMP_OP_AND: case VAMP_OP_OR: case VAMP_OP_XOR:
    case VAMP_OP_SEQ: case VAMP_OP_SNE: *mirrored = op; return true;
    case VAMP_OP_SGR: *mirrored = VAMP_OP_SLS; return true;
    case VAMP_OP_SGE: *mirrored = VAMP_OP_SLE; return true;
    case VAMP_OP_SLS: *mirrored = VAMP_OP_SGR; return true;
    case VAMP_OP_SLE: *mirrored = VAMP_OP_SGE; return true;
    default: return false;
    }
    /* clang-format on */
}

/* left op word is left itself. */
static bool is_neutral(enum vamp_op op, uint32_t word)
{
    switch ((int)op) {
    case VAMP_OP_ADD:
    case VAMP_OP_SUB:
    case VAMP_OP_OR:
    case VAMP_OP_XOR:
    case VAMP_OP_SLL:
    case VAMP_OP_SRL:
    case VAMP_OP_SRA:
        return word == 0;
    case VAMP_OP_AND:
        return word == UINT32_MAX;
    default:
        return false;
    }
}

/* left op word is a constant whatever left is, which is not evaluated then. */
static bool is_absorbing(enum vamp_op op, uint32_t word, uint32_t *result)
{
    *result = word;
    return (op == VAMP_OP_AND && word == 0) || (op == VAMP_OP_OR && word == UINT32_MAX);
}

static uint32_t pair_demand(const struct tree *left, const struct tree *right)
{
    if (left->has_call && right->has_call)
        return max(max(left->demand, right->demand), 2);
    if (left->has_call || left->demand > right->demand)
        return max(left->demand, right->demand + 1);
    if (right->has_call || right->demand > left->demand)
        return max(right->demand, left->demand + 1);
    return left->demand + 1;
}

const struct tree *tree_word(struct arena *arena, enum vamp_op op, const struct tree *left,
                             const struct tree *right)
{
    uint32_t word, immediate;
    enum vamp_op other_op;
    if (left->kind == TREE_CONSTANT && right->kind == TREE_CONSTANT &&
        fold(op, left->word, right->word, &word))
        return tree_constant(arena, word);
    if (left->kind == TREE_CONSTANT && mirror(op, &other_op))
        return tree_word(arena, other_op, right, left);
    if (right->kind == TREE_CONSTANT && is_neutral(op, right->word))
        return left;
    if (right->kind == TREE_CONSTANT && is_absorbing(op, right->word, &word))
        return tree_constant(arena, word);
    struct tree *tree = tree_new(arena, TREE_WORD);
    tree->op = op;
    tree->left = left;
    tree->right = right;
    tree->has_call = left->has_call || right->has_call;
    bool is_immediate =
        right->kind == TREE_CONSTANT && tree_immediate(op, right->word, &other_op, &immediate);
    tree->demand = max(is_immediate ? left->demand : pair_demand(left, right), 1);
    return tree;
}

unsigned tree_factor_digits(uint32_t factor, int8_t digits[32])
{
    int64_t rest = (int32_t)factor;
    unsigned count = 0;
    for (unsigned i = 0; i < 32; i++) {
        digits[i] = 0;
        if (rest % 2 != 0) {
            /* The low bits 01 give 1, 11 give -1, so that the next digit is 0; modulo 2^32, bit 31
             * has no sign. */
            digits[i] = (rest & 3) == 1 || i == 31 ? 1 : -1;
            count++;
        }
        rest = (rest - digits[i]) / 2;
    }
    return count;
}

const struct tree *tree_scale(struct arena *arena, const struct tree *left, uint32_t factor)
{
    if (left->kind == TREE_CONSTANT)
        return tree_constant(arena, left->word * factor);
    if (factor == 0)
        return tree_constant(arena, 0);
    if (factor == 1)
        return left;
    struct tree *tree = tree_new(arena, TREE_SCALE);
    int8_t digits[32];
    tree->left = left;
    tree->word = factor;
    tree->has_call = left->has_call;
    tree->demand = max(left->demand, tree_factor_digits(factor, digits) > 1 ? 2 : 1);
    return tree;
}

const struct tree *tree_routine(struct arena *arena, uint32_t symbol, const struct tree *left,
                                const struct tree *right)
{
    struct tree *tree = tree_new(arena, TREE_ROUTINE);
    tree->symbol = symbol;
    tree->left = left;
    tree->right = right;
    tree->has_call = true;
    tree->demand = max(max(left->demand, right->demand), 2);
    return tree;
}

const struct tree *tree_not(struct arena *arena, const struct tree *left)
{
    if (left->kind == TREE_CONSTANT)
        return tree_constant(arena, left->word ^ 1);
    if (left->kind == TREE_NOT)
        return left->left;
    struct tree *tree = tree_new(arena, TREE_NOT);
    tree->left = left;
    tree->has_call = left->has_call;
    tree->demand = max(left->demand, 1);
    return tree;
}

const struct tree *tree_lazy(struct arena *arena, enum tree_kind kind, const struct tree *left,
                             const struct tree *right)
{
    require(kind == TREE_AND || kind == TREE_OR, "a lazy operator");
    uint32_t neutral = kind == TREE_AND ? 1 : 0;
    if (left->kind == TREE_CONSTANT)
        return left->word == neutral ? right : left;
    if (right->kind == TREE_CONSTANT)
        return right->word == neutral ? left : right;
    struct tree *tree = tree_new(arena, kind);
    tree->left = left;
    tree->right = right;
    tree->has_call = left->has_call || right->has_call;
    tree->demand = max(max(left->demand, right->demand), 1);
    return tree;
}
