/* Functions as instructions and labels. */
#include "compiler/code.h"

#include "base/require.h"
#include "semantics/vamp/format.h"

enum { NO_LABEL = UINT32_MAX, RETURN_ADDRESS = 31, FRAME = 29 };

/* One instruction, or none where the entry saves nothing. */
struct item {
    struct vamp_insn insn;
    bool is_absent, is_slot, is_long;
    code_label label; /* of a branch or jump inside the function, else NO_LABEL */
    bool has_reloc;
    struct object_reloc reloc; /* without its offset */
    uint32_t offset;
};

/* A mark stands before the item of its number. */
struct pending_mark {
    int kind;
    const void *subject;
    uint32_t item;
};

struct code {
    struct arena *arena;
    ARRAY(struct item) items;
    ARRAY(uint32_t) labels; /* the item that each stands before */
    uint32_t last_bound;    /* the last item that a label stands before */
    ARRAY(struct pending_mark) marks;
};

struct code *code_new(struct arena *arena)
{
    struct code *code = ARENA_NEW(arena, struct code);
    code->arena = arena;
    struct vamp_insn save = {.op = VAMP_OP_SW, .rd = RETURN_ADDRESS, .rs1 = FRAME};
    ARRAY_PUSH(arena, &code->items,
               (struct item){.insn = save, .is_absent = true, .label = NO_LABEL});
    code->last_bound = 1; /* nothing moves to before the entry */
    return code;
}

static void push(struct code *code, struct item item)
{
    ARRAY_PUSH(code->arena, &code->items, item);
}

void code_add(struct code *code, struct vamp_insn insn)
{
    push(code, (struct item){.insn = insn, .label = NO_LABEL});
}

void code_add_reloc(struct code *code, struct vamp_insn insn, enum object_reloc_kind kind,
                    uint32_t symbol, uint32_t addend)
{
    struct object_reloc reloc = {
        .place = OBJECT_TEXT, .kind = kind, .symbol = symbol, .addend = addend};
    push(code, (struct item){.insn = insn, .label = NO_LABEL, .has_reloc = true, .reloc = reloc});
}

void code_add_constant(struct code *code, uint8_t reg, uint32_t word)
{
    if (word + 0x8000 < 0x10000) {
        code_add(code, (struct vamp_insn){.op = VAMP_OP_ADDI, .rd = reg, .immediate = word});
        return;
    }
    /* xori sign-extends: a low half with its sign bit set inverts the high half. */
    uint32_t low = (uint32_t)(int32_t)(int16_t)(word & 0xFFFF);
    uint32_t high = (uint32_t)(int32_t)(int16_t)((word ^ low) >> 16);
    code_add(code, (struct vamp_insn){.op = VAMP_OP_LHGI, .rd = reg, .immediate = high});
    if (low != 0)
        code_add(code,
                 (struct vamp_insn){.op = VAMP_OP_XORI, .rd = reg, .rs1 = reg, .immediate = low});
}

code_label code_new_label(struct code *code)
{
    ARRAY_PUSH(code->arena, &code->labels, NO_LABEL);
    return (code_label)code->labels.count - 1;
}

void code_bind(struct code *code, code_label label)
{
    require(code->labels.at[label] == NO_LABEL, "a label is bound once");
    code->labels.at[label] = code->last_bound = (uint32_t)code->items.count;
}

static bool is_control(enum vamp_op op)
{
    return op == VAMP_OP_J || op == VAMP_OP_JAL || op == VAMP_OP_JR || op == VAMP_OP_JALR ||
           op == VAMP_OP_BEQZ || op == VAMP_OP_BNEZ;
}

static bool has_operand(enum vamp_op op, char operand)
{
    for (const char *at = vamp_format(op)->operands; *at != '\0'; at++) {
        if (*at == operand)
            return true;
    }
    return false;
}

