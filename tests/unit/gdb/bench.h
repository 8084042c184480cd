/* A session at a small machine, and a client of it that is written apart from the code under
 * test. */
#ifndef TESTS_UNIT_GDB_BENCH_H
#define TESTS_UNIT_GDB_BENCH_H

#include "gdb/session.h"

enum { BENCH_MEMORY_BYTES = 0x10000, BENCH_STEPS_MOST = 1000000 };

struct bench {
    struct arena *arena;
    struct physical *physical;
    struct vamp_machine *machine;
    struct vamp_state *state;
    struct gdb_session *session;
};

/* With the lines of `program` from address 0 on, and a timer as device 0. */
struct bench *bench_new(const char *program);
struct bench *bench_new_limited(const char *program, uint64_t max_steps);
void bench_free(struct bench *bench);

/* The packet with that content: no escapes, a right checksum. */
struct text bench_frame(struct bench *bench, const char *content);
/* Sends bytes as they are; what comes back, without running the machine. */
struct text bench_send(struct bench *bench, struct text bytes);
/* Sends a packet and runs the machine as long as it wants. The contents of all packets that come
 * back, one a line; a message for the user (O) is shown as "O" and its text. */
const char *bench_ask(struct bench *bench, const char *content);

/* The contents of the packets in `bytes`, as bench_ask shows them. */
const char *bench_packets(struct bench *bench, struct text bytes);

#endif
