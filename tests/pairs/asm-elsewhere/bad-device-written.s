# verdict: rejected
# function: f
# A device is written.
        .text
        .globl  f
        .type   f, function
f:
        sw      r0, -32768(r0)
        jr      r31
        nop
        .size   f, .-f
