# verdict: rejected
# function: f
# The run ends for one argument.
        .text
        .globl  f
        .type   f, function
f:
        lw      r2, 4(r29)
        addi    r3, r0, 30
        seq     r3, r2, r3
        beqz    r3, .L
        nop
        rfe
.L:
        jr      r31
        addi    r1, r0, 1
        .size   f, .-f
