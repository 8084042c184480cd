/* The sample kernel's calls as programs make them, and deeds of programs that mean well, one
 * function each; for programs*.c alone. */
#ifndef COSIM_PROGRAMS_DEEDS_H
#define COSIM_PROGRAMS_DEEDS_H

#include "cosim/programs.h"

/* The numbers are those of kernel/abstract/calls.h, and so is what is said of them. */
enum {
    CALL_YIELD,
    CALL_EXIT,
    CALL_CREATE,
    CALL_CLONE,
    CALL_KILL,
    CALL_MEMORY_ADD,
    CALL_MEMORY_FREE,
    CALL_SCHEDULE,
    CALL_SEND,
    CALL_RECEIVE,
    CALL_SEND_RECEIVE,
    CALL_SET_RIGHTS,
    CALL_SET_PRIVILEGE,
    CALL_DEVICE_OWN,
    CALL_DEVICE_READ,
    CALL_DEVICE_WRITE,
    CALL_DEVICE_ENABLE,
    CALL_INFO,
    CALL_COUNT,
};
enum {
    PAGE_BYTES = 4096,
    DATA_ADDRESS = PROGRAM_CODE_WORDS * 4, /* the rest of a program's first page */
    DATA_WORDS = PROGRAM_PAGE_WORDS - PROGRAM_CODE_WORDS,
    MESSAGE_WORDS = 1024,
    PRIORITIES = 3,
    RIGHTS_ALL = 15,
    INFOS = 13,
};
#define FROM_ANY UINT32_C(0)
#define FROM_DEVICES UINT32_C(0xFFFFFFFF)
#define TIMEOUT_NEVER UINT32_C(0xFFFFFFFF)

/* Registers: of a call, and what deeds use for themselves. */
enum {
    R_VALUE = 1, /* to 9: computations */
    R_PLACE = 10,
    R_FIRST = 11,
    R_CODE = 11,
    R_RESULT = 12,
    R_SENDER = 12,
    R_LAST = 16,
    R_COUNTER = 17,
    R_STRIDE = 18,
    R_CLONE = 20,
};

/* Arguments from r11 on, and the trap. */
void program_call(struct program_code *code, uint32_t number, unsigned count,
                  const uint32_t *arguments);
#define PROGRAM_CALL(code, number, ...)                                                            \
    program_call((code), (number), sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t),           \
                 (uint32_t[]){__VA_ARGS__})

/* `rounds` times what follows; program_again ends it. Deeds in between leave R_COUNTER alone. */
uint32_t program_repeat(struct program_code *code, uint32_t rounds);
void program_again(struct program_code *code, uint32_t top);

/* Where a message is or is to be: its words are in the first page, or reach over several pages. */
struct program_place {
    uint32_t address, words;
};
struct program_place program_draw_place(struct random *random);

/* A process that is there, as a rule. */
uint32_t program_peer(struct random *random, const struct program_world *world);

typedef void program_deed(struct program_code *code, struct random *random,
                          const struct program_world *world);

/* programs_deeds.c: the processor, memory, processes. */
program_deed program_compute, program_sweep, program_grow, program_shrink;
program_deed program_clone, program_create, program_kill, program_schedule, program_rights;
program_deed program_privilege, program_info, program_yield;

/* programs_messages.c: messages and devices. */
program_deed program_send, program_receive, program_ask, program_serve, program_sleep;
program_deed program_drive, program_meddle;

/* programs_family.c: clones that talk with their parent. */
program_deed program_family;

#endif
