/* Checksums against their definitions, fixed-point and wide numbers against 64-bit arithmetic. */
#include "random.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "checksum.h"
#include "fixed.h"
#include "wide.h"

static void text_into_words(struct words *words, const char *text)
{
    memset(words, 0, sizeof *words);
    memcpy(words, text, strlen(text));
}

Test(checksum, published_check_values_come_out)
{
    struct words words;
    text_into_words(&words, "123456789");
    cr_assert_eq(crc32_bytes(CRC32_START, &words, 0, 9), 0xcbf43926u);
    cr_assert_eq(adler32_bytes(ADLER32_START, &words, 0, 9), 0x091e01deu);
    text_into_words(&words, "Wikipedia");
    cr_assert_eq(adler32_bytes(ADLER32_START, &words, 0, 9), 0x11e60398u);
    uint32_t fletcher = fletcher32_half(FLETCHER32_START, 0x6261);
    fletcher = fletcher32_half(fletcher, 0x6463);
    cr_assert_eq(fletcher32_half(fletcher, 0x6665), 0x56502d2au);
    text_into_words(&words, "abcdefgh");
    cr_assert_eq(fletcher32_words(FLETCHER32_START, &words, 0, 2), 0xebe19591u);
    text_into_words(&words, "The quick brown fox jumps over the lazy dog");
    cr_assert_eq(crc32_bytes(CRC32_START, &words, 0, 43), 0x414fa339u);
}

Test(checksum, the_table_agrees_with_the_polynomial_bit_by_bit)
{
    uint32_t seed = 40;
    for (int i = 0; i < 20000; i++) {
        uint32_t crc = random_word(&seed), byte = random_word(&seed);
        cr_assert_eq(crc32_byte(crc, byte), crc32_bitwise(crc, byte));
    }
}

Test(checksum, parts_add_up_and_ranges_are_cut)
{
    uint32_t seed = 41;
    struct words words;
    for (uint32_t i = 0; i < WORDS_SIZE; i++)
        words.word[i] = random_word(&seed);
    uint32_t whole = crc32_bytes(CRC32_START, &words, 0, WORDS_BYTES);
    uint32_t adler = adler32_bytes(ADLER32_START, &words, 0, WORDS_BYTES);
    for (uint32_t cut = 0; cut <= WORDS_BYTES; cut += 7) {
        uint32_t part = crc32_bytes(CRC32_START, &words, 0, cut);
        cr_assert_eq(crc32_bytes(part, &words, cut, 0xffffffffu), whole);
        part = adler32_bytes(ADLER32_START, &words, 0, cut);
        cr_assert_eq(adler32_bytes(part, &words, cut, 0xffffffffu), adler);
    }
    uint32_t by_word = CRC32_START;
    for (uint32_t i = 0; i < WORDS_SIZE; i++)
        by_word = crc32_word(by_word, words.word[i]);
    cr_assert_eq(by_word, whole);
    cr_assert_eq(crc32_bytes(5, &words, 0xfffffffeu, 9), 5);
    cr_assert_eq(hash_words(&words, 0xffffffffu, 3), hash_words(&words, 0, 0));
}

Test(checksum, the_internet_checksum_follows_the_example_of_its_rfc)
{
    /* RFC 1071, section 3: 00 01 f2 03 f4 f5 f6 f7 sums up to ddf2. */
    struct words words = {{0xf2030001u, 0xf6f7f4f5u}};
    cr_assert_eq(internet_checksum(&words, 0, 2), 0xffffu - 0xddf2u);
    words.word[2] = internet_checksum(&words, 0, 2);
    cr_assert_eq(internet_checksum(&words, 0, 3), 0);
}

static int64_t saturate(int64_t value)
{
    return value > INT_MAX ? INT_MAX : (value < INT_MIN ? INT_MIN : value);
}

/* The quotient of non-negative or negative numbers, halves away from zero. */
static int64_t rounded(int64_t dividend, int64_t divisor)
{
    int64_t quotient = dividend / divisor, rest = dividend % divisor;
    uint64_t twice = 2 * (uint64_t)llabs(rest);
    if (twice >= (uint64_t)llabs(divisor))
        quotient += (dividend < 0) != (divisor < 0) ? -1 : 1;
    return quotient;
}

