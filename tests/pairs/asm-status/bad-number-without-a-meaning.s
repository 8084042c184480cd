# verdict: rejected
# function: f
# The write goes to a register that is none.
        .text
        .globl  f
        .type   f, function
f:
        lw      r1, 4(r29)
        jr      r31
        movi2s  s12, r1
        .size   f, .-f
