/* The case that a seed stands for. */
#include "tests/hostile/hostile.h"

static void draw_outside(struct hostile *hostile, struct arena *arena, struct random *random)
{
    hostile->is_rude = random_chance(random, 15);
    hostile->is_scripted = random_chance(random, 30);
    hostile->busy_outside = random_chance(random, 80) ? random_below(random, 100) : 0;
    hostile->oracle = (struct oracle_seed){
        .seed = ((uint64_t)random_word(random) << 32) | random_word(random),
        .tick_steps = random_between(random, 1, random_chance(random, 50) ? 30 : 400),
        .done_steps = random_between(random, 1, random_chance(random, 50) ? 20 : 200),
        .poll_steps = random_between(random, 1, random_chance(random, 50) ? 20 : 300),
        .is_jittered = random_chance(random, 70),
        .has_reset = random_chance(random, 15),
        .reset_step = random_below(random, 3000),
    };
    if (hostile->is_scripted)
        hostile_script(hostile, arena, random);
}

static void draw_disks(struct hostile *hostile, struct random *random)
{
    hostile->sectors = random_chance(random, 90) ? random_between(random, 1, 40)
                                                 : random_between(random, 1, 1 << 28);
    hostile->defect_count = random_chance(random, 30) ? random_below(random, DEFECTS_MAX + 1) : 0;
    for (size_t i = 0; i < hostile->defect_count; i++)
        hostile->defects[i] = (struct store_defect){.first = random_below(random, 12),
                                                    .count = random_between(random, 1, 6),
                                                    .fails_read = random_chance(random, 60),
                                                    .fails_write = random_chance(random, 60)};
}

void hostile_draw(struct hostile *hostile, struct arena *arena, uint64_t seed)
{
    struct random random = {seed * UINT64_C(0xD1342543DE82EF95)};
    uint32_t kind = random_below(&random, 100);
    *hostile = (struct hostile){
        .seed = seed,
        .kind = kind < 70   ? IMAGE_KERNEL
                : kind < 85 ? IMAGE_MUTATED
                : kind < 95 ? IMAGE_VALID
                            : IMAGE_NOISE,
        .max_steps = random_between(&random, 1, random_chance(&random, 90) ? 3000 : 12000),
        .checkpoint_steps = random_chance(&random, 50) ? random_between(&random, 1, 500) : 0,
        .present = random_chance(&random, 85) ? 0x3F : random_below(&random, 64),
    };
    hostile_fill(hostile, arena, &random);
    if (random_chance(&random, 30))
        hostile_pass_through_elf(hostile, arena, &random);
    draw_disks(hostile, &random);
    draw_outside(hostile, arena, &random);
    if (random_chance(&random, 15)) {
        hostile->breakpoint_count = random_between(&random, 1, BREAKPOINTS_MAX);
        for (size_t i = 0; i < hostile->breakpoint_count; i++)
            hostile->breakpoints[i] = 4 * random_below(&random, 0xC00);
    }
}
