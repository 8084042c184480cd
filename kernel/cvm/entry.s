# Where an interrupt comes in: the only assembly of the kernel outside asm blocks. It is trusted.
#
# Address 0: the processor goes there, in system mode and with all interrupts masked. Address 8: the
# loop in which the machine waits; dispatch.c0 sends control there by rfe, with interrupts enabled.
#
# What cvm_dispatch relies on: cvm_save holds the general registers of whoever was interrupted, and
# r28, r29 and r30 are those of docs/ABI.md, with an empty stack.
        .text
        .globl  _start
        .type   _start, function
_start:
        j       .Lentry
        nop
.Lidle:
        j       .Lidle
        nop
.Lentry:
        movi2s  PTO, r1                 # the kernel restores PTO before it leaves
        li      r1, &cvm_save
        sw      r2, 8(r1)
        sw      r3, 12(r1)
        sw      r4, 16(r1)
        sw      r5, 20(r1)
        sw      r6, 24(r1)
        sw      r7, 28(r1)
        sw      r8, 32(r1)
        sw      r9, 36(r1)
        sw      r10, 40(r1)
        sw      r11, 44(r1)
        sw      r12, 48(r1)
        sw      r13, 52(r1)
        sw      r14, 56(r1)
        sw      r15, 60(r1)
        sw      r16, 64(r1)
        sw      r17, 68(r1)
        sw      r18, 72(r1)
        sw      r19, 76(r1)
        sw      r20, 80(r1)
        sw      r21, 84(r1)
        sw      r22, 88(r1)
        sw      r23, 92(r1)
        sw      r24, 96(r1)
        sw      r25, 100(r1)
        sw      r26, 104(r1)
        sw      r27, 108(r1)
        sw      r28, 112(r1)
        sw      r29, 116(r1)
        sw      r30, 120(r1)
        sw      r31, 124(r1)
        movs2i  r2, PTO
        sw      r2, 4(r1)
        li      r28, &__globals
        li      r29, &__stack
        li      r30, &__heap
        jal     cvm_dispatch
        nop
.Lnever:
        j       .Lnever
        nop
        .size   _start, .-_start
