# Counts five interrupts of the timer and halts.
.equ PERIOD, -32768                     # device 0
.equ ACK, -32760
.equ COUNT, 0x800                       # words in memory

        .text
        .globl _start
        .type _start, function
_start: movs2i r27, ECA                 # reset and interrupts both come here
        andi r26, r27, 1
        bnez r26, main
        nop
        lw r26, COUNT(r0)
        addi r26, r26, 1
        sw r26, COUNT(r0)
        sw r0, ACK(r0)
        rfe
        .size _start, .-_start

        .type main, function
main:   addi r1, r0, 3
        sw r1, PERIOD(r0)
        addi r2, r0, 0x2000
        movi2s SR, r2
loop:   lw r3, COUNT(r0)
        addi r5, r5, 1
        slsi r4, r3, 5
        bnez r4, loop
        add r6, r6, r4                  # in the delay slot
        movi2s SR, r0
        sw r0, PERIOD(r0)
halt:   j halt
        nop
        .size main, .-main
