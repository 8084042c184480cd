# verdict: rejected
# function: twice
# A device is written.
        .text
        .globl  twice
        .type   twice, function
twice:
        lw      r2, 4(r29)
        sw      r2, -32768(r0)
        jr      r31
        add     r1, r2, r2
        .size   twice, .-twice
        .bss
        .globl  kept
        .type   kept, object
kept:
        .space  4
        .size   kept, 4
