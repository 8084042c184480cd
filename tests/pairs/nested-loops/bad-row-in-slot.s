# verdict: rejected
# function: weigh
# shown: refuted
# r moves in the delay slot of the inner branch.
        .text
        .globl  weigh
        .type   weigh, function
weigh:
        lw      r2, 4(r29)              # rows
        lw      r3, 8(r29)              # columns
        addi    r1, r0, 0
        j       .Louter
        addi    r4, r0, 0               # r
.Lrow:
        j       .Linner
        addi    r5, r0, 0               # c
.Lbody:
        slli    r6, r4, 2
        add     r6, r6, r5
        slli    r6, r6, 2
        add     r6, r6, r28
        lw      r6, grid(r6)
        addi    r5, r5, 1
        add     r1, r1, r6
.Linner:
        sls     r7, r5, r3
        bnez    r7, .Lbody
        addi    r4, r4, 1
.Louter:
        sls     r7, r4, r2
        bnez    r7, .Lrow
        nop
        jr      r31
        nop
        .size   weigh, .-weigh

        .bss
        .globl  grid
        .type   grid, object
grid:     .space  96
        .size   grid, 96
