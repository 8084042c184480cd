# verdict: rejected
# function: f
# Added on none.
        .text
        .globl  f
        .type   f, function
f:
        lw      r1, 4(r29)
        jr      r31
        nop
        .size   f, .-f
