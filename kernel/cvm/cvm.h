/* The primitives of the CVM layer: what the abstract kernel may do to processes, devices and the
 * interrupt mask. Each is one atomic effect (docs/CVM.md). A call outside its precondition is an
 * error of the abstract kernel: the layer then does nothing and answers 0.
 *
 * p, src, dst are process numbers, 1 to PROCESS_COUNT - 1. a is a byte address in a process's
 * linear memory, a multiple of 4 below 4096 times the process's pages. d is a device but 1, the
 * swap disk, which is hidden; port is below 1024. */
#ifndef KERNEL_CVM_H
#define KERNEL_CVM_H

#include <c0.h>

/* dpc = 0, pcp = 4, all registers 0, no memory. */
void cvm_reset(unsigned int p);
/* dst gets the registers and the memory of src; its own memory before is given up. */
void cvm_clone(unsigned int dst, unsigned int src);
/* n pages of zeros more at the end, at most VIRTUAL_PAGES in all; n pages less. */
void cvm_alloc(unsigned int p, unsigned int n);
void cvm_free(unsigned int p, unsigned int n);
/* `words` words from a2 of p2 to a1 of p1, in ascending order. */
void cvm_copy(unsigned int p1, unsigned int a1, unsigned int p2, unsigned int a2,
              unsigned int words);
/* Register r, 0 to 31; register 0 is 0. */
unsigned int cvm_get_gpr(unsigned int p, unsigned int r);
void cvm_set_gpr(unsigned int p, unsigned int r, unsigned int v);
unsigned int cvm_get_word(unsigned int p, unsigned int a);
void cvm_set_word(unsigned int p, unsigned int a, unsigned int v);
unsigned int cvm_in_word(unsigned int d, unsigned int port);
void cvm_out_word(unsigned int d, unsigned int port, unsigned int v);
/* n words between a port and p's memory from a on. */
void cvm_in_block(unsigned int d, unsigned int port, unsigned int p, unsigned int a,
                  unsigned int n);
void cvm_out_block(unsigned int d, unsigned int port, unsigned int p, unsigned int a,
                   unsigned int n);
/* Bit d: the line of device d interrupts processes and the idle machine. */
void cvm_set_mask(unsigned int v);
unsigned int cvm_get_mask(void);
/* The first `pages` pages of p's memory become those of the system disk from `sector` on; at most
 * as many as p has, and all below sector CVM_SECTORS. What cannot be read stays as it is. */
void cvm_load(unsigned int p, unsigned int sector, unsigned int pages);

#define CVM_SECTORS 0x10000000u /* no disk has more */
#define CVM_SECTORS_OF_PAGE 8u

/* The causes that kdispatch sees (docs/VAMP.md), and one more. */
#define ECA_RESET 0x1u
#define ECA_ILLEGAL 0x2u
#define ECA_MISALIGNED 0x4u
#define ECA_ACCESS 0x18u /* beyond the process's pages: on a fetch, on a load or store */
#define ECA_TRAP 0x20u
#define ECA_OVERFLOW 0x40u
#define ECA_DEVICES 0x1fe000u /* bit 13 + d */
#define ECA_DEVICE_SHIFT 13u
/* The content of a page of the process is lost: the swap disk failed. edata is 0. */
#define ECA_SWAP 0x80000000u

/* The abstract kernel: called after each interrupt with its causes. Its result is the process that
 * is to run next, or 0 to wait for an interrupt. After ECA_SWAP it must not be the same process
 * again unless cvm_reset or cvm_clone has given it a new memory. */
unsigned int kdispatch(unsigned int eca, unsigned int edata);

#endif
