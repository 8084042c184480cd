/* The events of a run as a list. */
#include "cosim/scenario_oracle.h"

#include "base/array.h"

struct scenario_tape {
    struct arena *arena;
    ARRAY(struct oracle_event) events;
};

struct scenario_tape *scenario_tape_new(struct arena *arena)
{
    struct scenario_tape *tape = ARENA_NEW(arena, struct scenario_tape);
    tape->arena = arena;
    return tape;
}

void scenario_tape_add(struct scenario_tape *tape, const struct oracle_event *event)
{
    struct oracle_event kept = *event;
    struct text content = event->event.content;
    kept.is_reset_ahead = false;
    if (content.length != 0)
        kept.event.content.at = arena_copy(tape->arena, content.at, content.length);
    ARRAY_PUSH(tape->arena, &tape->events, kept);
}

/* Asks as the machine would that delivers each event at its step. */
bool scenario_read_recording(struct arena *arena, struct recording *recording,
                             struct scenario *scenario, struct fault *fault)
{
    struct scenario_tape *tape = scenario_tape_new(arena);
    struct oracle *oracle = recording_oracle(recording);
    const struct recording_end *end = recording_end(recording);
    struct bus nothing = {0};
    struct oracle_event event = {0};
    uint64_t now = 0;
    enum oracle_answer answer;
    for (;;) {
        answer = oracle->next(oracle->self, now, &nothing, &event, fault);
        if (answer != ORACLE_EVENT && answer != ORACLE_UNTIL)
            break;
        if (answer == ORACLE_EVENT && event.step == now)
            scenario_tape_add(tape, &event);
        else
            now = event.step;
    }
    bool is_at_rest =
        end != NULL && (end->status == PHYSICAL_HALTED || end->status == PHYSICAL_IDLE);
    scenario->has_events = true;
    scenario->events = tape->events.at;
    scenario->event_count = tape->events.count;
    scenario->events_end = is_at_rest ? SCENARIO_FOREVER : end != NULL ? end->steps : now;
    return answer != ORACLE_FAILED;
}

struct scenario *scenario_replay(struct arena *arena, const struct scenario *scenario,
                                 const struct scenario_tape *tape,
                                 const struct cosim_result *result)
{
    struct scenario *replay = ARENA_NEW(arena, struct scenario);
    *replay = *scenario;
    replay->has_events = true;
    replay->events = tape->events.at;
    replay->event_count = tape->events.count;
    replay->events_end = result->counts.steps;
    replay->drawn_devices = 0;
    replay->inputs = (struct scenario_inputs){0};
    replay->serial = (struct text){0};
    replay->oracle.has_reset = false;
    replay->oracle.reset_step = 0;
    replay->has_expectation = result->status == COSIM_DIVERGED;
    if (replay->has_expectation) {
        replay->expected_conjunct = result->divergence.conjunct;
        replay->expected_step = result->divergence.step;
        if (result->divergence.step > replay->events_end)
            replay->events_end = result->divergence.step;
    } else if (result->counts.steps < scenario->max_steps) {
        replay->events_end = SCENARIO_FOREVER; /* both machines have come to rest */
    }
    return replay;
}
