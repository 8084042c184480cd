# verdict: rejected
# function: copy
# shown: refuted
# The load moves behind a store that may change what it reads.
        .text
        .globl  copy
        .type   copy, function
copy:
        lw      r2, 8(r29)
        lw      r3, 4(r29)
        lw      r4, 12(r29)
        addi    r5, r0, 7
        sw      r5, 0(r4)
        lw      r2, 0(r2)
        sw      r2, 0(r3)
        lw      r1, 0(r3)
        jr      r31
        nop
        .size   copy, .-copy
