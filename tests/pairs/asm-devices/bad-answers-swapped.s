# verdict: rejected
# function: exchange
# The first answer is taken for the second and stored.
        .text
        .globl  exchange
        .type   exchange, function
exchange:
        lw      r5, 4(r29)
        lw      r6, 8(r29)
        slli    r5, r5, 2
        andi    r5, r5, 0xFFC
        lhgi    r7, 0xFFFF
        ori     r7, r7, -32768
        add     r5, r5, r7
        lw      r9, 0(r5)
        sw      r6, 0(r5)
        lw      r8, 0(r5)
        xor     r1, r8, r9
        jr      r31
        sw      r8, 0x10(r5)
        .size   exchange, .-exchange
