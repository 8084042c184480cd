# __new: a bytes from the heap, or NULL if they are not there. The heap's first word is the cursor.
        .text
        .globl  __new
        .type   __new, function
__new:
        lw      r2, 4(r29)
        lw      r1, 0(r30)
        seqi    r3, r1, 0
        sub     r3, r0, r3              # all ones if nothing was allocated yet, else 0
        addi    r4, r30, 4
        and     r3, r3, r4
        or      r1, r1, r3              # where the object starts
        li      r3, &__heap_end
        sub     r3, r3, r1              # what is left
        lhgi    r4, 0x8000
        xor     r3, r3, r4
        xor     r4, r2, r4
        sls     r3, r3, r4              # less than a, unsigned
        bnez    r3, .Lexhausted
        add     r2, r1, r2
        jr      r31
        sw      r2, 0(r30)
.Lexhausted:
        jr      r31
        addi    r1, r0, 0
        .size   __new, .-__new
