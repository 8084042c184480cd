/* vouch run --trace: the run is recorded, step by step (docs/TRACES.md). */
#ifndef TOOLS_VOUCH_RUN_TRACE_H
#define TOOLS_VOUCH_RUN_TRACE_H

#include "tools/vouch_run_report.h"
#include "traces/writer.h"

/* Creates the file, if the options ask for one, and says whom the machine is to tell; `*writer` is
 * NULL if they do not. */
bool run_trace_open(struct trace_writer **writer, const struct run_options *options,
                    struct physical_observer *observer, uint64_t *checkpoint_steps,
                    struct fault *fault);
/* The machine is about to make its first step. */
bool run_trace_begin(struct trace_writer *writer, const struct run_machine *machine,
                     struct fault *fault);
/* The run has ended; one that failed leaves a trace that is cut off. */
bool run_trace_end(struct trace_writer *writer, const struct run_result *result,
                   struct fault *fault);

#endif
