# verdict: proved
# function: f
# The word in two halves.
        .text
        .globl  f
        .type   f, function
f:
        lw      r2, 4(r29)
        andi    r2, r2, 0x7ffc
        li      r3, 0x01000000
        add     r3, r3, r2
        lw      r4, 8(r29)
        sh      r4, 0(r3)
        srli    r4, r4, 16
        jr      r31
        sh      r4, 2(r3)
        .size   f, .-f
