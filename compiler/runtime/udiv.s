# __udiv: r1 = a / b, unsigned, by restoring division; b is not 0.
# Before each round, with n the 32 - r5 high bits of a, taken so far: n = r1 * b + r2 and
# r2 < b; the other bits of a are the high ones of r3. r7 is b with its sign bit inverted, for the
# signed order of inverted words is the unsigned order.
        .text
        .globl  __udiv
        .type   __udiv, function
__udiv:
        lw      r3, 4(r29)
        lw      r4, 8(r29)
        addi    r1, r0, 0
        addi    r2, r0, 0
        addi    r5, r0, 32
        lhgi    r6, 0x8000
        xor     r7, r4, r6
.Lround:
        srli    r8, r2, 31              # 1: doubled, the remainder is 2^32 or more
        add     r2, r2, r2
        srli    r9, r3, 31
        add     r2, r2, r9
        add     r3, r3, r3
        bnez    r8, .Lsubtract
        add     r1, r1, r1
        xor     r8, r2, r6
        sls     r8, r8, r7
        bnez    r8, .Lnext              # the remainder is smaller than b
        nop
.Lsubtract:
        sub     r2, r2, r4
        addi    r1, r1, 1
.Lnext:
        addi    r5, r5, -1
        bnez    r5, .Lround
        nop
        jr      r31
        nop
        .size   __udiv, .-__udiv
