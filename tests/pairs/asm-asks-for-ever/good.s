# verdict: proved
# function: f
# The same.
        .text
        .globl  f
        .type   f, function
f:
        addi    r1, r0, -32768
.L:
        j       .L
        lw      r2, 0(r1)
        .size   f, .-f
