#include "tests/unit/check/pairing.h"

#include "compiler/assembler.h"
#include "compiler/compile.h"
#include "compiler/link.h"
#include "semantics/c0a/c0a.h"
#include "validator/check/certificate.h"
#include "validator/propose/propose.h"
#include "validator/vamp/target.h"

#include <criterion/criterion.h>
#include <string.h>

enum { RLIMIT = 4000000, TRIES = 300 };

struct pairing *pairing_apart(const char *source, const char *assembly)
{
    struct arena *arena = arena_new();
    struct pairing *pairing = ARENA_NEW(arena, struct pairing);
    struct fault fault = {0};
    struct c0_front_options front = {.assembler = &c0a_assembler};
    pairing->arena = arena;
    pairing->program = c0_load_text(arena, "t.c0", text_of(source), &front, stderr);
    cr_assert_not_null(pairing->program);
    struct compile_options options = {0};
    struct object *object = assembly == NULL
                                ? compile_unit(arena, "t.c0", pairing->program, &options, &fault)
                                : assemble_text(arena, "t.s", text_of(assembly), stderr);
    cr_assert_not_null(object, "%s", fault.message);
    struct link_input input = {.objects = &object, .object_count = 1, .map = map_default()};
    struct text file;
    cr_assert(link_image(arena, &input, &file, &fault), "%s", fault.message);
    struct image *image = image_parse(arena, "t.elf", file, IMAGE_MACHINE_VAMP, &fault);
    cr_assert_not_null(image, "%s", fault.message);
    pairing->image = *image;
    return pairing;
}

bool pairing_join(struct pairing *pairing, struct fault *fault)
{
    return subject_join(pairing->arena, pairing->program, &pairing->image, &vamp_target,
                        &pairing->subject, fault);
}

struct pairing *pairing_make(const char *source, const char *assembly)
{
    struct pairing *pairing = pairing_apart(source, assembly);
    struct fault fault = {0};
    cr_assert(pairing_join(pairing, &fault), "%s", fault.message);
    return pairing;
}

void pairing_free(struct pairing *pairing)
{
    arena_free(pairing->arena);
}

const struct c0_function *pairing_function(const struct pairing *pairing, const char *name)
{
    const struct c0_function *function = c0_program_function(pairing->program, name, NULL);
    cr_assert_not_null(function);
    return function;
}

struct check_input pairing_input(struct pairing *pairing, const char *name)
{
    const struct c0_function *function = pairing_function(pairing, name);
    struct c0_flow *flow = ARENA_NEW(pairing->arena, struct c0_flow);
    *flow = c0_flow_of(pairing->arena, function);
    cr_assert_not_null(pairing->subject.function_symbols[function->index]);
    return (struct check_input){
        .subject = &pairing->subject,
        .function = function,
        .flow = flow,
        .symbol = pairing->subject.function_symbols[function->index],
    };
}

struct relation pairing_propose(struct pairing *pairing, const char *name)
{
    struct check_input input = pairing_input(pairing, name);
    struct terms *terms = terms_new(pairing->arena);
    struct solver *solver = solver_new(pairing->arena, terms, RLIMIT);
    struct relation relation;
    struct fault fault = {0};
    cr_assert(propose_relation(pairing->arena, terms, solver, &input, &relation, &fault), "%s",
              fault.message);
    solver_free(solver);
    return relation;
}

struct check_result pairing_check(struct pairing *pairing, const char *name,
                                  const struct relation *relation)
{
    struct check_input input = pairing_input(pairing, name);
    input.relation = relation;
    struct terms *terms = terms_new(pairing->arena);
    struct solver *solver = solver_new(pairing->arena, terms, RLIMIT);
    struct check_result result = check_function(pairing->arena, terms, solver, &input);
    solver_free(solver);
    return result;
}

struct function_verdict pairing_decide(struct pairing *pairing, const char *name)
{
    struct decide_options options = {.rlimit = RLIMIT, .refute_tries = TRIES};
    struct decision decision;
    struct fault fault = {0};
    cr_assert(decide_function(pairing->arena, &pairing->subject, pairing_function(pairing, name),
                              &options, &decision, &fault),
              "%s", fault.message);
    return decision.verdict;
}

const char *pairing_certificate(struct pairing *pairing, const struct relation *relation)
{
    struct text_builder text = {.arena = pairing->arena};
    certificate_print(&vamp_target, relation, &text);
    return text_built(&text);
}

bool pairing_parse(struct pairing *pairing, const char *name, struct text certificate,
                   struct relation *relation, struct fault *fault)
{
    return certificate_parse(pairing->arena, &vamp_target, pairing_function(pairing, name), "c",
                             certificate, relation, fault);
}
