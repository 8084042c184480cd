# __sdiv: r1 = a / b, signed, truncating: the unsigned quotient of the magnitudes, negated if the
# signs differ. b is not 0, and not -1 with a = -2^31.
        .text
        .globl  __sdiv
        .type   __sdiv, function
__sdiv:
        sw      r31, 0(r29)
        lw      r1, 4(r29)
        lw      r2, 8(r29)
        sgei    r3, r1, 0
        bnez    r3, .Lplus_a
        sgei    r3, r2, 0
        sub     r1, r0, r1
.Lplus_a:
        bnez    r3, .Lplus_b
        sw      r1, 16(r29)
        sub     r2, r0, r2
.Lplus_b:
        sw      r2, 20(r29)
        jal     __udiv
        addi    r29, r29, 12
        addi    r29, r29, -12
        lw      r2, 4(r29)
        lw      r3, 8(r29)
        xor     r2, r2, r3
        sgei    r2, r2, 0
        bnez    r2, .Lplus
        lw      r31, 0(r29)
        sub     r1, r0, r1
.Lplus:
        jr      r31
        nop
        .size   __sdiv, .-__sdiv
