# verdict: proved
# function: f
# A number without a meaning is written besides: that does nothing.
        .text
        .globl  f
        .type   f, function
f:
        lw      r1, 4(r29)
        movi2s  s12, r1
        jr      r31
        movi2s  EPC, r1
        .size   f, .-f
