/* Which registers of a process carry a call's arguments and answers (calls.h). */
#ifndef KERNEL_ABSTRACT_REGISTERS_H
#define KERNEL_ABSTRACT_REGISTERS_H

#define REGISTER_FIRST 11u /* the first argument; the others follow */
#define REGISTER_CODE 11u
#define REGISTER_RESULT 12u
#define REGISTER_SENDER 12u
#define REGISTER_WORDS 13u
#define REGISTER_KIND 14u

/* What a call's function answers if the caller is told nothing now: it waits, or has ended. Not
 * one of the codes of calls.h. */
#define CALL_NO_ANSWER 0xffffffffu

#endif
