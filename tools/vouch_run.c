/* vouch run: runs an image on the whole machine, processor and devices. */
#include "tools/commands.h"
#include "tools/vouch_run_gdb.h"
#include "tools/vouch_run_machine.h"
#include "tools/vouch_run_report.h"
#include "tools/vouch_run_trace.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char usage[] =
    "usage: vouch run IMAGE [OPTION...]\n"
    "\n"
    "Runs the image on the VAMP with its devices, from power-up until it halts. One line on the\n"
    "standard error says how the run ended.\n"
    "\n"
    "  --memory SIZE          bytes of memory, also with K, M or G (default 4M)\n"
    "  --serial HOST          where the serial line leads: stdio, none, pty, file:INPUT,OUTPUT\n"
    "                         (default stdio)\n"
    "  --swap FILE            what the disk for swapping (device 1) holds\n"
    "  --disk FILE            and the system's (device 5); FILE,snapshot leaves the file as it is,\n"
    "                         FILE,read-only lets no write succeed; FILE,bad=SECTOR-SECTOR is\n"
    "                         broken there; so are ,unreadable= and ,unwritable=\n"
    "  --network HOST         none, pcap:INPUT,OUTPUT, socket:OWN,PEER, tap:NAME (default none)\n"
    "  --controller HOST      none, group:DIRECTORY,NODE,NODES[,SECONDS] (default none)\n"
    "\n"
    "  --max-steps N          ends the run after N steps (default: no limit)\n"
    "  --break PLACE          ends the run before the instruction at an address or symbol; may be\n"
    "                         given several times\n"
    "  --plain                runs by the reference interpreter: the same, slowly\n"
    "\n"
    "  --tick-steps N         steps from a tick of the clock to the next (default 10000)\n"
    "  --done-steps N         steps that a disk or transmitter works (default 1000)\n"
    "  --poll-steps N         looks at the outside world each N steps (default 10000)\n"
    "  --jitter               lets these times vary\n"
    "  --seed N               the random numbers to do so (default 0)\n"
    "  --idle-rate N          steps a second while the machine idles and its user may still type\n"
    "                         (default 100000000; 0: as many as possible)\n"
    "  --reset N              presses the reset button before step N\n"
    "  --record FILE          records all that comes from outside\n"
    "  --replay FILE          repeats a recorded run and compares its end\n"
    "\n"
    "  --trace FILE           records the run for vouch trace, step by step\n"
    "  --trace-interval N     notes the whole state each N steps (default: about 1000000)\n"
    "\n"
    "  --gdb PORT             waits for a debugger on 127.0.0.1 and does what it says; 0: any "
    "port,\n"
    "                         which is told\n"
    "\n"
    "  --json FILE            a summary; - is the standard output\n"
    "  --time                 says how fast the run was\n"
    "\n"
    "exit code: 0 halted or idle, or replayed to the same end; 1 ended otherwise; 2 bad usage or\n"
    "input\n";

static struct run_options defaults(struct arena *arena)
{
    return (struct run_options){.arena = arena,
                                .max_steps = UINT64_MAX,
                                .tick_steps = 10000,
                                .done_steps = 1000,
                                .poll_steps = 10000,
                                .idle_rate = 100000000};
}

static bool set_breakpoints(struct run_machine *machine, struct fault *fault)
{
    for (size_t i = 0; i < machine->options->breakpoints.count; i++) {
        uint32_t address;
        if (!run_machine_find(machine, machine->options->breakpoints.at[i], &address, fault))
            return false;
        vamp_machine_add_breakpoint(physical_processor(machine->physical), address);
    }
    return true;
}

/* Of this program on the processor: others that run beside it do not count. */
static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The digest takes a moment; it is made for those who ask. */
static bool wants_digest(const struct run_options *options)
{
    return options->json != NULL || options->record != NULL || options->replay != NULL ||
           options->trace != NULL;
}

static struct run_result run_machine(struct run_machine *machine, struct fault *fault)
{
    struct run_result result = {.machine = machine};
    const struct run_options *options = machine->options;
    double start = seconds_now();
    result.outcome =
        options->has_gdb
            ? run_gdb(machine, fault)
            : physical_run(machine->physical, options->max_steps, options->is_plain, fault);
    result.seconds = seconds_now() - start;
    result.end.status = result.outcome.status;
    result.end.steps = physical_steps(machine->physical);
    if (wants_digest(options))
        physical_digest(machine->physical, result.end.digest);
    return result;
}

static int run_image(struct run_machine *machine, const struct run_options *options,
                     struct fault *fault)
{
    struct physical_observer observer = {0};
    struct trace_writer *writer;
    uint64_t checkpoint_steps = 0;
    /* What is written is opened last: a wrong name of a disk costs no file of an earlier run. */
    if (!run_machine_open(machine, options->arena, options, fault) ||
        !run_trace_open(&writer, options, &observer, &checkpoint_steps, fault) ||
        !run_machine_build(machine, &observer, checkpoint_steps, fault) ||
        !set_breakpoints(machine, fault) || !run_trace_begin(writer, machine, fault) ||
        (options->has_gdb && !run_gdb_open(machine, fault))) {
        run_machine_close(machine, NULL, fault);
        return VOUCH_EXIT_BAD;
    }
    struct run_result result = run_machine(machine, fault);
    bool is_traced = run_trace_end(writer, &result, fault);
    bool is_closed = run_machine_close(machine, &result.end, fault);
    if (result.outcome.status == PHYSICAL_FAILED || !is_closed || !is_traced)
        return VOUCH_EXIT_BAD;
    return run_report(&result, fault);
}

int vouch_run(int argc, char **argv)
{
    struct fault fault = {0};
    struct arena *arena = arena_new();
    struct run_options options = defaults(arena);
    struct run_machine machine;
    int code = VOUCH_EXIT_BAD;
    if (run_options_parse(&options, argc, argv, &fault)) {
        if (options.wants_help)
            fputs(usage, stdout);
        code = options.wants_help ? VOUCH_EXIT_OK : run_image(&machine, &options, &fault);
    }
    if (fault.is_set)
        fault_print(&fault, stderr);
    arena_free(arena);
    return code;
}
