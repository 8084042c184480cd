# verdict: rejected
# function: limit
# shown: refuted
# seq in place of sne.
        .text
        .globl  limit
        .type   limit, function
limit:
        lw      r2, 4(r29)
        lw      r3, 8(r29)
        beqz    r2, .Lend
        addi    r1, r0, 0
        lw      r4, 0(r2)
.Ltest:
        sls     r5, r1, r3
        seq     r6, r1, r4
        and     r5, r5, r6
        bnez    r5, .Ltest
        addi    r1, r1, 1
        addi    r1, r1, -1
.Lend:
        jr      r31
        nop
        .size   limit, .-limit
