#include "tests/unit/vamp/agreement.h"

#include "tests/unit/vamp/random_world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SIDES = 2, SLICES = 100 };

/* Side 0 runs fast, side 1 by the plain step alone. */
struct pair {
    struct agreement *agreement;
    struct random_world world;
    uint64_t seed, first_seed;
    struct vamp_machine *machines[SIDES];
    struct random_bus buses[SIDES];
    bool is_stepwise; /* runs of one step each */
    bool is_mixed;    /* the fast side takes plain steps too, at times */
    bool is_tracked;
};

static bool differ(struct pair *pair, const char *what)
{
    const struct vamp_state *state = vamp_machine_state(pair->machines[1]);
    struct agreement *agreement = pair->agreement;
    agreement->differs = true;
    snprintf(agreement->difference, sizeof agreement->difference,
             "%s, after %" PRIu64 " steps in the world of seed %" PRIu64
             ", where the plain one is at 0x%x, 0x%x in mode %u",
             what, vamp_machine_steps(pair->machines[1]), pair->first_seed, state->dpc, state->pcp,
             state->spr[VAMP_SPR_MODE]);
    return false;
}

/* --- Comparing --- */

static bool same_run(const struct vamp_run *left, const struct vamp_run *right)
{
    return left->status == right->status && left->steps == right->steps &&
           memcmp(&left->diagnosis, &right->diagnosis, sizeof left->diagnosis) == 0;
}

static bool check_state(struct pair *pair)
{
    struct vamp_machine *const *machines = pair->machines;
    if (memcmp(vamp_machine_state(machines[0]), vamp_machine_state(machines[1]),
               sizeof(struct vamp_state)) != 0)
        return differ(pair, "the states differ");
    if (vamp_machine_steps(machines[0]) != vamp_machine_steps(machines[1]))
        return differ(pair, "the machines count other steps");
    if (pair->buses[0].history != pair->buses[1].history)
        return differ(pair, "devices were used otherwise");
    for (unsigned cause = 0; cause < 32; cause++) {
        if (vamp_machine_interrupts(machines[0], cause) !=
            vamp_machine_interrupts(machines[1], cause))
            return differ(pair, "the machines count other interrupts");
    }
    return true;
}

static bool same_executed(const struct pair *pair)
{
    for (uint32_t at = 0; at < pair->world.memory_bytes; at += 4) {
        if (vamp_machine_was_executed(pair->machines[0], at) !=
            vamp_machine_was_executed(pair->machines[1], at))
            return false;
    }
    return true;
}

static bool same_words(const struct pair *pair, uint32_t address, uint32_t bytes)
{
    uint32_t left, right;
    for (uint32_t at = address; at < address + bytes; at += 4) {
        bool is_there = vamp_machine_read(pair->machines[0], at, &left);
        if (vamp_machine_read(pair->machines[1], at, &right) != is_there ||
            (is_there && left != right))
            return false;
    }
    return true;
}

struct changes {
    uint32_t lines[64];
    size_t count;
};

static void note_line(void *self, uint32_t address)
{
    struct changes *changes = self;
    if (changes->count < sizeof changes->lines / sizeof changes->lines[0])
        changes->lines[changes->count] = address;
    changes->count++;
}

/* Both sides changed the same lines, and to the same. */
static bool check_changes(struct pair *pair)
{
    struct changes changes[SIDES] = {0};
    if (!pair->is_tracked)
        return true;
    for (int side = 0; side < SIDES; side++)
        vamp_machine_each_changed_line(pair->machines[side], note_line, &changes[side]);
    if (memcmp(&changes[0], &changes[1], sizeof changes[0]) != 0)
        return differ(pair, "other lines were changed");
    for (size_t i = 0; i < changes[0].count && i < 64; i++) {
        if (!same_words(pair, changes[0].lines[i], VAMP_LINE_BYTES))
            return differ(pair, "a changed line differs");
    }
    return true;
}

static bool check_memory(struct pair *pair)
{
    if (!same_executed(pair))
        return differ(pair, "other words were executed");
    return same_words(pair, 0, pair->world.memory_bytes) || differ(pair, "the memories differ");
}

/* --- Running --- */

static void count_run(struct agreement *agreement, const struct vamp_run *run, bool was_user)
{
    agreement->steps += run->steps;
    if (run->steps == 1)
        agreement->user_steps += was_user;
    agreement->statuses[run->status]++;
    if (run->status == VAMP_RUN_STOPPED)
        agreement->stops[run->diagnosis.stop]++;
}

static bool run_both(struct pair *pair, uint64_t max_steps, struct vamp_run *run)
{
    bool is_plain = pair->is_mixed && random_once_in(&pair->seed, 4);
    bool was_user = vamp_is_user_mode(vamp_machine_state(pair->machines[0]));
    struct vamp_run fast = is_plain ? vamp_machine_run_plain(pair->machines[0], max_steps)
                                    : vamp_machine_run(pair->machines[0], max_steps);
    *run = vamp_machine_run_plain(pair->machines[1], max_steps);
    count_run(pair->agreement, run, was_user);
    if (!same_run(&fast, run))
        return differ(pair, "the runs end otherwise");
    return check_state(pair) && check_changes(pair);
}

