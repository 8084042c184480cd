# verdict: rejected
# function: f
# SR is 1 for one instruction.
        .text
        .globl  f
        .type   f, function
f:
        lw      r1, 4(r29)
        addi    r2, r0, 1
        movi2s  SR, r2
        movi2s  SR, r0
        jr      r31
        movi2s  EPC, r1
        .size   f, .-f
