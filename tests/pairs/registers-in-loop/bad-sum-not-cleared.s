# verdict: rejected
# function: sum
# shown: refuted
# s starts as what the caller left in r1.
        .text
        .globl  sum
        .type   sum, function
sum:
        lw      r2, 4(r29)              # n
        nop
        j       .Ltest
        addi    r3, r0, 0               # i
.Lbody:
        slli    r4, r3, 2
        add     r4, r4, r28
        lw      r4, table(r4)
        addi    r3, r3, 1
        add     r1, r1, r4
.Ltest:
        sls     r5, r3, r2
        bnez    r5, .Lbody
        nop
        jr      r31
        nop
        .size   sum, .-sum

        .bss
        .globl  table
        .type   table, object
table:     .space  64
        .size   table, 64
