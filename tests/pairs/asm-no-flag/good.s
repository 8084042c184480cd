# verdict: proved
# function: f
# The comparison is made without a branch.
        .text
        .globl  f
        .type   f, function
f:
        lw      r1, 4(r28)
        jr      r31
        snei    r1, r1, 0
        .size   f, .-f
        .bss
        .globl  g
        .type   g, object
g:
        .space  8
        .size   g, 8
