# verdict: rejected
# function: copy
# shown: refuted
# Two stores to addresses that may be equal change their order.
        .text
        .globl  copy
        .type   copy, function
copy:
        lw      r2, 8(r29)
        lw      r3, 4(r29)
        lw      r2, 0(r2)
        lw      r4, 12(r29)
        addi    r5, r0, 7
        sw      r5, 0(r4)
        sw      r2, 0(r3)
        lw      r1, 0(r3)
        jr      r31
        nop
        .size   copy, .-copy
