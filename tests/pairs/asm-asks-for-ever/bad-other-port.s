# verdict: rejected
# function: f
# Another port is asked.
        .text
        .globl  f
        .type   f, function
f:
        addi    r1, r0, -32768
.L:
        j       .L
        lw      r2, 4(r1)
        .size   f, .-f
