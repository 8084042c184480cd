# verdict: rejected
# function: sum
# Another constant.
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
        xori    r1, r1, 5
        bnez    r9, .Lagain
        nop
.Lnone:
        jr      r31
        nop
        .size   sum, .-sum
