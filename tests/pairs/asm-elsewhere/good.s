# verdict: proved
# function: f
# Nothing.
        .text
        .globl  f
        .type   f, function
f:
        jr      r31
        nop
        .size   f, .-f
