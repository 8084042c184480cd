# verdict: rejected
# function: sum
# The last turn is left out.
        .text
        .globl  sum
        .type   sum, function
sum:
        lw      r8, 4(r29)
        lw      r9, 8(r29)
        beqz    r9, .Lnone
        addi    r1, r0, 0
.Lagain:
        add     r1, r1, r8
        addi    r8, r8, 1
        addi    r9, r9, -1
        addi    r10, r9, -1
        xori    r1, r1, 3
        bnez    r10, .Lagain
        nop
.Lnone:
        jr      r31
        nop
        .size   sum, .-sum
