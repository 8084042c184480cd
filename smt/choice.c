/* If-then-else of every sort, and words that a condition decides. */
#include "smt/store.h"

#include <string.h>

bool choice_of(const struct terms *terms, term t, struct choice *choice)
{
    const struct node *whole = node_of(terms, t);
    if (whole->sort_kind != SORT_WORD)
        return false;
    struct linear sum = linear_of(terms, t);
    if (sum.count != 1)
        return false;
    const struct node *atom = node_of(terms, sum.atoms[0]);
    if (atom->kind != TERM_ITE || kind_of(terms, atom->arguments[1]) != TERM_CONSTANT ||
        kind_of(terms, atom->arguments[2]) != TERM_CONSTANT)
        return false;
    choice->condition = atom->arguments[0];
    choice->then = (sum.constant + sum.coefficients[0]) & mask_of(whole->width_bits);
    choice->otherwise = sum.constant;
    return true;
}

/* The 1-bit word that is 1 iff the condition holds, if the condition compares bits:
 * a = b is 1 + a + b; x < 0 is the top bit of x. */
static term bit_of_condition(struct terms *terms, term condition)
{
    const struct node *node = node_of(terms, condition);
    if (node->kind == TERM_EQ && width_of(terms, node->arguments[0]) == 1)
        return linear_combine(terms, 1, 1, linear_of(terms, node->arguments[0]), 1,
                              linear_of(terms, node->arguments[1]), 1);
    uint64_t right;
    if (node->kind != TERM_SLT || !term_is_constant(terms, node->arguments[1], &right) ||
        right != 0)
        return (term){0};
    unsigned top = width_of(terms, node->arguments[0]) - 1;
    return term_intern_extract(terms, node->arguments[0], top, top);
}

term choice_make(struct terms *terms, term condition, uint64_t then, uint64_t otherwise,
                 unsigned width_bits)
{
    bool is_negative = false;
    condition = bool_positive(terms, condition, &is_negative);
    if (is_negative) {
        uint64_t swapped = then;
        then = otherwise;
        otherwise = swapped;
    }
    if (term_is_true(terms, condition) || ((then ^ otherwise) & mask_of(width_bits)) == 0)
        return term_word(terms, then, width_bits);
    term atom = width_bits == 1 ? bit_of_condition(terms, condition) : (term){0};
    if (term_is_none(atom)) {
        term parts[] = {condition, term_word(terms, 1, width_bits),
                        term_word(terms, 0, width_bits)};
        atom = term_intern(terms, TERM_ITE, sort_word(width_bits), parts, 3);
    }
    return linear_scale(terms, width_bits, then - otherwise, linear_of(terms, atom), otherwise);
}

bool word_as_bool(struct terms *terms, term t, term *condition)
{
    uint64_t value;
    if (term_is_constant(terms, t, &value)) {
        *condition = term_bool(terms, value == 1);
        return value <= 1;
    }
    struct choice choice;
    if (!choice_of(terms, t, &choice) || (choice.then | choice.otherwise) != 1)
        return false;
    *condition = choice.then == 1 ? choice.condition : term_not(terms, choice.condition);
    return true;
}

term term_of_bool(struct terms *terms, term condition, unsigned width_bits)
{
    return choice_make(terms, condition, 1, 0, width_bits);
}

term term_truth(struct terms *terms, term word)
{
    return term_ne(terms, word, term_word(terms, 0, width_of(terms, word)));
}

/* `t` where `condition` has the value `holds`: parts that it decides are decided. */
term word_under(struct terms *terms, term t, term condition, bool holds)
{
    struct linear sum = linear_of(terms, t);
    unsigned width_bits = width_of(terms, t);
    for (size_t i = 0; i < sum.count; i++) {
        const struct node *atom = node_of(terms, sum.atoms[i]);
        if (atom->kind != TERM_ITE || !term_same(atom->arguments[0], condition))
            continue;
        term taken = atom->arguments[holds ? 1 : 2];
        struct linear difference = linear_of(terms, term_sub(terms, taken, sum.atoms[i]));
        return word_under(
            terms, linear_combine(terms, width_bits, 1, sum, sum.coefficients[i], difference, 0),
            condition, holds);
    }
    return t;
}

