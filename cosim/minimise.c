/* Delta debugging (Zeller): what can be left out, is, in large pieces first.
 *
 * The order matters. While programs shrink, the oracle is drawn: it waits for the devices, however
 * the steps shift. Only then it becomes a list, but for the disks: their work takes as long as the
 * seed has it, whenever it begins. */
#include "cosim/minimise.h"

#include "base/array.h"

#include <string.h>

enum {
    DISKS = 1u << 1 | 1u << CVM_SYSTEM_DISK,
    SLACK_STEPS = 1000, /* a candidate may diverge a little later than what it was made of */
    ROUNDS = 4,
};

struct minimiser {
    struct arena *arena; /* of the best */
    struct arena *trial; /* of the candidate, and of its run */
    enum cosim_conjunct conjunct;
    uint64_t runs, max_runs, original_steps;
    struct scenario best;
    struct cosim_result result; /* of the best */
};

/* --- One candidate --- */

static void note_event(void *self, const struct oracle_event *event)
{
    scenario_tape_add(self, event);
}

/* Runs it, and with `tape` keeps its events. What the result points to lives in `trial`. */
static struct cosim_result run(struct minimiser *minimiser, const struct scenario *candidate,
                               struct scenario_tape *tape)
{
    struct fault ignored = {0};
    struct scenario whole = *candidate;
    struct cosim_observer observer = {.self = tape, .event = tape == NULL ? NULL : note_event};
    minimiser->runs++;
    scenario_make_disk(minimiser->trial, &whole);
    return scenario_run(minimiser->trial, &whole, observer, &ignored);
}

static bool shows(const struct minimiser *minimiser, const struct cosim_result *result)
{
    return result->status == COSIM_DIVERGED && result->divergence.conjunct == minimiser->conjunct;
}

static uint64_t limit_after(const struct minimiser *minimiser, uint64_t step)
{
    uint64_t limit = step + step / 4 + SLACK_STEPS;
    return limit < minimiser->original_steps ? limit : minimiser->original_steps;
}

static void *copy_of(struct arena *arena, const void *bytes, size_t size)
{
    void *copy = arena_alloc(arena, size);
    if (size != 0)
        memcpy(copy, bytes, size);
    return copy;
}

static struct scenario_program *copy_programs(struct arena *arena, struct scenario *scenario)
{
    struct scenario_program *copy =
        copy_of(arena, scenario->programs, scenario->program_count * sizeof *copy);
    scenario->programs = copy;
    return copy;
}

static void forget_trial(struct minimiser *minimiser)
{
    arena_free(minimiser->trial);
    minimiser->trial = arena_new();
}

/* What a candidate has of its own. */
static void keep(struct minimiser *minimiser, const struct scenario *candidate)
{
    struct scenario *best = &minimiser->best;
    *best = *candidate;
    struct scenario_program *programs = copy_programs(minimiser->arena, best);
    for (size_t p = 0; p < best->program_count; p++)
        programs[p].words = copy_of(minimiser->arena, programs[p].words,
                                    programs[p].word_count * sizeof *programs[p].words);
    best->events =
        copy_of(minimiser->arena, best->events, best->event_count * sizeof *best->events);
}

/* Takes the candidate if it shows the divergence; in any case it is gone afterwards. */
static bool try_candidate(struct minimiser *minimiser, const struct scenario *candidate)
{
    if (minimiser->runs >= minimiser->max_runs)
        return false;
    struct cosim_result result = run(minimiser, candidate, NULL);
    bool is_taken = shows(minimiser, &result);
    if (is_taken) {
        keep(minimiser, candidate);
        minimiser->result = result;
        uint64_t limit = limit_after(minimiser, result.divergence.step);
        if (limit < minimiser->best.max_steps)
            minimiser->best.max_steps = limit;
        if (minimiser->best.has_events)
            minimiser->best.events_end = minimiser->best.max_steps;
    }
    forget_trial(minimiser);
    return is_taken;
}

/* --- What can be left out --- */

/* A candidate without the items from `first` up to `end`, of those that the best still has. */
typedef void without(struct minimiser *minimiser, size_t first, size_t end,
                     struct scenario *candidate);
typedef size_t count_items(const struct minimiser *minimiser);

/* From the end on, in pieces of half, a quarter, ..., one. */
static bool reduce(struct minimiser *minimiser, count_items *count, without *leave_out)
{
    bool is_smaller = false;
    for (size_t piece = (count(minimiser) + 1) / 2; piece != 0;) {
        size_t end = count(minimiser);
        while (end != 0 && minimiser->runs < minimiser->max_runs) {
            size_t first = end > piece ? end - piece : 0;
            struct scenario candidate = minimiser->best;
            leave_out(minimiser, first, end, &candidate);
            if (try_candidate(minimiser, &candidate))
                is_smaller = true;
            end = first;
        }
        piece = piece == 1 ? 0 : (piece + 1) / 2;
    }
    return is_smaller;
}

