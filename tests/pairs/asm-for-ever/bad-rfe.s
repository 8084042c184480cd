# verdict: rejected
# function: f
# The run ends.
        .text
        .globl  f
        .type   f, function
f:
        rfe
        nop
        .size   f, .-f
