# verdict: rejected
# function: find
# The key is loaded in the delay slot of the test for NULL.
        .text
        .globl  find
        .type   find, function
find:
        lw      r2, head(r28)
        lw      r3, 4(r29)
        addi    r1, r0, -1
        addi    r7, r0, 0               # done
.Ltest:
        bnez    r7, .Lend
        nop
        beqz    r2, .Lend
        lw      r4, 0(r2)
        nop
        seq     r4, r4, r3
        bnez    r4, .Lfound
        nop
        j       .Ltest
        lw      r2, 4(r2)
.Lfound:
        lw      r1, 8(r2)
        j       .Ltest
        addi    r7, r0, 1
.Lend:
        jr      r31
        nop
        .size   find, .-find

        .bss
        .globl  head
        .type   head, object
head:     .space  4
        .size   head, 4
