# verdict: rejected
# function: idle
# Ends when the counter comes to 0.
        .text
        .globl  idle
        .type   idle, function
idle:
        addi    r2, r28, ticks
.Lagain:
        lw      r3, 0(r2)
        nop
        addi    r3, r3, 1
        bnez    r3, .Lagain
        sw      r3, 0(r2)
        jr      r31
        nop
        .size   idle, .-idle

        .bss
        .globl  ticks
        .type   ticks, object
ticks:     .space  4
        .size   ticks, 4
