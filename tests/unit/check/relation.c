/* Relations that cannot be used at all are refused before anything is proved from them. */
#include "tests/unit/check/pairing.h"
#include "tests/unit/check/samples.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* The proposed relation of spread(), with room to spoil it. */
struct spoiled {
    struct pairing *pairing;
    struct relation relation;
    struct cut *cuts;
    struct home *homes;
};

static struct spoiled sound(void)
{
    struct spoiled it = {.pairing = pairing_make(spread_source, NULL)};
    it.relation = pairing_propose(it.pairing, "spread");
    cr_assert_eq(it.relation.home_count, 2);
    cr_assert_eq(it.relation.cut_count, 3);
    it.cuts = ARENA_ARRAY(it.pairing->arena, struct cut, it.relation.cut_count + 1);
    for (size_t i = 0; i < it.relation.cut_count; i++)
        it.cuts[i] = it.relation.cuts[i];
    it.homes = ARENA_ARRAY(it.pairing->arena, struct home, it.relation.home_count + 1);
    for (size_t i = 0; i < it.relation.home_count; i++)
        it.homes[i] = it.relation.homes[i];
    it.relation.cuts = it.cuts;
    it.relation.homes = it.homes;
    return it;
}

static size_t cut_of(const struct spoiled *it, enum cut_kind kind)
{
    size_t i = 1;
    while (it->cuts[i].kind != kind)
        i++;
    return i;
}

static void refused(struct spoiled *it, const char *message)
{
    struct check_input input = pairing_input(it->pairing, "spread");
    input.relation = &it->relation;
    struct fault fault = {0};
    cr_expect_not(relation_is_sound(it->pairing->arena, &input, &fault));
    cr_expect_str_eq(fault.message, message);
    struct check_result result = pairing_check(it->pairing, "spread", &it->relation);
    cr_expect_eq(result.verdict, VERDICT_UNDECIDED);
    cr_expect_str_eq(result.reason, message);
    pairing_free(it->pairing);
}

Test(relation_is_sound, the_proposed_one_is)
{
    struct spoiled it = sound();
    struct check_input input = pairing_input(it.pairing, "spread");
    input.relation = &it.relation;
    struct fault fault = {0};
    cr_expect(relation_is_sound(it.pairing->arena, &input, &fault), "%s", fault.message);
    cr_expect_eq(pairing_check(it.pairing, "spread", &it.relation).verdict, VERDICT_PROVED);
    pairing_free(it.pairing);
}

Test(relation_is_sound, a_frame_is_whole_words)
{
    struct spoiled it = sound();
    it.relation.frame_bytes += 2;
    char *message =
        arena_printf(it.pairing->arena, "certificate: a frame of %lu bytes is no part of the stack",
                     (unsigned long)it.relation.frame_bytes);
    refused(&it, message);
}

Test(relation_is_sound, a_frame_fits_the_stack)
{
    struct spoiled it = sound();
    it.relation.frame_bytes = 0xfffffffc;
    refused(&it, "certificate: a frame of 4294967292 bytes is no part of the stack");
}

Test(relation_is_sound, only_aggregates_have_homes)
{
    struct spoiled it = sound();
    const struct c0_function *function = pairing_function(it.pairing, "spread");
    while (!c0_type_is_elementary(function->variables[it.homes[0].variable]->type))
        it.homes[0].variable = (it.homes[0].variable + 1) % function->variable_count;
    refused(&it, arena_printf(it.pairing->arena, "certificate: '%s' is no aggregate",
                              function->variables[it.homes[0].variable]->name));
}

static void refused_home(int32_t offset)
{
    struct spoiled it = sound();
    it.homes[1].offset = offset;
    const char *name =
        pairing_function(it.pairing, "spread")->variables[it.homes[1].variable]->name;
    refused(&it, arena_printf(it.pairing->arena,
                              "certificate: the home of '%s' lies outside the frame", name));
}

Test(relation_is_sound, a_home_lies_in_the_frame)
{
    refused_home(-4);
    refused_home(INT32_MIN);
    refused_home(0x7ffffffc);
}

Test(relation_is_sound, a_home_is_aligned)
{
    refused_home(22);
}

Test(relation_is_sound, a_home_is_apart_from_the_parameters)
{
    struct spoiled it = sound();
    it.homes[1].offset = 8;
    const char *name =
        pairing_function(it.pairing, "spread")->variables[it.homes[1].variable]->name;
    refused(&it, arena_printf(it.pairing->arena,
                              "certificate: the home of '%s' lies on a parameter", name));
}

Test(relation_is_sound, homes_are_apart)
{
    struct spoiled it = sound();
    it.homes[1].offset = it.homes[0].offset;
    const struct c0_function *function = pairing_function(it.pairing, "spread");
    refused(&it, arena_printf(it.pairing->arena, "certificate: the homes of '%s' and '%s' overlap",
                              function->variables[it.homes[0].variable]->name,
                              function->variables[it.homes[1].variable]->name));
}

