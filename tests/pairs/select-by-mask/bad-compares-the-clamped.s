# verdict: rejected
# function: clamp
# shown: refuted
# Compares the clamped value with low rather than x: differs where high < low.
        .text
        .globl  clamp
        .type   clamp, function
clamp:
        lw      r2, 4(r29)
        lw      r3, 8(r29)
        lw      r4, 12(r29)
        sgr     r5, r2, r4
        sub     r5, r0, r5              # all ones if x > high
        xor     r6, r2, r4
        and     r6, r6, r5
        xor     r6, r6, r2              # x > high ? high : x
        sls     r5, r6, r3
        sub     r5, r0, r5              # all ones if x < low
        xor     r1, r6, r3
        and     r1, r1, r5
        jr      r31
        xor     r1, r1, r6              # x < low ? low : that
        .size   clamp, .-clamp
