#include "base/text.h"

#include <criterion/criterion.h>

Test(base_text, number_that_does_not_fit_a_word_is_refused)
{
    uint32_t word;
    cr_assert(text_to_word(text_of("-2147483648"), &word) && word == 0x80000000u);
    cr_assert(text_to_word(text_of("0xffffffff"), &word) && word == 0xffffffffu);
    cr_assert_not(text_to_word(text_of("4294967296"), &word));
    cr_assert_not(text_to_word(text_of("-2147483649"), &word));
    cr_assert_not(text_to_word(text_of(""), &word));
    cr_assert_not(text_to_word(text_of("0x"), &word));
    cr_assert_not(text_to_word(text_of("12a"), &word));
}

Test(base_text, builder_grows_for_a_text_longer_than_its_room)
{
    struct arena *arena = arena_new();
    struct text_builder builder = {.arena = arena};
    text_append(&builder, "%250d", 7);
    text_append(&builder, "%s%300d%s", "begin", 8, "end");
    cr_assert_eq(builder.length, 250u + 5 + 300 + 3);
    cr_assert_str_eq(text_built(&builder) + 250 + 5 + 299, "8end");
    cr_assert_eq(text_built(&builder)[249], '7');
    arena_free(arena);
}

Test(base_text, hexadecimal_digits_are_the_last_ones)
{
    struct arena *arena = arena_new();
    struct text_builder builder = {.arena = arena};
    text_append_hexadecimal(&builder, 0x1234abcd, 8);
    text_append_hexadecimal(&builder, 0x1234abcd, 2);
    text_append_hexadecimal(&builder, 5, 3);
    cr_assert_str_eq(text_built(&builder), "1234abcdcd005");
    arena_free(arena);
}

Test(base_text, builder_keeps_all_that_was_appended)
{
    struct arena *arena = arena_new();
    struct text_builder builder = {.arena = arena};
    cr_assert_str_eq(text_built(&builder), "");
    for (int i = 0; i < 1000; i++)
        text_append(&builder, "%d,", i % 10);
    cr_assert_eq(builder.length, 2000u);
    cr_assert_str_eq(text_built(&builder) + 1996, "8,9,");
    arena_free(arena);
}
