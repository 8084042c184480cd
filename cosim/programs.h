/* User programs drawn at random, word by word: what processes of the sample kernel do when nobody
 * has thought of it before (docs/COSIM.md, "Random scenarios"). A program is a sequence of deeds;
 * the hostile ones among them also serve the tests of the kernel alone. */
#ifndef COSIM_PROGRAMS_H
#define COSIM_PROGRAMS_H

#include "base/random.h"

#include <stddef.h>

/* Words from address 0 of the process's memory on; what does not fit is left out. */
struct program_code {
    uint32_t *words;
    uint32_t count, limit;
};

/* --- Instructions --- */

enum program_opcode {
    PROGRAM_J = 2,
    PROGRAM_BEQZ = 4,
    PROGRAM_BNEZ = 5,
    PROGRAM_ADDI = 9,
    PROGRAM_SUBI = 11,
    PROGRAM_ANDI = 12,
    PROGRAM_XORI = 14,
    PROGRAM_LHGI = 15,
    PROGRAM_JR = 22,
    PROGRAM_LW = 35,
    PROGRAM_SW = 43,
    PROGRAM_TRAP = 62,
    PROGRAM_RFE = 63,
};
enum program_function { PROGRAM_SLL = 4, PROGRAM_ADD = 33, PROGRAM_XOR = 38 };

void program_emit(struct program_code *code, uint32_t word);
void program_immediate(struct program_code *code, enum program_opcode op, uint32_t rd, uint32_t rs,
                       uint32_t value);
void program_registers(struct program_code *code, enum program_function function, uint32_t rd,
                       uint32_t rs1, uint32_t rs2);
void program_constant(struct program_code *code, uint32_t rd, uint32_t value);
void program_trap(struct program_code *code, uint32_t number);
/* A branch back to word `target`, and its delay slot. */
void program_branch_to(struct program_code *code, enum program_opcode op, uint32_t rs,
                       uint32_t target);
/* A branch forwards, and its delay slot; program_land gives it its target, the next word. */
uint32_t program_branch(struct program_code *code, enum program_opcode op, uint32_t rs);
void program_land(struct program_code *code, uint32_t branch);

/* --- Hostile deeds --- */

/* Process numbers, places and lengths in memory, the edges of words, or anything. */
uint32_t program_argument(struct random *random);
/* A call, any, with any arguments; but for CALL_EXIT and CALL_CLONE, which are rare. */
void program_any_call(struct program_code *code, struct random *random);
/* What ends it, as a rule: privileged, illegal, wild. */
void program_misdeed(struct program_code *code, struct random *random);
/* Calls at random, memory, and now and then a misdeed. */
void program_calls(struct program_code *code, struct random *random);
/* Registers with arguments, and then instructions that there are, with any operands. */
void program_instructions(struct program_code *code, struct random *random);
void program_words(struct program_code *code, struct random *random);
/* Takes pages, writes to all it has over and over, and beyond them in the end. */
void program_thief(struct program_code *code, struct random *random);
/* A clone does one of these; the program itself goes on, and may end the clone. */
void program_hostile_clone(struct program_code *code, struct random *random);

/* --- Deeds of all kinds --- */

/* What a program knows of the others. */
struct program_world {
    uint32_t processes;              /* that are there at first, numbers 1 to this */
    uint32_t process_count;          /* numbers are below this */
    uint32_t frame_count;            /* that all share */
    uint32_t virtual_pages;          /* that a process may have */
    const uint32_t *sectors, *pages; /* of the images on the system disk */
    uint32_t image_count;
    uint32_t device; /* that it drives, if it may: 2 to 4 */
};

/* Leaves the rest of its first page to data. */
enum { PROGRAM_PAGE_WORDS = 1024, PROGRAM_CODE_WORDS = 768 };

/* A program of about so many deeds, and then an end: from the start again, CALL_EXIT, waiting for
 * ever, or what comes behind. */
void program_draw(struct program_code *code, struct random *random,
                  const struct program_world *world, uint32_t deeds);
/* As process 1: makes the processes 2 to `processes` of the images, gives them rights, the
 * privilege and priorities as drawn, and goes on as any other program. */
void program_draw_first(struct program_code *code, struct random *random,
                        const struct program_world *world, uint32_t deeds);

#endif
