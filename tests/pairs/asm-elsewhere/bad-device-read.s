# verdict: rejected
# function: f
# A device is read, for nothing.
        .text
        .globl  f
        .type   f, function
f:
        lw      r0, -32768(r0)
        jr      r31
        nop
        .size   f, .-f
