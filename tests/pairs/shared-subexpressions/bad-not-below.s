# verdict: rejected
# function: swap
# shown: refuted
# Also stores where the tags are equal.
        .text
        .globl  swap
        .type   swap, function
swap:
        lw      r2, 4(r29)
        lw      r3, 8(r29)
        slli    r4, r2, 2               # 4i
        slli    r5, r3, 2               # 4j
        slli    r6, r2, 3
        add     r6, r6, r4              # 12i
        slli    r7, r3, 3
        add     r7, r7, r5              # 12j
        add     r6, r6, r28
        add     r7, r7, r28
        add     r4, r4, r28
        add     r5, r5, r28
        lw      r8, entries+4(r6)
        lw      r9, entries+4(r7)
        sw      r9, entries+4(r6)
        sw      r8, entries+4(r7)
        lw      r9, order(r5)
        lw      r8, entries(r6)
        sw      r9, order(r4)
        lw      r9, entries(r7)
        lhgi    r10, 0x8000
        xor     r8, r8, r10
        xor     r9, r9, r10
        sge     r8, r8, r9
        beqz    r8, .Lend
        nop
        sw      r2, order(r5)
.Lend:
        jr      r31
        nop
        .size   swap, .-swap

        .bss
        .globl  entries
        .type   entries, object
entries:     .space  72
        .size   entries, 72
        .globl  order
        .type   order, object
order:     .space  24
        .size   order, 24
