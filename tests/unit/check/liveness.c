/* Which locals may still be read. */
#include "validator/propose/liveness.h"

#include "tests/unit/check/pairing.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char source[] = "int g;\n"
                             "int other(int x)\n"
                             "{\n"
                             "    return x;\n"
                             "}\n"
                             "int f(int a, int b)\n"
                             "{\n"
                             "    int i;\n"
                             "    int t;\n"
                             "    int v[2];\n"
                             "    i = 0;\n"            /* line 11 */
                             "    t = 1;\n"            /* 12 */
                             "    v[0] = a;\n"         /* 13 */
                             "    while (i < b) {\n"   /* 14 */
                             "        t = other(t);\n" /* 15 */
                             "        i = i + v[0];\n" /* 16 */
                             "    }\n"
                             "    t = i;\n"    /* 18 */
                             "    return t;\n" /* 19 */
                             "}\n";

static void live_is(uint32_t line, bool after_call, const char *expected)
{
    struct pairing *pairing = pairing_make(source, NULL);
    struct check_input input = pairing_input(pairing, "f");
    struct liveness liveness = liveness_of(pairing->arena, input.function, input.flow);
    char found[80] = "";
    for (uint32_t node = 0; node < input.flow->count; node++) {
        if (input.flow->nodes[node].stmt->where.line != line)
            continue;
        for (uint32_t v = 0; v < input.function->variable_count; v++)
            if (liveness_at(&liveness, input.flow, node, after_call, v)) {
                strcat(found, found[0] == '\0' ? "" : " ");
                strcat(found, input.function->variables[v]->name);
            }
    }
    cr_expect_str_eq(found, expected, "line %u: %s", (unsigned)line, found);
    pairing_free(pairing);
}

Test(liveness, what_is_assigned_before_it_is_read_is_dead)
{
    live_is(11, false, "a b v");
    live_is(18, false, "i");
    live_is(19, false, "t");
}

Test(liveness, a_loop_keeps_alive_what_its_next_round_reads)
{
    live_is(14, false, "b i t v");
    live_is(16, false, "b i t v");
}

Test(liveness, a_store_to_an_element_does_not_end_the_aggregate)
{
    live_is(13, false, "a b i t v");
}

Test(liveness, the_result_of_a_call_is_dead_until_it_is_stored)
{
    live_is(15, false, "b i t v");
    live_is(15, true, "b i v");
}
