# verdict: rejected
# function: f
# The heap too.
        .text
        .globl  f
        .type   f, function
f:
        lw      r2, 4(r29)
        andi    r2, r2, 0x7ffc
        li      r3, 0x01000000
        add     r3, r3, r2
        lw      r4, 8(r29)
        sw      r4, 0(r3)
        jr      r31
        sw      r4, 64(r30)
        .size   f, .-f
