# verdict: rejected
# function: idle
# The counter stays in a register and is never stored.
        .text
        .globl  idle
        .type   idle, function
idle:
        addi    r2, r28, ticks
.Lagain:
        lw      r3, 0(r2)
        nop
.Lloop:
        j       .Lloop
        addi    r3, r3, 1
        .size   idle, .-idle

        .bss
        .globl  ticks
        .type   ticks, object
ticks:     .space  4
        .size   ticks, 4
