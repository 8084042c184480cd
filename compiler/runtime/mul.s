# __mul: r1 = a * b mod 2^32, by shift and add.
# Before each round: a * b = r1 + r3 * r4.
        .text
        .globl  __mul
        .type   __mul, function
__mul:
        lw      r3, 4(r29)
        lw      r4, 8(r29)
        addi    r1, r0, 0
.Lround:
        beqz    r4, .Ldone
        andi    r2, r4, 1
        beqz    r2, .Leven
        srli    r4, r4, 1
        add     r1, r1, r3
.Leven:
        j       .Lround
        add     r3, r3, r3
.Ldone:
        jr      r31
        nop
        .size   __mul, .-__mul
