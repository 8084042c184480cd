/* Counters of what happened, so that a run in which nothing did is not taken for a good one. */
#include "tests/hostile/hostile.h"

#include <string.h>

enum { COUNTERS_MAX = 1024, NAME_BYTES = 40 };

/* A hash table without removal, and the order in which things first happened. */
static struct counter {
    const char *group; /* NULL: free */
    char name[NAME_BYTES];
    uint64_t times;
} counters[COUNTERS_MAX];
static size_t order[COUNTERS_MAX / 2];
static size_t counter_count;

static size_t hash_of(const char *group, const char *name)
{
    size_t hash = 5381;
    for (; *group != '\0'; group++)
        hash = hash * 33 ^ (unsigned char)*group;
    for (; *name != '\0'; name++)
        hash = hash * 33 ^ (unsigned char)*name;
    return hash;
}

static struct counter *counter_of(const char *group, const char *name)
{
    size_t at = hash_of(group, name) % COUNTERS_MAX;
    for (; counters[at].group != NULL; at = (at + 1) % COUNTERS_MAX) {
        if (strcmp(counters[at].name, name) == 0 && strcmp(counters[at].group, group) == 0)
            return &counters[at];
    }
    if (counter_count == COUNTERS_MAX / 2)
        return NULL;
    order[counter_count++] = at;
    counters[at].group = group;
    snprintf(counters[at].name, NAME_BYTES, "%s", name);
    return &counters[at];
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
        const struct counter *counter = &counters[order[i]];
        if (strcmp(counter->group, group) == 0)
            fprintf(out, "%s %s %llu", column++ % 6 == 0 ? "\n   " : ",", counter->name,
                    (unsigned long long)counter->times);
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
