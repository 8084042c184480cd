# What no compiler writes: one misdeed each (rogue.c0), and every trap.
        .text

# misdeed(n): does misdeed n, below 29, each of four instructions. Returns if it is let through.
        .globl  misdeed
        .type   misdeed, function
misdeed:
        lw      r1, 4(r29)
        li      r2, &misdeeds
        slli    r1, r1, 4
        add     r2, r2, r1
        jr      r2
        nop
        .size   misdeed, .-misdeed

        .globl  misdeeds
        .type   misdeeds, function
misdeeds:
        .word   0x04000000              # 0: an illegal operation
        nop
        jr      r31
        nop
        .word   0x0000003f              # 1: an illegal function
        nop
        jr      r31
        nop
        movi2s  SR, r0                  # 2: no interrupts
        nop
        jr      r31
        nop
        movi2s  PTO, r0                 # 3: another page table
        nop
        jr      r31
        nop
        movi2s  PTL, r29                # 4: a longer one
        nop
        jr      r31
        nop
        movi2s  MODE, r0                # 5: system mode
        nop
        jr      r31
        nop
        movs2i  r1, ECA                 # 6: what is not its own
        nop
        jr      r31
        nop
        rfe                             # 7
        nop
        jr      r31
        nop
        lw      r1, 2(r0)               # 8: misaligned
        nop
        jr      r31
        nop
        sh      r1, 1(r0)               # 9
        nop
        jr      r31
        nop
        addi    r1, r0, 2               # 10: a misaligned fetch
        jr      r1
        nop
        nop
        lw      r1, -4096(r0)           # 11: where system mode has the devices
        nop
        jr      r31
        nop
        addi    r1, r0, -28672          # 12: the hidden disk's command
        sw      r1, 28(r1)
        jr      r31
        nop
        lhgi    r1, 0x4000              # 13: beyond its pages
        lw      r1, 0(r1)
        jr      r31
        nop
        lhgi    r1, 0x4000              # 14
        sw      r1, 0(r1)
        jr      r31
        nop
        lhgi    r1, 0x4000              # 15: wild jumps
        jr      r1
        nop
        nop
        addi    r1, r0, -4              # 16
        jr      r1
        nop
        nop
        jr      r0                      # 17: from the start again
        nop
        nop
        nop
        lhgi    r1, 0x7fff              # 18: overflow
        addo    r1, r1, r1
        jr      r31
        nop
        lhgi    r1, 0x8000              # 19
        subio   r1, r1, 1
        jr      r31
        nop
        jr      r31                     # 20: an exception in a delay slot
        lw      r1, 1(r0)
        nop
        nop
        jr      r31                     # 21: a trap in a delay slot
        trap    0
        nop
        nop
        trap    18                      # 22: traps that no call has
        trap    0x1ffffff
        trap    -1
        jr      r31
        sw      r31, 0(r0)              # 23: over its own code
        jr      r0
        sw      r31, 4(r0)
        nop
        addi    r29, r0, -1             # 24: no stack any more
        lw      r1, 4(r29)
        jr      r31
        nop
        jr      r0                      # 25: a jump in a delay slot
        jr      r31
        nop
        nop
        lw      r1, -1(r0)              # 26: misaligned and beyond
        nop
        jr      r31
        nop
.Lspin: j       .Lspin                  # 27: never gives the processor back
        nop
        nop
        nop
        addi    r11, r0, 8              # 28: no memory any more, in the delay slot of a wild jump
        lhgi    r1, 0x50
        jr      r1
        trap    6
        .size   misdeeds, .-misdeeds

# raw_call(number, a, b, c, d, e, f): trap `number`, below 20, with these in r11 to r16.
        .globl  raw_call
        .type   raw_call, function
raw_call:
        lw      r1, 4(r29)
        li      r2, &raw_calls
        slli    r1, r1, 4
        add     r2, r2, r1
        lw      r11, 8(r29)
        lw      r12, 12(r29)
        lw      r13, 16(r29)
        lw      r14, 20(r29)
        lw      r15, 24(r29)
        jr      r2
        lw      r16, 28(r29)
        .size   raw_call, .-raw_call

        .globl  raw_calls
        .type   raw_calls, function
raw_calls:
        trap    0
        jr      r31
        addi    r1, r11, 0
        nop
        trap    1
        jr      r31
        addi    r1, r11, 0
        nop
        trap    2
        jr      r31
        addi    r1, r11, 0
        nop
        trap    3
        jr      r31
        addi    r1, r11, 0
        nop
        trap    4
        jr      r31
        addi    r1, r11, 0
        nop
        trap    5
        jr      r31
        addi    r1, r11, 0
        nop
        trap    6
        jr      r31
        addi    r1, r11, 0
        nop
        trap    7
        jr      r31
        addi    r1, r11, 0
        nop
        trap    8
        jr      r31
        addi    r1, r11, 0
        nop
        trap    9
        jr      r31
        addi    r1, r11, 0
        nop
        trap    10
        jr      r31
        addi    r1, r11, 0
        nop
        trap    11
        jr      r31
        addi    r1, r11, 0
        nop
        trap    12
        jr      r31
        addi    r1, r11, 0
        nop
        trap    13
        jr      r31
        addi    r1, r11, 0
        nop
        trap    14
        jr      r31
        addi    r1, r11, 0
        nop
        trap    15
        jr      r31
        addi    r1, r11, 0
        nop
        trap    16
        jr      r31
        addi    r1, r11, 0
        nop
        trap    17
        jr      r31
        addi    r1, r11, 0
        nop
        trap    18
        jr      r31
        addi    r1, r11, 0
        nop
        trap    19
        jr      r31
        addi    r1, r11, 0
        nop
        .size   raw_calls, .-raw_calls
