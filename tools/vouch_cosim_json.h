/* The runs of vouch cosim as JSON, for programs: sorted keys, no times. */
#ifndef TOOLS_VOUCH_COSIM_JSON_H
#define TOOLS_VOUCH_COSIM_JSON_H

#include "tools/vouch_cosim_job.h"

struct cosim_json;

struct cosim_json *cosim_json_new(void);
void cosim_json_add(struct cosim_json *json, const struct job_outcome *outcome);
/* "-": the standard output. False, with a fault. `json` is no more. */
bool cosim_json_write(struct cosim_json *json, const char *path, struct fault *fault);

#endif
