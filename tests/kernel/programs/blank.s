# In place of a program that the test draws.
        .text
        .globl  _start
        .type   _start, function
_start:
        j       _start
        nop
        .size   _start, .-_start
