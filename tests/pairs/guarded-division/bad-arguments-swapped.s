# verdict: rejected
# function: share
# shown: refuted
# The divisor is divided.
        .text
        .globl  share
        .type   share, function
share:
        lw      r3, 8(r29)
        lw      r2, 4(r29)
        beqz    r3, .Lnobody
        sw      r31, 0(r29)
        sw      r2, 24(r29) #
        sw      r3, 20(r29)
        jal     __udiv
        addi    r29, r29, 16
        sw      r1, -4(r29)
        lw      r2, -12(r29)
        lw      r3, -8(r29)
        sw      r2, 4(r29)
        jal     __urem
        sw      r3, 8(r29)
        addi    r29, r29, -16
        lw      r2, 12(r29)
        lw      r31, 0(r29)
        slli    r2, r2, 4
        jr      r31
        add     r1, r1, r2
.Lnobody:
        jr      r31
        addi    r1, r2, 0
        .size   share, .-share
