/* Findings about the image as a whole. */
#include "validator/check/image_check.h"

#include "tests/unit/check/pairing.h"

#include <criterion/criterion.h>
#include <string.h>

static const char source[] = "struct pair {\n"
                             "    int left;\n"
                             "    int *right;\n"
                             "};\n"
                             "int counter = 3;\n"
                             "struct pair pairs[2] = {{1, &counter}, {-1, NULL}};\n"
                             "int zero[4];\n"
                             "int main()\n"
                             "{\n"
                             "    counter = counter + zero[1];\n"
                             "    return counter;\n"
                             "}\n";

struct changed {
    struct pairing *pairing;
    struct image_segment *segments;
    struct image_symbol *symbols;
};

/* An image of which everything may be changed. */
static struct changed changed_of(const char *text)
{
    struct changed it = {.pairing = pairing_apart(text, NULL)};
    struct image *image = &it.pairing->image;
    struct arena *arena = it.pairing->arena;
    it.segments = ARENA_ARRAY(arena, struct image_segment, image->segment_count);
    for (size_t i = 0; i < image->segment_count; i++) {
        it.segments[i] = image->segments[i];
        struct text content = image->segments[i].content;
        if (content.length != 0)
            it.segments[i].content.at = arena_copy(arena, content.at, content.length);
    }
    image->segments = it.segments;
    it.symbols = ARENA_ARRAY(arena, struct image_symbol, image->symbol_count);
    memcpy(it.symbols, image->symbols, image->symbol_count * sizeof *it.symbols);
    image->symbols = it.symbols;
    return it;
}

static struct image_symbol *symbol(struct changed *it, const char *name)
{
    for (size_t i = 0; i < it->pairing->image.symbol_count; i++)
        if (strcmp(it->symbols[i].name, name) == 0)
            return &it->symbols[i];
    cr_assert(false, "no symbol %s", name);
    return NULL;
}

static struct image_segment *segment(struct changed *it, bool is_executable)
{
    for (size_t i = 0; i < it->pairing->image.segment_count; i++)
        if (it->segments[i].is_executable == is_executable)
            return &it->segments[i];
    cr_assert(false, "no such segment");
    return NULL;
}

static void poke(struct changed *it, uint32_t address, uint32_t word)
{
    for (size_t i = 0; i < it->pairing->image.segment_count; i++) {
        struct image_segment *at = &it->segments[i];
        if (address < at->address || address - at->address + 4 > at->content.length)
            continue;
        unsigned char *bytes = (unsigned char *)at->content.at + (address - at->address);
        for (unsigned k = 0; k < 4; k++)
            bytes[k] = (unsigned char)(word >> 8 * k);
        return;
    }
    cr_assert(false, "no content there");
}

/* The check of that name fails for that reason (NULL: passes); the others pass. */
static void finds(struct changed *it, const char *check, const char *reason)
{
    struct fault fault = {0};
    cr_assert(pairing_join(it->pairing, &fault), "%s", fault.message);
    size_t count;
    struct image_finding *findings =
        image_findings(it->pairing->arena, &it->pairing->subject, &count);
    bool is_there = reason == NULL;
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(findings[i].is_passed, findings[i].reason == NULL);
        if (reason != NULL && strcmp(findings[i].check, check) == 0) {
            is_there = true;
            cr_assert_not(findings[i].is_passed, "%s passed", check);
            cr_expect_str_eq(findings[i].reason, reason);
        } else if (reason == NULL) {
            cr_expect(findings[i].is_passed, "%s: %s", findings[i].check, findings[i].reason);
        }
    }
    cr_expect(is_there);
    pairing_free(it->pairing);
}

Test(image_findings, a_compiled_image_passes)
{
    struct changed it = changed_of(source);
    finds(&it, NULL, NULL);
}

Test(image_findings, the_entry_is_code)
{
    struct changed it = changed_of(source);
    it.pairing->image.entry = 0x1000;
    finds(&it, "entry", "the entry 0x00001000 is not executable");
}

Test(image_findings, the_entry_starts_a_function)
{
    struct changed it = changed_of(source);
    it.pairing->image.entry = 4;
    finds(&it, "entry", "no function starts at the entry 0x00000004");
}

Test(image_findings, code_is_not_writable)
{
    struct changed it = changed_of(source);
    segment(&it, true)->is_writable = true;
    finds(&it, "segments", "the segment at 0x00000000 is writable and executable");
}

