# verdict: rejected
# function: tree
# The second and third call change places.
        .text
        .globl  mix
        .type   mix, function
mix:
        lw      r1, calls(r28)
        lw      r2, 12(r29)
        addi    r1, r1, 1
        sw      r1, calls(r28)
        lw      r1, 4(r29)
        lw      r3, 8(r29)
        slli    r2, r2, 1
        xor     r1, r1, r3
        jr      r31
        add     r1, r1, r2
        .size   mix, .-mix
        .globl  tree
        .type   tree, function
tree:
        lw      r2, 4(r29)
        lw      r3, 8(r29)
        sw      r31, 0(r29)
        sw      r2, 40(r29)
        sw      r3, 44(r29)
        addi    r4, r0, 3
        sw      r4, 48(r29)
        jal     mix
        addi    r29, r29, 36
        sw      r1, -16(r29)            # l, the third call's first argument: 20 = 16 + 4
        lw      r3, -28(r29)
        lw      r2, -32(r29)
        sw      r2, 4(r29)
        sw      r3, 8(r29)
        jal     mix
        sw      r1, 12(r29)
        addi    r29, r29, -36
        sw      r1, 24(r29)
        lw      r2, 4(r29)
        lw      r5, 20(r29)
        sw      r2, 28(r29)
        sw      r5, 12(r29)             # l again, where no callee comes
        jal     mix
        addi    r29, r29, 16
        addi    r29, r29, -16
        lw      r5, 12(r29)
        lw      r31, 0(r29)
        jr      r31
        add     r1, r1, r5
        .size   tree, .-tree

        .bss
        .globl  calls
        .type   calls, object
calls:     .space  4
        .size   calls, 4
