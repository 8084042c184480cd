# verdict: rejected
# function: resume
# SR, which rfe would set anyway: but what the code means until then depends on it.
        .text
        .globl  resume
        .type   resume, function
resume:
        lw      r2, 4(r29)
        beqz    r2, .Lnone
        lw      r3, 160(r28)
        addi    r3, r3, 1
        sw      r3, 160(r28)
        addi    r1, r28, 0
        lw      r2, 128(r1)
        lw      r3, 132(r1)
        movi2s  EPC, r2
        movi2s  EDPC, r3
        addi    r4, r0, 1
        movi2s  EMODE, r4
        movi2s  SR, r4
        lw      r31, 124(r1)
        lw      r30, 120(r1)
        lw      r29, 116(r1)
        lw      r28, 112(r1)
        lw      r27, 108(r1)
        lw      r26, 104(r1)
        lw      r25, 100(r1)
        lw      r24, 96(r1)
        lw      r23, 92(r1)
        lw      r22, 88(r1)
        lw      r21, 84(r1)
        lw      r20, 80(r1)
        lw      r19, 76(r1)
        lw      r18, 72(r1)
        lw      r17, 68(r1)
        lw      r16, 64(r1)
        lw      r15, 60(r1)
        lw      r14, 56(r1)
        lw      r13, 52(r1)
        lw      r12, 48(r1)
        lw      r11, 44(r1)
        lw      r10, 40(r1)
        lw      r9, 36(r1)
        lw      r8, 32(r1)
        lw      r7, 28(r1)
        lw      r6, 24(r1)
        lw      r5, 20(r1)
        lw      r4, 16(r1)
        lw      r3, 12(r1)
        lw      r2, 8(r1)
        lw      r1, 4(r1)
        rfe
.Lnone:
        jr      r31
        sw      r0, 160(r28)
        .size   resume, .-resume
        .bss
        .globl  saved
        .type   saved, object
saved:
        .space  160
        .size   saved, 160
        .globl  runs
        .type   runs, object
runs:
        .space  4
        .size   runs, 4
