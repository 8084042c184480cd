#include "tools/vouch_run_trace.h"

bool run_trace_open(struct trace_writer **writer, const struct run_options *options,
                    struct physical_observer *observer, uint64_t *checkpoint_steps,
                    struct fault *fault)
{
    const struct trace_setup setup = {.path = options->trace,
                                      .recorder = "vouch " VOUCH_VERSION,
                                      .interval_steps = options->trace_interval};
    *writer = NULL;
    if (options->trace == NULL)
        return true;
    *writer = trace_writer_new(options->arena, &setup, fault);
    if (*writer == NULL)
        return false;
    *checkpoint_steps = trace_writer_checkpoint_steps(*writer);
    *observer = (struct physical_observer){.self = *writer,
                                           .device_read = trace_writer_read,
                                           .device_write = trace_writer_write,
                                           .lines_changed = trace_writer_lines,
                                           .checkpoint = trace_writer_checkpoint};
    return true;
}

bool run_trace_begin(struct trace_writer *writer, const struct run_machine *machine,
                     struct fault *fault)
{
    return writer == NULL || trace_writer_begin(writer, physical_processor(machine->physical),
                                                machine->image->digest, fault);
}

bool run_trace_end(struct trace_writer *writer, const struct run_result *result,
                   struct fault *fault)
{
    if (writer == NULL)
        return true;
    if (result->outcome.status == PHYSICAL_FAILED) {
        trace_writer_abandon(writer);
        return true;
    }
    const struct trace_writer_end end = {.step = result->end.steps,
                                         .is_stopped = result->end.status == PHYSICAL_STOPPED,
                                         .reason = physical_status_name(run_reason(result)),
                                         .digest = result->end.digest};
    return trace_writer_finish(writer, &end, fault);
}
