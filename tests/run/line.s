# Sends each letter back in the other case, from interrupts, until a line ends.
.equ DATA, -24576                       # device 2, a 16550A
.equ ENABLE, -24572
.equ FIFO, -24568
.equ LINE, -24556

        .text
        .globl _start
        .type _start, function
_start: movs2i r27, ECA                 # reset and interrupts both come here
        andi r26, r27, 1
        bnez r26, main
        nop
        lw r1, DATA(r0)
        sgei r2, r1, 65
        beqz r2, send
        nop
        xori r1, r1, 0x20
send:   lw r2, LINE(r0)
        andi r2, r2, 0x20
        beqz r2, send
        nop
        sw r1, DATA(r0)
        seqi r2, r1, 10
        bnez r2, halt
        nop
        rfe
halt:   j halt
        nop
        .size _start, .-_start

        .type main, function
main:   addi r1, r0, 7
        sw r1, FIFO(r0)
        addi r1, r0, 1
        sw r1, ENABLE(r0)
        addi r1, r0, 0x4000
        add r1, r1, r1                  # bit 15: device 2
        movi2s SR, r1
idle:   j idle
        nop
        .size main, .-main