Test(image_findings, data_is_not_executable)
{
    struct changed it = changed_of(source);
    struct image_segment *data = segment(&it, false);
    data->is_executable = true;
    data->is_writable = false;
    finds(&it, "segments", "the code at 0x00001000 lies outside the code region");
}

Test(image_findings, data_lies_outside_the_code_region)
{
    struct changed it = changed_of(source);
    segment(&it, false)->address = symbol(&it, "__code_end")->address - 4;
    finds(&it, "segments",
          arena_printf(it.pairing->arena, "data at 0x%08lx lies in the code region",
                       (unsigned long)segment(&it, false)->address));
}

Test(image_findings, functions_do_not_overlap)
{
    struct changed it = changed_of(source);
    symbol(&it, "_start")->size_bytes += 4;
    finds(&it, "symbols", "the functions '_start' and 'main' overlap");
}

Test(image_findings, functions_are_ranges_of_instructions)
{
    struct changed it = changed_of(source);
    symbol(&it, "main")->size_bytes -= 2;
    finds(&it, "symbols", "the function 'main' is no range of instructions");
    it = changed_of(source);
    symbol(&it, "main")->size_bytes = 0;
    finds(&it, "symbols", "the function 'main' is no range of instructions");
}

Test(image_findings, functions_lie_in_the_code)
{
    struct changed it = changed_of(source);
    symbol(&it, "main")->size_bytes = 0x10000;
    finds(&it, "symbols", "the function 'main' lies outside the code region");
}

static void changed_word(const char *global, uint32_t cell, uint32_t word, const char *reason)
{
    struct changed it = changed_of(source);
    poke(&it, symbol(&it, global)->address + 4 * cell, word);
    finds(&it, "initial-data", reason);
}

Test(image_findings, initial_words_are_those_of_the_source)
{
    changed_word("counter", 0, 4,
                 "word 0 of the global 'counter' is 0x00000004 in the image, 0x00000003 in the "
                 "source");
    changed_word("pairs", 2, 1,
                 "word 2 of the global 'pairs' is 0x00000001 in the image, 0xffffffff in the "
                 "source");
}

Test(image_findings, initial_pointers_are_those_of_the_source)
{
    struct changed it = changed_of(source);
    unsigned long counter = symbol(&it, "counter")->address;
    poke(&it, symbol(&it, "pairs")->address + 4, (uint32_t)counter + 4);
    finds(&it, "initial-data",
          arena_printf(it.pairing->arena,
                       "word 1 of the global 'pairs' is 0x%08lx in the image, 0x%08lx in the "
                       "source",
                       counter + 4, counter));
}

Test(image_findings, every_global_is_in_a_segment)
{
    struct changed it = changed_of(source);
    struct image_segment *data = segment(&it, false);
    data->size_bytes = symbol(&it, "zero")->address + 8 - data->address;
    finds(&it, "initial-data", "no segment holds word 2 of the global 'zero'");
}

Test(image_findings, the_heap_starts_as_zero)
{
    struct changed it = changed_of(source);
    struct image_segment *data = segment(&it, false);
    uint32_t heap = symbol(&it, "__heap")->address;
    size_t length = heap - data->address + 8;
    char *content = arena_alloc(it.pairing->arena, length);
    memset(content, 0, length);
    memcpy(content, data->content.at, data->content.length);
    content[length - 3] = 1;
    data->content = (struct text){content, length};
    data->size_bytes = (uint32_t)length;
    finds(&it, "initial-data",
          arena_printf(it.pairing->arena, "the heap does not start as zero at 0x%08lx",
                       (unsigned long)heap + 5));
}

/* ---- start-up code ---- */

static void starts(const char *body, const char *reason)
{
    struct arena *arena = arena_new();
    const char *code = arena_printf(arena,
                                    "        .text\n"
                                    "        .globl _start\n"
                                    "        .type _start, function\n"
                                    "_start:\n%s"
                                    "        .size _start, .-_start\n"
                                    "        .globl main\n"
                                    "        .type main, function\n"
                                    "main:\n"
                                    "    jr r31\n"
                                    "    addi r1, r0, 0\n"
                                    "        .size main, .-main\n",
                                    body);
    struct changed it = {.pairing = pairing_apart("int main()\n{\n    return 0;\n}\n", code)};
    finds(&it, "start-up", reason);
    arena_free(arena);
}

#define BASES "    li r28, &__globals\n    li r29, &__stack\n    li r30, &__heap\n"
#define HALT ".Lhalt: j .Lhalt\n    nop\n"

