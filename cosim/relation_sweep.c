/* Everything from scratch: all globals and what they lead to, all processes, all their pages, all
 * devices. Nothing that the incremental check has found is used. */
#include "cosim/relation_state.h"

#include <string.h>

static bool sweep_global(struct relation *relation, const struct cosim_global *global)
{
    uint32_t first = c0_machine_global_cell(relation->c0, global->abstract);
    for (uint32_t i = 0; i < global->abstract->type->size_cells; i++) {
        if (!judge_cell(relation, &relation->sweep_objects, first + i,
                        global->address + i * WORD_BYTES, relation->cell_is_pointer[first + i]))
            return false;
    }
    return true;
}

bool sweep_kernel(struct relation *relation)
{
    const struct cosim_kernel *kernel = relation->kernel;
    objects_clear(relation, &relation->sweep_objects);
    for (size_t i = 0; i < kernel->global_count; i++) {
        if (!sweep_global(relation, &kernel->globals[i]))
            return false;
    }
    return judge_met_objects(relation, &relation->sweep_objects);
}

static bool sweep_devices(struct relation *relation)
{
    for (unsigned d = 0; d < BUS_DEVICES; d++) {
        if (d != CVM_HIDDEN_DEVICE && !judge_device(relation, d))
            return false;
    }
    return true;
}

static bool sweep_counts(struct relation *relation)
{
    for (uint32_t p = 0; p < relation->process_count; p++) {
        if (!judge_page_count(relation, p))
            return false;
    }
    return true;
}

/* From here on the counts are known to be equal; process number 0 has no pages. */
static uint32_t pages_of(const struct relation *relation, uint32_t p)
{
    return p == CVM_IDLE ? 0 : cvm_pages(relation->cvm, p);
}

static bool sweep_tables(struct relation *relation)
{
    for (uint32_t p = 0; p < relation->process_count; p++) {
        uint32_t pages = pages_of(relation, p);
        if (pages == 0 && !judge_empty_table(relation, p))
            return false;
        for (uint32_t v = 0; v < pages; v++) {
            if (!judge_entry(relation, p, v, entry_of(relation, p, v)))
                return false;
        }
    }
    return true;
}

static bool sweep_frames(struct relation *relation)
{
    memset(relation->sweep_owners, 0,
           relation->kernel->parameters.frame_count * sizeof *relation->sweep_owners);
    for (uint32_t p = 1; p < relation->process_count; p++) {
        for (uint32_t v = 0; v < pages_of(relation, p); v++) {
            if (!judge_frame(relation, relation->sweep_owners, p, v, entry_of(relation, p, v)))
                return false;
        }
    }
    return judge_zero_page(relation);
}

static bool sweep_registers(struct relation *relation, enum cosim_point point)
{
    for (uint32_t p = 1; p < relation->process_count; p++) {
        if (!judge_registers(relation, p, point))
            return false;
    }
    return true;
}

static bool sweep_memory(struct relation *relation)
{
    for (uint32_t p = 1; p < relation->process_count; p++) {
        for (uint32_t v = 0; v < pages_of(relation, p); v++) {
            if (!judge_page(relation, p, v, ALL_LINES))
                return false;
        }
    }
    return true;
}

bool relation_sweep(struct relation *relation, enum cosim_point point,
                    struct cosim_divergence *divergence)
{
    relation->divergence = divergence;
    return judge_current(relation) && judge_control(relation, point) &&
           judge_mask(relation, point) && sweep_kernel(relation) && sweep_devices(relation) &&
           sweep_counts(relation) && judge_table_registers(relation, point) &&
           sweep_tables(relation) && sweep_frames(relation) && sweep_registers(relation, point) &&
           sweep_memory(relation);
}
