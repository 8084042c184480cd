#include "tests/unit/check/samples.h"

const char sum_source[] = "int table[16];\n"
                          "int sum(int n)\n"
                          "{\n"
                          "    int i;\n"
                          "    int s;\n"
                          "    i = 0;\n"
                          "    s = 0;\n"
                          "    while (i < n) {\n"
                          "        s = s + table[i];\n"
                          "        i = i + 1;\n"
                          "    }\n"
                          "    return s;\n"
                          "}\n";

#define SUM_CODE(test)                                                                             \
    "        .text\n"                                                                              \
    "        .globl  sum\n"                                                                        \
    "        .type   sum, function\n"                                                              \
    "sum:\n"                                                                                       \
    "        lw      r2, 4(r29)\n"                                                                 \
    "        addi    r1, r0, 0\n"                                                                  \
    "        j       .Ltest\n"                                                                     \
    "        addi    r3, r0, 0\n"                                                                  \
    ".Lbody:\n"                                                                                    \
    "        slli    r4, r3, 2\n"                                                                  \
    "        add     r4, r4, r28\n"                                                                \
    "        lw      r4, table(r4)\n"                                                              \
    "        addi    r3, r3, 1\n"                                                                  \
    "        add     r1, r1, r4\n"                                                                 \
    ".Ltest:\n"                                                                                    \
    "        " test "     r5, r3, r2\n"                                                            \
    "        bnez    r5, .Lbody\n"                                                                 \
    "        nop\n"                                                                                \
    "        jr      r31\n"                                                                        \
    "        nop\n"                                                                                \
    "        .size   sum, .-sum\n"                                                                 \
    "        .bss\n"                                                                               \
    "        .globl  table\n"                                                                      \
    "        .type   table, object\n"                                                              \
    "table:  .space  64\n"                                                                         \
    "        .size   table, 64\n"

const char sum_code[] = SUM_CODE("sls");
const char sum_wrong_code[] = SUM_CODE("sle");

const char spread_source[] = "struct pair {\n"
                             "    int left;\n"
                             "    int right;\n"
                             "};\n"
                             "int total;\n"
                             "int twice(int x)\n"
                             "{\n"
                             "    return x + x;\n"
                             "}\n"
                             "int spread(int a, int b)\n"
                             "{\n"
                             "    struct pair p;\n"
                             "    int v[4];\n"
                             "    int i;\n"
                             "    p.left = a;\n"
                             "    p.right = b;\n"
                             "    i = 0;\n"
                             "    while (i < 4) {\n"
                             "        v[i] = a + i;\n"
                             "        i = i + 1;\n"
                             "    }\n"
                             "    i = twice(b);\n"
                             "    total = total + p.left;\n"
                             "    return v[3] + i + p.right;\n"
                             "}\n";
