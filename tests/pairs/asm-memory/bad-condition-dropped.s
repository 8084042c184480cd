# verdict: rejected
# function: exchange
# Any address will do.
        .text
        .globl  exchange
        .type   exchange, function
exchange:
        lw      r5, 4(r29)
        lw      r6, 8(r29)
        srli    r7, r5, 24
        addi    r7, r7, -1
        addi    r1, r0, 0
        lw      r1, 0(r5)
        sw      r6, 0(r5)
        lw      r7, 12(r29)
        andi    r7, r7, 7
        slli    r7, r7, 2
        add     r7, r7, r28
        lbu     r8, 5(r5)
        sw      r1, 0(r7)
        sh      r8, 6(r5)
.Lnone:
        jr      r31
        nop
        .size   exchange, .-exchange
        .bss
        .globl  table
        .type   table, object
table:
        .space  32
        .size   table, 32
