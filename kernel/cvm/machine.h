/* The machine below C0: physical memory outside the kernel's own, device ports, page moves. The
 * only file, with dispatch.c0, that holds assembler. */
#ifndef KERNEL_CVM_MACHINE_H
#define KERNEL_CVM_MACHINE_H

#include <c0.h>

/* A word of a page table or frame: KERNEL_BYTES <= address < MEMORY_BYTES. Elsewhere a read gives 0
 * and a write has no effect. */
unsigned int machine_read(unsigned int address);
void machine_write(unsigned int address, unsigned int word);
/* Whole frames, by their numbers. */
void machine_copy_frame(unsigned int to, unsigned int from);
void machine_clear_frame(unsigned int frame);

/* Device d below 8, port below 1024; higher bits are ignored. */
unsigned int machine_in(unsigned int d, unsigned int port);
void machine_out(unsigned int d, unsigned int port, unsigned int word);

/* LINE_BYTES from such a port to memory, and back: at a multiple of LINE_BYTES within a frame, else
 * nothing happens. */
#define LINE_BYTES 64u
void machine_in_line(unsigned int d, unsigned int port, unsigned int to);
void machine_out_line(unsigned int d, unsigned int port, unsigned int from);

#endif