Test(start_up, it_may_come_from_another_hand)
{
    starts("    la r30, __heap\n    la r29, __stack\n    la r28, __globals\n"
           "    jal main\n    nop\n" HALT,
           NULL);
}

Test(start_up, base_registers_are_set)
{
    starts("    li r29, &__stack\n    li r30, &__heap\n    jal main\n    nop\n" HALT,
           "at 0x00000014: not shown that a base register holds its value at a call");
    starts("    li r28, &__globals\n    li r29, &__stack\n    jal main\n    nop\n" HALT,
           "at 0x00000014: not shown that a base register holds its value at a call");
}

Test(start_up, the_frame_base_is_set)
{
    starts("    li r28, &__globals\n    li r30, &__heap\n    jal main\n    nop\n" HALT,
           "at 0x00000014 (ori r1,r1,0): a call whose frame base is not a constant distance away");
}

Test(start_up, it_does_not_jump_where_nobody_knows)
{
    starts(BASES "    jr r5\n    nop\n", "the start-up code jumps to a computed address");
}

Test(start_up, it_does_not_run_over_its_end)
{
    starts(BASES "    jal main\n    nop\n", "control leaves the function's code to 0x00000020");
}

Test(start_up, the_first_frame_is_the_stacks_first)
{
    starts(BASES "    jal main\n    addi r29, r29, 64\n" HALT,
           "the first frame lies 64 bytes from the stack's base");
    starts("    li r28, &__globals\n    li r29, &__stack_end\n    li r30, &__heap\n"
           "    jal main\n    nop\n" HALT,
           "the first frame lies 262144 bytes from the stack's base");
}

Test(start_up, memory_is_left_as_the_image_has_it)
{
    starts(BASES "    sw r30, 0(r30)\n    jal main\n    nop\n" HALT,
           "at 0x00000020: the start-up code has changed the memory");
    starts(BASES "    jal main\n    nop\n    la r30, __heap\n    sw r0, 4(r30)\n" HALT,
           "at 0x0000002c: the start-up code has changed the memory");
}

Test(start_up, main_is_called_and_nothing_else)
{
    starts(BASES HALT, "the start-up code does not call main");
    starts(BASES "    jal main\n    nop\n    li r29, &__stack\n    li r28, &__globals\n"
                 "    li r30, &__heap\n    jal main\n    nop\n" HALT,
           "at 0x0000003c: the start-up code calls 'main' as well");
    starts(BASES ".Lagain: jal main\n    nop\n    j .Lagain\n    nop\n",
           "the start-up code does not call main");
}

/* ---- whose the text is ---- */

Test(image_text, code_without_a_symbol_is_unaccounted)
{
    struct changed it = changed_of(source);
    struct fault fault = {0};
    symbol(&it, "main")->size_bytes -= 8;
    uint32_t end = symbol(&it, "main")->address + symbol(&it, "main")->size_bytes;
    cr_assert(pairing_join(it.pairing, &fault), "%s", fault.message);
    struct function_verdict main_verdict = pairing_decide(it.pairing, "main");
    size_t count;
    struct text_range *ranges =
        image_text(it.pairing->arena, &it.pairing->subject, &main_verdict, 1, NULL, 0, &count);
    cr_assert_eq(count, 3);
    cr_expect_eq(ranges[0].owner, TEXT_TRUSTED);
    cr_expect_str_eq(ranges[0].name, "_start");
    cr_expect_eq(ranges[1].owner, TEXT_FUNCTION);
    cr_expect_not_null(ranges[1].reason, "it is not proved without its end");
    cr_expect_eq(ranges[2].owner, TEXT_UNACCOUNTED);
    cr_expect_eq(ranges[2].start, end);
    cr_expect_null(ranges[2].name);
    pairing_free(it.pairing);
}

Test(image_text, every_executable_byte_is_in_one_range)
{
    struct changed it = changed_of(source);
    struct fault fault = {0};
    symbol(&it, "_start")->size_bytes += 4; /* overlaps main */
    cr_assert(pairing_join(it.pairing, &fault), "%s", fault.message);
    size_t count;
    struct text_range *ranges =
        image_text(it.pairing->arena, &it.pairing->subject, NULL, 0, NULL, 0, &count);
    uint32_t at = segment(&it, true)->address;
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(ranges[i].start, at);
        cr_expect(ranges[i].end > ranges[i].start);
        at = ranges[i].end;
    }
    cr_expect_eq(at, segment(&it, true)->address + segment(&it, true)->size_bytes);
    pairing_free(it.pairing);
}
