# verdict: proved
# function: idle
# The source never ends, and neither does the code, which keeps only what can be seen.
        .text
        .globl  idle
        .type   idle, function
idle:
        addi    r2, r28, ticks
.Lagain:
        lw      r3, 0(r2)
        nop
        addi    r3, r3, 1
        j       .Lagain
        sw      r3, 0(r2)
        .size   idle, .-idle

        .bss
        .globl  ticks
        .type   ticks, object
ticks:     .space  4
        .size   ticks, 4
