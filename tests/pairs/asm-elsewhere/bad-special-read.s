# verdict: rejected
# function: f
# A special register is read.
        .text
        .globl  f
        .type   f, function
f:
        movs2i  r1, EPC
        jr      r31
        nop
        .size   f, .-f
