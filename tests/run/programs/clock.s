# Counts ten interrupts of the timer in r10, and halts; three ticks each.
        .text
        .globl  _start
        .type   _start, function
_start: movs2i  r20, ECA
        andi    r21, r20, 1
        bnez    r21, .Lboot
        nop
        sw      r0, 8(r2)               # ACK
        addi    r10, r10, 1
        sgei    r11, r10, 10
        bnez    r11, .Lhalt
        nop
        rfe
.Lboot: li      r2, 0xFFFF8000          # the timer
        addi    r3, r0, 3
        sw      r3, 0(r2)               # PERIOD
        addi    r3, r0, 0x2000
        movi2s  SR, r3
.Lidle: j       .Lidle
        nop
.Lhalt: movi2s  SR, r0
.Lend:  j       .Lend
        nop
        .size   _start, .-_start
