# verdict: rejected
# function: transmit
# Two loads a turn.
        .text
        .globl  transmit
        .type   transmit, function
transmit:
        lw      r9, 8(r29)
        lw      r7, 4(r29)
        beqz    r9, .Lnone
        addi    r4, r0, -24576
.Lagain:
        sw      r7, 4(r4)
.Lwait:
        lw      r3, 8(r4)
        lw      r3, 8(r4)
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
