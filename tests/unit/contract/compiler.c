/* The compiler's own routines: their contracts are found and proved. */
#include "tests/unit/contract/routines.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

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

TestSuite(contract_of_compiler, .init = begin, .fini = end);

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void expect_proved(const char *symbol)
{
    double start = seconds();
    struct text certificate = routines_search(routines, symbol);
    double found = seconds();
    struct contract_proof proof = routines_check(routines, symbol, certificate.at);
    double checked = seconds();
    cr_expect_str_eq(routines_outcome(&proof), "proved", "%s\n%s", routines_outcome(&proof),
                     certificate.at);
    if (getenv("CONTRACT_TIMES") != NULL)
        fprintf(stderr,
                "%s: found in %.0f ms, checked in %.0f ms, %u obligations, %u by solver\n%s",
                symbol, 1e3 * (found - start), 1e3 * (checked - found),
                (unsigned)proof.finding.obligations, (unsigned)proof.finding.obligations_by_solver,
                certificate.at);
}

Test(contract_of_compiler, mul_is_proved)
{
    expect_proved("__mul");
}

Test(contract_of_compiler, udiv_is_proved)
{
    expect_proved("__udiv");
}

Test(contract_of_compiler, urem_is_proved)
{
    expect_proved("__urem");
}

Test(contract_of_compiler, sdiv_is_proved)
{
    expect_proved("__sdiv");
}

Test(contract_of_compiler, srem_is_proved)
{
    expect_proved("__srem");
}

Test(contract_of_compiler, new_is_proved)
{
    expect_proved("__new");
}
