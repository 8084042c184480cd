/* The incremental check: of each conjunct, what can have changed since it was last looked at. */
#include "cosim/relation.h"

#include "cosim/relation_state.h"

#include <string.h>

/* Nothing is known, so everything is to be looked at. */
static void begin(struct relation *relation)
{
    size_t pages = (size_t)relation->process_count * relation->virtual_pages;
    memset(relation->counts, 0, relation->process_count * sizeof *relation->counts);
    memset(relation->entries, 0xFF, pages * sizeof *relation->entries); /* ENTRY_NONE */
    memset(relation->owners, 0,
           relation->kernel->parameters.frame_count * sizeof *relation->owners);
    relation->moves.count = 0;
    relation->heap_cells.count = 0;
    objects_clear(relation, &relation->objects);
    changes_note_all(relation);
}

struct relation *relation_new(struct arena *arena, const struct relation_setup *setup)
{
    const struct cosim_kernel *kernel = setup->kernel;
    require(vamp_machine_memory_bytes(setup->processor) >= kernel->parameters.memory_bytes,
            "the machine has the kernel's memory");
    struct relation *relation = ARENA_NEW(arena, struct relation);
    *relation = (struct relation){.arena = arena,
                                  .setup = *setup,
                                  .kernel = kernel,
                                  .processor = setup->processor,
                                  .words = vamp_machine_words(setup->processor),
                                  .cvm = setup->abstract,
                                  .c0 = cvm_kernel(setup->abstract),
                                  .process_count = kernel->parameters.process_count,
                                  .virtual_pages = kernel->parameters.virtual_pages};
    size_t pages = (size_t)relation->process_count * relation->virtual_pages;
    uint32_t frames = kernel->parameters.frame_count;
    relation->counts = ARENA_ARRAY(arena, uint32_t, relation->process_count);
    relation->entries = ARENA_ARRAY(arena, uint32_t, pages);
    relation->owners = ARENA_ARRAY(arena, uint32_t, frames);
    relation->sweep_owners = ARENA_ARRAY(arena, uint32_t, frames);
    objects_init(relation);
    changes_init(relation);
    begin(relation);
    return relation;
}

void relation_note_swap_write(struct relation *relation, uint32_t sector)
{
    uint32_t page = sector / PAGE_SECTORS, line = sector % PAGE_SECTORS * SECTOR_LINES;
    if (page < relation->process_count * relation->virtual_pages)
        note_page_lines(relation, page, ((1u << SECTOR_LINES) - 1) << line);
}

void relation_note_device(struct relation *relation, unsigned device)
{
    if (device < BUS_DEVICES)
        relation->devices |= 1u << device;
}

/* --- The kernel --- */

static bool check_block(struct relation *relation, uint32_t block)
{
    uint64_t cells = relation->block_cells[block];
    relation->block_cells[block] = 0;
    for (uint32_t i = 0; cells >> i != 0; i++) {
        uint32_t cell = block * C0_CHANGE_CELLS + i;
        if ((cells >> i & 1) != 0 &&
            !judge_cell(relation, &relation->objects, cell, relation->cell_addresses[cell],
                        relation->cell_is_pointer[cell]))
            return false;
        if (i == C0_CHANGE_CELLS - 1)
            break;
    }
    return true;
}

static bool check_heap(struct relation *relation)
{
    for (size_t i = 0; i < relation->heap_cells.count; i++) {
        uint32_t cell = relation->heap_cells.at[i];
        uint32_t address = cell_address(relation, &relation->objects, cell);
        if (address == 0)
            continue;
        const struct c0_type *type = c0_machine_cell_type(relation->c0, cell);
        if (!judge_cell(relation, &relation->objects, cell, address, type->kind == C0_TYPE_POINTER))
            return false;
    }
    relation->heap_cells.count = 0;
    return judge_met_objects(relation, &relation->objects);
}

static bool check_changed_cells(struct relation *relation)
{
    size_t count = number_set_take(&relation->cell_blocks);
    for (size_t i = 0; i < count; i++) {
        if (!check_block(relation, relation->cell_blocks.list.at[i]))
            return false;
    }
    return check_heap(relation);
}

/* Objects that were met stay known when no global leads to them any more, and may then be whatever
 * they are: what contradicts them decides only if it contradicts what can be reached now. */
static bool check_kernel(struct relation *relation)
{
    if (check_changed_cells(relation))
        return true;
    if (relation->objects.addresses.count == 0 || !sweep_kernel(relation))
        return false;
    struct object_map known = relation->objects;
    relation->objects = relation->sweep_objects;
    relation->sweep_objects = known;
    relation->heap_cells.count = 0;
    return true;
}

/* --- Devices --- */

static bool check_devices(struct relation *relation)
{
    uint32_t moved = relation->devices;
    relation->devices = 0;
    for (unsigned d = 0; moved >> d != 0; d++) {
        if (d != CVM_HIDDEN_DEVICE && (moved >> d & 1) != 0 && !judge_device(relation, d))
            return false;
    }
    return true;
}

/* --- B(p) --- */

/* Who has run and is not in the processor any more has its registers in another place. */
static bool check_registers(struct relation *relation, enum cosim_point point)
{
    uint32_t running = registers_in_processor(relation, point);
    if (relation->in_processor != running)
        number_set_add(relation, &relation->processes, relation->in_processor);
    number_set_add(relation, &relation->processes, running);
    relation->in_processor = running;
    size_t count = number_set_take(&relation->processes);
    for (size_t i = 0; i < count; i++) {
        uint32_t p = relation->processes.list.at[i];
        if (p != CVM_IDLE && !judge_registers(relation, p, point))
            return false;
    }
    return true;
}

static bool check_memory(struct relation *relation)
{
    size_t count = number_set_take(&relation->pages);
    for (size_t i = 0; i < count; i++) {
        uint32_t id = relation->pages.list.at[i], lines = relation->page_lines[id];
        uint32_t p = id / relation->virtual_pages, v = id % relation->virtual_pages;
        relation->page_lines[id] = 0;
        if (v < relation->counts[p] && !judge_page(relation, p, v, lines))
            return false;
    }
    return true;
}

static bool check(struct relation *relation, enum cosim_point point)
{
    return judge_current(relation) && judge_control(relation, point) &&
           judge_mask(relation, point) && check_kernel(relation) && check_devices(relation) &&
           pages_check(relation) && judge_table_registers(relation, point) &&
           tables_check(relation) && frames_check(relation) && check_registers(relation, point) &&
           check_memory(relation);
}

/* A check that fails ends where it fails, and knows nothing of what would have come. */
bool relation_check(struct relation *relation, enum cosim_point point,
                    struct cosim_divergence *divergence)
{
    relation->divergence = divergence;
    changes_collect(relation);
    bool holds = check(relation, point);
    if (!holds)
        begin(relation);
    return holds;
}
