# _start: sets the base registers, calls main, halts.
        .text
        .globl  _start
        .type   _start, function
_start:
        li      r28, &__globals
        li      r29, &__stack
        li      r30, &__heap
        jal     main
        nop
.Lhalt:
        j       .Lhalt
        nop
        .size   _start, .-_start
