# verdict: rejected
# function: f
# A special register is written.
        .text
        .globl  f
        .type   f, function
f:
        movi2s  EPC, r1
        jr      r31
        nop
        .size   f, .-f
