# verdict: rejected
# function: f
# SR is set in the delay slot.
        .text
        .globl  f
        .type   f, function
f:
        lw      r1, 4(r29)
        movi2s  EPC, r1
        jr      r31
        movi2s  SR, r1
        .size   f, .-f
