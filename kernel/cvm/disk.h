/* The two hard disks, polled: whole pages of 8 sectors (ATA PIO). */
#ifndef KERNEL_CVM_DISK_H
#define KERNEL_CVM_DISK_H

#include <c0.h>

#define DISK_SWAP 1u
#define DISK_SYSTEM 5u
#define SECTORS_OF_PAGE 8u

/* Ends whatever it is at: the machine's reset has interrupted the kernel, perhaps in the midst of a
 * page. No interrupts from this disk. */
void disk_start(unsigned int disk);
/* The page that begins at the sector, to or from a frame. False: the disk reported an error, or
 * did not answer in time; a frame may then hold part of the page. */
bool disk_read_page(unsigned int disk, unsigned int sector, unsigned int frame);
bool disk_write_page(unsigned int disk, unsigned int sector, unsigned int frame);

#endif
