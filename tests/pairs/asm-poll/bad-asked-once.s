# verdict: rejected
# function: f
# No loop.
        .text
        .globl  f
        .type   f, function
f:
        addi    r1, r0, -32764
        lw      r2, 0(r1)
        lw      r1, 4(r1)
        jr      r31
        nop
        .size   f, .-f
