/* The runtime routines against the host's arithmetic. */
#include "compiler/runtime.h"
#include "machine.h"

#include <criterion/criterion.h>
#include <string.h>

static const uint32_t words[] = {0,          1,          2,          3,          7,
                                 10,         255,        65535,      65536,      1000003,
                                 0x7FFFFFFE, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xAAAAAAAA,
                                 0xFFFFFF00, 0xFFFFFFFE, 0xFFFFFFFF};
enum { WORD_COUNT = sizeof words / sizeof words[0] };

/* The routine and the one it calls, in one object at address 0. */
static struct object *routine(struct arena *arena, const char *name, const char *callee)
{
    struct object *object = runtime_object(arena, name);
    cr_assert_not_null(object);
    uint32_t start = (uint32_t)object->text.length;
    for (size_t i = 0; i < object->relocs.count; i++) {
        const struct object_reloc *reloc = &object->relocs.at[i];
        cr_assert_eq(reloc->kind, OBJECT_RELOC_J26);
        cr_assert_str_eq(object->symbols.at[reloc->symbol].name, callee);
        cr_assert(object_patch(object, reloc, start - (reloc->offset + 4)));
    }
    if (callee != NULL) {
        struct object *called = runtime_object(arena, callee);
        text_append_bytes(&object->text, called->text.at, called->text.length);
    }
    return object;
}

static uint32_t product(uint32_t a, uint32_t b)
{
    return a * b;
}

static uint32_t quotient(uint32_t a, uint32_t b)
{
    return a / b;
}

static uint32_t remainder_of(uint32_t a, uint32_t b)
{
    return a % b;
}

static uint32_t signed_quotient(uint32_t a, uint32_t b)
{
    return (uint32_t)((int32_t)a / (int32_t)b);
}

static uint32_t signed_remainder(uint32_t a, uint32_t b)
{
    return (uint32_t)((int32_t)a % (int32_t)b);
}

static void expect_agreement(const char *name, const char *callee,
                             uint32_t (*meaning)(uint32_t, uint32_t), bool is_division,
                             bool is_signed)
{
    struct arena *arena = arena_new();
    const struct object *object = routine(arena, name, callee);
    for (int i = 0; i < WORD_COUNT; i++) {
        for (int j = 0; j < WORD_COUNT; j++) {
            uint32_t a = words[i], b = words[j];
            if (is_division && (b == 0 || (is_signed && a == 0x80000000 && b == 0xFFFFFFFF)))
                continue;
            cr_expect_eq(run_object(object, a, b), meaning(a, b), "%s(0x%x, 0x%x)", name,
                         (unsigned)a, (unsigned)b);
        }
    }
    arena_free(arena);
}

Test(compiler_runtime, products_wrap)
{
    expect_agreement("__mul", NULL, product, false, false);
}

Test(compiler_runtime, unsigned_quotients_and_remainders)
{
    expect_agreement("__udiv", NULL, quotient, true, false);
    expect_agreement("__urem", NULL, remainder_of, true, false);
}

Test(compiler_runtime, signed_quotients_and_remainders_truncate)
{
    expect_agreement("__sdiv", "__udiv", signed_quotient, true, true);
    expect_agreement("__srem", "__urem", signed_remainder, true, true);
}

Test(compiler_runtime, a_division_by_zero_ends)
{
    struct arena *arena = arena_new();
    run_object(routine(arena, "__udiv", NULL), 5, 0);
    run_object(routine(arena, "__urem", NULL), 5, 0);
    arena_free(arena);
}

Test(compiler_runtime, routines_use_scratch_registers_only)
{
    static const char *const names[] = {"__mul", "__udiv", "__urem", "__sdiv", "__srem", "__new"};
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct object *object = runtime_object(arena, names[i]);
        cr_assert_not_null(object);
        uint32_t number = object_symbol_named((struct object *)object, names[i]);
        const struct object_symbol *symbol = &object->symbols.at[number];
        cr_expect_eq(symbol->kind, OBJECT_SYMBOL_FUNCTION);
        cr_expect_eq(symbol->size_bytes, object->text.length, "%s has its exact size", names[i]);
    }
    cr_expect_null(runtime_object(arena, "__nothing"));
    arena_free(arena);
}
