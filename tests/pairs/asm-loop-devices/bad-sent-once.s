# verdict: rejected
# function: transmit
# The word is stored before the loop only.
        .text
        .globl  transmit
        .type   transmit, function
transmit:
        lw      r9, 8(r29)
        lw      r7, 4(r29)
        beqz    r9, .Lnone
        addi    r4, r0, -24576
        sw      r7, 4(r4)
.Lagain:
.Lwait:
        lw      r3, 8(r4)
        nop
        bnez    r3, .Lwait
        addi    r9, r9, -1
        bnez    r9, .Lagain
        nop
        lw      r2, 0(r28)
        lw      r5, 8(r29)
        add     r2, r2, r5
        sw      r2, 0(r28)
.Lnone:
        jr      r31
        nop
        .size   transmit, .-transmit
        .bss
        .globl  sent
        .type   sent, object
sent:
        .space  4
        .size   sent, 4
