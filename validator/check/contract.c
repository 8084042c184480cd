#include "validator/check/contract.h"

#include "base/require.h"

static term size_is_allowed(struct terms *terms, term size_bytes)
{
    term zero = term_word(terms, 0, 32);
    term is_words = term_eq(terms, term_extract(terms, size_bytes, 1, 0), term_word(terms, 0, 2));
    return term_and(terms, term_ne(terms, size_bytes, zero), is_words);
}

static term quotient_exists(struct terms *terms, const term *arguments)
{
    term overflows =
        term_and(terms, term_eq(terms, arguments[0], term_word(terms, 0x80000000u, 32)),
                 term_eq(terms, arguments[1], term_word(terms, 0xffffffffu, 32)));
    return term_and(terms, term_ne(terms, arguments[1], term_word(terms, 0, 32)),
                    term_not(terms, overflows));
}

term contract_applies(struct terms *terms, const struct contract *contract, const term *arguments)
{
    switch (contract->kind) {
    case CONTRACT_MUL:
        return term_true(terms);
    case CONTRACT_UDIV:
    case CONTRACT_UREM:
        return term_ne(terms, arguments[1], term_word(terms, 0, 32));
    case CONTRACT_SDIV:
    case CONTRACT_SREM:
        return quotient_exists(terms, arguments);
    case CONTRACT_NEW:
        return size_is_allowed(terms, arguments[0]);
    }
    require(false, "no such contract");
    return term_false(terms);
}

void contract_result(const struct subject *subject, struct terms *terms,
                     const struct contract *contract, const term *arguments, term *memory,
                     term *result)
{
    term a = arguments[0], b = contract->parameter_count > 1 ? arguments[1] : a;
    switch (contract->kind) {
    case CONTRACT_MUL:
        *result = term_mul(terms, a, b);
        return;
    case CONTRACT_UDIV:
        *result = term_udiv(terms, a, b);
        return;
    case CONTRACT_UREM:
        *result = term_urem(terms, a, b);
        return;
    case CONTRACT_SDIV:
        *result = term_sdiv(terms, a, b);
        return;
    case CONTRACT_SREM:
        *result = term_srem(terms, a, b);
        return;
    case CONTRACT_NEW:
        new_contract(subject, terms, *memory, a, result, memory);
        return;
    }
    require(false, "no such contract");
}
