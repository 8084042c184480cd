/* Counters of what happened, so that a run in which nothing did is not taken for a good one. */
#include "tests/hostile/hostile.h"

#include <string.h>

enum { COUNTERS_MAX = 1024, NAME_BYTES = 40 };

static struct counter {
    const char *group;
    char name[NAME_BYTES];
    uint64_t times;
} counters[COUNTERS_MAX];
static size_t counter_count;

static struct counter *counter_of(const char *group, const char *name)
{
    for (size_t i = 0; i < counter_count; i++) {
        if (strcmp(counters[i].group, group) == 0 && strcmp(counters[i].name, name) == 0)
            return &counters[i];
    }
    if (counter_count == COUNTERS_MAX)
        return NULL;
    struct counter *counter = &counters[counter_count++];
    counter->group = group;
    snprintf(counter->name, NAME_BYTES, "%s", name);
    return counter;
}

void cover(const char *group, const char *name, uint64_t times)
{
    struct counter *counter = times == 0 ? NULL : counter_of(group, name);
    if (counter != NULL)
        counter->times += times;
}

void cover_number(const char *group, uint32_t number, uint64_t times)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%lu", (unsigned long)number);
    cover(group, name, times);
}

static void print_group(const char *group, FILE *out)
{
    unsigned column = 0;
    fprintf(out, "%s:", group);
    for (size_t i = 0; i < counter_count; i++) {
        if (strcmp(counters[i].group, group) == 0)
            fprintf(out, "%s %s %llu", column++ % 6 == 0 ? "\n   " : ",", counters[i].name,
                    (unsigned long long)counters[i].times);
    }
    fprintf(out, "\n");
}

/* Everything that a run of some length meets. */
static const struct {
    const char *group;
    const char *names[64];
} required[] = {
    {"end", {"halted", "idle", "limit", "breakpoint", "stopped", "recording-ended", "failed"}},
    {"stop", {"bus-error", "page-table", "physical-address"}},
    {"interrupt",
     {"reset", "illegal-instruction", "misaligned", "page-fault-on-fetch", "page-fault", "trap",
      "overflow", "device-0", "device-1", "device-2", "device-3", "device-4", "device-5"}},
    {"image",
     {"kernel", "mutated", "valid", "noise", "rewrote its code", "from ELF", "ELF refused"}},
    {"step",
     {"system", "user", "in a delay slot, system", "in a delay slot, user", "store to code",
      "store to the page table in use", "rfe to system mode", "rfe to user mode",
      "interrupt from user mode"}},
    {"read of device", {"0", "1", "2", "3", "4", "5"}},
    {"write of device", {"0", "1", "2", "3", "4", "5"}},
    {"event of device", {"0", "1", "2", "3", "4", "5"}},
    {"event", {"tick", "done", "byte", "frame", "message", "reset"}},
    {"sent by device", {"2", "3", "4"}},
    {"sector", {"read", "written", "failed"}},
    {"evidence", {"replayed", "steps played", "checkpoints passed"}},
    {"disk command",
     {"0", "32", "33", "48", "49", "64", "65", "112", "144", "145", "224", "225", "226", "227",
      "229", "230", "231", "236", "239"}},
    {"instruction, system",
     {
#define VAMP_INSTRUCTION(name, mnemonic, ...) mnemonic,
#include "semantics/vamp/isa.def"
#undef VAMP_INSTRUCTION
     }},
    {"instruction, user",
     {
#define VAMP_INSTRUCTION(name, mnemonic, ...) mnemonic,
#include "semantics/vamp/isa.def"
#undef VAMP_INSTRUCTION
     }},
};

bool coverage_print(FILE *out)
{
    bool is_complete = true;
    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        print_group(required[i].group, out);
    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        for (size_t k = 0; k < 64 && required[i].names[k] != NULL; k++) {
            const struct counter *counter = counter_of(required[i].group, required[i].names[k]);
            if (counter != NULL && counter->times != 0)
                continue;
            fprintf(out, "never: %s %s\n", required[i].group, required[i].names[k]);
            is_complete = false;
        }
    }
    return is_complete;
}
