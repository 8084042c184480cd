# verdict: rejected
# function: fits
# shown: refuted
# The load is not guarded.
        .text
        .globl  fits
        .type   fits, function
fits:
        lw      r2, slot(r28)
        lw      r3, 4(r29)
        nop #
        lw      r1, 8(r29)
        bnez    r1, .Lforce
        lw      r4, limit(r28)
        lw      r2, 0(r2)
        sne     r4, r3, r4
        sle     r2, r2, r3
        and     r4, r4, r2
        or      r1, r1, r4
.Lforce:
        jr      r31
        nop
        .size   fits, .-fits

        .bss
        .globl  slot
        .type   slot, object
slot:     .space  4
        .size   slot, 4
        .globl  limit
        .type   limit, object
limit:     .space  4
        .size   limit, 4
