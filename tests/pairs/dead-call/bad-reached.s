# verdict: rejected
# function: guarded
# shown: refuted
# The test is the other way round, and always true.
        .text
        .globl  bump
        .type   bump, function
bump:
        lw      r1, total(r28)
        lw      r2, 4(r29)
        add     r1, r1, r2
        jr      r31
        sw      r1, total(r28)
        .size   bump, .-bump
        .globl  guarded
        .type   guarded, function
guarded:
        lw      r1, 4(r29)
        addi    r3, r0, -169
        slli    r1, r1, 28
        lhgi    r2, 0x8000
        xor     r1, r1, r2              # signed order of these is the unsigned one of those
        xor     r3, r3, r2
        sgr     r4, r3, r1
        bnez    r4, .Lbump
        addi    r1, r0, 1
        jr      r31
        nop
.Lbump:
        sw      r31, 0(r29)
        addi    r4, r0, 4
        sw      r4, 20(r29)
        jal     bump
        addi    r29, r29, 16
        addi    r29, r29, -16
        lw      r31, 0(r29)
.Ltest:
        slsi    r3, r1, 20
        bnez    r3, .Ltest
        addi    r1, r1, 2
        jr      r31
        nop
        .size   guarded, .-guarded

        .bss
        .globl  total
        .type   total, object
total:     .space  4
        .size   total, 4
