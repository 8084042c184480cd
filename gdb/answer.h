/* The answers to packets: one function each, which writes `reply` or makes the machine run. */
#ifndef GDB_ANSWER_H
#define GDB_ANSWER_H

#include "gdb/inside.h"

/* A reply and what stands around it fit a packet. */
enum { GDB_REPLY_BYTES = GDB_PACKET_BYTES - 4 };

/* OK; and OK if it is so, else an error of the arguments. */
void gdb_agree(struct gdb_session *session);
void gdb_agree_if(struct gdb_session *session, bool is_good);

/* Take from the front of `rest`; false: it is not there. "address,count"; and a thread: 1, the only
 * one, 0 for any or -1 for all. */
bool gdb_take_range(struct text *rest, uint32_t *address, uint32_t *count);
bool gdb_take_thread(struct text *rest);

/* `arguments`: what follows the packet's name. */
typedef void gdb_answer_function(struct gdb_session *session, struct text arguments);

/* answer_state.c */
gdb_answer_function gdb_answer_read_registers, gdb_answer_write_registers, gdb_answer_read_register,
    gdb_answer_write_register, gdb_answer_read_memory, gdb_answer_write_memory,
    gdb_answer_write_binary;

/* answer_run.c */
gdb_answer_function gdb_answer_set_point, gdb_answer_clear_point, gdb_answer_why_stopped,
    gdb_answer_continue, gdb_answer_step, gdb_answer_continue_with_signal,
    gdb_answer_step_with_signal, gdb_answer_actions_offered, gdb_answer_actions, gdb_answer_detach,
    gdb_answer_kill, gdb_answer_kill_process;

#endif
