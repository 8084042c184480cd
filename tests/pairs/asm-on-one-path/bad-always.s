# verdict: rejected
# function: f
# Added on both paths.
        .text
        .globl  f
        .type   f, function
f:
        lw      r1, 4(r29)
        jr      r31
        addi    r1, r1, 1
        .size   f, .-f
