# verdict: rejected
# function: twice
# A special register is read, and what it held is not used.
        .text
        .globl  twice
        .type   twice, function
twice:
        lw      r2, 4(r29)
        movs2i  r3, PTO
        jr      r31
        add     r1, r2, r2
        .size   twice, .-twice
        .bss
        .globl  kept
        .type   kept, object
kept:
        .space  4
        .size   kept, 4
