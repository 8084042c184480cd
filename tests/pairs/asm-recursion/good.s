# verdict: proved
# function: f
# As a compiler would make it.
        .text
        .globl  f
        .type   f, function
f:
        sw      r31, 0(r29)
        sw      r0, 8(r29)
        lw      r1, 4(r29)
        beqz    r1, .E
        nop
        addi    r1, r1, -1
        sw      r1, 16(r29)
        jal     f
        addi    r29, r29, 12
        addi    r29, r29, -12
        sw      r1, 8(r29)
.E:
        movs2i  r2, EPC
        lw      r3, 8(r29)
        addi    r4, r2, 4
        movi2s  EPC, r4
        lw      r31, 0(r29)
        add     r1, r2, r3
        jr      r31
        nop
        .size   f, .-f
