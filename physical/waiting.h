/* Whether the processor does nothing but wait for an interrupt. */
#ifndef PHYSICAL_WAITING_H
#define PHYSICAL_WAITING_H

#include "semantics/vamp/machine.h"

/* It is in a jump to itself (docs/ABI.md), which none of the causes in `lines` interrupts. */
bool processor_is_waiting(struct vamp_machine *machine, uint32_t lines);

#endif
