/* What vouch run tells of a run. */
#ifndef TOOLS_VOUCH_RUN_REPORT_H
#define TOOLS_VOUCH_RUN_REPORT_H

#include "tools/vouch_run_machine.h"

struct run_result {
    const struct run_machine *machine;
    struct physical_outcome outcome;
    struct recording_end end;
    double seconds;
};

/* Why the run ended: of one that was repeated whole, the recorded reason. */
enum physical_status run_reason(const struct run_result *result);
/* One line on the standard error and, if asked for, the summary. The exit code of the run; with a
 * fault, the summary could not be written. */
int run_report(const struct run_result *result, struct fault *fault);

#endif
