# verdict: rejected
# function: copy
# shown: refuted
# Returns what was stored, not what lies there now.
        .text
        .globl  copy
        .type   copy, function
copy:
        lw      r2, 8(r29)
        lw      r3, 4(r29)
        lw      r2, 0(r2)
        lw      r4, 12(r29)
        sw      r2, 0(r3)
        addi    r5, r0, 7
        sw      r5, 0(r4)
        addi    r1, r2, 0
        jr      r31
        nop
        .size   copy, .-copy