static bool touches(const struct vamp_insn *insn, uint8_t reg)
{
    return (has_operand(insn->op, VAMP_OPERAND_RD) && insn->rd == reg) ||
           (has_operand(insn->op, VAMP_OPERAND_RS1) && insn->rs1 == reg) ||
           (has_operand(insn->op, VAMP_OPERAND_RS2) && insn->rs2 == reg);
}

static bool writes(const struct vamp_insn *insn, uint8_t reg)
{
    return insn->op != VAMP_OP_SW && has_operand(insn->op, VAMP_OPERAND_RD) && insn->rd == reg;
}

/* The last instruction, if it may as well execute after the one that comes next: nobody enters
 * between the two, and it is not itself a branch or in a delay slot. */
static const struct item *movable(const struct code *code)
{
    size_t count = code->items.count;
    if (code->last_bound >= count)
        return NULL;
    const struct item *last = &code->items.at[count - 1];
    if (last->is_absent || last->is_slot || is_control(last->insn.op))
        return NULL;
    return last;
}

/* Adds a control transfer; `slot` is the instruction taken from before it, or NULL. */
static void push_control(struct code *code, struct item control, const struct item *slot)
{
    struct item filler = {.insn = {.op = VAMP_OP_ORI, .rd = 1, .rs1 = 1}, .label = NO_LABEL};
    if (slot != NULL)
        filler = *slot;
    filler.is_slot = true;
    push(code, control);
    push(code, filler);
}

/* Takes the last instruction off, for a delay slot. */
static const struct item *take_last(struct code *code, struct item *taken)
{
    *taken = code->items.at[--code->items.count];
    return taken;
}

void code_jump(struct code *code, code_label label)
{
    struct item taken;
    const struct item *slot = movable(code) != NULL ? take_last(code, &taken) : NULL;
    push_control(code, (struct item){.insn = {.op = VAMP_OP_J}, .label = label}, slot);
}

void code_branch(struct code *code, bool if_true, uint8_t reg, code_label label)
{
    struct item taken;
    const struct item *slot = movable(code);
    if (slot != NULL)
        slot = writes(&slot->insn, reg) ? NULL : take_last(code, &taken);
    struct vamp_insn insn = {.op = if_true ? VAMP_OP_BNEZ : VAMP_OP_BEQZ, .rs1 = reg};
    push_control(code, (struct item){.insn = insn, .label = label}, slot);
}

void code_call(struct code *code, uint32_t symbol, struct vamp_insn slot)
{
    struct item filler = {.insn = slot, .label = NO_LABEL};
    struct object_reloc reloc = {.place = OBJECT_TEXT, .kind = OBJECT_RELOC_J26, .symbol = symbol};
    push_control(
        code,
        (struct item){
            .insn = {.op = VAMP_OP_JAL}, .label = NO_LABEL, .has_reloc = true, .reloc = reloc},
        &filler);
}

void code_return(struct code *code, bool has_calls)
{
    struct item taken;
    const struct item *slot = movable(code);
    if (slot != NULL && (touches(&slot->insn, RETURN_ADDRESS) || writes(&slot->insn, FRAME)))
        slot = NULL;
    if (slot != NULL)
        slot = take_last(code, &taken);
    if (has_calls) {
        code->items.at[0].is_absent = false;
        code_add(code, (struct vamp_insn){.op = VAMP_OP_LW, .rd = RETURN_ADDRESS, .rs1 = FRAME});
    }
    struct vamp_insn insn = {.op = VAMP_OP_JR, .rs1 = RETURN_ADDRESS};
    push_control(code, (struct item){.insn = insn, .label = NO_LABEL}, slot);
}

void code_mark(struct code *code, int kind, const void *subject)
{
    ARRAY_PUSH(code->arena, &code->marks,
               (struct pending_mark){kind, subject, (uint32_t)code->items.count});
}

/* A long conditional branch is an inverted one around a jump and its no-op. */
static uint32_t size_bytes(const struct item *item)
{
    return item->is_absent ? 0 : 4;
}

