#include "random.h"

#include <criterion/criterion.h>
#include <string.h>

#include "bits.h"
#include "words.h"

Test(bits, agree_with_the_compilers_own_on_random_words)
{
    uint32_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        uint32_t word = random_edge(&seed);
        cr_assert_eq(bits_count(word), (uint32_t)__builtin_popcount(word));
        cr_assert_eq(bits_lowest(word), word == 0 ? 32u : (uint32_t)__builtin_ctz(word));
        cr_assert_eq(bits_highest(word), word == 0 ? 32u : 31u - (uint32_t)__builtin_clz(word));
        cr_assert_eq(bits_swap_bytes(word), __builtin_bswap32(word));
        cr_assert_eq(bits_is_power_of_two(word), __builtin_popcount(word) == 1);
    }
}

Test(bits, fields_are_cut_and_joined_as_64_bit_arithmetic_says)
{
    uint32_t seed = 2;
    for (int i = 0; i < 20000; i++) {
        uint32_t word = random_word(&seed), field = random_word(&seed);
        uint32_t at = random_below(&seed, 36), width = random_below(&seed, 36);
        uint64_t mask = width >= 32 ? 0xffffffffull : (1ull << width) - 1;
        uint64_t shifted = at >= 32 ? 0 : (mask << at) & 0xffffffffull;
        uint32_t cut = at >= 32 ? 0 : (uint32_t)((word >> at) & mask);
        cr_assert_eq(bits_mask(width), (uint32_t)mask);
        cr_assert_eq(bits_extract(word, at, width), cut);
        uint64_t placed = at >= 32 ? 0 : ((uint64_t)(field & mask) << at) & shifted;
        cr_assert_eq(bits_insert(word, at, width, field), (uint32_t)((word & ~shifted) | placed));
    }
}

Test(bits, rotation_reversal_and_alignment_keep_their_definitions)
{
    uint32_t seed = 3;
    for (int i = 0; i < 20000; i++) {
        uint32_t word = random_edge(&seed), amount = random_below(&seed, 70);
        uint64_t twice = ((uint64_t)word << 32 | word) << (amount % 32);
        cr_assert_eq(bits_rotate_left(word, amount), (uint32_t)(twice >> 32));
        uint32_t reversed = 0;
        for (int bit = 0; bit < 32; bit++)
            reversed |= (word >> bit & 1u) << (31 - bit);
        cr_assert_eq(bits_reverse(word), reversed);
        uint32_t alignment = random_below(&seed, 5000);
        uint64_t down = alignment == 0 ? word : (uint64_t)word / alignment * alignment;
        uint64_t up = down == word ? down : down + alignment;
        cr_assert_eq(bits_align_down(word, alignment), (uint32_t)down);
        cr_assert_eq(bits_align_up(word, alignment), (uint32_t)up);
    }
}

Test(bits, sign_extension_reads_twos_complement)
{
    for (uint32_t width = 0; width <= 34; width++)
        for (uint32_t pattern = 0; pattern < 512; pattern++) {
            uint32_t word = pattern * 0x01010101u;
            int64_t expected = 0;
            if (width >= 32)
                expected = (int32_t)word;
            else if (width > 0) {
                expected = word & ((1ull << width) - 1);
                if (expected >> (width - 1) != 0)
                    expected -= 1ll << width;
            }
            cr_assert_eq(bits_sign_extend(word, width), expected);
        }
}

Test(words, copying_agrees_with_memmove_and_refuses_what_does_not_fit)
{
    uint32_t seed = 4;
    for (int i = 0; i < 5000; i++) {
        struct words words, other, expected;
        for (uint32_t k = 0; k < WORDS_SIZE; k++) {
            words.word[k] = random_word(&seed);
            other.word[k] = random_word(&seed);
        }
        struct words *from = random_below(&seed, 2) == 0 ? &words : &other;
        uint32_t to_at = random_below(&seed, WORDS_SIZE + 2);
        uint32_t from_at = random_below(&seed, WORDS_SIZE + 2);
        uint32_t count = random_below(&seed, WORDS_SIZE + 2) / (1 + random_below(&seed, 5));
        bool fits = to_at + count <= WORDS_SIZE && from_at + count <= WORDS_SIZE;
        expected = words;
        if (fits)
            memmove(&expected.word[to_at], &from->word[from_at], count * 4);
        int status = words_copy(&words, to_at, from, from_at, count);
        cr_assert_eq(status, fits ? STATUS_OK : STATUS_RANGE);
        cr_assert_eq(memcmp(&words, &expected, sizeof words), 0);
    }
    struct words words = {{0}};
    cr_assert_eq(words_copy(&words, 1, &words, 0, 0xffffffffu), STATUS_RANGE);
    cr_assert_eq(words_fill(&words, 0xffffffffu, 2, 5), STATUS_RANGE);
}

Test(words, bytes_lie_in_little_endian_order)
{
    uint32_t seed = 5;
    struct words words;
    unsigned char bytes[WORDS_BYTES];
    for (uint32_t k = 0; k < WORDS_SIZE; k++)
        words.word[k] = random_word(&seed);
    memcpy(bytes, &words, sizeof bytes);
    for (int i = 0; i < 3000; i++) {
        uint32_t at = random_below(&seed, WORDS_BYTES + 4), byte = random_word(&seed);
        cr_assert_eq(words_byte(&words, at), at < WORDS_BYTES ? bytes[at] : 0);
        int status = words_set_byte(&words, at, byte);
        cr_assert_eq(status, at < WORDS_BYTES ? STATUS_OK : STATUS_RANGE);
        if (at < WORDS_BYTES)
            bytes[at] = (unsigned char)byte;
    }
    cr_assert_eq(memcmp(bytes, &words, sizeof bytes), 0);
}

Test(words, comparison_finds_the_first_difference_as_unsigned)
{
    struct words a = {{1, 2, 0x80000000u, 4}}, b = {{1, 2, 3, 9}};
    cr_assert_eq(words_mismatch(&a, &b, 4), 2);
    cr_assert_eq(words_mismatch(&a, &b, 2), 2);
    cr_assert_eq(words_compare(&a, &b, 4), 1);
    cr_assert_eq(words_compare(&b, &a, 4), -1);
    cr_assert_eq(words_compare(&a, &b, 2), 0);
    cr_assert_eq(words_compare(&a, &a, 0xffffffffu), 0);
    words_swap(&a, &b);
    cr_assert_eq(words_find(&b, 1, 0x80000000u), 2);
    cr_assert_eq(words_find(&b, 3, 0x80000000u), WORDS_SIZE);
    cr_assert_eq(words_find(&b, 0xffffffffu, 0), WORDS_SIZE);
}
