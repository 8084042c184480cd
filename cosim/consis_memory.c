/* Memory beside C0's objects, as asm blocks see it, and both sides' memories compared by what has
 * changed. The stack is left out: frames are the code's own. */
#include "base/require.h"
#include "cosim/consis_pair.h"

#include <string.h>

uint32_t pair_memory_word(const struct consis_pair *pair, uint32_t address)
{
    uint32_t word = 0;
    return vamp_machine_read(pair->processor, address, &word) ? word : 0;
}

/* --- The memory of blocks --- */

static bool read_other(void *self, uint32_t address, uint32_t *word)
{
    const struct consis_pair *pair = self;
    if (address >= pair->memory_bytes)
        return false;
    *word = pair->other[address / 4];
    return true;
}

static bool write_other(void *self, uint32_t address, uint32_t word)
{
    struct consis_pair *pair = self;
    uint32_t line = address / VAMP_LINE_BYTES;
    if (address >= pair->memory_bytes)
        return false;
    pair->other[address / 4] = word;
    if (pair->is_written[line] == 0)
        ARRAY_PUSH(pair->arena, &pair->written, line);
    pair->is_written[line] = 1;
    return true;
}

/* --- Devices: what they have answered the processor, they answer C0 --- */

static bool take_access(struct consis_pair *pair, bool is_write, uint32_t address, uint32_t *word)
{
    static const char *const verbs[] = {"reads", "writes"};
    if (pair->answered == pair->accesses.count)
        return pair_differ(pair, "C0 %s the device at 0x%08lx, and the code does not",
                           verbs[is_write], (unsigned long)address);
    const struct consis_access *access = &pair->accesses.at[pair->answered];
    if (access->is_write != is_write || access->address != address)
        return pair_differ(pair,
                           "C0 %s the device at 0x%08lx, where the code %s the one at 0x%08lx",
                           verbs[is_write], (unsigned long)address, verbs[access->is_write],
                           (unsigned long)access->address);
    if (is_write && !pair_expect(pair, "the word written to the device", *word, access->word))
        return false;
    *word = access->word;
    pair->answered++;
    return true;
}

static bool read_device(void *self, uint32_t address, uint32_t *word)
{
    return take_access(self, false, address, word);
}

static bool write_device(void *self, uint32_t address, uint32_t word)
{
    return take_access(self, true, address, &word);
}

static uint32_t place_of_cell(void *self, uint32_t cell)
{
    return placing_address(self, cell);
}

static bool cell_at(void *self, uint32_t address, uint32_t *cell)
{
    return placing_cell(self, address, cell);
}

static bool is_heap(void *self, uint32_t address)
{
    return placing_is_heap(self, address);
}

void pair_memory_prepare(struct consis_pair *pair)
{
    const struct subject *subject = pair->subject;
    struct c0a_world *world = c0a_world_new(pair->arena);
    pair->memory_bytes = vamp_machine_memory_bytes(pair->processor);
    pair->other = ARENA_ARRAY(pair->arena, uint32_t, pair->memory_bytes / 4);
    pair->is_written = ARENA_ARRAY(pair->arena, uint8_t, pair->memory_bytes / VAMP_LINE_BYTES + 1);
    pair->placement = (struct c0a_placement){pair, place_of_cell, cell_at, is_heap};
    world->placement = &pair->placement;
    world->stack_address = subject->stack.start;
    world->stack_bytes = subject->stack.end - subject->stack.start;
    world->code_address = subject->code.start;
    world->code_bytes = subject->code.end - subject->code.start;
    world->other = (struct vamp_memory){pair, pair->memory_bytes, read_other, write_other};
    world->bus = (struct vamp_bus){.self = pair, .read = read_device, .write = write_device};
    pair->world = world;
    c0_machine_attach(pair->source, c0a_world_of(world));
}

/* --- Comparing --- */

struct comparison {
    struct consis_pair *pair;
    uint32_t cursor; /* as the heap's first word should be */
};

static bool differ_at(struct consis_pair *pair, uint32_t address, uint32_t source, uint32_t machine)
{
    char name[sizeof pair->difference.place];
    placing_name(pair, address, name, sizeof name);
    pair_differ_in(pair, name, source, machine, "memory differs at %s", name);
    pair->difference.has_address = true;
    pair->difference.address = address;
    return false;
}

static bool is_stack(const struct consis_pair *pair, uint32_t address)
{
    return address >= pair->subject->stack.start && address < pair->subject->stack.end;
}

/* A cell without a value agrees with any word. */
static bool word_agrees(const struct comparison *comparison, uint32_t address)
{
    struct consis_pair *pair = comparison->pair;
    uint32_t cell, machine = pair_memory_word(pair, address), source = pair->other[address / 4];
    if (placing_cell(pair, address, &cell)) {
        if (!c0_machine_is_initialised(pair->source, cell))
            return true;
        source = placing_cell_word(pair, cell);
    } else if (address == pair->subject->heap.start) {
        source = comparison->cursor;
    }
    pair->counts.values++;
    return source == machine || differ_at(pair, address, source, machine);
}

