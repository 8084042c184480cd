# verdict: rejected
# function: idle
# Ends after a round.
        .text
        .globl  idle
        .type   idle, function
idle:
        addi    r2, r28, ticks
.Lagain:
        lw      r3, 0(r2)
        nop
        addi    r3, r3, 1
        jr      r31
        sw      r3, 0(r2)
        .size   idle, .-idle

        .bss
        .globl  ticks
        .type   ticks, object
ticks:     .space  4
        .size   ticks, 4
