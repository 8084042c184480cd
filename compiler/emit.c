/* Trees to instructions. Values are held in r1, r2, … as on a stack: a value at depth d is made
 * in r(d+1), and r1 to rd hold values that are still wanted. Of two operands the one that needs
 * more registers is evaluated first, so depth grows with the logarithm of an expression's size.
 * A call clobbers all of them; what is wanted across one waits in the frame, and what contains a
 * call is evaluated at depth 0. */
#include "compiler/unit.h"

#include "base/require.h"

static uint8_t emit_at(struct function *function, const struct tree *tree, uint32_t depth);

static uint8_t register_at(struct function *function, uint32_t depth)
{
    if (depth < REG_LAST_SCRATCH)
        return (uint8_t)(depth + 1);
    fault_at(function->fault, function->where, "the expression needs more than %d registers",
             REG_LAST_SCRATCH);
    return REG_LAST_SCRATCH;
}

static void add_word(struct function *function, enum vamp_op op, uint8_t rd, uint8_t rs1,
                     uint8_t rs2)
{
    code_add(function->code, (struct vamp_insn){.op = op, .rd = rd, .rs1 = rs1, .rs2 = rs2});
}

static void add_immediate(struct function *function, enum vamp_op op, uint8_t rd, uint8_t rs1,
                          uint32_t immediate)
{
    struct vamp_insn insn = {.op = op, .rd = rd, .rs1 = rs1, .immediate = immediate};
    if (op == VAMP_OP_SLLI || op == VAMP_OP_SRLI || op == VAMP_OP_SRAI)
        insn = (struct vamp_insn){.op = op, .rd = rd, .rs1 = rs1, .sa = (uint8_t)immediate};
    code_add(function->code, insn);
}

/* An address that one load or store can use: register, and symbol or 16 bits of offset. */
struct operand {
    uint8_t base;
    uint32_t symbol, offset;
};

/* Adds the part of an offset that is beyond 16 bits, in the register of `depth`; `words` is how
 * many words from there on will be used. */
static struct operand reach(struct function *function, struct operand operand, uint32_t words,
                            uint32_t depth)
{
    uint32_t last = operand.offset + (words - 1) * WORD_BYTES;
    if (operand.symbol != TREE_NO_SYMBOL || (tree_fits_16(operand.offset) && tree_fits_16(last)))
        return operand;
    uint32_t high = words == 1 ? (operand.offset + 0x8000) & 0xFFFF0000 : operand.offset;
    uint8_t reg = register_at(function, depth);
    uint8_t scratch = reg == operand.base ? register_at(function, depth + 1) : reg;
    code_add_constant(function->code, scratch, high);
    add_word(function, VAMP_OP_ADD, reg, operand.base, scratch);
    return (struct operand){reg, TREE_NO_SYMBOL, operand.offset - high};
}

/* The address of that many words, with a base at `depth` if it is not in a register already. */
static struct operand emit_address(struct function *function, struct tree_address address,
                                   uint32_t words, uint32_t depth)
{
    uint8_t base = emit_at(function, address.base, depth);
    return reach(function, (struct operand){base, address.symbol, address.offset}, words, depth);
}

static void access_word(struct function *function, enum vamp_op op, uint8_t data,
                        struct operand operand)
{
    struct vamp_insn insn = {.op = op, .rd = data, .rs1 = operand.base};
    if (operand.symbol != TREE_NO_SYMBOL) {
        code_add_reloc(function->code, insn, OBJECT_RELOC_GLOBAL16, operand.symbol, operand.offset);
        return;
    }
    insn.immediate = operand.offset;
    code_add(function->code, insn);
}

/* A value in r(d+1) leaves the registers from depth d+1 on free; one in r0, r28 or r29 all. */
static uint32_t depth_above(uint8_t reg)
{
    return reg > REG_LAST_SCRATCH ? 0 : reg;
}

static void store_frame(struct function *function, uint8_t data, uint32_t offset)
{
    struct operand operand = {REG_FRAME, TREE_NO_SYMBOL, offset};
    access_word(function, VAMP_OP_SW, data, reach(function, operand, 1, depth_above(data)));
}