/* Programs: all of their words at once. */

static size_t count_programs(const struct minimiser *minimiser)
{
    return minimiser->best.program_count;
}

/* Its place on the disk stays, and is empty. */
static void without_programs(struct minimiser *minimiser, size_t first, size_t end,
                             struct scenario *candidate)
{
    struct scenario_program *programs = copy_programs(minimiser->trial, candidate);
    for (size_t i = first; i < end; i++)
        programs[i].word_count = 0;
}

/* Instructions become 0, which does nothing. */

static size_t count_words(const struct scenario *scenario)
{
    size_t count = 0;
    for (size_t p = 0; p < scenario->program_count; p++) {
        for (uint32_t w = 0; w < scenario->programs[p].word_count; w++)
            count += scenario->programs[p].words[w] != 0;
    }
    return count;
}

static size_t count_instructions(const struct minimiser *minimiser)
{
    return count_words(&minimiser->best);
}

static void without_instructions(struct minimiser *minimiser, size_t first, size_t end,
                                 struct scenario *candidate)
{
    struct scenario_program *programs = copy_programs(minimiser->trial, candidate);
    size_t number = 0;
    for (size_t p = 0; p < candidate->program_count; p++) {
        uint32_t *words = ARENA_ARRAY(minimiser->trial, uint32_t, programs[p].word_count);
        uint32_t count = 0;
        for (uint32_t w = 0; w < programs[p].word_count; w++) {
            words[w] = programs[p].words[w];
            bool is_left_out = words[w] != 0 && number >= first && number < end;
            number += words[w] != 0;
            words[w] = is_left_out ? 0 : words[w];
            count = words[w] != 0 ? w + 1 : count;
        }
        programs[p].words = words;
        programs[p].word_count = count;
    }
}

static size_t count_events(const struct minimiser *minimiser)
{
    return minimiser->best.has_events ? minimiser->best.event_count : 0;
}

static void without_events(struct minimiser *minimiser, size_t first, size_t end,
                           struct scenario *candidate)
{
    size_t left = candidate->event_count - (end - first);
    struct oracle_event *events = ARENA_ARRAY(minimiser->trial, struct oracle_event, left);
    if (first != 0)
        memcpy(events, candidate->events, first * sizeof *events);
    if (end != candidate->event_count)
        memcpy(events + first, candidate->events + end,
               (candidate->event_count - end) * sizeof *events);
    candidate->events = events;
    candidate->event_count = left;
}

/* --- What is simpler otherwise --- */

static void simplify(struct minimiser *minimiser)
{
    struct scenario candidate = minimiser->best;
    candidate.swap_defect_count = candidate.system_defect_count = 0;
    try_candidate(minimiser, &candidate);
    candidate = minimiser->best;
    candidate.inputs = (struct scenario_inputs){0};
    candidate.serial = (struct text){0};
    try_candidate(minimiser, &candidate);
    candidate = minimiser->best;
    candidate.oracle.has_reset = false;
    try_candidate(minimiser, &candidate);
}

/* Empty programs were places on the disk; they are not even named, but for a last one. */
static void drop_empty_programs(struct minimiser *minimiser)
{
    struct scenario candidate = minimiser->best;
    struct scenario_program *programs = copy_programs(minimiser->trial, &candidate);
    candidate.program_count = 0;
    for (size_t p = 0; p < minimiser->best.program_count; p++) {
        if (programs[p].word_count != 0)
            programs[candidate.program_count++] = programs[p];
    }
    if (candidate.program_count == 0 && minimiser->best.program_count != 0)
        candidate.program_count = 1;
    try_candidate(minimiser, &candidate);
}

/* The disks of a list work as the seed has it, or at once. */
static void hurry(struct minimiser *minimiser)
{
    struct scenario candidate = minimiser->best;
    candidate.oracle.is_jittered = false;
    try_candidate(minimiser, &candidate);
    candidate = minimiser->best;
    candidate.oracle.done_steps = 1;
    try_candidate(minimiser, &candidate);
}

