# verdict: rejected
# function: f
# It ends.
        .text
        .globl  f
        .type   f, function
f:
        jr      r31
        nop
        .size   f, .-f
