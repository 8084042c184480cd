# verdict: rejected
# function: f
# A device is asked in each turn.
        .text
        .globl  f
        .type   f, function
f:
.L:
        j       .L
        lw      r0, -32768(r0)
        .size   f, .-f
