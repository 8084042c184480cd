# verdict: proved
# function: idle
# The loop starts with the first instruction.
# The entry is the head of the loop: the walk from the entry may end before its first step.
        .text
        .globl  idle
        .type   idle, function
idle:
        lw      r3, ticks(r28)
        nop
        addi    r3, r3, 1
        j       idle
        sw      r3, ticks(r28)
        .size   idle, .-idle

        .bss
        .globl  ticks
        .type   ticks, object
ticks:     .space  4
        .size   ticks, 4