/* Keeps a value in the frame, and takes it back at `depth`. */
static void push_frame(struct function *function, uint8_t data)
{
    store_frame(function, data, function->top);
    function->top += WORD_BYTES;
}

static uint8_t pop_frame(struct function *function, uint32_t depth)
{
    function->top -= WORD_BYTES;
    struct operand operand = {REG_FRAME, TREE_NO_SYMBOL, function->top};
    uint8_t data = register_at(function, depth);
    access_word(function, VAMP_OP_LW, data, reach(function, operand, 1, depth));
    return data;
}

void emit_call(struct function *function, uint32_t symbol, const struct c0_type *allocated)
{
    uint32_t distance = function->top;
    bool is_far = !tree_fits_16(distance);
    struct vamp_insn slot = {
        .op = VAMP_OP_ADDI, .rd = REG_FRAME, .rs1 = REG_FRAME, .immediate = distance};
    function->has_calls = true;
    if (is_far) {
        code_add_constant(function->code, 1, distance);
        slot = (struct vamp_insn){.op = VAMP_OP_ADD, .rd = REG_FRAME, .rs1 = REG_FRAME, .rs2 = 1};
    }
    code_call(function->code, symbol, slot);
    if (allocated != NULL)
        code_mark(function->code, FUNCTION_MARK_NEW, allocated);
    if (is_far) {
        code_add_constant(function->code, 2, distance);
        add_word(function, VAMP_OP_SUB, REG_FRAME, REG_FRAME, 2);
        return;
    }
    add_immediate(function, VAMP_OP_ADDI, REG_FRAME, REG_FRAME, -distance);
}

void emit_store_frame(struct function *function, uint32_t offset, const struct tree *value)
{
    store_frame(function, emit_at(function, value, 0), offset);
}

/* The callee's frame is the free part of this one; the second operand's own calls take theirs
 * above the first operand. */
static void emit_routine(struct function *function, const struct tree *tree)
{
    uint32_t frame = function->top;
    emit_store_frame(function, frame + WORD_BYTES, tree->left);
    function->top = frame + 2 * WORD_BYTES;
    emit_store_frame(function, frame + 2 * WORD_BYTES, tree->right);
    function->top = frame;
    emit_call(function, tree->symbol, NULL);
}

/* Both trees, in the order that is right for them; the second one goes one deeper unless the first
 * is in a register of its own. */
static void emit_pair(struct function *function, const struct tree *left, const struct tree *right,
                      uint32_t depth, uint8_t *left_reg, uint8_t *right_reg)
{
    if (left->has_call && right->has_call) {
        push_frame(function, emit_at(function, left, depth));
        *right_reg = emit_at(function, right, depth);
        *left_reg = pop_frame(function, depth + 1);
        return;
    }
    bool left_first = left->has_call || (!right->has_call && left->demand >= right->demand);
    if (left_first) {
        *left_reg = emit_at(function, left, depth);
        *right_reg = emit_at(function, right, tree_is_free(left) ? depth : depth + 1);
    } else {
        *right_reg = emit_at(function, right, depth);
        *left_reg = emit_at(function, left, tree_is_free(right) ? depth : depth + 1);
    }
}

static void emit_word(struct function *function, const struct tree *tree, uint32_t depth)
{
    enum vamp_op op;
    uint32_t immediate;
    uint8_t left, right;
    if (tree->right->kind == TREE_CONSTANT &&
        tree_immediate(tree->op, tree->right->word, &op, &immediate)) {
        left = emit_at(function, tree->left, depth);
        add_immediate(function, op, register_at(function, depth), left, immediate);
        return;
    }
    emit_pair(function, tree->left, tree->right, depth, &left, &right);
    add_word(function, tree->op, register_at(function, depth), left, right);
}