Test(fixed, products_and_quotients_agree_with_64_bit_arithmetic)
{
    uint32_t seed = 42;
    for (int i = 0; i < 200000; i++) {
        int a = (int)random_edge(&seed), b = (int)random_edge(&seed);
        cr_assert_eq(fixed_multiply(a, b), saturate(rounded((int64_t)a * b, 65536)), "%d * %d", a,
                     b);
        if (b != 0)
            cr_assert_eq(fixed_divide(a, b), saturate(rounded((int64_t)a * 65536, b)), "%d / %d", a,
                         b);
        cr_assert_eq(fixed_add(a, b), saturate((int64_t)a + b));
        cr_assert_eq(fixed_round(a), rounded(a, 65536));
        cr_assert_eq(fixed_floor(a), (int)floor(a / 65536.0));
        cr_assert_eq(fixed_ceiling(a), (int)ceil(a / 65536.0));
        cr_assert_eq(fixed_floor(a) * 65536 + fixed_fraction(a), a);
        cr_assert_eq(fixed_abs(a), saturate(llabs((long long)a)));
        cr_assert_eq(fixed_from_int(a), saturate((int64_t)a * 65536));
    }
    cr_assert_eq(fixed_divide(5, 0), FIXED_MAX);
    cr_assert_eq(fixed_divide(-5, 0), FIXED_MIN);
    cr_assert_eq(fixed_divide(0, 0), 0);
}

Test(fixed, square_roots_are_the_greatest_whose_square_fits)
{
    uint32_t seed = 43;
    for (int i = 0; i < 100000; i++) {
        uint32_t word = random_edge(&seed);
        uint64_t root = fixed_integer_sqrt(word);
        cr_assert(root * root <= word && (root + 1) * (root + 1) > word);
        int value = (int)word;
        root = (uint64_t)fixed_sqrt(value);
        uint64_t square = value < 0 ? 0 : (uint64_t)value << 16;
        cr_assert(root * root <= square && (root + 1) * (root + 1) > square);
    }
}

Test(fixed, interpolation_power_and_sine_stay_close_to_the_real_ones)
{
    uint32_t seed = 44;
    for (int i = 0; i < 20000; i++) {
        int from = (int)random_word(&seed), to = (int)random_word(&seed);
        int part = (int)random_below(&seed, 65537);
        double exact = from + ((double)to - from) * part / 65536.0;
        cr_assert_leq(fabs(fixed_lerp(from, to, part) - exact), 1.0);
        cr_assert_eq(fixed_lerp(from, to, -5), from);
        cr_assert_eq(fixed_lerp(from, to, 70000), to);
        int low = (int)random_word(&seed) >> 1, high = low + (int)random_below(&seed, 1000);
        int clamped = fixed_clamp(from, low, high);
        cr_assert_eq(clamped, from < low ? low : (from > high ? high : from));
    }
    for (unsigned angle = 0; angle < 65536; angle++)
        cr_assert_leq(fabs(fixed_sine(angle) / 65536.0 - sin(angle * 2 * M_PI / 65536)), 0.0013);
    cr_assert_eq(fixed_power(-2 * FIXED_ONE, 3), -8 * FIXED_ONE);
    cr_assert_eq(fixed_power(3 * FIXED_ONE, 0), FIXED_ONE);
    cr_assert_eq(fixed_power(2 * FIXED_ONE, 4000000000u), FIXED_MAX);
    cr_assert_eq(fixed_power(FIXED_ONE / 2, 16), 1);
}

static uint64_t value_of(const struct wide *wide)
{
    return (uint64_t)wide->high << 32 | wide->low;
}

Test(wide, agrees_with_the_hosts_64_bits)
{
    uint32_t seed = 45;
    for (int i = 0; i < 50000; i++) {
        struct wide a, b, result;
        wide_set(&a, random_edge(&seed), random_edge(&seed));
        wide_set(&b, random_below(&seed, 2) == 0 ? a.high : random_edge(&seed), random_edge(&seed));
        uint64_t x = value_of(&a), y = value_of(&b);
        uint32_t amount = random_below(&seed, 70), divisor = random_edge(&seed);
        cr_assert_eq(wide_compare(&a, &b), (x > y) - (x < y));
        wide_add(&result, &a, &b);
        cr_assert_eq(value_of(&result), x + y);
        wide_subtract(&result, &a, &b);
        cr_assert_eq(value_of(&result), x - y);
        wide_multiply(&result, a.low, b.low);
        cr_assert_eq(value_of(&result), (uint64_t)a.low * b.low);
        wide_shift_left(&result, &a, amount);
        cr_assert_eq(value_of(&result), amount < 64 ? x << amount : 0);
        wide_shift_right(&result, &a, amount);
        cr_assert_eq(value_of(&result), amount < 64 ? x >> amount : 0);
        if (divisor != 0) {
            cr_assert_eq(wide_divide(&a, &a, divisor), x % divisor);
            cr_assert_eq(value_of(&a), x / divisor);
        }
    }
    struct wide a = {7, 9};
    cr_assert_eq(wide_divide(&a, &a, 0), 7);
    cr_assert_eq(value_of(&a), UINT64_MAX);
}
