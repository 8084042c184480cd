        .equ    SIZE, 12
        .globl  f, table
        .type   f, function
f:      li      r1, SIZE
        la      r6, table+4
        lw      r8, table(r28)
        bnez    r1, f
        nop
        jr      r31
        nop
        .size   f, .-f
        .data
table:  .word   1, SIZE, &f, table+8, -1, 'a'
        .byte   1, 255, -128
        .align  4
        .ascii  "ab\n", "c;#"
        .bss
room:   .space  SIZE
