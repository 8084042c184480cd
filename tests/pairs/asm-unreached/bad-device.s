# verdict: rejected
# function: f
# The device is asked all the same.
        .text
        .globl  f
        .type   f, function
f:
        lw      r0, -32768(r0)
        jr      r31
        addi    r1, r0, 1
        .size   f, .-f
