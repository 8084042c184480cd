# A node of three on the automotive bus. Its number is the first byte of its serial line. At each of
# 60 slot starts it prints what came in the slot before, and `-` if nothing came. In its own slots it
# sends a letter: node 0 A to H in turn, node 1 I to P, node 2 Q to X.
.equ CTRL, -16384                       # device 4, the bus controller
.equ STATUS, -16380
.equ NSLOTS, -16376
.equ SLOTLEN, -16372
.equ OWNSLOT, -16368
.equ MSGLEN, -16364
.equ ACK, -16360
.equ SEND, -16128
.equ SEND_1, -16124
.equ RECEIVE, -15872
.equ RECEIVE_1, -15868
.equ DATA, -24576                       # device 2, a 16550A
.equ LINE, -24556
.equ NOTHING, 45
.equ STARTS, 60

        .text
        .globl _start
        .type _start, function
_start: movs2i r27, ECA                 # reset and interrupts both come here
        andi r26, r27, 1
        bnez r26, main
        nop
        j slot
        nop
        .size _start, .-_start

# r10: the node; r11: the slot before its own; r12: slot starts so far; r13: own slots so far.
        .type slot, function
slot:   sw r0, ACK(r0)
        lw r1, STATUS(r0)
        lhgi r2, 1
        and r3, r1, r2                  # new
        addi r4, r0, NOTHING
        beqz r3, print
        andi r1, r1, 0xFF               # the slot
        lw r4, RECEIVE(r0)
        lw r5, RECEIVE_1(r0)            # the second word is the first once more
        seq r5, r4, r5
        bnez r5, print
        nop
        addi r4, r0, 33
print:  lw r5, LINE(r0)
        andi r5, r5, 0x20
        beqz r5, print
        nop
        sw r4, DATA(r0)
        seq r5, r1, r11
        beqz r5, count
        addi r12, r12, 1
        slli r6, r10, 3
        andi r7, r13, 7
        add r6, r6, r7
        addi r6, r6, 65
        sw r6, SEND(r0)
        sw r6, SEND_1(r0)
        addi r13, r13, 1
count:  seqi r5, r12, STARTS
        bnez r5, halt
        nop
        rfe
halt:   sw r0, CTRL(r0)
stop:   j stop
        nop
        .size slot, .-slot

        .type main, function
main:   lw r1, LINE(r0)
        andi r1, r1, 1
        beqz r1, main
        nop
        lw r10, DATA(r0)
        andi r10, r10, 3
        sw r10, OWNSLOT(r0)
        addi r11, r10, -1
        sgei r2, r11, 0
        bnez r2, set
        addi r1, r0, 3
        addi r11, r0, 2
set:    sw r1, NSLOTS(r0)
        addi r1, r0, 5
        sw r1, SLOTLEN(r0)
        addi r1, r0, 2
        sw r1, MSGLEN(r0)
        addi r1, r0, 1
        sw r1, CTRL(r0)
        lhgi r1, 2                      # bit 17: device 4
        movi2s SR, r1
idle:   j idle
        nop
        .size main, .-main
