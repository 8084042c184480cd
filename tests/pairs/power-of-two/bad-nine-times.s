# verdict: rejected
# function: split
# shown: refuted
# Times 9.
        .text
        .globl  split
        .type   split, function
split:
        lw      r2, 4(r29)
        lw      r3, 8(r29)
        srli    r4, r2, 3
        andi    r5, r2, 7
        add     r4, r4, r5
        addi    r5, r3, 0
        slli    r6, r3, 3
        add     r5, r5, r6
        srai    r5, r5, 2
        lw      r7, 12(r29)
        add     r4, r4, r5
        addi    r1, r0, 1
        sll     r1, r1, r7
        jr      r31
        add     r1, r1, r4
        .size   split, .-split
