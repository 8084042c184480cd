# verdict: rejected
# function: f
# No load.
        .text
        .globl  f
        .type   f, function
f:
        lw      r2, 4(r29)
        slli    r2, r2, 2
        andi    r2, r2, 0xffc
        addi    r3, r0, -32768
        or      r3, r3, r2
        jr      r31
        nop
        .size   f, .-f
