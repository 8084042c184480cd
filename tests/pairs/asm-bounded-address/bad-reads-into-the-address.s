# verdict: rejected
# function: receive
# The answer is the next address.
        .text
        .globl  receive
        .type   receive, function
receive:
        lw      r5, 4(r29)
        lw      r6, 8(r29)
        slli    r5, r5, 12
        andi    r5, r5, 0x7000
        slli    r6, r6, 2
        andi    r6, r6, 0xFFC
        or      r5, r5, r6
        addi    r6, r0, -32768
        or      r6, r6, r5
        sw      r6, 12(r29)
.Lagain:
        lw      r1, 0(r6)
        add     r6, r1, r6
        beqz    r1, .Lagain
        nop
        jr      r31
        sw      r1, 0(r6)
        .size   receive, .-receive
