/* Text against the host's formatting and parsing; the calculator against the host's arithmetic. */
#include "random.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calc.h"
#include "text.h"

static void text_from(struct text *text, const char *content)
{
    text_clear(text);
    for (; *content != 0; content++)
        text_put(text, *content);
}

static bool text_reads(const struct text *text, const char *content)
{
    char read[WORDS_BYTES];
    memcpy(read, &text->content, sizeof read);
    return text->length == strlen(content) && memcmp(read, content, text->length) == 0;
}

Test(text, characters_are_classified_as_in_the_c_locale)
{
    for (int i = -128; i < 128; i++) {
        char c = (char)i;
        bool ascii = i >= 0;
        cr_assert_eq(char_is_digit(c), ascii && isdigit(i));
        cr_assert_eq(char_is_letter(c), ascii && isalpha(i));
        cr_assert_eq(char_is_blank(c), i == ' ' || i == '\t' || i == '\n' || i == '\r');
        cr_assert_eq(char_upper(c), ascii ? (char)toupper(i) : c);
        char digit[2] = {c, 0};
        cr_assert_eq(char_digit_value(c), ascii && isxdigit(i) ? strtol(digit, NULL, 16) : -1);
    }
    cr_assert_eq(char_of_digit(11), 'b');
    cr_assert_eq(char_of_digit(16), '?');
}

Test(text, numbers_print_as_printf_prints_them)
{
    uint32_t seed = 50;
    for (int i = 0; i < 20000; i++) {
        struct text text;
        char expected[64];
        uint32_t word = random_edge(&seed);
        unsigned digits = random_below(&seed, 8) + 1;
        text_clear(&text);
        text_put_unsigned(&text, word);
        text_pad(&text, 12, '.');
        text_put_int(&text, (int)word);
        text_put(&text, ' ');
        text_put_hex(&text, word, digits);
        int length = sprintf(expected, "%" PRIu32, word);
        memset(expected + length, '.', 12);
        uint64_t mask = (1ull << (4 * digits)) - 1;
        sprintf(expected + 12, "%" PRId32 " %0*" PRIx32, (int32_t)word, (int)digits,
                (uint32_t)(word & mask));
        cr_assert(text_reads(&text, expected), "%s", expected);
        text_clear(&text);
        text_put_fixed(&text, (int)word);
        int64_t size = llabs((long long)(int32_t)word);
        sprintf(expected, "%s%lld.%04lld", (int32_t)word < 0 ? "-" : "", (long long)size >> 16,
                ((long long)(size & 0xffff) * 10000) >> 16);
        cr_assert(text_reads(&text, expected), "%s", expected);
    }
}

Test(text, what_was_printed_reads_back)
{
    uint32_t seed = 51;
    for (int i = 0; i < 20000; i++) {
        struct text text;
        struct text_reader reader;
        uint32_t word = random_edge(&seed);
        text_clear(&text);
        text_put_int(&text, (int)word);
        text_put(&text, '\t');
        text_put_unsigned(&text, word);
        text_put(&text, ' ');
        text_put_hex(&text, word, 8);
        text_reader_init(&reader, &text);
        cr_assert_eq(text_read_int(&reader), STATUS_OK);
        cr_assert_eq(reader.integer, (int)word);
        cr_assert_eq(text_reader_peek(&reader), '\t');
        text_reader_next(&reader);
        cr_assert_eq(text_read_decimal(&reader), STATUS_OK);
        cr_assert_eq(reader.natural, word);
        text_reader_next(&reader);
        cr_assert_eq(text_read_hex(&reader), STATUS_OK);
        cr_assert_eq(reader.natural, word);
        cr_assert(text_reader_is_done(&reader));
    }
}

