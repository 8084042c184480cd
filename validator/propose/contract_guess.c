#include "validator/propose/contract_guess.h"

enum { COUNTER_MAX = 64 };

typedef const struct contract_word *word;

struct guesser {
    struct arena *arena;
    const struct contract_shape *shape;
    const struct contract_runs *runs;
    size_t number;
    struct contract_cut *cut;
    ARRAY(word) variables;
    ARRAY(word) operands; /* variables and arguments */
};

static word number(const struct guesser *guesser, uint32_t value)
{
    return contract_word_number(guesser->arena, value);
}

static word argument(const struct guesser *guesser, unsigned index)
{
    return contract_word_argument(guesser->arena, index);
}

static word operate(const struct guesser *guesser, enum contract_word_kind kind, word a, word b)
{
    return contract_word_operate(guesser->arena, kind, a, b);
}

static bool try_condition(struct guesser *guesser, enum contract_comparison comparison, word a,
                          word b)
{
    struct contract_condition condition = {comparison, a, b};
    if (!contract_runs_satisfy(guesser->shape, guesser->runs, guesser->number, &condition))
        return false;
    ARRAY_PUSH(guesser->arena, &guesser->cut->invariants, condition);
    return true;
}

static bool word_same(word a, word b)
{
    if (a->kind != b->kind || a->number != b->number || !place_same(a->place, b->place))
        return false;
    return !contract_word_is_operation(a->kind) ||
           (word_same(a->left, b->left) && word_same(a->right, b->right));
}

static void add_law(struct guesser *guesser, word whole, word half, word bit)
{
    for (size_t i = 0; i < guesser->cut->laws.count; i++)
        if (word_same(guesser->cut->laws.at[i].whole, whole))
            return;
    ARRAY_PUSH(guesser->arena, &guesser->cut->laws, (struct contract_law){whole, half, bit});
}

/* ---- how the variables move ---- */

struct motion {
    uint32_t low, high;
    bool decreases, increases, is_halved; /* from a sample to the next one */
    bool is_repeated;                     /* there is a next one */
};

static struct motion motion_of(const struct guesser *guesser, word value)
{
    struct motion motion = {UINT32_MAX, 0, true, true, true, false};
    const struct contract_sample *samples = guesser->runs->samples.at;
    for (size_t i = 0; i < guesser->runs->samples.count; i++) {
        uint32_t now = 0, then = 0;
        if (samples[i].cut != guesser->number)
            continue;
        contract_word_value(guesser->shape, &samples[i], value, &now);
        motion.low = now < motion.low ? now : motion.low;
        motion.high = now > motion.high ? now : motion.high;
        if (!samples[i].is_followed)
            continue;
        contract_word_value(guesser->shape, &samples[i + 1], value, &then);
        motion.is_repeated = true;
        motion.decreases = motion.decreases && then < now;
        motion.increases = motion.increases && then > now;
        motion.is_halved = motion.is_halved && then == now >> 1;
    }
    return motion;
}

/* ---- products: a sum that stays a * b while a factor is consumed ---- */

/* x * y, by the last bit of y if every round halves y */
static void add_halving_law(struct guesser *guesser, word x, word y)
{
    word one = number(guesser, 1);
    if (motion_of(guesser, y).is_halved)
        add_law(guesser, operate(guesser, CONTRACT_WORD_MUL, x, y),
                operate(guesser, CONTRACT_WORD_LSHR, y, one),
                operate(guesser, CONTRACT_WORD_AND, y, one));
}

/* rest + x * y == @1 * @2 */
static void guess_product(struct guesser *guesser, word rest, word x, word y)
{
    word product = operate(guesser, CONTRACT_WORD_MUL, x, y);
    word sum = rest == NULL ? product : operate(guesser, CONTRACT_WORD_ADD, rest, product);
    word whole = operate(guesser, CONTRACT_WORD_MUL, argument(guesser, 0), argument(guesser, 1));
    if (!try_condition(guesser, CONTRACT_EQ, sum, whole))
        return;
    add_halving_law(guesser, x, y);
    add_halving_law(guesser, y, x);
}

static void guess_products(struct guesser *guesser)
{
    size_t count = guesser->operands.count, variables = guesser->variables.count;
    for (size_t x = 0; x < variables; x++)
        for (size_t y = x; y < count; y++)
            for (size_t rest = 0; rest <= variables; rest++)
                guess_product(guesser, rest == variables ? NULL : guesser->variables.at[rest],
                              guesser->operands.at[x], guesser->operands.at[y]);
}

/* ---- what a number of bits decides ---- */

/* A number of bits that a counter tells: sign * counter + constant. */
struct bit_count {
    word counter;
    bool is_negative;
    uint32_t constant;
};

static word count_word(const struct guesser *guesser, struct bit_count count, uint32_t less)
{
    uint32_t constant = count.constant - less;
    if (count.is_negative)
        return operate(guesser, CONTRACT_WORD_SUB, number(guesser, constant), count.counter);
    if (constant == 0)
        return count.counter;
    if ((int32_t)constant < 0)
        return operate(guesser, CONTRACT_WORD_SUB, count.counter, number(guesser, -constant));
    return operate(guesser, CONTRACT_WORD_ADD, count.counter, number(guesser, constant));
}

