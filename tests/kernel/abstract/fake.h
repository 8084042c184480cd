/* A machine for the abstract kernel: the primitives of kernel/cvm/cvm.h over plain arrays, each
 * stopping the test where its precondition does not hold; and what makes processes act on it. The
 * kernel's invariants are checked after each run of kdispatch. */
#ifndef TESTS_KERNEL_ABSTRACT_FAKE_H
#define TESTS_KERNEL_ABSTRACT_FAKE_H

#include <criterion/criterion.h>
#include <stdint.h>

#include "kernel/abstract/soundness.h"
#include "kernel/abstract/state.h"
#include "kernel/cvm/cvm.h"

enum { INIT = 1, WORDS = VIRTUAL_PAGES * PAGE_WORDS, PORTS = 1024 };

struct fake_process {
    uint32_t gpr[32];
    uint32_t pages;
    uint32_t word[WORDS];
    bool is_touched; /* its registers or memory were written in this run of the kernel */
    bool is_reset;
};

struct fake {
    struct fake_process process[PROCESS_COUNT];
    uint32_t port[DEVICE_COUNT][PORTS];
    uint32_t mask;
    uint32_t running;
    uint32_t clock_answers; /* how often the clock's interrupt was taken back */
    uint32_t loaded_sector, loaded_pages;
};

extern struct fake fake;

/* Power-up: process INIT runs then. */
void fake_boot(void);

/* The kernel runs because of these causes. The answer: who runs then. */
uint32_t fake_interrupt(uint32_t eca, uint32_t edata);
uint32_t fake_tick(void);

/* What happens until p runs, without anybody noticing: others yield. It must be ready, and none of
 * higher priority. */
void fake_run(uint32_t p);

/* p, which is ready, calls the kernel: the call's number and its arguments, up to six, the others
 * 0. The answer: what r11 of p holds then; of a p that waits that is its argument. */
uint32_t fake_call(uint32_t p, const uint32_t call[7]);
#define CALL(p, ...) fake_call(p, (const uint32_t[7]){__VA_ARGS__})

/* Registers of a process: the call's answer and its results. */
uint32_t fake_code(uint32_t p);
uint32_t fake_result(uint32_t p, uint32_t i);

/* INIT makes a process: of priority 1, with 2 pages. Init can send to it, and it to init. */
uint32_t fake_child(void);
/* `from` may send to `to`: init says so. */
void fake_permit(uint32_t from, uint32_t to);
/* What CALL_INFO tells INIT. */
uint32_t fake_info(uint32_t what, uint32_t p);

#endif