/* Horner's scheme over the factor's digits from the highest down. */
static void emit_scale(struct function *function, const struct tree *tree, uint32_t depth)
{
    int8_t digits[32];
    unsigned powers[32], count = 0;
    tree_factor_digits(tree->word, digits);
    for (unsigned power = 32; power-- > 0;) {
        if (digits[power] != 0)
            powers[count++] = power;
    }
    uint8_t value = emit_at(function, tree->left, depth), sum = value;
    uint8_t to = register_at(function, depth);
    uint8_t scratch = count > 1 ? register_at(function, depth + 1) : to;
    if (digits[powers[0]] < 0) {
        add_word(function, VAMP_OP_SUB, scratch, 0, value);
        sum = scratch;
    }
    for (unsigned i = 0; i < count; i++) {
        bool is_last = i + 1 == count;
        unsigned next = is_last ? 0 : powers[i + 1];
        if (powers[i] != next) {
            uint8_t shifted = is_last ? to : scratch;
            add_immediate(function, VAMP_OP_SLLI, shifted, sum, powers[i] - next);
            sum = shifted;
        }
        if (is_last)
            break;
        uint8_t added = i + 2 == count && next == 0 ? to : scratch;
        add_word(function, digits[next] > 0 ? VAMP_OP_ADD : VAMP_OP_SUB, added, sum, value);
        sum = added;
    }
}

static uint8_t emit_symbol(struct function *function, uint32_t symbol, uint8_t reg)
{
    code_add_reloc(function->code, (struct vamp_insn){.op = VAMP_OP_LHGI, .rd = reg},
                   OBJECT_RELOC_HI16, symbol, 0);
    code_add_reloc(function->code, (struct vamp_insn){.op = VAMP_OP_XORI, .rd = reg, .rs1 = reg},
                   OBJECT_RELOC_LO16, symbol, 0);
    return reg;
}

/* An address as a value. */
static void emit_sum(struct function *function, struct tree_address address, uint32_t depth)
{
    uint8_t base = emit_at(function, address.base, depth), to = register_at(function, depth);
    struct vamp_insn insn = {.op = VAMP_OP_ADDI, .rd = to, .rs1 = base};
    if (address.symbol != TREE_NO_SYMBOL) {
        code_add_reloc(function->code, insn, OBJECT_RELOC_GLOBAL16, address.symbol, address.offset);
        return;
    }
    if (tree_fits_16(address.offset)) {
        insn.immediate = address.offset;
        code_add(function->code, insn);
        return;
    }
    uint8_t scratch = to == base ? register_at(function, depth + 1) : to;
    code_add_constant(function->code, scratch, address.offset);
    add_word(function, VAMP_OP_ADD, to, base, scratch);
}

static void emit_move(struct function *function, const struct tree *tree, uint8_t to,
                      uint32_t depth)
{
    uint8_t from = emit_at(function, tree, depth);
    if (from != to)
        add_word(function, VAMP_OP_ADD, to, from, 0);
}

/* The right operand is evaluated iff the left one does not decide. */
static void emit_lazy(struct function *function, const struct tree *tree, uint32_t depth)
{
    code_label end = code_new_label(function->code);
    uint8_t to = register_at(function, depth);
    emit_move(function, tree->left, to, depth);
    code_branch(function->code, tree->kind == TREE_OR, to, end);
    emit_move(function, tree->right, to, depth);
    code_bind(function->code, end);
}

