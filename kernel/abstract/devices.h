/* Devices and their drivers (calls.h). Each call_ function checks all that it is given, for p, who
 * runs and is to be told the result. */
#ifndef KERNEL_ABSTRACT_DEVICES_H
#define KERNEL_ABSTRACT_DEVICES_H

#include <c0.h>

/* The clock runs, and nothing else interrupts. */
void devices_start(void);

/* Lines of the devices, bit d for device d: those that are up and not masked. True: a tick of the
 * clock was among them. */
bool devices_interrupt(unsigned int lines);

/* p drives nothing any more. */
void devices_give_up(unsigned int p);

unsigned int call_device_own(unsigned int p, unsigned int d);
unsigned int call_device_read(unsigned int p, unsigned int d, unsigned int port);
unsigned int call_device_write(unsigned int p, unsigned int d, unsigned int port,
                               unsigned int word);
unsigned int call_device_enable(unsigned int p, unsigned int d);

#endif
