# Writes a line over the serial line, by polling, and halts.
        .text
        .globl  _start
        .type   _start, function
_start: li      r2, 0xFFFFA000          # the serial line
        addi    r4, r0, 3
        sw      r4, 12(r2)              # LCR: eight bits
        la      r3, message
.Lnext: lbu     r4, 0(r3)
        beqz    r4, .Lhalt
        nop
.Lfull: lw      r5, 20(r2)              # LSR
        andi    r5, r5, 0x20
        beqz    r5, .Lfull
        nop
        sw      r4, 0(r2)
        j       .Lnext
        addi    r3, r3, 1
.Lhalt: j       .Lhalt
        nop
        .size   _start, .-_start
        .data
message: .asciz "hello, world\n"
