# verdict: rejected
# function: pick
# shown: refuted
# The second condition was taken for true.
        .text
        .globl  pick
        .type   pick, function
pick:
        addi    r2, r0, 4
        addi    r1, r0, 7
        jr      r31
        sw      r2, mode(r28)
        .size   pick, .-pick

        .bss
        .globl  mode
        .type   mode, object
mode:     .space  4
        .size   mode, 4
