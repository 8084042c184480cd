/* Twins of the compiler's routines with one bit of one instruction flipped: whatever is proved of
 * them still gives right results. */
#include "tests/unit/contract/routines.h"

#include <criterion/criterion.h>
#include <string.h>

enum { PAIRS = 2000, MUTANT_RLIMIT = 4000, SEARCHED_EVERY = 24 };

static struct arena *arena;
static struct routines *routines;

static void begin(void)
{
    arena = arena_new();
    routines = routines_make(arena, NULL);
}

static void end(void)
{
    arena_free(arena);
}

TestSuite(contract_mutants, .init = begin, .fini = end);

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 24;
}

static uint32_t choose_word(uint64_t *random)
{
    static const uint32_t boundary[] = {0,          1,          2,          3,
                                        0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe,
                                        0xffffffff, 0xffff,     0x10000,    0x55555555};
    uint64_t r = next_random(random);
    if (r % 4 == 0)
        return boundary[r / 4 % (sizeof boundary / sizeof *boundary)];
    return (uint32_t)(r >> 6) >> (r / 4 % 32);
}

static bool is_right(struct arena *own, const struct routines *mutant,
                     const struct contract *contract)
{
    struct routine_runner runner = routines_runner(own, mutant, contract->symbol);
    uint64_t random = 7;
    for (unsigned i = 0; i < PAIRS; i++) {
        uint32_t arguments[2] = {choose_word(&random), choose_word(&random)}, result;
        if (!routines_allow(contract->kind, arguments[0], arguments[1]))
            continue;
        if (!routines_run(&runner, arguments, &result) ||
            result != routines_expect(contract->kind, arguments[0], arguments[1]))
            return false;
    }
    return routines_kept_memory(&runner);
}

struct count {
    unsigned same, mutants, searched, equivalent;
};

/* Bits without a meaning make no other instruction. */
static bool is_same_instruction(const struct routines *mutant, uint32_t address)
{
    char before[96], after[96];
    mutant->subject.target->print(&routines->image, address, before, sizeof before);
    mutant->subject.target->print(&mutant->image, address, after, sizeof after);
    return strcmp(before, after) == 0;
}

static void try_mutant(const struct contract *contract, const char *certificate, uint32_t address,
                       uint32_t word, struct count *count)
{
    struct arena *own = arena_new();
    struct routines *mutant = routines_with_word(own, routines, address, word);
    mutant->rlimit = MUTANT_RLIMIT;
    if (is_same_instruction(mutant, address)) {
        count->same++;
        arena_free(own);
        return;
    }
    struct contract_proof proof = routines_check(mutant, contract->symbol, certificate);
    bool is_proved = proof.finding.status == CONTRACT_PROVED;
    if (!is_proved && count->mutants % SEARCHED_EVERY == 0) {
        proof = routines_prove(mutant, contract->symbol);
        is_proved = proof.finding.status == CONTRACT_PROVED;
        count->searched++;
    }
    count->mutants++;
    if (is_proved) {
        char insn[96];
        mutant->subject.target->print(&mutant->image, address, insn, sizeof insn);
        cr_expect(is_right(own, mutant, contract), "%s is proved with '%s' at 0x%08x",
                  contract->symbol, insn, (unsigned)address);
        fprintf(stderr, "equivalent mutant of %s: '%s' at 0x%08x\n", contract->symbol, insn,
                (unsigned)address);
        count->equivalent++;
    }
    arena_free(own);
}

/* The instructions from number `first` to before `end`. */
static void try_mutants(const char *symbol, uint32_t first, uint32_t end_before)
{
    const struct contract *contract = routines_contract(symbol);
    const struct image_symbol *code = image_symbol(&routines->image, symbol, NULL);
    const char *certificate = routines_search(routines, symbol).at;
    struct contract_proof proof = routines_check(routines, symbol, certificate);
    cr_assert_str_eq(routines_outcome(&proof), "proved");
    cr_assert(is_right(arena, routines, contract));
    struct count count = {0};
    for (uint32_t i = first; i < code->size_bytes / 4 && i < end_before; i++)
        for (unsigned bit = 0; bit < 32; bit++) {
            uint32_t word;
            cr_assert(image_word(&routines->image, code->address + 4 * i, &word));
            try_mutant(contract, certificate, code->address + 4 * i, word ^ (1u << bit), &count);
        }
    fprintf(stderr, "%s: %u mutants (and %u bits without meaning), %u searched, %u equivalent\n",
            symbol, count.mutants, count.same, count.searched, count.equivalent);
    cr_expect(count.mutants > 0 && count.equivalent * 4 < count.mutants);
}

Test(contract_mutants, no_wrong_multiplication_is_proved)
{
    try_mutants("__mul", 0, UINT32_MAX);
}

Test(contract_mutants, no_wrong_start_of_division_is_proved)
{
    try_mutants("__udiv", 0, 12);
}

Test(contract_mutants, no_wrong_end_of_division_is_proved)
{
    try_mutants("__udiv", 12, UINT32_MAX);
}

Test(contract_mutants, no_wrong_remainder_is_proved)
{
    try_mutants("__urem", 12, 16);
}

Test(contract_mutants, no_wrong_signed_remainder_is_proved)
{
    try_mutants("__srem", 3, 11);
}