Test(text, numbers_beyond_their_type_are_refused_and_not_consumed)
{
    static const struct {
        const char *text;
        int as_decimal, as_hex, as_int;
    } cases[] = {
        {"4294967295", STATUS_OK, STATUS_OVERFLOW, STATUS_OVERFLOW},
        {"4294967296", STATUS_OVERFLOW, STATUS_OVERFLOW, STATUS_OVERFLOW},
        {"ffffffff", STATUS_FORMAT, STATUS_OK, STATUS_FORMAT},
        {"100000000", STATUS_OK, STATUS_OVERFLOW, STATUS_OK},
        {"-2147483648", STATUS_FORMAT, STATUS_FORMAT, STATUS_OK},
        {"-2147483649", STATUS_FORMAT, STATUS_FORMAT, STATUS_OVERFLOW},
        {"2147483648", STATUS_OK, STATUS_OVERFLOW, STATUS_OVERFLOW},
        {"", STATUS_FORMAT, STATUS_FORMAT, STATUS_FORMAT},
        {"-", STATUS_FORMAT, STATUS_FORMAT, STATUS_FORMAT},
        {" 1", STATUS_FORMAT, STATUS_FORMAT, STATUS_FORMAT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text text;
        struct text_reader reader;
        int (*const readers[])(struct text_reader *) = {text_read_decimal, text_read_hex,
                                                        text_read_int};
        const int expected[] = {cases[i].as_decimal, cases[i].as_hex, cases[i].as_int};
        text_from(&text, cases[i].text);
        for (int k = 0; k < 3; k++) {
            text_reader_init(&reader, &text);
            cr_assert_eq(readers[k](&reader), expected[k], "%s", cases[i].text);
            cr_assert_eq(reader.at, expected[k] == STATUS_OK ? text.length : 0);
        }
    }
}

Test(text, comparison_and_search_agree_with_the_hosts)
{
    uint32_t seed = 52;
    for (int i = 0; i < 20000; i++) {
        struct text a, b;
        char left[8] = {0}, right[8] = {0};
        for (uint32_t k = random_below(&seed, 7); k > 0; k--)
            left[k - 1] = (char)('a' + random_below(&seed, 2));
        for (uint32_t k = random_below(&seed, 7); k > 0; k--)
            right[k - 1] = (char)('a' + random_below(&seed, 2));
        text_from(&a, left);
        text_from(&b, right);
        int order = strcmp(left, right);
        cr_assert_eq(text_compare(&a, &b), (order > 0) - (order < 0));
        const char *found = strchr(left, 'b');
        cr_assert_eq(text_find(&a, 'b', 0), found == NULL ? strlen(left) : (size_t)(found - left));
        text_append(&a, &b);
        char joined[16];
        sprintf(joined, "%s%s", left, right);
        cr_assert(text_reads(&a, joined));
    }
}

Test(text, a_full_text_takes_nothing_more)
{
    struct text text;
    text_clear(&text);
    cr_assert_eq(text_pad(&text, WORDS_BYTES, 'x'), STATUS_OK);
    cr_assert_eq(text_put(&text, 'y'), STATUS_FULL);
    cr_assert_eq(text_put_int(&text, -1), STATUS_FULL);
    cr_assert_eq(text_append(&text, &text), STATUS_FULL);
    cr_assert_eq(text_pad(&text, WORDS_BYTES + 1, 'x'), STATUS_FULL);
    cr_assert_eq(text_find(&text, 'y', 0), WORDS_BYTES);
    cr_assert_eq(text_char(&text, WORDS_BYTES), 0);
}

/* A random formula and its value; *fine becomes false where a division has no result. */
static int32_t formula(uint32_t *seed, int depth, char *out, bool *fine)
{
    uint32_t kind = depth == 0 ? 0 : random_below(seed, 4);
    if (kind == 0) {
        uint32_t word = random_below(seed, 3) == 0 ? random_word(seed) : random_below(seed, 10);
        sprintf(out, random_below(seed, 2) == 0 ? "%" PRIu32 : "0x%" PRIx32, word);
        return (int32_t)word;
    }
    if (kind == 1) {
        out[0] = '-';
        return (int32_t)(0u - (uint32_t)formula(seed, 0, out + 1, fine));
    }
    char left[512], right[512];
    int32_t a = formula(seed, depth - 1, left, fine), b = formula(seed, depth - 1, right, fine);
    char operation = "+-*/%"[random_below(seed, 5)];
    snprintf(out, 512, "(%.200s)%s%c (%.200s)", left, random_below(seed, 2) == 0 ? " " : "",
             operation, right);
    switch (operation) {
    case '+':
        return (int32_t)((uint32_t)a + (uint32_t)b);
    case '-':
        return (int32_t)((uint32_t)a - (uint32_t)b);
    case '*':
        return (int32_t)((uint32_t)a * (uint32_t)b);
    default:
        if (b == 0 || (a == INT32_MIN && b == -1)) {
            *fine = false;
            return 0;
        }
        return operation == '/' ? a / b : a % b;
    }
}

Test(calc, formulas_have_the_value_that_the_host_computes)
{
    uint32_t seed = 53;
    for (int i = 0; i < 20000; i++) {
        struct text text;
        struct calc calc;
        char written[512];
        bool fine = true;
        int value = 12345;
        int32_t expected = formula(&seed, 3, written, &fine);
        text_from(&text, written);
        int status = calc_evaluate(&calc, &text, &value);
        cr_assert_eq(status, fine ? STATUS_OK : STATUS_RANGE, "%s", written);
        cr_assert_eq(value, fine ? expected : 12345, "%s", written);
    }
}

Test(calc, precedence_and_errors_are_those_of_the_grammar)
{
    static const struct {
        const char *text;
        int status, value;
    } cases[] = {
        {"1+2*3-4", STATUS_OK, 3},
        {"7-2-1", STATUS_OK, 4},
        {"2*-3", STATUS_OK, -6},
        {" 100 / 7 % 4 ", STATUS_OK, 2},
        {"", STATUS_FORMAT, 0},
        {"1+", STATUS_FORMAT, 0},
        {"(1", STATUS_FORMAT, 0},
        {"1)", STATUS_FORMAT, 0},
        {"1 2", STATUS_FORMAT, 0},
        {"0x", STATUS_FORMAT, 0},
        {"5/(3-3)", STATUS_RANGE, 0},
        {"99999999999", STATUS_OVERFLOW, 0},
        {"-2147483648/-1", STATUS_RANGE, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text text;
        struct calc calc;
        int value = 0;
        text_from(&text, cases[i].text);
        cr_assert_eq(calc_evaluate(&calc, &text, &value), cases[i].status, "%s", cases[i].text);
        cr_assert_eq(value, cases[i].value, "%s", cases[i].text);
    }
    struct text text;
    struct calc calc;
    int value = 0;
    text_clear(&text);
    text_pad(&text, CALC_DEPTH, '-');
    text_put(&text, '1');
    cr_assert_eq(calc_evaluate(&calc, &text, &value), STATUS_FULL);
    text_clear(&text);
    text_pad(&text, CALC_DEPTH - 1, '-');
    text_put(&text, '1');
    cr_assert_eq(calc_evaluate(&calc, &text, &value), STATUS_OK);
}
