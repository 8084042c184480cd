# verdict: rejected
# function: f
# A word that a block loads need not be 0 or 1.
        .text
        .globl  f
        .type   f, function
f:
        lw      r1, 4(r28)
        jr      r31
        nop
        .size   f, .-f
        .bss
        .globl  g
        .type   g, object
g:
        .space  8
        .size   g, 8
