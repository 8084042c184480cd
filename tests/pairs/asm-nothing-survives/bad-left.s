# verdict: rejected
# function: twice
# The run ends.
        .text
        .globl  twice
        .type   twice, function
twice:
        lw      r2, 4(r29)
        add     r1, r2, r2
        rfe
        .size   twice, .-twice
        .bss
        .globl  kept
        .type   kept, object
kept:
        .space  4
        .size   kept, 4
