# verdict: rejected
# function: enter
# shown: refuted
# The delay slot of the first branch changes r2 on both ways.
        .text
        .globl  enter
        .type   enter, function
enter:
        lw      r2, 4(r29)
        slsi    r3, r2, 0
        beqz    r2, .Lzero
        addi    r2, r2, 1
        bnez    r3, .Lnegative
        addi    r1, r2, 0
        addi    r4, r2, 0
.Ltail:
        sw      r4, state(r28)
        jr      r31
        sw      r2, last(r28)
.Lzero:
        addi    r1, r0, 0
        j       .Ltail
        addi    r4, r0, 1
.Lnegative:
        addi    r1, r0, -1
        j       .Ltail
        addi    r4, r0, 2
        .size   enter, .-enter

        .bss
        .globl  state
        .type   state, object
state:     .space  4
        .size   state, 4
        .globl  last
        .type   last, object
last:     .space  4
        .size   last, 4
