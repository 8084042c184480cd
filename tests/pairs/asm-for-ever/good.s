# verdict: proved
# function: f
# The same.
        .text
        .globl  f
        .type   f, function
f:
.L:
        j       .L
        nop
        .size   f, .-f
