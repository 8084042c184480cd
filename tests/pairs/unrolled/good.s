# verdict: undecided
# function: checksum
# Unrolled by two: the test stands in the middle as well.
# In the middle of the loop the source passes its cut, the code none.
        .text
        .globl  checksum
        .type   checksum, function
checksum:
        lw      r2, 4(r29)
        addi    r1, r0, 0
        addi    r3, r0, 0
.Ltest:
        sls     r4, r3, r2
        beqz    r4, .Lend
        slli    r5, r3, 2
        add     r5, r5, r28
        lw      r5, words(r5)
        addi    r3, r3, 1
        add     r1, r1, r5
        sls     r4, r3, r2
        beqz    r4, .Lend
        slli    r5, r3, 2
        add     r5, r5, r28
        lw      r5, words(r5)
        addi    r3, r3, 1
        j       .Ltest
        add     r1, r1, r5
.Lend:
        jr      r31
        nop
        .size   checksum, .-checksum

        .bss
        .globl  words
        .type   words, object
words:     .space  128
        .size   words, 128
