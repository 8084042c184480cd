# verdict: rejected
# function: put
# shown: refuted
# Sixteen bits are loaded.
        .text
        .globl  put
        .type   put, function
put:
        lw      r2, 4(r29)
        lh      r3, 8(r29)              # (char)value
        lb      r4, 9(r29)              # (char)(value >> 8)
        slli    r2, r2, 2
        add     r2, r2, r28
        lw      r1, buffer(r2)
        sw      r3, buffer(r2)
        jr      r31
        sw      r4, low(r28)
        .size   put, .-put

        .bss
        .globl  buffer
        .type   buffer, object
buffer:     .space  32
        .size   buffer, 32
        .globl  low
        .type   low, object
low:     .space  4
        .size   low, 4