/* Gives the register that holds the value: that of `depth`, or one that always does. */
static uint8_t emit_at(struct function *function, const struct tree *tree, uint32_t depth)
{
    require(depth == 0 || !tree->has_call, "no register is live across a call");
    if (tree_is_free(tree))
        return tree->kind == TREE_REGISTER ? tree->reg : 0;
    uint8_t to = register_at(function, depth);
    switch (tree->kind) {
    case TREE_CONSTANT:
        code_add_constant(function->code, to, tree->word);
        return to;
    case TREE_REGISTER:
        return tree->reg;
    case TREE_SYMBOL:
        return emit_symbol(function, tree->symbol, to);
    case TREE_ADDRESS:
        emit_sum(function, tree->address, depth);
        return to;
    case TREE_LOAD:
        access_word(function, VAMP_OP_LW, to, emit_address(function, tree->address, 1, depth));
        return to;
    case TREE_WORD:
        emit_word(function, tree, depth);
        return to;
    case TREE_SCALE:
        emit_scale(function, tree, depth);
        return to;
    case TREE_ROUTINE:
        emit_routine(function, tree);
        return to;
    case TREE_NOT:
        add_immediate(function, VAMP_OP_SEQI, to, emit_at(function, tree->left, depth), 0);
        return to;
    case TREE_AND:
    case TREE_OR:
        emit_lazy(function, tree, depth);
        return to;
    }
    require(false, "a tree");
    return to;
}

void emit_value(struct function *function, const struct tree *tree, uint8_t reg)
{
    require(reg == REG_RESULT, "values are made in r1");
    emit_move(function, tree, reg, 0);
}

static void emit_lazy_branch(struct function *function, const struct tree *condition, bool if_true,
                             code_label label)
{
    /* a && b is false as soon as a is, a || b true as soon as a is. */
    bool decides = condition->kind == TREE_OR;
    if (decides == if_true) {
        emit_branch(function, condition->left, decides, label);
        emit_branch(function, condition->right, if_true, label);
        return;
    }
    code_label end = code_new_label(function->code);
    emit_branch(function, condition->left, decides, end);
    emit_branch(function, condition->right, if_true, label);
    code_bind(function->code, end);
}

void emit_branch(struct function *function, const struct tree *condition, bool if_true,
                 code_label label)
{
    if (condition->kind == TREE_NOT) {
        emit_branch(function, condition->left, !if_true, label);
    } else if (condition->kind == TREE_AND || condition->kind == TREE_OR) {
        emit_lazy_branch(function, condition, if_true, label);
    } else if (condition->kind == TREE_WORD && tree_is_constant(condition->right, 0) &&
               (condition->op == VAMP_OP_SEQ || condition->op == VAMP_OP_SNE)) {
        bool is_negated = condition->op == VAMP_OP_SEQ;
        code_branch(function->code, if_true != is_negated, emit_at(function, condition->left, 0),
                    label);
    } else {
        code_branch(function->code, if_true, emit_at(function, condition, 0), label);
    }
}

void emit_store(struct function *function, struct tree_address to, const struct tree *value)
{
    uint8_t data, base;
    emit_pair(function, value, to.base, 0, &data, &base);
    struct operand operand = {base, to.symbol, to.offset};
    uint32_t depth = depth_above(data) > depth_above(base) ? depth_above(data) : depth_above(base);
    access_word(function, VAMP_OP_SW, data, reach(function, operand, 1, depth));
}

void emit_store_result(struct function *function, struct tree_address to)
{
    if (to.base->has_call) {
        push_frame(function, REG_RESULT);
        struct operand operand = emit_address(function, to, 1, 0);
        access_word(function, VAMP_OP_SW, pop_frame(function, depth_above(operand.base)), operand);
        return;
    }
    access_word(function, VAMP_OP_SW, REG_RESULT, emit_address(function, to, 1, 1));
}

/* Word by word in ascending order, each stored before the next is loaded. */
void emit_copy(struct function *function, struct tree_address to, struct tree_address from,
               uint32_t words)
{
    uint8_t to_base, from_base;
    emit_pair(function, to.base, from.base, 0, &to_base, &from_base);
    uint32_t depth = 2;
    struct operand target = {to_base, to.symbol, to.offset};
    struct operand origin = {from_base, from.symbol, from.offset};
    target = reach(function, target, words, depth);
    origin = reach(function, origin, words, depth + 1);
    for (uint32_t i = 0; i < words; i++) {
        access_word(function, VAMP_OP_LW, register_at(function, depth + 2), origin);
        access_word(function, VAMP_OP_SW, register_at(function, depth + 2), target);
        origin.offset += WORD_BYTES;
        target.offset += WORD_BYTES;
    }
}
