# verdict: rejected
# function: both
# EDATA is put back before the return.
        .text
        .globl  notify
        .type   notify, function
notify:
        lw      r2, 4(r29)
        addi    r1, r0, -28672
        movi2s  EDATA, r2
        jr      r31
        sw      r2, 0(r1)
        .size   notify, .-notify
        .text
        .globl  both
        .type   both, function
both:
        sw      r31, 0(r29)
        lw      r2, 4(r29)
        movs2i  r3, EDATA
        sw      r3, 8(r29)
        sw      r2, 16(r29)
        movi2s  PTO, r3
        jal     notify
        addi    r29, r29, 12
        addi    r29, r29, -12
        movs2i  r4, EDATA
        lw      r6, 8(r29)
        movi2s  EDATA, r6
        addi    r2, r0, -28668
        lw      r5, 0(r2)
        lw      r3, 8(r29)
        lw      r31, 0(r29)
        add     r1, r4, r5
        jr      r31
        sub     r1, r1, r3
        .size   both, .-both