static void add_lemma(struct guesser *guesser, struct contract_lemma lemma)
{
    for (size_t i = 0; i < guesser->cut->lemmas.count; i++)
        if (word_same(guesser->cut->lemmas.at[i].condition.left, lemma.condition.left) &&
            word_same(guesser->cut->lemmas.at[i].condition.right, lemma.condition.right))
            return;
    if (contract_runs_satisfy(guesser->shape, guesser->runs, guesser->number, &lemma.condition))
        ARRAY_PUSH(guesser->arena, &guesser->cut->lemmas, lemma);
}

/* An equation between shifts of an argument, by cases of the counter: no variable occurs but it. */
static void add_case_lemma(struct guesser *guesser, struct bit_count count, word a, word b)
{
    struct motion motion = motion_of(guesser, count.counter);
    add_lemma(guesser, (struct contract_lemma){
                           .condition = {CONTRACT_EQ, a, b},
                           .is_by_cases = true,
                           .place = count.counter->place,
                           .low = motion.low,
                           .high = motion.high,
                       });
}

/* The high bits of an argument, all but `count`, and with them the next bit. */
struct high_bits {
    struct bit_count count;
    word whole, high, next;
};

static struct high_bits high_bits_of(const struct guesser *guesser, struct bit_count count,
                                     unsigned a)
{
    word whole = argument(guesser, a);
    return (struct high_bits){
        count, whole, operate(guesser, CONTRACT_WORD_LSHR, whole, count_word(guesser, count, 0)),
        operate(guesser, CONTRACT_WORD_LSHR, whole, count_word(guesser, count, 1))};
}

/* What is left of the argument when the high bits are shifted out. */
static word low_bits_of(const struct guesser *guesser, const struct high_bits *bits)
{
    return operate(guesser, CONTRACT_WORD_SHL, bits->whole,
                   operate(guesser, CONTRACT_WORD_SUB, number(guesser, 32),
                           count_word(guesser, bits->count, 0)));
}

/* A variable that is `low`: its top bit is the next bit. Adds the lemma that says so. */
static bool top_bit(struct guesser *guesser, const struct high_bits *bits, word low, word *bit)
{
    word top = number(guesser, 31);
    for (size_t i = 0; i < guesser->variables.count; i++) {
        struct contract_condition is_low = {CONTRACT_EQ, guesser->variables.at[i], low};
        if (!contract_runs_satisfy(guesser->shape, guesser->runs, guesser->number, &is_low))
            continue;
        add_case_lemma(guesser, bits->count, *bit, operate(guesser, CONTRACT_WORD_LSHR, low, top));
        *bit = operate(guesser, CONTRACT_WORD_LSHR, guesser->variables.at[i], top);
        return true;
    }
    return false;
}

/* The bit that comes next: at the top of a variable that the argument is shifted out of (while the
 * quotient by `other` may be shifted in), or cut out of the argument. */
static word next_bit(struct guesser *guesser, const struct high_bits *bits, word other)
{
    word one = number(guesser, 1), bit = operate(guesser, CONTRACT_WORD_AND, bits->next, one);
    word low = low_bits_of(guesser, bits);
    word quotient = operate(guesser, CONTRACT_WORD_UDIV, bits->high, other);
    word more = operate(guesser, CONTRACT_WORD_SUB, number(guesser, 33),
                        count_word(guesser, bits->count, 0));
    add_case_lemma(guesser, bits->count, operate(guesser, CONTRACT_WORD_LSHR, bits->next, one),
                   bits->high);
    add_case_lemma(guesser, bits->count, operate(guesser, CONTRACT_WORD_ADD, low, low),
                   operate(guesser, CONTRACT_WORD_SHL, bits->whole, more));
    if (!top_bit(guesser, bits, low, &bit))
        top_bit(guesser, bits, operate(guesser, CONTRACT_WORD_ADD, low, quotient), &bit);
    return bit;
}

/* `value` is the quotient, the remainder or the product of the high bits with the other argument;
 * or it is the quotient below what is left of the dividend. */
static void guess_high_bits(struct guesser *guesser, word value, struct bit_count count, unsigned a,
                            unsigned b)
{
    struct high_bits bits = high_bits_of(guesser, count, a);
    word other = argument(guesser, b), low = low_bits_of(guesser, &bits);
    word quotient = operate(guesser, CONTRACT_WORD_UDIV, bits.high, other);
    word rest = operate(guesser, CONTRACT_WORD_UREM, bits.high, other);
    word both = operate(guesser, CONTRACT_WORD_ADD, low, quotient);
    word product = operate(guesser, CONTRACT_WORD_MUL, other, bits.high);
    bool divides = try_condition(guesser, CONTRACT_EQ, value, quotient);
    divides = try_condition(guesser, CONTRACT_EQ, value, rest) || divides;
    divides = try_condition(guesser, CONTRACT_EQ, value, both) || divides;
    if (divides)
        add_law(guesser, operate(guesser, CONTRACT_WORD_UDIV, bits.next, other), bits.high,
                next_bit(guesser, &bits, other));
    if (try_condition(guesser, CONTRACT_EQ, value, product))
        add_law(guesser, operate(guesser, CONTRACT_WORD_MUL, other, bits.next), bits.high,
                next_bit(guesser, &bits, other));
}

