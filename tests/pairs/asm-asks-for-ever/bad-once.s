# verdict: rejected
# function: f
# Asked once.
        .text
        .globl  f
        .type   f, function
f:
        addi    r1, r0, -32768
        lw      r2, 0(r1)
.L:
        j       .L
        nop
        .size   f, .-f
