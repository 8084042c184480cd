/* vouch run --gdb: the run belongs to a debugger (docs/GDB.md). */
#ifndef TOOLS_VOUCH_RUN_GDB_H
#define TOOLS_VOUCH_RUN_GDB_H

#include "tools/vouch_run_machine.h"

/* Listens where the options say, and tells it. From then on the machine's run is interrupted by
 * what the debugger sends. */
bool run_gdb_open(struct run_machine *machine, struct fault *fault);

/* Waits for a debugger and does what it says, until it has gone; then the run ends, or goes on to
 * its end if the debugger has detached itself. */
struct physical_outcome run_gdb(struct run_machine *machine, struct fault *fault);

#endif
