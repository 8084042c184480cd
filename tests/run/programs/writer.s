# Writes sector after sector of the disk for swapping (device 1), for ever: word i of sector s is
# s * 256 + i. Says each finished sector's number as a byte.
        .text
        .globl  _start
        .type   _start, function
_start: li      r2, 0xFFFFA000          # the serial line
        addi    r4, r0, 3
        sw      r4, 12(r2)
        li      r7, 0xFFFF9000
        addi    r8, r0, 0               # the sector
.Lsector:
        addi    r14, r0, 1
        sw      r14, 8(r7)
        sw      r8, 12(r7)
        sw      r0, 16(r7)
        sw      r0, 20(r7)
        addi    r14, r0, 0xE0
        sw      r14, 24(r7)
        addi    r14, r0, 0x30
        sw      r14, 28(r7)
.Lbegin:
        lw      r14, 32(r7)
        andi    r14, r14, 0x80
        bnez    r14, .Lbegin
        slli    r14, r8, 8
        addi    r13, r0, 128
.Lout:  sw      r14, 0(r7)
        subi    r13, r13, 1
        bnez    r13, .Lout
        addi    r14, r14, 1
.Lend:  lw      r14, 32(r7)
        andi    r14, r14, 0x80
        bnez    r14, .Lend
        nop
.Lsay:  lw      r14, 20(r2)
        andi    r14, r14, 0x20
        beqz    r14, .Lsay
        nop
        sw      r8, 0(r2)
        addi    r8, r8, 1
        j       .Lsector
        andi    r8, r8, 0xFF
        .size   _start, .-_start