/* The monomials that both sums have, and the constant if they agree in it. */
static term common_part(struct terms *terms, unsigned width_bits, struct linear a, struct linear b)
{
    struct scratch_mark mark = scratch_mark(terms);
    size_t most = a.count < b.count ? a.count : b.count, count = 0;
    term *atoms = scratch_take(terms, most * sizeof *atoms);
    uint64_t *coefficients = scratch_take(terms, most * sizeof *coefficients);
    for (size_t i = 0, j = 0; i < a.count && j < b.count;) {
        if (term_same(a.atoms[i], b.atoms[j]) && a.coefficients[i] == b.coefficients[j]) {
            atoms[count] = a.atoms[i];
            coefficients[count++] = a.coefficients[i];
        }
        bool steps_a = a.atoms[i].id <= b.atoms[j].id, steps_b = b.atoms[j].id <= a.atoms[i].id;
        i += steps_a;
        j += steps_b;
    }
    struct linear common = {a.constant == b.constant ? a.constant : 0, count, coefficients, atoms};
    term sum = linear_scale(terms, width_bits, 1, common, 0);
    scratch_release(terms, mark);
    return sum;
}

/* ite(c, ite(d, p, q), p) and the like: words with the same two values on both sides. */
static bool ite_of_choices(struct terms *terms, term condition, term then, term otherwise,
                           term *result)
{
    struct choice a, b;
    uint64_t value;
    unsigned width_bits = width_of(terms, then);
    bool a_is_choice = choice_of(terms, then, &a), b_is_choice = choice_of(terms, otherwise, &b);
    if (!a_is_choice && !b_is_choice)
        return false;
    struct choice known = a_is_choice ? a : b;
    term cases[2], sides[] = {then, otherwise};
    for (int i = 0; i < 2; i++) {
        struct choice side;
        if (term_is_constant(terms, sides[i], &value)) {
            if (value != known.then && value != known.otherwise)
                return false;
            cases[i] = term_bool(terms, value == known.then);
        } else if (choice_of(terms, sides[i], &side)) {
            bool is_same = side.then == known.then && side.otherwise == known.otherwise;
            bool is_swapped = side.then == known.otherwise && side.otherwise == known.then;
            if (!is_same && !is_swapped)
                return false;
            cases[i] = is_same ? side.condition : term_not(terms, side.condition);
        } else {
            return false;
        }
    }
    *result = choice_make(terms, bool_ite(terms, condition, cases[0], cases[1]), known.then,
                          known.otherwise, width_bits);
    return true;
}

/* ite(c, ite(d, a, b), b) = ite(c and d, a, b) and its three mirror images */
static bool ite_of_ite(struct terms *terms, term condition, term then, term otherwise, term *result)
{
    const struct node *inner = node_of(terms, then);
    if (inner->kind == TERM_ITE) {
        term d = inner->arguments[0], a = inner->arguments[1], b = inner->arguments[2];
        if (term_same(b, otherwise) || term_same(a, otherwise)) {
            bool is_last = term_same(b, otherwise);
            term both = term_and(terms, condition, is_last ? d : term_not(terms, d));
            *result = term_ite(terms, both, is_last ? a : b, otherwise);
            return true;
        }
    }
    inner = node_of(terms, otherwise);
    if (inner->kind == TERM_ITE) {
        term d = inner->arguments[0], a = inner->arguments[1], b = inner->arguments[2];
        if (term_same(a, then) || term_same(b, then)) {
            bool is_first = term_same(a, then);
            term either = term_or(terms, condition, is_first ? d : term_not(terms, d));
            *result = term_ite(terms, either, then, is_first ? b : a);
            return true;
        }
    }
    return false;
}

/* ite(a = k, j, a) = a + (j - k) * ite(a = k, 1, 0) */
static bool ite_of_exception(struct terms *terms, term condition, term then, term otherwise,
                             term *result)
{
    const struct node *equation = node_of(terms, condition);
    uint64_t usual, exception;
    if (equation->kind != TERM_EQ || !term_same(equation->arguments[0], otherwise) ||
        !term_is_constant(terms, equation->arguments[1], &usual) ||
        !term_is_constant(terms, then, &exception))
        return false;
    term added = choice_make(terms, condition, exception - usual, 0, width_of(terms, then));
    *result = term_add(terms, otherwise, added);
    return true;
}

/* ite(a = b, a, b) = b; ite(a = k, a, e) = ite(a = k, k, e) */
static term then_by_equation(const struct terms *terms, term condition, term then, term otherwise)
{
    const struct node *equation = node_of(terms, condition);
    if (equation->kind != TERM_EQ)
        return then;
    term a = equation->arguments[0], b = equation->arguments[1];
    if ((term_same(a, then) && term_same(b, otherwise)) ||
        (term_same(b, then) && term_same(a, otherwise)))
        return otherwise;
    if (term_same(a, then) && kind_of(terms, b) == TERM_CONSTANT)
        return b;
    return then;
}

