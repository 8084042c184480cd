# verdict: undecided
# function: make
# The cursor is stored last, in the delay slot.
# The proof needs that a new object is apart from the cursor.
        .text
        .globl  make
        .type   make, function
make:
        lw      r1, 0(r30)
        lw      r5, 4(r29)
        li      r2, &__heap_end
        bnez    r1, .Lknown
        nop
        addi    r1, r30, 4
.Lknown:
        sub     r2, r2, r1              # what is left
        lhgi    r4, 0x8000
        xor     r2, r2, r4
        addi    r3, r4, 12
        sls     r3, r2, r3              # unsigned: less than 12
        bnez    r3, .Lfull
        addi    r3, r1, 12
        sw      r5, 0(r1)
        jr      r31
        sw      r3, 0(r30)
.Lfull:
        jr      r31
        addi    r1, r0, 0
        .size   make, .-make
