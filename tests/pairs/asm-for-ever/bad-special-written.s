# verdict: rejected
# function: f
# A special register is written in each turn.
        .text
        .globl  f
        .type   f, function
f:
.L:
        j       .L
        movi2s  EPC, r1
        .size   f, .-f