/* `value` is a shifted by what a counter tells; one further next time. */
static void guess_shifts(struct guesser *guesser, word value, struct bit_count count, unsigned a)
{
    word bits = count_word(guesser, count, 0);
    word whole = argument(guesser, a);
    word more = count_word(guesser, count, (uint32_t)-1);
    word left = operate(guesser, CONTRACT_WORD_SHL, whole, bits);
    word right = operate(guesser, CONTRACT_WORD_LSHR, whole, bits);
    if (try_condition(guesser, CONTRACT_EQ, value, left))
        add_case_lemma(guesser, count, operate(guesser, CONTRACT_WORD_ADD, left, left),
                       operate(guesser, CONTRACT_WORD_SHL, whole, more));
    if (try_condition(guesser, CONTRACT_EQ, value, right))
        add_case_lemma(guesser, count,
                       operate(guesser, CONTRACT_WORD_LSHR, right, number(guesser, 1)),
                       operate(guesser, CONTRACT_WORD_LSHR, whole, more));
}

static void guess_from_counter(struct guesser *guesser, word counter)
{
    const struct bit_count counts[] = {
        {counter, false, 0}, {counter, false, 1}, {counter, true, 32}, {counter, true, 31}};
    unsigned parameters = guesser->shape->contract->parameter_count;
    for (size_t i = 0; i < guesser->variables.count; i++)
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
            for (unsigned a = 0; a < parameters; a++) {
                word value = guesser->variables.at[i];
                if (word_same(value, counter))
                    continue;
                guess_shifts(guesser, value, counts[k], a);
                if (parameters == 2)
                    guess_high_bits(guesser, value, counts[k], a, 1 - a);
            }
}

static void guess_counters(struct guesser *guesser)
{
    for (size_t i = 0; i < guesser->variables.count; i++) {
        word counter = guesser->variables.at[i];
        struct motion motion = motion_of(guesser, counter);
        if (motion.high > COUNTER_MAX || motion.low > motion.high)
            continue;
        try_condition(guesser, CONTRACT_LE, counter, number(guesser, motion.high));
        if (motion.low > 0)
            try_condition(guesser, CONTRACT_LE, number(guesser, motion.low), counter);
        if (motion.decreases || motion.increases)
            guess_from_counter(guesser, counter);
    }
}

/* ---- order ---- */

static void guess_order(struct guesser *guesser)
{
    for (size_t i = 0; i < guesser->operands.count; i++)
        for (size_t k = 0; k < guesser->operands.count; k++) {
            word a = guesser->operands.at[i], b = guesser->operands.at[k];
            if (i == k || (i >= guesser->variables.count && k >= guesser->variables.count))
                continue;
            if (!try_condition(guesser, CONTRACT_LT, a, b))
                try_condition(guesser, CONTRACT_LE, a, b);
        }
}

/* ---- what decreases ---- */

static void guess_measure(struct guesser *guesser)
{
    for (size_t i = 0; i < guesser->variables.count && guesser->cut->measure == NULL; i++) {
        word value = guesser->variables.at[i];
        struct motion motion = motion_of(guesser, value);
        if (!motion.is_repeated)
            continue;
        if (motion.decreases)
            guesser->cut->measure = value;
        else if (motion.increases)
            guesser->cut->measure =
                operate(guesser, CONTRACT_WORD_SUB, number(guesser, motion.high), value);
    }
}

void contract_guess(struct arena *arena, const struct contract_shape *shape,
                    const struct contract_runs *runs, enum contract_guess_effort effort,
                    size_t cut_number, struct contract_cut *cut)
{
    struct guesser guesser = {
        .arena = arena, .shape = shape, .runs = runs, .number = cut_number, .cut = cut};
    for (size_t i = 0; i < shape->variable_counts[cut_number]; i++)
        ARRAY_PUSH(arena, &guesser.variables,
                   contract_word_place(arena, shape->variables[cut_number][i].place));
    for (size_t i = 0; i < guesser.variables.count; i++)
        ARRAY_PUSH(arena, &guesser.operands, guesser.variables.at[i]);
    for (unsigned i = 0; i < shape->contract->parameter_count; i++)
        ARRAY_PUSH(arena, &guesser.operands, argument(&guesser, i));
    guess_counters(&guesser);
    if (shape->contract->parameter_count == 2)
        guess_products(&guesser);
    if (effort == CONTRACT_GUESS_ORDER)
        guess_order(&guesser);
    guess_measure(&guesser);
}
