# verdict: rejected
# function: f
# The condition is the other one.
        .text
        .globl  f
        .type   f, function
f:
        addi    r1, r0, -32764
.L:
        lw      r2, 0(r1)
        beqz    r2, .L
        nop
        lw      r1, 4(r1)
        jr      r31
        nop
        .size   f, .-f
