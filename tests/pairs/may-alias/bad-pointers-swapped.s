# verdict: rejected
# function: move
# shown: refuted
# p and q are swapped.
        .text
        .globl  move
        .type   move, function
move:
        lw      r2, 8(r29) #
        lw      r3, 4(r29)
        lw      r4, 0(r2)
        addi    r5, r4, 1
        sw      r5, 0(r3)
        lw      r6, 0(r2)
        sw      r6, 4(r3)
        jr      r31
        add     r1, r4, r6
        .size   move, .-move
