/* The kernel's calls as C0 functions (stubs.s), and what a call gives besides its answer.
 *
 * Each answers a CALL_ code of kernel/abstract/calls.h; further results stand in call_result until
 * the next call: call_result[0] is r12, [1] is r13, [2] is r14. */
#ifndef USER_KERNEL_H
#define USER_KERNEL_H

#include <c0.h>

#include "../../abstract/calls.h"

extern unsigned int call_result[3];

unsigned int call_yield(void);
/* Does not return. */
void call_exit(unsigned int code);
unsigned int call_create(unsigned int sector, unsigned int pages, unsigned int memory_pages,
                         unsigned int priority);
unsigned int call_clone(void);
unsigned int call_kill(unsigned int process);
unsigned int call_memory_add(unsigned int pages);
unsigned int call_memory_free(unsigned int pages);
unsigned int call_schedule(unsigned int process, unsigned int priority, unsigned int slice);
/* Messages pass through one buffer of the process, message_buffer: its first words are sent, and
 * what is received comes there. */
unsigned int call_send(unsigned int receiver, unsigned int words, unsigned int timeout);
unsigned int call_receive(unsigned int sender, unsigned int timeout);
unsigned int call_send_receive(unsigned int partner, unsigned int words, unsigned int timeout);
unsigned int call_set_rights(unsigned int holder, unsigned int subject, unsigned int rights);
unsigned int call_set_privilege(unsigned int process, unsigned int is_privileged);
unsigned int call_device_own(unsigned int device);
unsigned int call_device_read(unsigned int device, unsigned int port);
unsigned int call_device_write(unsigned int device, unsigned int port, unsigned int word);
unsigned int call_device_enable(unsigned int device);
unsigned int call_info(unsigned int what, unsigned int process);

#define MESSAGE_BUFFER_WORDS 128u
extern unsigned int message_buffer[MESSAGE_BUFFER_WORDS];

/* Words of the process's memory by their address: for those who look at memory beyond C0's. */
unsigned int raw_read(unsigned int address);
void raw_write(unsigned int address, unsigned int word);

#endif
