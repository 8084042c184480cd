/* The kernel's interface: what a process asks for with `trap NUMBER` (kernel/README.md).
 *
 * Arguments stand in r11 to r16, in the order in which they are named here; every call answers a
 * CALL_ code in r11, and what else it gives from r12 on. All other registers are unchanged.
 * Addresses are byte addresses in the caller's memory, multiples of 4; `words` counts words. */
#ifndef KERNEL_ABSTRACT_CALLS_H
#define KERNEL_ABSTRACT_CALLS_H

/* Answers. */
#define CALL_OK 0u
#define CALL_UNKNOWN 1u /* no call has this number */
#define CALL_RANGE 2u   /* an argument outside its range */
#define CALL_PROCESS 3u /* no such process */
#define CALL_DENIED 4u  /* the caller lacks the right or the privilege */
#define CALL_MEMORY 5u  /* no memory left, or no process number */
#define CALL_TIMEOUT 6u /* nobody came in time */
#define CALL_DEAD 7u    /* the partner ended */
#define CALL_SIZE 8u    /* the message is longer than the room for it: its first words came */
#define CALL_BUSY 9u    /* somebody else has it */

/* The calling process gives the processor to the next of its priority. */
#define CALL_YIELD 0
/* (code): the caller ends. Does not return. */
#define CALL_EXIT 1
/* (sector, pages, memory_pages, priority) -> r12 the new process: its first pages come from the
 * system disk. Privileged. It starts at 0 with all registers 0, owned by the caller, who gets all
 * rights to it and to whom it may send. */
#define CALL_CREATE 2
/* () -> r12 the new process, and 0 in the new process itself: a copy of the caller, with r11
 * CALL_OK in both. Owned by the caller, as by CALL_CREATE; never privileged. */
#define CALL_CLONE 3
/* (process): ends it. Needs RIGHT_CONTROL. Whoever waits for it is told CALL_DEAD. */
#define CALL_KILL 4
/* (pages) -> r12 the caller's pages: more of them, or less. */
#define CALL_MEMORY_ADD 5
#define CALL_MEMORY_FREE 6
/* (process, priority, slice): slice in ticks, 1 to SLICE_LIMIT (kernel/config.h). Needs
 * RIGHT_CONTROL, or the caller's own number. Only the privileged make somebody more urgent than
 * they are themselves. */
#define CALL_SCHEDULE 7
/* (receiver, address, words, timeout): waits until the receiver takes it. Needs RIGHT_SEND. The
 * timeout counts ticks of the clock, up to 0x7fffffff: 0 does not wait, TIMEOUT_NEVER waits for
 * ever. */
#define CALL_SEND 8
/* (sender, FROM_ANY or FROM_DEVICES, address, words, timeout) -> r12 the sender, r13 the words that
 * came, r14 the message's kind. A receiver who takes a message may answer its sender once
 * (RIGHT_SEND until then).
 */
#define CALL_RECEIVE 9
/* (partner, address, words, address of the answer, room in words, timeout) -> as CALL_RECEIVE:
 * sends and then takes the partner's answer; the timeout is for each of the two. */
#define CALL_SEND_RECEIVE 10
/* (holder, subject, rights): the rights, bits of RIGHT_ (kernel/lib/rights.h), that the holder has
 * to the subject from now on. Privileged, or passes on what the caller has with RIGHT_GRANT. */
#define CALL_SET_RIGHTS 11
/* (process, is): makes it privileged or not. Privileged. */
#define CALL_SET_PRIVILEGE 12
/* (device): the caller becomes the device's driver, and it may interrupt. Privileged. Devices 2 to
 * 4. */
#define CALL_DEVICE_OWN 13
/* (device, port) -> r12 the word; (device, port, word). Its driver only. */
#define CALL_DEVICE_READ 14
#define CALL_DEVICE_WRITE 15
/* (device): lets it interrupt again, after an interrupt came as a message. Its driver only. */
#define CALL_DEVICE_ENABLE 16
/* (what, process) -> r12: see INFO_ below. */
#define CALL_INFO 17
#define CALL_COUNT 18

#define FROM_ANY 0u              /* processes and devices */
#define FROM_DEVICES 0xffffffffu /* no process */
#define TIMEOUT_NEVER 0xffffffffu
/* No message is longer. */
#define MESSAGE_WORDS 1024u

/* Kinds of messages; an interrupt's one word is its device, its sender 0. */
#define MESSAGE_OF_PROCESS 0u
#define MESSAGE_OF_DEVICE 1u

/* What CALL_INFO tells; `process` 0 is the caller. Of a number that nobody has it tells STATE_NONE
 * and how the process that had it last ended. */
#define INFO_SELF 0u   /* the caller's number */
#define INFO_TICKS 1u  /* of the clock since boot */
#define INFO_STATE 2u  /* STATE_ */
#define INFO_PAGES 3u  /* of its memory */
#define INFO_PARENT 4u /* who created it; 0: nobody living */
#define INFO_PRIORITY 5u
#define INFO_PROCESSES 6u  /* how many there are */
#define INFO_LIMIT 7u      /* process numbers are below */
#define INFO_NAME 8u       /* the sector it was loaded from; of a clone its origin's */
#define INFO_END 9u        /* END_ */
#define INFO_EXIT_CODE 10u /* of CALL_EXIT; else 0 */
#define INFO_SLICE 11u
#define INFO_PRIVILEGE 12u /* 1: privileged */

#define STATE_NONE 0u
#define STATE_READY 1u
#define STATE_SENDING 2u
#define STATE_RECEIVING 3u

/* How a process ended. */
#define END_NONE 0u /* it lives, or nobody had this number */
#define END_EXIT 1u /* by CALL_EXIT */
#define END_KILLED 2u
#define END_ILLEGAL 3u    /* an instruction that there is not, or that is not for processes */
#define END_MISALIGNED 4u /* a fetch, load or store */
#define END_ACCESS 5u     /* a fetch, load or store beyond its pages */
#define END_OVERFLOW 6u
#define END_SWAP 7u /* the swap disk lost one of its pages */

#endif