/* The best's events as a list; without those of the disks if it diverges without them as well. */
static void list_events(struct minimiser *minimiser)
{
    struct scenario_tape *tape = scenario_tape_new(minimiser->arena);
    struct cosim_result result = run(minimiser, &minimiser->best, tape);
    forget_trial(minimiser);
    struct scenario *replay = scenario_replay(minimiser->arena, &minimiser->best, tape, &result);
    struct scenario listed = *replay;
    listed.has_expectation = false;
    listed.events_end = listed.max_steps;
    struct oracle_event *events =
        ARENA_ARRAY(minimiser->arena, struct oracle_event, listed.event_count);
    size_t count = 0;
    for (size_t i = 0; i < listed.event_count; i++) {
        const struct oracle_event *event = &listed.events[i];
        if (event->is_reset || (DISKS >> event->device & 1) == 0)
            events[count++] = *event;
    }
    struct scenario candidate = listed;
    candidate.events = events;
    candidate.event_count = count;
    candidate.drawn_devices = DISKS;
    uint64_t bound = minimiser->max_runs; /* a list there must be */
    minimiser->max_runs = UINT64_MAX;
    if (!try_candidate(minimiser, &candidate))
        try_candidate(minimiser, &listed);
    minimiser->max_runs = bound;
}

static void shrink(struct minimiser *minimiser)
{
    simplify(minimiser);
    reduce(minimiser, count_programs, without_programs);
    reduce(minimiser, count_instructions, without_instructions);
    if (!minimiser->best.has_events || minimiser->best.drawn_devices == 0)
        list_events(minimiser);
    bool is_smaller = true;
    for (unsigned round = 0; is_smaller && round < ROUNDS; round++) {
        is_smaller = reduce(minimiser, count_events, without_events);
        is_smaller = reduce(minimiser, count_instructions, without_instructions) || is_smaller;
        hurry(minimiser);
    }
    drop_empty_programs(minimiser);
}

/* --- The whole --- */

static struct minimise_size size_of(const struct scenario *scenario, size_t events, uint64_t steps)
{
    struct minimise_size size = {.events = events, .steps = steps};
    size.instructions = (uint32_t)count_words(scenario);
    for (size_t p = 0; p < scenario->program_count; p++)
        size.programs += scenario->programs[p].word_count != 0;
    return size;
}

static size_t count_all_events(const struct cosim_result *result)
{
    size_t count = 0;
    for (unsigned d = 0; d < BUS_DEVICES; d++)
        count += result->counts.events[d];
    return count;
}

/* The best once more, ended right behind its divergence. */
static struct scenario *finish(struct minimiser *minimiser, struct fault *fault)
{
    struct scenario *smaller = ARENA_NEW(minimiser->arena, struct scenario);
    *smaller = minimiser->best;
    smaller->max_steps = minimiser->result.divergence.step + SLACK_STEPS;
    smaller->events_end = smaller->max_steps;
    struct cosim_result result = run(minimiser, smaller, NULL);
    forget_trial(minimiser);
    if (!shows(minimiser, &result)) {
        fault_at(fault, (struct location){0}, "the divergence in %s does not come twice",
                 cosim_conjunct_name(minimiser->conjunct));
        return NULL;
    }
    scenario_make_disk(minimiser->arena, smaller);
    smaller->path = NULL;
    smaller->has_expectation = true;
    smaller->expected_conjunct = minimiser->conjunct;
    smaller->expected_step = result.divergence.step;
    minimiser->result = result;
    return smaller;
}

struct scenario *minimise(struct arena *arena, const struct scenario *scenario,
                          enum cosim_conjunct conjunct, uint64_t max_runs,
                          struct minimise_stats *stats, struct fault *fault)
{
    struct minimiser *minimiser = ARENA_NEW(arena, struct minimiser);
    *minimiser = (struct minimiser){.arena = arena,
                                    .trial = arena_new(),
                                    .conjunct = conjunct,
                                    .max_runs = max_runs,
                                    .original_steps = scenario->max_steps,
                                    .best = *scenario};
    minimiser->best.has_expectation = false;
    minimiser->result = run(minimiser, scenario, NULL);
    forget_trial(minimiser);
    if (!shows(minimiser, &minimiser->result)) {
        arena_free(minimiser->trial);
        fault_at(fault, (struct location){scenario->path, 0, 0}, "%s does not diverge in %s",
                 scenario->name, cosim_conjunct_name(conjunct));
        return NULL;
    }
    stats->before =
        size_of(scenario, count_all_events(&minimiser->result), minimiser->result.divergence.step);
    shrink(minimiser);
    struct scenario *smaller = finish(minimiser, fault);
    arena_free(minimiser->trial);
    stats->runs = minimiser->runs;
    if (smaller != NULL)
        stats->after = size_of(smaller, smaller->event_count, smaller->expected_step);
    return smaller;
}
