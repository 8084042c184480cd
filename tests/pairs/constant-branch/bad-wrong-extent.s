# verdict: rejected
# function: pick
# shown: refuted
# Only the low half of mode is stored.
        .text
        .globl  pick
        .type   pick, function
pick:
        addi    r2, r0, 4
        lw      r1, 4(r29)
        jr      r31
        sh      r2, mode(r28)
        .size   pick, .-pick

        .bss
        .globl  mode
        .type   mode, object
mode:     .space  4
        .size   mode, 4
