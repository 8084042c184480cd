# A program in user mode behind a page table: it traps, writes where it must not, writes where
# nothing is mapped until somebody maps it, accesses what is misaligned, and tries rfe, which
# is not for it. Whatever happens is noted at 0x800; then the system goes on behind the instruction.
.equ LOG, 0x800                         # where the log goes on
.equ TABLE, 0x4000                      # the page table

        .text
        .globl _start
        .type _start, function
_start: movs2i r27, ECA
        andi r26, r27, 1
        bnez r26, main
        movs2i r25, EDATA
        lw r24, LOG(r0)
        sw r27, 4(r24)
        sw r25, 8(r24)
        addi r24, r24, 8
        sw r24, LOG(r0)
        andi r26, r27, 0x20             # trap: with number 0 the program ends
        beqz r26, fault
        nop
        beqz r25, halt
        nop
        rfe
        .size _start, .-_start

        .type fault, function
fault:  andi r26, r27, 0x10             # page fault on load or store
        beqz r26, skip
        seqi r26, r25, 0x2000
        beqz r26, skip
        lhgi r26, 0
        addi r26, r26, 0x6800           # page 2 is mapped to 0x6000; the access is repeated
        sw r26, 0x4008(r0)
        rfe
skip:   movs2i r26, EPC
        movi2s EDPC, r26
        addi r26, r26, 4
        movi2s EPC, r26
        rfe
        .size fault, .-fault

        .type main, function
main:   addi r1, r0, LOG
        sw r1, LOG(r0)
        addi r1, r0, 0x1C00             # page 0 to 0x1000, valid and protected
        sw r1, 0x4000(r0)
        addi r1, r0, 0x5800             # page 1 to 0x5000, valid
        sw r1, 0x4004(r0)
        addi r1, r0, 4
        movi2s PTO, r1
        addi r1, r0, 2
        movi2s PTL, r1
        movi2s EDPC, r0
        addi r1, r0, 4
        movi2s EPC, r1
        addi r1, r0, 1
        movi2s EMODE, r1
        movi2s ESR, r0
        rfe
halt:   j halt
        nop
        .size main, .-main

        .align 4096
        .type user, function
user:   addi r1, r0, 77                 # virtual address 0
        sw r1, 0x1010(r0)
        lw r2, 0x1010(r0)
        trap 3
        sw r1, 0x10(r0)                 # protected
        sw r1, 0x2000(r0)               # not mapped
        lw r3, 0x2000(r0)
        lw r4, 0x3000(r0)               # beyond the table
        lh r5, 0x1011(r0)               # misaligned
        rfe                             # illegal in user mode
        j leave
        addi r6, r0, 1
        addi r7, r0, 1                  # not reached
leave:  trap 0
        .size user, .-user
