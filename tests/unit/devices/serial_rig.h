/* The registers and bits of the 16550A as its data sheet numbers them, written here once more so
 * that the tests do not believe the device. */
#ifndef TESTS_UNIT_DEVICES_SERIAL_RIG_H
#define TESTS_UNIT_DEVICES_SERIAL_RIG_H

#include "rig.h"

enum { RBR = 0, THR = 0, DLL = 0, IER = 1, DLM = 1, IIR = 2, FCR = 2 };
enum { LCR = 3, MCR = 4, LSR = 5, MSR = 6, SCR = 7 };

enum { ERBFI = 0x01, ETBEI = 0x02, ELSI = 0x04, EDSSI = 0x08 };
enum { DR = 0x01, OE = 0x02, PE = 0x04, FE = 0x08, BI = 0x10 };
enum { THRE = 0x20, TEMT = 0x40, FIFO_ERROR = 0x80 };
enum { DLAB = 0x80, SET_BREAK = 0x40, EIGHT_BITS = 0x03 };
enum { LOOP = 0x10 };

/* 8 bits a character, as every driver sets it. */
struct rig *serial_new(void);
/* ... and FIFOs on, with FCR bits 7 and 6 = `trigger`. */
struct rig *serial_new_with_fifos(unsigned trigger);
void serial_receive(struct rig *rig, uint32_t number);
/* `count` bytes from `first` up. */
void serial_receive_many(struct rig *rig, unsigned first, unsigned count);
void serial_ticks(struct rig *rig, unsigned count);
/* All sent bytes, as a text. */
struct text serial_sent(const struct rig *rig);

#endif
