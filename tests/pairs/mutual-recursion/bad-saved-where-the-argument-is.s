# verdict: rejected
# function: odd
# shown: refuted
# The return address is saved in the callee's frame.
        .text
        .globl  even
        .type   even, function
even:
        lw      r2, 4(r29)
        bnez    r2, .Lmore
        sw      r31, 0(r29)
        jr      r31
        addi    r1, r0, 1
.Lmore:
        addi    r2, r2, -1
        sw      r2, 12(r29)
        jal     odd
        addi    r29, r29, 8
        addi    r29, r29, -8
        lw      r31, 0(r29)
        nop
        jr      r31
        nop
        .size   even, .-even
        .globl  odd
        .type   odd, function
odd:
        lw      r1, 4(r29)
        sw      r31, 12(r29)
        beqz    r1, .Lzero
        addi    r1, r1, -1
        addi    r29, r29, 12
        jal     even
        sw      r1, 4(r29)
        addi    r29, r29, -12
        lw      r31, 12(r29)
        jr      r31
        nop
.Lzero:
        jr      r31
        addi    r1, r0, 0
        .size   odd, .-odd
