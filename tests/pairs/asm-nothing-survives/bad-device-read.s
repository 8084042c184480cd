# verdict: rejected
# function: twice
# A device is asked, and its answer is not used.
        .text
        .globl  twice
        .type   twice, function
twice:
        lw      r2, 4(r29)
        lw      r3, -32768(r0)
        jr      r31
        add     r1, r2, r2
        .size   twice, .-twice
        .bss
        .globl  kept
        .type   kept, object
kept:
        .space  4
        .size   kept, 4
