/* A scenario's machines. */
#include "cosim/scenario_disk.h"
#include "cosim/scenario_oracle.h"

static struct device_store broken(struct arena *arena, struct device_store whole,
                                  const struct store_defect *defects, size_t count)
{
    return count == 0 ? whole : store_defective_new(arena, whole, defects, count);
}

/* A disk that was used before: what was not written to it yet is anything but zeros, in which a
 * kernel that reads a page it never wrote would not show. */
static bool noise_read(void *self, uint32_t sector, unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    (void)self;
    for (uint32_t i = 0; i < DEVICE_SECTOR_BYTES; i++)
        bytes[i] = (unsigned char)((sector * DEVICE_SECTOR_BYTES + i) * UINT32_C(2654435761) >> 24);
    return true;
}

static bool noise_write(void *self, uint32_t sector, const unsigned char bytes[DEVICE_SECTOR_BYTES])
{
    (void)self, (void)sector, (void)bytes;
    return false;
}

static bool noise_flush(void *self)
{
    (void)self;
    return true;
}

struct device_store scenario_swap(struct arena *arena, const struct scenario *scenario)
{
    const struct cosim_parameters *parameters = &scenario->kernel->parameters;
    uint32_t sectors = parameters->process_count * parameters->virtual_pages * SECTORS_OF_PAGE;
    struct device_store noise = {NULL, sectors, noise_read, noise_write, noise_flush};
    return broken(arena, store_overlay_new(arena, noise), scenario->swap_defects,
                  scenario->swap_defect_count);
}

struct cosim *scenario_start(struct arena *arena, const struct scenario *scenario,
                             struct cosim_observer observer, struct fault *fault)
{
    struct scenario_oracle oracle = scenario_oracle_new(arena, scenario);
    struct cosim_setup setup = {
        .kernel = scenario->kernel,
        .oracle = oracle.oracle,
        .oracle_is_spent = oracle.is_spent,
        .oracle_self = oracle.self,
        .system = broken(arena, scenario_store(arena, scenario->disk), scenario->system_defects,
                         scenario->system_defect_count),
        .swap = scenario_swap(arena, scenario),
        .checks = scenario->checks,
        .max_steps = scenario->max_steps,
        .observer = observer,
    };
    return cosim_new(arena, &setup, fault);
}

struct cosim_result scenario_run(struct arena *arena, const struct scenario *scenario,
                                 struct cosim_observer observer, struct fault *fault)
{
    struct cosim *cosim = scenario_start(arena, scenario, observer, fault);
    if (cosim == NULL)
        return (struct cosim_result){.status = COSIM_FAILED};
    return cosim_run(cosim, fault);
}

bool scenario_is_as_expected(const struct scenario *scenario, const struct cosim_result *result)
{
    return scenario->has_expectation && result->status == COSIM_DIVERGED &&
           result->divergence.conjunct == scenario->expected_conjunct &&
           result->divergence.step == scenario->expected_step;
}
