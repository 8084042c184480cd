#include "lockstep_rig.h"

#include <criterion/criterion.h>
#include <string.h>

enum { SEED = 3, STEPS = 300000 };

static void put_word(char *bytes, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (char)(word >> 8 * i);
}

const struct cosim_kernel *lockstep_rig_patch(struct scenario_rig *rig, uint32_t address,
                                              const uint32_t *words, size_t count)
{
    struct cosim_kernel *kernel = ARENA_NEW(rig->arena, struct cosim_kernel);
    struct image *image = ARENA_NEW(rig->arena, struct image);
    *kernel = *rig->kernel;
    *image = *rig->kernel->image;
    struct image_segment *segments =
        ARENA_ARRAY(rig->arena, struct image_segment, image->segment_count);
    size_t put = 0;
    for (size_t i = 0; i < image->segment_count; i++) {
        segments[i] = image->segments[i];
        struct text *content = &segments[i].content;
        char *bytes = arena_copy(rig->arena, content->at, content->length);
        content->at = bytes;
        for (size_t w = 0; w < count; w++) {
            size_t at = address - segments[i].address + 4 * w;
            if (address >= segments[i].address && at + 4 <= content->length) {
                put_word(bytes + at, words[w]);
                put++;
            }
        }
    }
    cr_assert_eq(put, count);
    image->segments = segments;
    kernel->image = image;
    return kernel;
}

uint32_t lockstep_rig_function(const struct scenario_rig *rig, const char *name)
{
    const struct image_symbol *function = image_symbol(rig->kernel->image, name, NULL);
    cr_assert(function, "the image has no %s", name);
    return function->address;
}

struct scenario *lockstep_rig_scenario(struct scenario_rig *rig, uint64_t seed, uint64_t steps)
{
    struct scenario *scenario = scenario_draw(rig->arena, rig->kernel, seed, steps);
    scenario->checks = (struct cosim_checks){.at_primitives = true, .sweep_checks = 50};
    return scenario;
}

struct cosim_result lockstep_rig_run(struct scenario_rig *rig, const struct scenario *scenario)
{
    struct cosim_observer nobody = {0};
    return scenario_run(rig->arena, scenario, nobody, &rig->fault);
}

void lockstep_rig_expect(struct scenario_rig *rig, const struct cosim_kernel *kernel,
                         enum cosim_conjunct conjunct, const char *words)
{
    struct scenario *scenario = lockstep_rig_scenario(rig, SEED, STEPS);
    cr_assert_eq(lockstep_rig_run(rig, scenario).status, COSIM_AGREED);
    scenario->kernel = kernel;
    struct cosim_result result = lockstep_rig_run(rig, scenario);
    cr_assert_eq(result.status, COSIM_DIVERGED, "%s", cosim_status_name(result.status));
    cr_expect_eq(result.divergence.conjunct, conjunct, "%s: %s",
                 cosim_conjunct_name(result.divergence.conjunct), result.divergence.text);
    cr_expect(strstr(result.divergence.text, words) != NULL, "%s", result.divergence.text);
    cr_expect_leq(result.divergence.last_agreement, result.divergence.step);
}
