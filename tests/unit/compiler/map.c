/* Memory maps. */
#include "compiler/map.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct location nowhere = {0};

static void expect_bad(const char *text)
{
    struct map map = map_default();
    struct fault fault = {0};
    cr_expect_not(map_parse(&map, text_of(text), nowhere, &fault), "%s", text);
    cr_expect(fault.is_set);
}

Test(compiler_map, sizes_addresses_and_comments_are_read)
{
    struct map map = map_default();
    struct fault fault = {0};
    const char *text = " code=0x100,# no\nheap=2M@0x2000\n\tstack=0x40 memory=8M,globals=1K";
    cr_assert(map_parse(&map, text_of(text), nowhere, &fault), "%s", fault.message);
    cr_expect_eq(map.code, 0x100);
    cr_expect(map.has_heap && map.heap == 0x2000 && map.heap_bytes == 2 << 20);
    cr_expect(!map.has_stack && map.stack_bytes == 0x40);
    cr_expect(map.has_globals && map.globals == 1024);
    cr_expect_eq(map.memory_bytes, 8 << 20);
}

Test(compiler_map, what_is_not_a_map_is_refused)
{
    static const char *const texts[] = {
        "heap",       "heap=",      "heap=K",   "heap=1G",     "heap=-4",   "heap=3",
        "heap=0",     "heap=4@",    "heap=4@2", "code=2",      "code=",     "=4",
        "stack=4@4@", "memory=ten", "Code=4",   "heap=99999M", "code=5000M"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        expect_bad(texts[i]);
}

Test(compiler_map, regions_start_on_pages_one_after_the_other)
{
    struct map map = map_default();
    struct map_regions regions;
    struct fault fault = {0};
    cr_assert(map_place(&map, 4097, 8, &regions, &fault));
    cr_expect(regions.code.start == 0 && regions.code.end == 4097);
    cr_expect(regions.globals.start == 0x2000 && regions.globals.end == 0x2008);
    cr_expect(regions.heap.start == 0x3000 && regions.heap.end == 0x103000);
    cr_expect(regions.stack.start == 0x103000 && regions.stack.end == 0x143000);
}

Test(compiler_map, sizes_that_wrap_are_refused)
{
    struct map map = map_default();
    struct map_regions regions;
    struct fault fault = {0};
    map.memory_bytes = UINT64_C(1) << 40;
    cr_expect_not(map_place(&map, 4, UINT64_C(0xFFFFFFF0), &regions, &fault));
    cr_expect(strstr(fault.message, "end beyond the memory"));
}
