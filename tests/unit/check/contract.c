/* Contracts of the runtime routines: when they apply, and what they say (docs/ABI.md). */
#include "validator/check/contract.h"

#include "smt/evaluate.h"
#include "tests/unit/check/pairing.h"
#include "tests/unit/check/samples.h"
#include "validator/vamp/target.h"

#include <criterion/criterion.h>

static const uint32_t words[] = {0,          1,          2,          3,          7,
                                 10,         0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe,
                                 0xffffffff, 0x12345678, 12,         4,          6};
enum { WORDS = sizeof words / sizeof *words };

static const struct contract *contract_of(enum contract_kind kind)
{
    for (size_t i = 0; i < vamp_target.contract_count; i++)
        if (vamp_target.contracts[i].kind == kind)
            return &vamp_target.contracts[i];
    cr_assert(false);
    return NULL;
}

/* The contract on two constants: whether it applies, and the result. */
static bool applies(enum contract_kind kind, uint32_t a, uint32_t b, uint32_t *result)
{
    struct pairing *pairing = pairing_make(sum_source, sum_code);
    struct terms *terms = terms_new(pairing->arena);
    term arguments[] = {term_word(terms, a, 32), term_word(terms, b, 32)};
    term memory = term_variable(terms, "m", (struct sort){SORT_MEMORY, 0});
    term before = memory, value;
    contract_result(&pairing->subject, terms, contract_of(kind), arguments, &memory, &value);
    cr_expect(term_same(memory, before), "arithmetic leaves memory alone");
    struct assignment *assignment = assignment_new(pairing->arena, 0);
    *result = (uint32_t)evaluate_word(terms, assignment, value);
    bool is_allowed =
        evaluate_bool(terms, assignment, contract_applies(terms, contract_of(kind), arguments));
    pairing_free(pairing);
    return is_allowed;
}

Test(contract, products_always_exist)
{
    for (size_t i = 0; i < WORDS; i++)
        for (size_t k = 0; k < WORDS; k++) {
            uint32_t result;
            cr_expect(applies(CONTRACT_MUL, words[i], words[k], &result));
            cr_expect_eq(result, words[i] * words[k]);
        }
}

Test(contract, unsigned_quotients_need_a_divisor)
{
    for (size_t i = 0; i < WORDS; i++)
        for (size_t k = 0; k < WORDS; k++) {
            uint32_t quotient, rest, a = words[i], b = words[k];
            cr_expect_eq(applies(CONTRACT_UDIV, a, b, &quotient), b != 0);
            cr_expect_eq(applies(CONTRACT_UREM, a, b, &rest), b != 0);
            if (b != 0) {
                cr_expect_eq(quotient, a / b);
                cr_expect_eq(rest, a % b);
            }
        }
}

Test(contract, signed_quotients_truncate_and_must_fit)
{
    for (size_t i = 0; i < WORDS; i++)
        for (size_t k = 0; k < WORDS; k++) {
            uint32_t quotient, rest;
            int32_t a = (int32_t)words[i], b = (int32_t)words[k];
            bool exists = b != 0 && !(a == INT32_MIN && b == -1);
            cr_expect_eq(applies(CONTRACT_SDIV, (uint32_t)a, (uint32_t)b, &quotient), exists);
            cr_expect_eq(applies(CONTRACT_SREM, (uint32_t)a, (uint32_t)b, &rest), exists);
            if (exists) {
                cr_expect_eq((int32_t)quotient, a / b);
                cr_expect_eq((int32_t)rest, a % b);
            }
        }
}

/* `new` of a size with the cursor at a value: the result and the cursor after. */
static void allocates(uint32_t cursor, uint32_t size, bool is_allowed, uint32_t result,
                      uint32_t cursor_after)
{
    struct pairing *pairing = pairing_make(sum_source, sum_code);
    struct terms *terms = terms_new(pairing->arena);
    uint32_t heap = pairing->subject.heap.start;
    term at_heap = term_word(terms, heap, 32), other = term_word(terms, heap + 64, 32);
    term memory = term_variable(terms, "m", (struct sort){SORT_MEMORY, 0});
    memory = term_store(terms, memory, at_heap, term_word(terms, cursor, 32));
    memory = term_store(terms, memory, other, term_word(terms, 77, 32));
    term argument = term_word(terms, size, 32), value;
    const struct contract *contract = contract_of(CONTRACT_NEW);
    struct assignment *assignment = assignment_new(pairing->arena, 0);
    cr_expect_eq(evaluate_bool(terms, assignment, contract_applies(terms, contract, &argument)),
                 is_allowed);
    contract_result(&pairing->subject, terms, contract, &argument, &memory, &value);
    if (is_allowed) {
        cr_expect_eq(evaluate_word(terms, assignment, value), result);
        cr_expect_eq(evaluate_word(terms, assignment, term_select(terms, memory, at_heap)),
                     cursor_after);
        cr_expect_eq(evaluate_word(terms, assignment, term_select(terms, memory, other)), 77);
    }
    pairing_free(pairing);
}

Test(contract, new_moves_the_cursor_or_gives_null)
{
    struct pairing *pairing = pairing_make(sum_source, sum_code);
    struct region heap = pairing->subject.heap;
    pairing_free(pairing);
    allocates(0, 8, true, heap.start + 4, heap.start + 12);
    allocates(heap.start + 12, 4, true, heap.start + 12, heap.start + 16);
    allocates(heap.end - 8, 8, true, heap.end - 8, heap.end);
    allocates(heap.end - 8, 12, true, 0, heap.end - 8);
    allocates(heap.end, 4, true, 0, heap.end);
    allocates(0, heap.end - heap.start - 4, true, heap.start + 4, heap.end);
    allocates(0, heap.end - heap.start, true, 0, 0);
    allocates(heap.start + 4, 0xfffffffc, true, 0, heap.start + 4);
}

Test(contract, new_takes_a_positive_number_of_words)
{
    allocates(0, 0, false, 0, 0);
    allocates(0, 6, false, 0, 0);
    allocates(0, 1, false, 0, 0);
}
