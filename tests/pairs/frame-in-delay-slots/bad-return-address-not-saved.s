# verdict: rejected
# function: use
# shown: refuted
# The return address is not saved: the loads take what lies there.
        .text
        .globl  twice
        .type   twice, function
twice:
        lw      r1, 4(r29)
        jr      r31
        add     r1, r1, r1
        .size   twice, .-twice
        .globl  use
        .type   use, function
use:
        nop
        lw      r2, 4(r29)
        sw      r2, 24(r29)             # the argument of the first call
        jal     twice
        addi    r29, r29, 20
        addi    r29, r29, -20
        sw      r1, 16(r29)             # p
        lw      r2, 8(r29)
        addi    r29, r29, 32
        jal     twice
        sw      r2, 4(r29)
        addi    r29, r29, -32
        lw      r3, 16(r29)
        lw      r31, 12(r29)
        sw      r3, seen(r28)
        jr      r31
        sub     r1, r3, r1
        .size   use, .-use

        .bss
        .globl  seen
        .type   seen, object
seen:     .space  4
        .size   seen, 4