/* ite(c, k*a, k*b) = k * ite(c, a, b), where one of them may be 0 */
static bool ite_of_multiples(struct terms *terms, term condition, struct linear then,
                             struct linear otherwise, unsigned width_bits, term *result)
{
    if (then.count > 1 || otherwise.count > 1 || then.constant != 0 || otherwise.constant != 0)
        return false;
    uint64_t k = then.count == 1 ? then.coefficients[0] : otherwise.coefficients[0];
    if (k == 1 || (then.count == 1 && otherwise.count == 1 && k != otherwise.coefficients[0]))
        return false;
    term zero = term_word(terms, 0, width_bits);
    term inner = term_ite(terms, condition, then.count == 1 ? then.atoms[0] : zero,
                          otherwise.count == 1 ? otherwise.atoms[0] : zero);
    *result = linear_scale(terms, width_bits, k, linear_of(terms, inner), 0);
    return true;
}

static term ite_node(struct terms *terms, term condition, term then, term otherwise)
{
    term parts[] = {condition, then, otherwise};
    return term_intern(terms, TERM_ITE, term_sort(terms, then), parts, 3);
}

static term ite_word_rules(struct terms *terms, term condition, term then, term otherwise)
{
    unsigned width_bits = width_of(terms, then);
    uint64_t a, b;
    if (term_same(then, otherwise))
        return then;
    if (term_is_constant(terms, then, &a) && term_is_constant(terms, otherwise, &b))
        return choice_make(terms, condition, a, b, width_bits);
    term common =
        common_part(terms, width_bits, linear_of(terms, then), linear_of(terms, otherwise));
    uint64_t constant;
    if (!term_is_constant(terms, common, &constant) || constant != 0) {
        term rest = term_ite(terms, condition, term_sub(terms, then, common),
                             term_sub(terms, otherwise, common));
        return term_add(terms, common, rest);
    }
    term result;
    if (ite_of_exception(terms, condition, then, otherwise, &result) ||
        ite_of_choices(terms, condition, then, otherwise, &result) ||
        ite_of_ite(terms, condition, then, otherwise, &result) ||
        ite_of_multiples(terms, condition, linear_of(terms, then), linear_of(terms, otherwise),
                         width_bits, &result))
        return result;
    return ite_node(terms, condition, then, otherwise);
}

static term ite_word(struct terms *terms, term condition, term then, term otherwise)
{
    then = word_under(terms, then, condition, true);
    otherwise = word_under(terms, otherwise, condition, false);
    then = then_by_equation(terms, condition, then, otherwise);
    return ite_word_rules(terms, condition, then, otherwise);
}

static term ite_memory(struct terms *terms, term condition, term then, term otherwise)
{
    const struct node *a = node_of(terms, then), *b = node_of(terms, otherwise);
    if (a->kind == TERM_ITE && term_same(a->arguments[0], condition))
        then = a->arguments[1];
    if (b->kind == TERM_ITE && term_same(b->arguments[0], condition))
        otherwise = b->arguments[2];
    term result;
    if (term_same(then, otherwise))
        return then;
    if (ite_of_ite(terms, condition, then, otherwise, &result))
        return result;
    return ite_node(terms, condition, then, otherwise);
}

term term_ite(struct terms *terms, term condition, term then, term otherwise)
{
    struct sort sort = term_sort(terms, then), other = term_sort(terms, otherwise);
    require(term_sort(terms, condition).kind == SORT_BOOL, "a condition is a Boolean");
    require(sort.kind == other.kind && sort.width_bits == other.width_bits,
            "both branches have one sort");
    if (term_is_true(terms, condition) || term_same(then, otherwise))
        return then;
    if (term_is_false(terms, condition))
        return otherwise;
    if (sort.kind == SORT_BOOL)
        return bool_ite(terms, condition, then, otherwise);
    bool is_negative = false;
    condition = bool_positive(terms, condition, &is_negative);
    if (is_negative) {
        term swapped = then;
        then = otherwise;
        otherwise = swapped;
    }
    return sort.kind == SORT_WORD ? ite_word(terms, condition, then, otherwise)
                                  : ite_memory(terms, condition, then, otherwise);
}
