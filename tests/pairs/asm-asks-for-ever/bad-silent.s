# verdict: rejected
# function: f
# Nobody is asked.
        .text
        .globl  f
        .type   f, function
f:
.L:
        j       .L
        nop
        .size   f, .-f
