# Copies 24 sectors from the system's disk (device 5) to the disk for swapping (device 1), by
# polling, says "." for each and "E" for an error, and halts.
        .text
        .globl  _start
        .type   _start, function
_start: li      r2, 0xFFFFA000          # the serial line
        addi    r4, r0, 3
        sw      r4, 12(r2)
        li      r6, 0xFFFFD000          # from
        li      r7, 0xFFFF9000          # to
        addi    r8, r0, 0               # the sector
.Lsector:
        add     r10, r6, r0
        addi    r11, r0, 0x20           # READ SECTORS
        jal     command
        nop
        la      r12, buffer
        addi    r13, r0, 128
.Lin:   lw      r14, 0(r6)
        sw      r14, 0(r12)
        subi    r13, r13, 1
        bnez    r13, .Lin
        addi    r12, r12, 4
        add     r10, r7, r0
        addi    r11, r0, 0x30           # WRITE SECTORS
        jal     command
        nop
        la      r12, buffer
        addi    r13, r0, 128
.Lout:  lw      r14, 0(r12)
        sw      r14, 0(r7)
        subi    r13, r13, 1
        bnez    r13, .Lout
        addi    r12, r12, 4
        jal     ready
        nop
        jal     say
        addi    r4, r0, 46
        addi    r8, r8, 1
        slsi    r14, r8, 24
        bnez    r14, .Lsector
        nop
.Lhalt: j       .Lhalt
        nop
        .size   _start, .-_start

# Command r11 to the disk at r10, for sector r8; returns when it wants to transfer.
command:
        addi    r14, r0, 1
        sw      r14, 8(r10)             # count
        sw      r8, 12(r10)             # LBA
        sw      r0, 16(r10)
        sw      r0, 20(r10)
        addi    r14, r0, 0xE0
        sw      r14, 24(r10)
        sw      r11, 28(r10)
# Returns when the disk at r10 is not busy any more; an error ends the program.
ready:  lw      r14, 32(r10)            # alternate status
        andi    r15, r14, 0x80
        bnez    r15, ready
        andi    r15, r14, 0x01
        bnez    r15, .Lerror
        nop
        jr      r31
        nop
.Lerror:
        jal     say
        addi    r4, r0, 69
        j       .Lhalt
        nop

# Sends r4.
say:    lw      r14, 20(r2)
        andi    r14, r14, 0x20
        beqz    r14, say
        nop
        jr      r31
        sw      r4, 0(r2)
        .bss
buffer: .space  512
