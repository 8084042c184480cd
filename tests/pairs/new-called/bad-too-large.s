# verdict: rejected
# function: push
# Room for three words: the next object lies elsewhere.
        .text
        .globl  push
        .type   push, function
push:
        sw      r31, 0(r29)
        addi    r2, r0, 12
        sw      r2, 12(r29)
        jal     __new
        addi    r29, r29, 8
        addi    r29, r29, -8
        lw      r31, 0(r29)
        beqz    r1, .Lend
        lw      r2, 4(r29)
        sw      r2, 0(r1)
        lw      r3, list(r28)
        nop
        sw      r3, 4(r1)
        sw      r1, list(r28)
.Lend:
        jr      r31
        snei    r1, r1, 0
        .size   push, .-push

        .bss
        .globl  list
        .type   list, object
list:     .space  4
        .size   list, 4
