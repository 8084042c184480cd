# verdict: rejected
# function: spread
# shown: refuted
# Masked after scaling: only v[0].
        .text
        .globl  spread
        .type   spread, function
spread:
        lw      r2, 4(r29)
        lw      r3, 8(r29)
        lw      r5, 12(r29)
        sw      r2, 40(r29)             # v[2]
        add     r1, r2, r3
        sw      r1, 44(r29)             # v[3]
        sw      r2, 32(r29)             # v[0]
        slli    r5, r5, 2
        andi    r5, r5, 3
        add     r6, r5, r29
        sw      r3, 36(r29)             # v[1]
        lw      r6, 32(r6)
        add     r5, r5, r28
        jr      r31
        sw      r6, digits(r5)
        .size   spread, .-spread

        .bss
        .globl  digits
        .type   digits, object
digits:     .space  16
        .size   digits, 16
