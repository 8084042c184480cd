# verdict: rejected
# function: pick
# shown: refuted
# Reads the word behind the parameter.
        .text
        .globl  pick
        .type   pick, function
pick:
        addi    r2, r0, 4
        lw      r1, 8(r29)
        jr      r31
        sw      r2, mode(r28)
        .size   pick, .-pick

        .bss
        .globl  mode
        .type   mode, object
mode:     .space  4
        .size   mode, 4
