/* Messages between processes, and from devices to their drivers (calls.h). Each call_ function
 * checks all that it is given, for p, who runs and is to be told the result. */
#ifndef KERNEL_ABSTRACT_IPC_H
#define KERNEL_ABSTRACT_IPC_H

#include <c0.h>

unsigned int call_send(unsigned int p, unsigned int receiver, unsigned int address,
                       unsigned int words, unsigned int timeout);
unsigned int call_receive(unsigned int p, unsigned int sender, unsigned int address,
                          unsigned int words, unsigned int timeout);
unsigned int call_send_receive(unsigned int p, unsigned int partner, unsigned int address,
                               unsigned int words, unsigned int answer_address,
                               unsigned int answer_words, unsigned int timeout);

/* Device d has interrupted: its driver gets the message, now if it waits for one. */
void ipc_interrupt(unsigned int d);

#endif
