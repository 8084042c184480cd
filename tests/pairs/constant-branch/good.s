# verdict: proved
# function: pick
# Constant conditions are gone, dead stores as well: one store of mode is left, in the delay slot.
        .text
        .globl  pick
        .type   pick, function
pick:
        addi    r2, r0, 4
        lw      r1, 4(r29)
        jr      r31
        sw      r2, mode(r28)
        .size   pick, .-pick

        .bss
        .globl  mode
        .type   mode, object
mode:     .space  4
        .size   mode, 4
