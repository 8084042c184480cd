/* Sources and images that do not belong together are refused. */
#include "tests/unit/check/pairing.h"

#include <criterion/criterion.h>
#include <string.h>

static const char source[] = "int counter = 3;\n"
                             "int table[4];\n"
                             "static int hidden;\n"
                             "int f(int a)\n"
                             "{\n"
                             "    counter = a;\n"
                             "    hidden = table[1];\n"
                             "    return hidden;\n"
                             "}\n";

static struct image_symbol *symbols_of(struct pairing *pairing)
{
    size_t count = pairing->image.symbol_count;
    struct image_symbol *symbols = ARENA_ARRAY(pairing->arena, struct image_symbol, count);
    memcpy(symbols, pairing->image.symbols, count * sizeof *symbols);
    pairing->image.symbols = symbols;
    return symbols;
}

static struct image_symbol *symbol(struct pairing *pairing, struct image_symbol *symbols,
                                   const char *name)
{
    for (size_t i = 0; i < pairing->image.symbol_count; i++)
        if (strcmp(symbols[i].name, name) == 0)
            return &symbols[i];
    cr_assert(false, "no symbol %s", name);
    return NULL;
}

static void refused(struct pairing *pairing, const char *message)
{
    struct fault fault = {0};
    cr_expect_not(pairing_join(pairing, &fault));
    cr_expect_str_eq(fault.message, message);
    cr_expect_str_neq(fault.file, "");
    pairing_free(pairing);
}

Test(subject_join, source_and_image_join)
{
    struct pairing *pairing = pairing_make(source, NULL);
    cr_expect_eq(pairing->subject.code.start, 0);
    cr_expect(pairing->subject.globals.end <= pairing->subject.heap.start);
    cr_expect(pairing->subject.heap.end <= pairing->subject.stack.start);
    cr_expect_eq(pairing->subject.base_values[0], pairing->subject.globals.start);
    cr_expect_eq(pairing->subject.base_values[1], pairing->subject.heap.start);
    pairing_free(pairing);
}

Test(subject_join, every_symbol_of_the_memory_map_is_needed)
{
    static const char *const names[] = {"__code", "__code_end", "__globals", "__globals_end",
                                        "__heap", "__heap_end", "__stack",   "__stack_end"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct pairing *pairing = pairing_apart(source, NULL);
        symbol(pairing, symbols_of(pairing), names[i])->name = "other";
        refused(pairing, arena_printf(pairing->arena, "the image lacks the symbol %s", names[i]));
    }
}

static void refused_map(const char *name, uint32_t address, const char *message)
{
    struct pairing *pairing = pairing_apart(source, NULL);
    struct image_symbol *symbols = symbols_of(pairing);
    symbol(pairing, symbols, name)->address = address;
    refused(pairing, message);
}

Test(subject_join, regions_end_behind_their_start)
{
    refused_map("__heap_end", 16, "__heap..__heap_end is not an aligned range of memory");
    refused_map("__stack", 0xfffffff0, "__stack..__stack_end is not an aligned range of memory");
}

Test(subject_join, regions_are_aligned)
{
    refused_map("__globals", 0x1002, "__globals..__globals_end is not an aligned range of memory");
}

Test(subject_join, regions_are_apart)
{
    refused_map("__globals", 8, "code and globals overlap in memory");
    refused_map("__heap", 0x1000, "globals and heap overlap in memory");
    refused_map("__stack", 0x2000, "heap and stack overlap in memory");
    refused_map("__code_end", 0x100000, "code and globals overlap in memory");
}

Test(subject_join, no_object_lies_at_null)
{
    struct pairing *pairing = pairing_apart("int g;\nint f()\n{\n    return g;\n}\n", NULL);
    struct image_symbol *symbols = symbols_of(pairing);
    symbol(pairing, symbols, "__code")->address = 0x100;
    symbol(pairing, symbols, "__code_end")->address = 0x200;
    symbol(pairing, symbols, "__globals")->address = 0;
    symbol(pairing, symbols, "__globals_end")->address = 0x100;
    refused(pairing, "a global would have the address NULL");
}

Test(subject_join, every_global_has_a_symbol)
{
    struct pairing *pairing = pairing_apart(source, NULL);
    symbol(pairing, symbols_of(pairing), "table")->name = "tables";
    refused(pairing, "the image has no symbol for the global 'table'");
}

Test(subject_join, a_private_global_is_found_by_its_file)
{
    struct pairing *pairing = pairing_apart(source, NULL);
    symbol(pairing, symbols_of(pairing), "hidden")->file = "u.c0";
    refused(pairing, "the image has no symbol for the global 'hidden'");
}

Test(subject_join, globals_lie_in_their_region)
{
    refused_map("counter", 0x100, "the symbol 'counter' does not lie in the image's globals");
    refused_map("counter", 0x1001, "the symbol 'counter' does not lie in the image's globals");
    struct pairing *pairing = pairing_apart(source, NULL);
    struct image_symbol *symbols = symbols_of(pairing);
    uint32_t end = symbol(pairing, symbols, "__globals_end")->address;
    symbol(pairing, symbols, "table")->address = end - 8;
    refused(pairing, "the symbol 'table' does not lie in the image's globals");
}

Test(subject_join, globals_are_apart)
{
    struct pairing *pairing = pairing_apart(source, NULL);
    struct image_symbol *symbols = symbols_of(pairing);
    symbol(pairing, symbols, "table")->address = symbol(pairing, symbols, "counter")->address;
    refused(pairing, "the globals 'counter' and 'table' overlap in the image");
}

Test(subject_join, a_function_without_code_is_known_to_lack_it)
{
    struct pairing *pairing = pairing_apart(source, NULL);
    symbol(pairing, symbols_of(pairing), "f")->kind = IMAGE_SYMBOL_OBJECT;
    struct fault fault = {0};
    cr_assert(pairing_join(pairing, &fault), "%s", fault.message);
    struct decide_options options = {.rlimit = 1000};
    struct decision decision;
    cr_assert(decide_function(pairing->arena, &pairing->subject, pairing_function(pairing, "f"),
                              &options, &decision, &fault));
    cr_expect_eq(decision.verdict.verdict, VERDICT_MISSING);
    pairing_free(pairing);
}
