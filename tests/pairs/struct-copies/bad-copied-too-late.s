# verdict: rejected
# function: shift
# shown: refuted
# middle gets the changed y.
        .text
        .globl  shift
        .type   shift, function
shift:
        lw      r4, here+8(r28)
        lw      r3, here+4(r28)
        lw      r1, here(r28)
        lw      r5, 4(r29)
        sw      r4, there+8(r28)
        sw      r4, middle+8(r28)
        add     r5, r3, r5
        sw      r1, middle(r28)
        sw      r5, there+4(r28)
        sw      r5, middle+4(r28)
        jr      r31
        sw      r1, there(r28)
        .size   shift, .-shift

        .bss
        .globl  here
        .type   here, object
here:     .space  12
        .size   here, 12
        .globl  there
        .type   there, object
there:     .space  12
        .size   there, 12
        .globl  middle
        .type   middle, object
middle:     .space  12
        .size   middle, 12
