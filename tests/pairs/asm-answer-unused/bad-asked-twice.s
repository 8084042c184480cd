# verdict: rejected
# function: f
# Once more in the delay slot.
        .text
        .globl  f
        .type   f, function
f:
        lw      r2, 4(r29)
        slli    r2, r2, 2
        andi    r2, r2, 0xffc
        addi    r3, r0, -32768
        or      r3, r3, r2
        lw      r0, 0(r3)
        jr      r31
        lw      r0, 0(r3)
        .size   f, .-f
