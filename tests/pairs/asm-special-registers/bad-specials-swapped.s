# verdict: rejected
# function: advance
# EPC and EDPC get each other's word.
        .text
        .globl  advance
        .type   advance, function
advance:
        lw      r2, 0(r28)
        lw      r7, 4(r29)
        movs2i  r6, EPC
        addi    r2, r2, 1
        add     r6, r6, r7
        addi    r1, r6, 4
        movi2s  EDPC, r1
        movi2s  EPC, r6
        sw      r2, 0(r28)
        jr      r31
        addi    r1, r6, 1
        .size   advance, .-advance
        .bss
        .globl  count
        .type   count, object
count:
        .space  4
        .size   count, 4
        .globl  other
        .type   other, object
other:
        .space  4
        .size   other, 4
