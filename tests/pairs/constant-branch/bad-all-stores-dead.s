# verdict: rejected
# function: pick
# shown: refuted
# No store is left.
        .text
        .globl  pick
        .type   pick, function
pick:
        addi    r2, r0, 4
        lw      r1, 4(r29)
        jr      r31
        nop
        .size   pick, .-pick

        .bss
        .globl  mode
        .type   mode, object
mode:     .space  4
        .size   mode, 4
