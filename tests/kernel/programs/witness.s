# Holds a pattern in its memory and something in every register, and looks at both for ever; ends if
# its memory is not what it was. The registers are looked at from outside.
        .text
        .globl  _start
        .type   _start, function
_start:
        addi    r11, r0, 3
        trap    5                       # three pages more
        slli    r3, r12, 12             # their end
        addi    r2, r3, -12288          # and beginning
        li      r4, 0x5a5a1234
        addi    r1, r2, 0
.Lfill: xor     r5, r1, r4
        sw      r5, 0(r1)
        addi    r1, r1, 4
        seq     r5, r1, r3
        beqz    r5, .Lfill
        nop
        li      r8, 0x52e6b438
        li      r9, 0xf2a74de4
        li      r10, 0x269e0d37
        li      r11, 0x6513270e
        li      r12, 0xa6a3a450
        li      r13, 0x0c5c7fd0
        li      r14, 0x128b2f33
        li      r15, 0xd23f0824
        li      r16, 0x892f902b
        li      r17, 0x1818e811
        li      r18, 0x5d9dc9f8
        li      r19, 0x9531985d
        li      r20, 0x0ed90475
        li      r21, 0xe8e25d94
        li      r22, 0x81e74ef5
        li      r23, 0x36f675cc
        li      r24, 0x099950d8
        li      r25, 0x1600a35a
        li      r26, 0x6f03675a
        li      r27, 0x6b0d549b
        li      r28, 0x11e20b8f
        li      r29, 0x3d9c1724
        li      r30, 0x1738f7d9
        li      r31, 0x8d116ece
.Lfirst:
        addi    r1, r2, 0
.Lnext: lw      r5, 0(r1)
        xor     r6, r1, r4
        seq     r5, r5, r6
        beqz    r5, .Lwrong
        addi    r1, r1, 4
        seq     r5, r1, r3
        beqz    r5, .Lnext
        addi    r7, r7, 1
        j       .Lfirst
        nop
.Lwrong:
        trap    1
        nop
        .size   _start, .-_start