Test(relation_is_sound, an_aggregate_has_one_home)
{
    struct spoiled it = sound();
    it.homes[2] = it.homes[0];
    it.homes[2].offset = 200;
    it.relation.home_count = 3;
    it.relation.frame_bytes = 400;
    const struct c0_function *function = pairing_function(it.pairing, "spread");
    const char *name = function->variables[it.homes[0].variable]->name;
    refused(&it, arena_printf(it.pairing->arena, "certificate: the homes of '%s' and '%s' overlap",
                              name, name));
}

Test(relation_is_sound, only_cut_0_is_the_entry)
{
    struct spoiled it = sound();
    it.cuts[1].kind = CUT_ENTRY;
    refused(&it, "certificate: cut 1: only cut 0 is the entry");
}

Test(relation_is_sound, cuts_are_at_nodes_of_the_source)
{
    struct spoiled it = sound();
    it.cuts[2].node = 1000;
    refused(&it, "certificate: cut 2: no such node in the source");
}

Test(relation_is_sound, a_call_cut_is_at_a_call)
{
    struct spoiled it = sound();
    size_t call = cut_of(&it, CUT_CALL);
    it.cuts[call].node = it.cuts[cut_of(&it, CUT_LOOP)].node;
    refused(&it,
            arena_printf(it.pairing->arena, "certificate: cut %zu: the node is no call", call));
}

static void refused_point(uint32_t pc)
{
    struct spoiled it = sound();
    it.cuts[1].point = (struct point){pc, pc + 4};
    refused(&it, "certificate: cut 1: the point is not in the function's code");
}

Test(relation_is_sound, points_are_in_the_function)
{
    refused_point(0);
    refused_point(0xfffffffc);
    struct spoiled it = sound();
    uint32_t start = pairing_input(it.pairing, "spread").symbol->address;
    uint32_t end = start + pairing_input(it.pairing, "spread").symbol->size_bytes;
    pairing_free(it.pairing);
    refused_point(start - 4);
    refused_point(end);
    refused_point(start + 2);
}

Test(relation_is_sound, a_point_has_one_relation)
{
    struct spoiled it = sound();
    it.cuts[3] = it.cuts[1];
    it.cuts[3].equality_count = 0;
    it.relation.cut_count = 4;
    refused(&it, "certificate: cut 3: a second relation for the same point");
}

/* Equalities that cannot be: nothing starts from them. */
static void refused_equality(const char *line, const char *message)
{
    struct pairing *pairing = pairing_make(spread_source, NULL);
    struct relation relation = pairing_propose(pairing, "spread");
    char *text = arena_printf(pairing->arena, "%s", pairing_certificate(pairing, &relation));
    char *end = strstr(text, "end\n");
    *end = '\0';
    const char *with = arena_printf(pairing->arena, "%s  %s\nend\n", text, line);
    struct fault fault = {0};
    struct relation spoiled;
    cr_assert(pairing_parse(pairing, "spread", text_of(with), &spoiled, &fault), "%s",
              fault.message);
    struct check_input input = pairing_input(pairing, "spread");
    input.relation = &spoiled;
    struct walk_ends ends = walk_ends_of(pairing->arena, &input);
    struct segment segment;
    const struct cut *last = &spoiled.cuts[spoiled.cut_count - 1];
    cr_expect_not(segment_build(pairing->arena, terms_new(pairing->arena), &input, last, &ends,
                                &segment, &fault));
    cr_expect_str_eq(fault.message, arena_printf(pairing->arena, "%s: '%s'", message, line));
    pairing_free(pairing);
}

Test(relation_equality, an_aggregate_is_no_word)
{
    refused_equality("r5 = p", "an aggregate is not a word");
}

Test(relation_equality, a_slot_is_an_aligned_word_of_the_frame)
{
    refused_equality("[2] = a", "the slot is no word of the frame");
    refused_equality("[-4] = a", "the slot is no word of the frame");
    refused_equality("[4000] = a", "the slot is no word of the frame");
}

Test(relation_equality, a_slot_is_apart_from_aggregates)
{
    struct pairing *pairing = pairing_make(spread_source, NULL);
    struct relation relation = pairing_propose(pairing, "spread");
    int32_t offset = relation.homes[0].offset;
    pairing_free(pairing);
    char line[40];
    snprintf(line, sizeof line, "[%ld] = a", (long)offset + 4);
    refused_equality(line, "the slot lies in an aggregate's home");
}

Test(relation_equality, a_block_is_the_aggregate_at_home_there)
{
    refused_equality("[100..108] = p", "no aggregate has its home there");
    struct pairing *pairing = pairing_make(spread_source, NULL);
    struct relation relation = pairing_propose(pairing, "spread");
    long offset = relation.homes[0].offset;
    pairing_free(pairing);
    char line[60];
    snprintf(line, sizeof line, "[%ld..%ld] = a", offset, offset + 4);
    refused_equality(line, "a block can only equal the aggregate at home there");
}

Test(relation_equality, the_zero_register_has_none)
{
    refused_equality("r0 = a", "the zero register needs no relation");
}
