# verdict: rejected
# function: f
# The data's load is in the loop.
        .text
        .globl  f
        .type   f, function
f:
        addi    r1, r0, -32764
.L:
        lw      r2, 0(r1)
        bnez    r2, .L
        lw      r3, 4(r1)
        jr      r31
        add     r1, r3, r0
        .size   f, .-f
