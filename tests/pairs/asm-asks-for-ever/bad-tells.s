# verdict: rejected
# function: f
# The port is written.
        .text
        .globl  f
        .type   f, function
f:
        addi    r1, r0, -32768
.L:
        j       .L
        sw      r2, 0(r1)
        .size   f, .-f
