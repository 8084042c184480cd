# Answers another machine's frames of two words with their complements, from interrupts, and idles
# in between. A frame that begins with 0 is the last one.
.equ CTRL, -20480                       # device 3, the network
.equ STATUS, -20476
.equ RXDATA, -20468
.equ RXDONE, -20464
.equ TXLEN, -20460
.equ TXDATA, -20456
.equ TXGO, -20452

        .text
        .globl _start
        .type _start, function
_start: movs2i r27, ECA                 # reset and interrupts both come here
        andi r26, r27, 1
        bnez r26, main
        nop
        lw r1, RXDATA(r0)
        lw r2, RXDATA(r0)
        sw r0, RXDONE(r0)
        beqz r1, halt
        nop
busy:   lw r3, STATUS(r0)
        andi r3, r3, 2
        beqz r3, busy
        addi r3, r0, 8
        sw r3, TXLEN(r0)
        xori r1, r1, -1
        sw r1, TXDATA(r0)
        xori r2, r2, -1
        sw r2, TXDATA(r0)
        sw r0, TXGO(r0)
        rfe
halt:   j halt
        nop
        .size _start, .-_start

        .type main, function
main:   addi r1, r0, 3                  # receiver on, with interrupts
        sw r1, CTRL(r0)
        lhgi r1, 1                      # bit 16: device 3
        movi2s SR, r1
idle:   j idle
        nop
        .size main, .-main
