# verdict: rejected
# function: f
# What is read goes nowhere.
        .text
        .globl  f
        .type   f, function
f:
        movs2i  r0, EPC
        jr      r31
        nop
        .size   f, .-f
