#include "tests/hostile/hostile.h"

#include <string.h>

static bool differ(const char *what, uint64_t left, uint64_t right, FILE *out)
{
    if (left == right)
        return false;
    fprintf(out, "    %s: %#llx and %#llx\n", what, (unsigned long long)left,
            (unsigned long long)right);
    return true;
}

static bool states_differ(const struct vamp_state *left, const struct vamp_state *right, FILE *out)
{
    char name[16];
    bool do_differ =
        differ("dpc", left->dpc, right->dpc, out) | differ("pcp", left->pcp, right->pcp, out);
    for (unsigned i = 0; i < VAMP_GPR_COUNT; i++) {
        snprintf(name, sizeof name, "r%u", i);
        do_differ |= differ(name, left->gpr[i], right->gpr[i], out);
        snprintf(name, sizeof name, "s%u", i);
        do_differ |= differ(name, left->spr[i], right->spr[i], out);
    }
    return do_differ;
}

bool record_equals(const struct record *left, const struct record *right, FILE *out)
{
    bool do_differ = differ("status", left->status, right->status, out) |
                     differ("steps", left->steps, right->steps, out) |
                     differ("observed", left->observed, right->observed, out) |
                     differ("sent", left->sent, right->sent, out) |
                     differ("breakpoints", left->breakpoints, right->breakpoints, out) |
                     states_differ(&left->state, &right->state, out);
    if (left->status == PHYSICAL_STOPPED)
        do_differ |=
            differ("stop", left->diagnosis.stop, right->diagnosis.stop, out) |
            differ("stop's dpc", left->diagnosis.dpc, right->diagnosis.dpc, out) |
            differ("stop's word", left->diagnosis.word, right->diagnosis.word, out) |
            differ("stop's address", left->diagnosis.address, right->diagnosis.address, out);
    if (strcmp(left->digest, right->digest) != 0) {
        fprintf(out, "    digest: %s and %s\n", left->digest, right->digest);
        do_differ = true;
    }
    if (strcmp(left->fault.message, right->fault.message) != 0) {
        fprintf(out, "    fault: %s and %s\n", left->fault.message, right->fault.message);
        do_differ = true;
    }
    return !do_differ;
}
