# verdict: proved
# function: choose
# owner is kept in a register, for no store comes between that could change it... but the store of
# current, which is a global of its own.
        .text
        .globl  choose
        .type   choose, function
choose:
        lw      r2, 4(r29)
        lw      r3, 8(r29)
        slli    r4, r2, 4
        slli    r2, r2, 2
        add     r4, r4, r2              # 20t
        add     r4, r4, r28
        addi    r4, r4, tasks
        sw      r4, owner(r28)
        slli    r3, r3, 2
        add     r3, r3, r4
        addi    r3, r3, 4
        lw      r5, 0(r4)
        sw      r3, current(r28)
        jr      r31
        sw      r5, 0(r3)
        .size   choose, .-choose

        .bss
        .globl  tasks
        .type   tasks, object
tasks:     .space  60
        .size   tasks, 60
        .globl  current
        .type   current, object
current:     .space  4
        .size   current, 4
        .globl  owner
        .type   owner, object
owner:     .space  4
        .size   owner, 4
