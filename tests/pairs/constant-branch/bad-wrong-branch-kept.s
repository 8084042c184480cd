# verdict: rejected
# function: pick
# shown: refuted
# The branch that is never taken was kept.
        .text
        .globl  pick
        .type   pick, function
pick:
        addi    r2, r0, 4
        addi    r1, r0, 5
        jr      r31
        sw      r2, mode(r28)
        .size   pick, .-pick

        .bss
        .globl  mode
        .type   mode, object
mode:     .space  4
        .size   mode, 4
