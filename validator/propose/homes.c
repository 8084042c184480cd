#include "validator/propose/homes.h"

bool homes_know(const struct home_list *homes, uint32_t variable)
{
    for (size_t i = 0; i < homes->at.count; i++)
        if (homes->at.at[i].variable == variable)
            return true;
    return false;
}

static uint32_t size_of(const struct check_input *input, uint32_t variable)
{
    return layout_size_bytes(input->subject, input->function->variables[variable]->type);
}

uint32_t homes_end(const struct check_input *input, const struct home *home)
{
    int64_t end = input->subject->target->frame_grows_up
                      ? (int64_t)home->offset + size_of(input, home->variable)
                      : -(int64_t)home->offset;
    return (uint32_t)end;
}

/* A home that the checker would not refuse outright. */
static bool is_possible(const struct check_input *input, const struct home_list *homes,
                        struct home home)
{
    const struct target *target = input->subject->target;
    int64_t start = home.offset, end = start + size_of(input, home.variable);
    if (start % 4 != 0 || (target->frame_grows_up ? start < 0 : end > 0))
        return false;
    for (uint32_t i = 0; i < input->function->parameter_count; i++) {
        struct parameter_place place = target->parameter(i);
        if (!place.in_register && place.frame_offset + 4 > start && place.frame_offset < end)
            return false;
    }
    for (size_t i = 0; i < homes->at.count; i++) {
        int64_t other = homes->at.at[i].offset;
        int64_t other_end = other + size_of(input, homes->at.at[i].variable);
        if (start < other_end && other < end)
            return false;
    }
    return true;
}

static bool add(struct arena *arena, const struct check_input *input, struct home_list *homes,
                uint32_t variable, int32_t offset)
{
    struct home home = {variable, offset};
    if (!is_possible(input, homes, home))
        return false;
    ARRAY_PUSH(arena, &homes->at, home);
    return true;
}

bool homes_learn_from_address(struct arena *arena, struct terms *terms,
                              const struct check_input *input, struct home_list *homes,
                              const struct source_segment *source, term rest)
{
    for (size_t i = 0; i < source->accesses.count; i++) {
        const struct source_access *access = &source->accesses.at[i];
        uint64_t distance;
        if (access->local == NULL || homes_know(homes, access->local->index) ||
            term_is_constant(terms, access->address, &distance))
            continue;
        if (term_is_constant(terms, term_sub(terms, rest, access->address), &distance) &&
            add(arena, input, homes, access->local->index, (int32_t)(uint32_t)distance))
            return true;
    }
    return false;
}

struct written {
    uint32_t offset;
    term value;
};

enum { WRITTEN_MAX = 256 };

/* The words at constant offsets that a chain of stores leaves behind, newest first. */
static size_t written_words(struct terms *terms, term value, struct written *list)
{
    size_t count = 0;
    for (; term_kind(terms, value) == TERM_STORE && count < WRITTEN_MAX;
         value = term_argument(terms, value, 0)) {
        uint64_t offset;
        if (!term_is_constant(terms, term_argument(terms, value, 1), &offset))
            continue;
        bool is_hidden = false;
        for (size_t i = 0; i < count; i++)
            is_hidden = is_hidden || list[i].offset == (uint32_t)offset;
        if (!is_hidden)
            list[count++] = (struct written){(uint32_t)offset, term_argument(terms, value, 2)};
    }
    return count;
}

static term slot_value(const struct machine_state *machine, int32_t offset)
{
    for (size_t i = 0; i < machine->slots.count; i++)
        if (machine->slots.at[i].offset == offset)
            return machine->slots.at[i].value;
    return (term){0};
}

/* How many written words stand in the frame as the same terms, were the aggregate at `start`; 0 if
 * one of its words was never touched. */
static size_t same_words(const struct machine_state *machine, const struct written *list,
                         size_t count, int32_t start)
{
    size_t same = 0;
    for (size_t i = 0; i < count; i++) {
        term found = slot_value(machine, start + (int32_t)list[i].offset);
        if (term_is_none(found))
            return 0;
        same += term_same(found, list[i].value);
    }
    return same;
}

static bool rest_is_equal(const struct machine_state *machine, const struct written *list,
                          size_t count, int32_t start, const struct home_judge *judge)
{
    for (size_t i = 0; i < count; i++) {
        term found = slot_value(machine, start + (int32_t)list[i].offset);
        if (!term_same(found, list[i].value) &&
            !judge->are_equal(judge->self, found, list[i].value))
            return false;
    }
    return true;
}

enum { STARTS_MAX = 4 };

bool homes_learn_from_values(struct arena *arena, struct terms *terms,
                             const struct check_input *input, struct home_list *homes,
                             uint32_t variable, term value, const struct machine_state *machine,
                             const struct home_judge *judge)
{
    struct written list[WRITTEN_MAX];
    size_t count = written_words(terms, value, list);
    size_t best = count;
    if (count == 0)
        return false;
    for (unsigned tried = 0; best > 0 && tried < STARTS_MAX; best--)
        for (size_t i = 0; i < machine->slots.count && tried < STARTS_MAX; i++) {
            int32_t start = machine->slots.at[i].offset - (int32_t)list[0].offset;
            if (same_words(machine, list, count, start) != best ||
                !is_possible(input, homes, (struct home){variable, start}))
                continue;
            tried++;
            if (rest_is_equal(machine, list, count, start, judge))
                return add(arena, input, homes, variable, start);
        }
    return false;
}
