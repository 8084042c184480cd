# A call that there is not, again and again.
        .text
        .globl  _start
        .type   _start, function
_start: trap    63
        j       _start
        nop
        .size   _start, .-_start
