# verdict: rejected
# function: length
# shown: refuted
# Calls itself with the same list: the source ends, the code does not.
        .text
        .globl  length
        .type   length, function
length:
        lw      r2, 4(r29)
        beqz    r2, .Lnone
        addi    r1, r0, 0
        nop
        sw      r31, 0(r29)
        sw      r2, 8(r29)
        jal     length
        addi    r29, r29, 4
        addi    r29, r29, -4
        lw      r31, 0(r29)
        addi    r1, r1, 1
.Lnone:
        jr      r31
        nop
        .size   length, .-length
