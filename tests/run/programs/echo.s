# Sends back what comes over the serial line, by interrupts; halts after a 'q'.
        .text
        .globl  _start
        .type   _start, function
_start: movs2i  r20, ECA
        andi    r21, r20, 1
        bnez    r21, .Lboot
        nop
        lw      r5, 0(r2)               # RBR
        sw      r5, 0(r2)               # THR
        seqi    r6, r5, 113
        bnez    r6, .Lhalt
        nop
        rfe
.Lboot: li      r2, 0xFFFFA000          # the serial line
        addi    r3, r0, 3
        sw      r3, 12(r2)              # LCR: eight bits
        addi    r3, r0, 7
        sw      r3, 8(r2)               # FCR: FIFOs, emptied
        addi    r3, r0, 1
        sw      r3, 4(r2)               # IER: received data
        addi    r4, r0, 62
        sw      r4, 0(r2)               # ready: '>'
        li      r3, 0x8000
        movi2s  SR, r3
.Lidle: j       .Lidle
        nop
.Lhalt: movi2s  SR, r0
.Lend:  j       .Lend
        nop
        .size   _start, .-_start
