# _start of an image without main: sets the base registers, halts.
        .text
        .globl  _start
        .type   _start, function
_start:
        li      r28, &__globals
        li      r29, &__stack
        li      r30, &__heap
.Lhalt:
        j       .Lhalt
        nop
        .size   _start, .-_start
