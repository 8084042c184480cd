# Asks another machine twenty questions over the network: frames of a number and its square. The
# answer is their complements. A question is asked again until it is answered, since frames may be
# lost. Prints a dot for each answer, and at the end asks 0, which is not answered.
.equ CTRL, -20480                       # device 3, the network
.equ STATUS, -20476
.equ RXLEN, -20472
.equ RXDATA, -20468
.equ RXDONE, -20464
.equ TXLEN, -20460
.equ TXDATA, -20456
.equ TXGO, -20452
.equ DATA, -24576                       # device 2, a 16550A
.equ LINE, -24556
.equ PATIENCE, 20000
.equ DOT, 46
.equ WRONG, 33
.equ NEWLINE, 10

        .text
        .globl _start
        .type _start, function
_start: addi r1, r0, 1
        sw r1, CTRL(r0)
        addi r10, r0, 1                 # the number
        addi r11, r0, 1                 # its square
ask:    jal send
        nop
        addi r20, r0, PATIENCE
wait:   lw r2, STATUS(r0)
        andi r3, r2, 1
        bnez r3, heard
        nop
        bnez r20, wait
        subi r20, r20, 1                # in the delay slot
        j ask
        nop
heard:  lw r4, RXLEN(r0)
        lw r5, RXDATA(r0)
        lw r6, RXDATA(r0)
        sw r0, RXDONE(r0)
        xori r7, r5, -1
        seq r8, r7, r10
        beqz r8, wait                   # the answer to a question that was asked twice
        nop
        xori r7, r6, -1
        seq r8, r7, r11
        seqi r9, r4, 8
        and r8, r8, r9
        bnez r8, right
        addi r12, r0, DOT
        j print
        addi r12, r0, WRONG
right:  jal print
        nop
        add r11, r11, r10               # (n+1)(n+1) = nn + n + n+1
        addi r10, r10, 1
        slei r8, r10, 20
        bnez r8, ask
        add r11, r11, r10
        add r10, r0, r0
        jal send
        nop
        jal print
        addi r12, r0, NEWLINE
sent:   lw r2, STATUS(r0)
        andi r2, r2, 2
        beqz r2, sent
        nop
halt:   j halt
        nop
        .size _start, .-_start

# r10 and r11, as a frame.
        .type send, function
send:   lw r2, STATUS(r0)
        andi r2, r2, 2
        beqz r2, send
        addi r2, r0, 8
        sw r2, TXLEN(r0)
        sw r10, TXDATA(r0)
        sw r11, TXDATA(r0)
        jr r31
        sw r0, TXGO(r0)
        .size send, .-send

# r12, as a character.
        .type print, function
print:  lw r2, LINE(r0)
        andi r2, r2, 0x20
        beqz r2, print
        nop
        jr r31
        sw r12, DATA(r0)
        .size print, .-print
