# verdict: rejected
# function: pick
# shown: refuted
# The first store of mode was kept, not the last.
        .text
        .globl  pick
        .type   pick, function
pick:
        addi    r2, r0, 0
        lw      r1, 4(r29)
        jr      r31
        sw      r2, mode(r28)
        .size   pick, .-pick

        .bss
        .globl  mode
        .type   mode, object
mode:     .space  4
        .size   mode, 4
