# verdict: rejected
# function: push
# shown: refuted
# r30 is used as a scratch register.
        .text
        .globl  push
        .type   push, function
push:
        sw      r31, 0(r29)
        addi    r2, r0, 8
        sw      r2, 12(r29)
        jal     __new
        addi    r29, r29, 8
        addi    r29, r29, -8
        lw      r31, 0(r29)
        beqz    r1, .Lend
        lw      r2, 4(r29)
        sw      r2, 0(r1)
        addi    r30, r2, 0
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
