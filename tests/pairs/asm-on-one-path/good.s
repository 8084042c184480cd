# verdict: proved
# function: f
# The flag is the number added.
        .text
        .globl  f
        .type   f, function
f:
        lw      r1, 4(r29)
        lw      r2, 8(r29)
        jr      r31
        add     r1, r1, r2
        .size   f, .-f