static void compare_line(void *self, uint32_t address)
{
    const struct comparison *comparison = self;
    const struct consis_pair *pair = comparison->pair;
    uint32_t left = pair->memory_bytes - address;
    uint32_t end = address + (left < VAMP_LINE_BYTES ? left : VAMP_LINE_BYTES);
    for (; address < end && !pair->difference.is_set; address += 4)
        if (!is_stack(pair, address) && !word_agrees(comparison, address))
            return;
}

static void compare_cells(void *self, uint32_t first_cell, uint32_t cells)
{
    const struct comparison *comparison = self;
    const struct consis_pair *pair = comparison->pair;
    for (uint32_t i = 0; i < cells && !pair->difference.is_set; i++)
        if (!word_agrees(comparison, placing_address(pair, first_cell + i)))
            return;
}

static void compare_written(struct comparison *comparison)
{
    struct consis_pair *pair = comparison->pair;
    for (size_t i = 0; i < pair->written.count; i++) {
        pair->is_written[pair->written.at[i]] = 0;
        compare_line(comparison, pair->written.at[i] * VAMP_LINE_BYTES);
    }
    pair->written.count = 0;
}

bool pair_memory_agrees(struct consis_pair *pair, uint32_t allocated)
{
    struct comparison comparison = {pair, placing_cursor(pair, allocated)};
    vamp_machine_each_changed_line_for(pair->processor, pair->change_reader, compare_line,
                                       &comparison);
    c0_machine_each_change(pair->source, compare_cells, &comparison);
    compare_written(&comparison);
    return !pair->difference.is_set;
}

bool pair_memory_agrees_everywhere(struct consis_pair *pair)
{
    struct comparison comparison = {pair, placing_cursor(pair, placing_allocated(pair))};
    for (uint32_t address = 0; address < pair->memory_bytes; address += VAMP_LINE_BYTES)
        compare_line(&comparison, address);
    return !pair->difference.is_set;
}

/* --- Making them alike --- */

void pair_memory_copy(struct consis_pair *pair, uint32_t first, uint32_t end)
{
    require(end <= pair->memory_bytes, "a part of memory");
    for (uint32_t address = first & ~UINT32_C(3); address < end; address += 4)
        pair->other[address / 4] = pair_memory_word(pair, address);
}

struct following {
    struct comparison comparison;
    uint32_t first_cell, end_cell; /* that C0 takes over */
};

static bool follow_word(const struct following *following, uint32_t address)
{
    struct consis_pair *pair = following->comparison.pair;
    uint32_t cell, word, machine = pair_memory_word(pair, address);
    if (!placing_cell(pair, address, &cell)) {
        pair->other[address / 4] = machine;
        return address != pair->subject->heap.start || word_agrees(&following->comparison, address);
    }
    if (cell < following->first_cell || cell >= following->end_cell)
        return word_agrees(&following->comparison, address);
    if (c0_machine_is_initialised(pair->source, cell) && placing_cell_word(pair, cell) == machine)
        return true;
    if (!placing_take(pair, cell, machine, &word)) {
        differ_at(pair, address, placing_cell_word(pair, cell), machine);
        return false;
    }
    c0_machine_write(pair->source, cell, word);
    return true;
}

static void follow_line(void *self, uint32_t address)
{
    const struct following *following = self;
    const struct consis_pair *pair = following->comparison.pair;
    uint32_t left = pair->memory_bytes - address;
    uint32_t end = address + (left < VAMP_LINE_BYTES ? left : VAMP_LINE_BYTES);
    for (; address < end && !pair->difference.is_set; address += 4)
        if (!is_stack(pair, address) && !follow_word(following, address))
            return;
}

static void follow_cells(void *self, uint32_t first_cell, uint32_t cells)
{
    const struct following *following = self;
    for (uint32_t i = 0; i < cells; i++)
        follow_word(following, placing_address(following->comparison.pair, first_cell + i));
}

bool pair_memory_follow(struct consis_pair *pair, const struct c0_variable *handed, bool takes_all)
{
    struct following following = {{pair, placing_cursor(pair, placing_allocated(pair))}, 0, 0};
    if (handed != NULL) {
        following.first_cell = c0_machine_global_cell(pair->source, handed);
        following.end_cell = following.first_cell + handed->type->size_cells;
    }
    if (takes_all) {
        following.first_cell = 0;
        following.end_cell = UINT32_MAX;
    }
    vamp_machine_each_changed_line_for(pair->processor, pair->change_reader, follow_line,
                                       &following);
    c0_machine_each_change(pair->source, follow_cells, &following);
    for (size_t i = 0; i < pair->written.count; i++) {
        pair->is_written[pair->written.at[i]] = 0;
        follow_line(&following, pair->written.at[i] * VAMP_LINE_BYTES);
    }
    pair->written.count = 0;
    return !pair->difference.is_set;
}

static void give_cell(struct consis_pair *pair, uint32_t cell)
{
    vamp_machine_write(pair->processor, placing_address(pair, cell), placing_cell_word(pair, cell));
}

void pair_memory_give(struct consis_pair *pair)
{
    uint32_t end = c0_machine_heap_end(pair->source);
    for (uint32_t cell = 1; cell < end; cell++)
        if (c0_machine_is_initialised(pair->source, cell))
            give_cell(pair, cell);
    vamp_machine_write(pair->processor, pair->subject->heap.start,
                       placing_cursor(pair, placing_allocated(pair)));
}
