# verdict: rejected
# function: f
# EMODE is written besides.
        .text
        .globl  f
        .type   f, function
f:
        lw      r1, 4(r29)
        movi2s  EMODE, r1
        jr      r31
        movi2s  EPC, r1
        .size   f, .-f