/* Where each item starts; the no-op and the jump of a long branch follow its delay slot. */
static uint32_t place_items(struct code *code)
{
    uint32_t offset = 0;
    for (size_t i = 0; i < code->items.count; i++) {
        code->items.at[i].offset = offset;
        offset += size_bytes(&code->items.at[i]);
        if (i != 0 && code->items.at[i - 1].is_long)
            offset += 8;
    }
    return offset;
}

static uint32_t offset_of(const struct code *code, uint32_t item, uint32_t end)
{
    return item < code->items.count ? code->items.at[item].offset : end;
}

static bool is_conditional(enum vamp_op op)
{
    return op == VAMP_OP_BEQZ || op == VAMP_OP_BNEZ;
}

/* Makes branches long until all others reach; they only grow, so this ends. */
static uint32_t reach_labels(struct code *code)
{
    for (;;) {
        uint32_t end = place_items(code);
        bool is_settled = true;
        for (size_t i = 0; i < code->items.count; i++) {
            struct item *item = &code->items.at[i];
            if (item->label == NO_LABEL || !is_conditional(item->insn.op) || item->is_long)
                continue;
            uint32_t target = offset_of(code, code->labels.at[item->label], end);
            if (!vamp_immediate_fits(VAMP_FORMAT_I, target - (item->offset + 4))) {
                item->is_long = true;
                is_settled = false;
            }
        }
        if (is_settled)
            return end;
    }
}

static void write_insn(struct object *object, struct vamp_insn insn)
{
    object_add_word(object, OBJECT_TEXT, vamp_encode(&insn));
}

/* beqz r,L; X   becomes   bnez r,skip; X; j L; nop; skip: */
static bool write_item(const struct code *code, size_t number, uint32_t end, struct object *object)
{
    const struct item *item = &code->items.at[number];
    struct vamp_insn insn = item->insn;
    if (item->label != NO_LABEL) {
        uint32_t target = offset_of(code, code->labels.at[item->label], end);
        insn.immediate = target - (item->offset + 4);
        if (item->is_long) {
            insn.op = insn.op == VAMP_OP_BEQZ ? VAMP_OP_BNEZ : VAMP_OP_BEQZ;
            insn.immediate = 12;
        } else if (!vamp_immediate_fits(vamp_format(insn.op)->kind, insn.immediate)) {
            return false;
        }
    }
    if (!item->is_absent)
        write_insn(object, insn);
    if (number == 0 || !code->items.at[number - 1].is_long)
        return true;
    const struct item *branch = &code->items.at[number - 1];
    uint32_t target = offset_of(code, code->labels.at[branch->label], end);
    struct vamp_insn jump = {.op = VAMP_OP_J, .immediate = target - (item->offset + 8)};
    if (!vamp_immediate_fits(VAMP_FORMAT_J, jump.immediate))
        return false;
    write_insn(object, jump);
    write_insn(object, (struct vamp_insn){.op = VAMP_OP_ORI, .rd = 1, .rs1 = 1});
    return true;
}

bool code_finish(struct code *code, struct object *object, struct location where,
                 struct code_marks *marks, struct fault *fault)
{
    uint32_t end = reach_labels(code), start = (uint32_t)object->text.length;
    for (size_t i = 0; i < code->items.count; i++) {
        const struct item *item = &code->items.at[i];
        if (!write_item(code, i, end, object))
            return fault_at(fault, where, "the function is too long: a jump is out of reach");
        if (item->has_reloc) {
            struct object_reloc reloc = item->reloc;
            reloc.offset = start + item->offset;
            object_add_reloc(object, reloc);
        }
    }
    struct code_mark *placed = ARENA_ARRAY(code->arena, struct code_mark, code->marks.count);
    for (size_t i = 0; i < code->marks.count; i++) {
        const struct pending_mark *mark = &code->marks.at[i];
        placed[i] = (struct code_mark){mark->kind, mark->subject, offset_of(code, mark->item, end)};
    }
    *marks = (struct code_marks){placed, code->marks.count};
    return true;
}
