# verdict: rejected
# function: twice
# A special register as scratch.
        .text
        .globl  twice
        .type   twice, function
twice:
        lw      r2, 4(r29)
        movi2s  PTO, r2
        jr      r31
        add     r1, r2, r2
        .size   twice, .-twice
        .bss
        .globl  kept
        .type   kept, object
kept:
        .space  4
        .size   kept, 4
