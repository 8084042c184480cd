# verdict: rejected
# function: f
# A special register is written.
        .text
        .globl  f
        .type   f, function
f:
        movi2s  EPC, r0
        jr      r31
        addi    r1, r0, 1
        .size   f, .-f
