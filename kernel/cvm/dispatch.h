/* Entry and exit of the kernel. */
#ifndef KERNEL_CVM_DISPATCH_H
#define KERNEL_CVM_DISPATCH_H

#include "process.h"

/* The general registers of whoever was interrupted, as entry.s finds them; and of whoever is to
 * run when the kernel leaves. */
extern struct registers cvm_save;

/* Called by entry.s for each interrupt; never returns, but leaves by rfe. */
void cvm_dispatch(void);

#endif
