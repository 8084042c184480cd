# verdict: proved
# function: merge
# The loop is rotated with its guard in front: control meets the source inside the loop, where the
# body starts, and an empty loop is never entered.
        .text
        .globl  merge
        .type   merge, function
merge:
        lw      r2, 4(r29)
        addi    r1, r0, 0
        sgri    r4, r2, 0
        beqz    r4, .Lend
        addi    r3, r0, 0
.Lbody:
        slli    r4, r3, 2
        add     r4, r4, r28
        lw      r4, bits(r4)
        addi    r3, r3, 1
        sls     r5, r3, r2
        bnez    r5, .Lbody
        or      r1, r1, r4
.Lend:
        jr      r31
        nop
        .size   merge, .-merge

        .bss
        .globl  bits
        .type   bits, object
bits:     .space  32
        .size   bits, 32
