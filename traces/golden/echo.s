# Sends "ready", waits for bytes with interrupts on, and sends each of them back, until a line ends.
.equ DATA, -24576                       # device 2, a 16550A
.equ ENABLE, -24572
.equ FIFO, -24568
.equ LINE, -24564
.equ STATUS, -24556
.equ ENDED, 0x800                       # a word in memory

        .text
        .globl _start
        .type _start, function
_start: movs2i r27, ECA
        andi r26, r27, 1
        bnez r26, main
        nop
        j received
        nop
        .size _start, .-_start

        .type received, function
received:
        lw r25, STATUS(r0)
        andi r24, r25, 1
        beqz r24, back
        nop
        lw r25, DATA(r0)
        snei r24, r25, 10
        bnez r24, send
        nop
        addi r24, r0, 1
        sw r24, ENDED(r0)
send:   sw r25, DATA(r0)
        j received
        nop
back:   rfe
        .size received, .-received

        .type main, function
main:   addi r1, r0, 1
        sw r1, FIFO(r0)
        addi r2, r0, 3                  # eight bits
        sw r2, LINE(r0)
        la r10, text
next:   lb r2, 0(r10)
        beqz r2, sent
        nop
full:   lw r3, STATUS(r0)
        andi r3, r3, 0x20
        beqz r3, full
        nop
        sw r2, DATA(r0)
        j next
        addi r10, r10, 1
sent:   sw r1, ENABLE(r0)
        lhgi r4, 0
        xori r4, r4, 0x7FFF
        addi r4, r4, 1                  # bit 15: device 2
        movi2s SR, r4
wait:   lw r5, ENDED(r0)
        beqz r5, wait
        nop
        movi2s SR, r0
halt:   j halt
        nop
        .size main, .-main

        .data
text:   .asciz "ready\n"
