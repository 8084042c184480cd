# __urem: r1 = a % b, unsigned, by restoring division; b is not 0.
# The rounds of __udiv with the remainder in r1 and without the quotient.
        .text
        .globl  __urem
        .type   __urem, function
__urem:
        lw      r3, 4(r29)
        lw      r4, 8(r29)
        addi    r1, r0, 0
        addi    r5, r0, 32
        lhgi    r6, 0x8000
        xor     r7, r4, r6
.Lround:
        srli    r8, r1, 31              # 1: doubled, the remainder is 2^32 or more
        add     r1, r1, r1
        srli    r9, r3, 31
        add     r1, r1, r9
        bnez    r8, .Lsubtract
        add     r3, r3, r3
        xor     r8, r1, r6
        sls     r8, r8, r7
        bnez    r8, .Lnext              # the remainder is smaller than b
        nop
.Lsubtract:
        sub     r1, r1, r4
.Lnext:
        addi    r5, r5, -1
        bnez    r5, .Lround
        nop
        jr      r31
        nop
        .size   __urem, .-__urem
