#include "tools/vouch_run_gdb.h"

#include "gdb/server.h"

#include <stdio.h>

bool run_gdb_open(struct run_machine *machine, struct fault *fault)
{
    struct gdb_server_setup setup = {.port = (uint16_t)machine->options->gdb_port,
                                     .is_cancelled = run_machine_is_signalled};
    machine->gdb = gdb_server_open(machine->arena, &setup, fault);
    if (machine->gdb != NULL)
        fprintf(stderr, "vouch run: gdb: waiting at 127.0.0.1:%u\n", gdb_server_port(machine->gdb));
    return machine->gdb != NULL;
}

static struct physical_outcome run_on(struct run_machine *machine, struct fault *fault)
{
    uint64_t steps = physical_steps(machine->physical), limit = machine->options->max_steps;
    return physical_run(machine->physical, steps < limit ? limit - steps : 0,
                        machine->options->is_plain, fault);
}

/* How the run ended that the debugger leaves: in its midst it is an interruption. */
static struct physical_outcome left(const struct gdb_session *session, struct fault *fault)
{
    struct physical_outcome outcome = gdb_session_outcome(session);
    bool is_midst = outcome.status == PHYSICAL_BREAKPOINT || outcome.status == PHYSICAL_LIMIT;
    if (outcome.status == PHYSICAL_FAILED)
        *fault = *gdb_session_fault(session);
    return is_midst ? (struct physical_outcome){.status = PHYSICAL_INTERRUPTED} : outcome;
}

struct physical_outcome run_gdb(struct run_machine *machine, struct fault *fault)
{
    const struct gdb_setup setup = {.physical = machine->physical,
                                    .max_steps = machine->options->max_steps,
                                    .is_plain = machine->options->is_plain};
    struct gdb_session *session = gdb_session_new(machine->arena, &setup);
    if (!gdb_server_accept(machine->gdb, fault)) {
        gdb_server_close(machine->gdb);
        return (struct physical_outcome){.status = fault->is_set ? PHYSICAL_FAILED
                                                                 : PHYSICAL_INTERRUPTED};
    }
    enum gdb_departure departure = gdb_server_attend(machine->gdb, session);
    switch (departure) {
    case GDB_DEPARTURE_DETACHED:
        return run_on(machine, fault);
    case GDB_DEPARTURE_KILLED:
        fprintf(stderr, "vouch run: gdb: the debugger ends the run\n");
        break;
    case GDB_DEPARTURE_LOST:
        fprintf(stderr, "vouch run: gdb: the debugger has gone, which ends the run\n");
        break;
    case GDB_DEPARTURE_CANCELLED:
        break;
    }
    return left(session, fault);
}
