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

void homes_reject(struct arena *arena, struct home_list *homes, size_t number)
{
    ARRAY_PUSH(arena, &homes->rejected, homes->at.at[number]);
    homes->at.at[number] = homes->at.at[homes->at.count - 1];
    homes->at.count--;
}

/* A home that the checker would not refuse outright, and that did not disappoint before. */
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
    for (size_t i = 0; i < homes->rejected.count; i++)
        if (homes->rejected.at[i].variable == home.variable &&
            homes->rejected.at[i].offset == home.offset)
            return false;
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

/* The word at a constant offset of a memory, looked for through stores and joins. */
static term word_at(struct terms *terms, term memory, uint32_t offset)
{
    uint64_t at;
    while (term_kind(terms, memory) == TERM_STORE &&
           term_is_constant(terms, term_argument(terms, memory, 1), &at)) {
        if ((uint32_t)at == offset)
            return term_argument(terms, memory, 2);
        memory = term_argument(terms, memory, 0);
    }
    if (term_kind(terms, memory) == TERM_ITE)
        return term_ite(terms, term_argument(terms, memory, 0),
                        word_at(terms, term_argument(terms, memory, 1), offset),
                        word_at(terms, term_argument(terms, memory, 2), offset));
    return term_select(terms, memory, term_word(terms, offset, 32));
}

static bool is_listed(const struct written *list, size_t count, uint32_t offset)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].offset == offset)
            return true;
    return false;
}

/* The constant offsets written on the way to `memory`, one way at each join: enough to guess by. */
static size_t written_offsets(struct terms *terms, term memory, struct written *list, size_t count)
{
    for (;;) {
        uint64_t offset;
        if (term_kind(terms, memory) == TERM_STORE) {
            if (term_is_constant(terms, term_argument(terms, memory, 1), &offset) &&
                count < WRITTEN_MAX && !is_listed(list, count, (uint32_t)offset))
                list[count++] = (struct written){(uint32_t)offset, {0}};
            memory = term_argument(terms, memory, 0);
        } else if (term_kind(terms, memory) == TERM_ITE) {
            memory = term_argument(terms, memory, 1);
        } else {
            return count;
        }
    }
}

static size_t written_words(struct terms *terms, term value, struct written *list)
{
    size_t count = written_offsets(terms, value, list, 0);
    for (size_t i = 0; i < count; i++)
        list[i].value = word_at(terms, value, list[i].offset);
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

enum { STARTS_MAX = 16 };

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
