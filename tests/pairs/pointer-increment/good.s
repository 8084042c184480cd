# verdict: proved
# function: add_up
# The index is reduced in strength: a pointer moves by 4, and its end decides. The total is kept in
# memory, for nothing says that a later element is not read from it... but the source does not either,
# so it is loaded and stored each time.
        .text
        .globl  add_up
        .type   add_up, function
add_up:
        lw      r2, 4(r29)              # n
        sw      r0, total(r28)
        addi    r3, r28, row            # &row[i]
        addi    r4, r0, 0               # i
.Ltest:
        lhgi    r5, 0x8000
        xor     r6, r4, r5
        xor     r5, r2, r5
        sls     r5, r6, r5
        beqz    r5, .Lend
        nop
        lw      r5, 0(r3)
        lw      r6, total(r28)
        addi    r3, r3, 4
        add     r6, r6, r5
        sw      r6, total(r28)
        j       .Ltest
        addi    r4, r4, 1
.Lend:
        jr      r31
        nop
        .size   add_up, .-add_up

        .bss
        .globl  row
        .type   row, object
row:     .space  40
        .size   row, 40
        .globl  total
        .type   total, object
total:     .space  4
        .size   total, 4
