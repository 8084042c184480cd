# verdict: rejected
# function: search
# shown: refuted
# Returns 8 if nothing is found.
        .text
        .globl  search
        .type   search, function
search:
        lw      r2, 4(r29)
        addi    r1, r0, 0
        addi    r5, r28, table
.Ltest:
        slsi    r3, r1, 8
        beqz    r3, .Lnone
        slli    r4, r1, 2
        add     r4, r4, r5
        lw      r4, 0(r4)
        nop
        sne     r4, r4, r2
        bnez    r4, .Ltest
        addi    r1, r1, 1
        jr      r31
        addi    r1, r1, -1
.Lnone:
        jr      r31
        nop
        .size   search, .-search

        .bss
        .globl  table
        .type   table, object
table:     .space  32
        .size   table, 32
