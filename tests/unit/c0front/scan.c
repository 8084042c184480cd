#include "load.h"

#include <criterion/criterion.h>
#include <string.h>

Test(c0_scan, literals_have_their_type_and_range)
{
    accepts("int a = 0, b = 2147483647, c = 0x7fffffff, d = 0XAb; unsigned e = 4294967295u, "
            "f = 0xFFFFFFFFU, g = 0u; char h = 'x';");
    rejects("int a = 2147483648;",
            "1:9: error: the number does not fit int (an unsigned one ends in u): 2147483648");
    rejects("int a = 0x80000000;",
            "1:9: error: the number does not fit int (an unsigned one ends in u): 0x80000000");
    rejects("unsigned a = 4294967296u;",
            "1:14: error: the number does not fit 32 bits: 4294967296u");
    rejects("int a = 99999999999999999999999999;",
            "1:9: error: the number does not fit 32 bits: 99999999999999999999999999");
    rejects("int a = 010;", "1:9: error: octal numbers are not part of C0: 010");
    rejects("int a = 0x;", "1:9: error: malformed number: 0x");
    rejects("int a = 12ab;", "1:9: error: malformed number: 12ab");
    rejects("int a = 1L;", "1:9: error: malformed number: 1L");
    rejects("unsigned a = 1uu;", "1:14: error: malformed number: 1uu");
    rejects("int a = 1.5;", "1:9: error: floating point is not part of C0: 1.5");
    rejects("int a = 0xu;", "1:9: error: malformed number: 0xu");
}

Test(c0_scan, characters_are_signed_bytes)
{
    cr_expect_eq(constant("(int)'a'"), 97u);
    cr_expect_eq(constant("(int)'\\n'"), 10u);
    cr_expect_eq(constant("(int)'\\0'"), 0u);
    cr_expect_eq(constant("(int)'\\''"), 39u);
    cr_expect_eq(constant("(int)'\\\\'"), 92u);
    cr_expect_eq(constant("(int)'\"'"), 34u);
    cr_expect_eq(constant("(int)'\\x7f'"), 127u);
    cr_expect_eq(constant("(int)'\\x80'"), (uint32_t)-128);
    cr_expect_eq(constant("(int)'\\377'"), (uint32_t)-1);
    cr_expect_eq(constant("(int)'\\12'"), 10u);
    rejects("char c = '';", "1:10: error: malformed character literal: ''");
    rejects("char c = 'ab';", "1:10: error: malformed character literal: 'ab'");
    rejects("char c = '\\q';", "1:10: error: malformed character literal: '\\q'");
    rejects("char c = '\\400';", "1:10: error: malformed character literal: '\\400'");
    rejects("char c = '\\x';", "1:10: error: malformed character literal: '\\x'");
    rejects("char c = '\\x123';", "1:10: error: malformed character literal: '\\x123'");
    rejects("char c = 'a;\n", "1:10: error: malformed character literal: 'a;");
    rejects("char c = '\xc3\xa9';", "1:10: error: malformed character literal: '\xc3\xa9'");
}

Test(c0_scan, strings_are_refused)
{
    rejects("char c = \"abc\";", "1:10: error: strings are not part of C0: \"abc\"");
}

Test(c0_scan, comments_are_blanks)
{
    accepts("int /* a */ x; // int y; \n/* several\n lines */ int y; /**/ int z;");
    rejects("int x; /* never closed", "1:8: error: this comment is not closed");
    rejects("/* one\ntwo */ nothing;", "2:8: error: nothing is not the name of a type");
}

Test(c0_scan, bytes_that_start_no_token_are_reported)
{
    rejects("int @ x;", "1:5: error: no token of C0 starts with this character: @");
    rejects("int x\x01;", "1:6: error: no token of C0 starts with the byte 0x01");
    rejects("int \xc3\xa9;", "1:5: error: no token of C0 starts with the byte 0xc3");
    rejects("int a$b;", "1:6: error: no token of C0 starts with this character: $");
    struct arena *arena = arena_new();
    const char *report;
    cr_expect_null(load_with(arena, (struct text){"int x\0y;", 8}, NULL, &report));
    cr_expect(strncmp(report,
                      "t.c0:1:6: error: no token of C0 starts with the byte 0x00\nint x?y;\n",
                      66) == 0,
              "%s", report);
    arena_free(arena);
}

Test(c0_scan, line_markers_move_the_location)
{
    struct arena *arena = arena_new();
    const char *report;
    load(arena, "int a;\n# 70 \"dir/other.c0\" 2\n\nint b = c;\n", &report);
    cr_expect_str_eq(report, "dir/other.c0:71:9: error: c is not declared\nint b = c;\n"
                             "        ^\n");
    load(arena, "# 1 \"a \\\"quoted\\\\ name\"\nint b = c;\n", &report);
    cr_expect_str_eq(report, "a \"quoted\\ name:1:9: error: c is not declared\nint b = c;\n"
                             "        ^\n");
    arena_free(arena);
    rejects("int a;\n#pragma pack(1)\n",
            "2:1: error: C0 gives this preprocessor directive no meaning");
    rejects("# 99999999999 \"x\"\n", "1:1: error: C0 gives this preprocessor directive no meaning");
    rejects("int a; # 3 \"x\"\n", "1:8: error: a # has no place in a preprocessed source");
}

Test(c0_scan, keywords_of_c_are_no_names)
{
    rejects("int for;", "1:5: error: for loops are not part of C0; use while");
    rejects("int restrict;", "1:5: error: the qualifier restrict is not part of C0");
    rejects("int new;", "1:5: error: expected a name to declare, found 'new'");
    rejects("int asm;", "1:5: error: expected a name to declare, found 'asm'");
    accepts("int forth, if_, _x, x1, Int, null;");
}
