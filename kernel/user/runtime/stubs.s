# The kernel's calls (kernel/abstract/calls.h), each a function of C0 (kernel.h): arguments go from the
# frame to r11 to r16, the answer comes back in r11, what else there is in r12 to r14.
        .equ    MESSAGE_BUFFER_WORDS, 128

        .text
# Where a process begins: address 0 of its memory.
        .globl  _start
        .type   _start, function
_start:
        li      r28, &__globals
        li      r29, &__stack
        li      r30, &__heap
        jal     main
        nop
        addi    r11, r1, 0
        trap    1
.Lended:
        j       .Lended
        nop
        .size   _start, .-_start

# Keeps the results and returns the answer.
        .type   finish, function
finish:
        sw      r12, call_result(r28)
        sw      r13, call_result+4(r28)
        sw      r14, call_result+8(r28)
        jr      r31
        addi    r1, r11, 0
        .size   finish, .-finish

        .globl  call_yield
        .type   call_yield, function
call_yield:
        trap    0
        j       finish
        nop
        .size   call_yield, .-call_yield

        .globl  call_exit
        .type   call_exit, function
call_exit:
        lw      r11, 4(r29)
        trap    1
        j       finish
        nop
        .size   call_exit, .-call_exit

        .globl  call_create
        .type   call_create, function
call_create:
        lw      r11, 4(r29)
        lw      r12, 8(r29)
        lw      r13, 12(r29)
        lw      r14, 16(r29)
        trap    2
        j       finish
        nop
        .size   call_create, .-call_create

        .globl  call_clone
        .type   call_clone, function
call_clone:
        trap    3
        j       finish
        nop
        .size   call_clone, .-call_clone

        .globl  call_kill
        .type   call_kill, function
call_kill:
        lw      r11, 4(r29)
        trap    4
        j       finish
        nop
        .size   call_kill, .-call_kill

        .globl  call_memory_add
        .type   call_memory_add, function
call_memory_add:
        lw      r11, 4(r29)
        trap    5
        j       finish
        nop
        .size   call_memory_add, .-call_memory_add

        .globl  call_memory_free
        .type   call_memory_free, function
call_memory_free:
        lw      r11, 4(r29)
        trap    6
        j       finish
        nop
        .size   call_memory_free, .-call_memory_free

        .globl  call_schedule
        .type   call_schedule, function
call_schedule:
        lw      r11, 4(r29)
        lw      r12, 8(r29)
        lw      r13, 12(r29)
        trap    7
        j       finish
        nop
        .size   call_schedule, .-call_schedule

        .globl  call_send
        .type   call_send, function
call_send:
        lw      r11, 4(r29)
        li      r12, &message_buffer
        lw      r13, 8(r29)
        lw      r14, 12(r29)
        trap    8
        j       finish
        nop
        .size   call_send, .-call_send

        .globl  call_receive
        .type   call_receive, function
call_receive:
        lw      r11, 4(r29)
        li      r12, &message_buffer
        addi    r13, r0, MESSAGE_BUFFER_WORDS
        lw      r14, 8(r29)
        trap    9
        j       finish
        nop
        .size   call_receive, .-call_receive

        .globl  call_send_receive
        .type   call_send_receive, function
call_send_receive:
        lw      r11, 4(r29)
        li      r12, &message_buffer
        lw      r13, 8(r29)
        addi    r14, r12, 0
        addi    r15, r0, MESSAGE_BUFFER_WORDS
        lw      r16, 12(r29)
        trap    10
        j       finish
        nop
        .size   call_send_receive, .-call_send_receive

        .globl  call_set_rights
        .type   call_set_rights, function
call_set_rights:
        lw      r11, 4(r29)
        lw      r12, 8(r29)
        lw      r13, 12(r29)
        trap    11
        j       finish
        nop
        .size   call_set_rights, .-call_set_rights

        .globl  call_set_privilege
        .type   call_set_privilege, function
call_set_privilege:
        lw      r11, 4(r29)
        lw      r12, 8(r29)
        trap    12
        j       finish
        nop
        .size   call_set_privilege, .-call_set_privilege

        .globl  call_device_own
        .type   call_device_own, function
call_device_own:
        lw      r11, 4(r29)
        trap    13
        j       finish
        nop
        .size   call_device_own, .-call_device_own

        .globl  call_device_read
        .type   call_device_read, function
call_device_read:
        lw      r11, 4(r29)
        lw      r12, 8(r29)
        trap    14
        j       finish
        nop
        .size   call_device_read, .-call_device_read

        .globl  call_device_write
        .type   call_device_write, function
call_device_write:
        lw      r11, 4(r29)
        lw      r12, 8(r29)
        lw      r13, 12(r29)
        trap    15
        j       finish
        nop
        .size   call_device_write, .-call_device_write

        .globl  call_device_enable
        .type   call_device_enable, function
call_device_enable:
        lw      r11, 4(r29)
        trap    16
        j       finish
        nop
        .size   call_device_enable, .-call_device_enable

        .globl  call_info
        .type   call_info, function
call_info:
        lw      r11, 4(r29)
        lw      r12, 8(r29)
        trap    17
        j       finish
        nop
        .size   call_info, .-call_info

        .globl  raw_read
        .type   raw_read, function
raw_read:
        lw      r1, 4(r29)
        lw      r1, 0(r1)
        jr      r31
        nop
        .size   raw_read, .-raw_read

        .globl  raw_write
        .type   raw_write, function
raw_write:
        lw      r1, 4(r29)
        lw      r2, 8(r29)
        jr      r31
        sw      r2, 0(r1)
        .size   raw_write, .-raw_write