/* What happens between two runs: another state, another word in memory, other lines. */
static void disturb(struct pair *pair, bool is_stuck)
{
    uint64_t *seed = &pair->seed;
    bool is_new_state = is_stuck || random_once_in(seed, 4);
    bool is_new_word = random_once_in(seed, 3);
    bool are_new_lines = random_once_in(seed, 8) || (pair->buses[0].lines & 1) != 0;
    struct vamp_state state;
    random_state(&pair->world, &state, seed);
    uint32_t address = random_address(&pair->world, seed) & ~UINT32_C(3);
    uint32_t word = random_word(&pair->world, address, seed);
    uint32_t lines = (uint32_t)random_next(seed) & (uint32_t)random_next(seed);
    lines &= random_once_in(seed, 10) ? UINT32_MAX : ~UINT32_C(1);
    for (int side = 0; side < SIDES; side++) {
        if (is_new_state)
            *vamp_machine_state(pair->machines[side]) = state;
        if (is_new_word)
            vamp_machine_write(pair->machines[side], address, word);
        if (are_new_lines)
            pair->buses[side].lines = lines;
    }
}

static uint64_t random_length(struct pair *pair)
{
    if (pair->is_stepwise)
        return 1;
    uint32_t kind = random_below(&pair->seed, 8);
    return 1 + random_below(&pair->seed, kind == 0 ? 1000 : kind < 4 ? 6 : 40);
}

static bool run_slice(struct pair *pair)
{
    uint64_t *seed = &pair->seed;
    int run_count = pair->is_stepwise ? 100 : 6;
    struct vamp_run run = {0};
    for (int i = 0; i < run_count && run.status != VAMP_RUN_STOPPED; i++) {
        if (!run_both(pair, random_length(pair), &run))
            return false;
    }
    disturb(pair, run.status == VAMP_RUN_STOPPED || random_once_in(seed, 2));
    return !random_once_in(seed, 4) || check_memory(pair);
}

/* --- A world --- */

static void fill_memory(struct pair *pair)
{
    for (uint32_t at = 0; at < pair->world.memory_bytes; at += 4) {
        uint32_t word = random_word(&pair->world, at, &pair->seed);
        for (int side = 0; side < SIDES; side++)
            vamp_machine_write(pair->machines[side], at, word);
    }
}

static void set_up(struct pair *pair, struct arena *arena)
{
    uint64_t *seed = &pair->seed;
    pair->world = random_world(seed);
    pair->is_stepwise = random_once_in(seed, 3);
    pair->is_mixed = random_once_in(seed, 4);
    pair->is_tracked = random_once_in(seed, 3);
    bool stops_at_waiting = random_once_in(seed, 2), stops_at_interrupts = random_once_in(seed, 8);
    bool has_bus = !random_once_in(seed, 8), breaks_in_system_mode_only = random_once_in(seed, 2);
    for (int side = 0; side < SIDES; side++) {
        struct vamp_machine *machine = vamp_machine_new(arena, pair->world.memory_bytes);
        pair->machines[side] = machine;
        pair->buses[side] = (struct random_bus){0};
        if (has_bus)
            random_bus_connect(&pair->buses[side], machine);
        vamp_machine_stop_at_waiting(machine, stops_at_waiting);
        vamp_machine_stop_at_interrupts(machine, stops_at_interrupts);
        vamp_machine_break_in_system_mode_only(machine, breaks_in_system_mode_only);
    }
    fill_memory(pair);
    for (int side = 0; side < SIDES && pair->is_tracked; side++)
        vamp_machine_track_changes(pair->machines[side]);
}

static void move_breakpoint(struct pair *pair, uint32_t *breakpoint)
{
    uint32_t next = random_address(&pair->world, &pair->seed);
    if (random_once_in(&pair->seed, 2))
        next = vamp_machine_state(pair->machines[0])->dpc + 4 * random_below(&pair->seed, 6);
    for (int side = 0; side < SIDES; side++) {
        vamp_machine_remove_breakpoint(pair->machines[side], *breakpoint);
        vamp_machine_add_breakpoint(pair->machines[side], next);
    }
    *breakpoint = next;
}

static void check_world(struct agreement *agreement, uint64_t seed)
{
    struct arena *arena = arena_new();
    struct pair pair = {.agreement = agreement, .seed = seed, .first_seed = seed};
    set_up(&pair, arena);
    bool has_breakpoints = random_once_in(&pair.seed, 2);
    uint32_t breakpoint = 0;
    disturb(&pair, true);
    for (int slice = 0; slice < SLICES && !agreement->differs; slice++) {
        if (has_breakpoints && random_once_in(&pair.seed, 4))
            move_breakpoint(&pair, &breakpoint);
        if (!run_slice(&pair))
            break;
    }
    if (!agreement->differs)
        check_memory(&pair);
    for (unsigned cause = 0; cause < 32; cause++)
        agreement->interrupts[cause] += vamp_machine_interrupts(pair.machines[1], cause);
    arena_free(arena);
}

void agreement_check(struct agreement *agreement, uint64_t seed, uint64_t steps)
{
    uint64_t end = agreement->steps + steps;
    while (agreement->steps < end && !agreement->differs) {
        uint64_t world_seed = random_next(&seed);
        check_world(agreement, world_seed);
    }
}
