# verdict: proved
# function: peek
# Whatever lies there.
        .text
        .globl  peek
        .type   peek, function
peek:
        lw      r5, 4(r29)
        srli    r7, r5, 12
        bnez    r7, .Lnone
        addi    r1, r0, 0
        lw      r1, 0(r5)
.Lnone:
        jr      r31
        nop
        .size   peek, .-peek
