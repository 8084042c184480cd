# verdict: rejected
# function: f
# The run ends.
        .text
        .globl  f
        .type   f, function
f:
        rfe
        jr      r31
        nop
        .size   f, .-f
