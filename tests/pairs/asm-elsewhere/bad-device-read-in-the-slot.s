# verdict: rejected
# function: f
# The same in the delay slot.
        .text
        .globl  f
        .type   f, function
f:
        jr      r31
        lw      r0, -32768(r0)
        .size   f, .-f
