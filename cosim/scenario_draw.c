/* Scenarios at random (docs/COSIM.md, "Random scenarios"). */
#include "cosim/programs.h"
#include "cosim/scenario_disk.h"

enum {
    PROCESSES_MAX = 6, /* that there are at first */
    DEEDS_MAX = 14,
};

/* --- Programs --- */

static struct program_world draw_world(struct arena *arena, const struct cosim_kernel *kernel,
                                       struct random *random)
{
    uint32_t limit = kernel->parameters.process_count - 1;
    uint32_t count = random_between(random, 2, PROCESSES_MAX);
    count = count > limit ? limit : count;
    struct program_world world = {.processes = count,
                                  .process_count = kernel->parameters.process_count,
                                  .frame_count = kernel->parameters.frame_count,
                                  .virtual_pages = kernel->parameters.virtual_pages,
                                  .image_count = count};
    uint32_t *sectors = ARENA_ARRAY(arena, uint32_t, count);
    uint32_t *pages = ARENA_ARRAY(arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        sectors[i] = SCENARIO_FIRST_SECTOR + i * SECTORS_OF_PAGE;
        pages[i] = 1;
    }
    world.sectors = sectors;
    world.pages = pages;
    return world;
}

static struct scenario_program draw_program(struct arena *arena, struct random *random,
                                            struct program_world *world, uint32_t number)
{
    struct program_code code = {.words = ARENA_ARRAY(arena, uint32_t, PROGRAM_CODE_WORDS),
                                .limit = PROGRAM_CODE_WORDS};
    uint32_t deeds = random_between(random, 1, DEEDS_MAX);
    world->device = random_between(random, 2, 4);
    if (number == 0)
        program_draw_first(&code, random, world, deeds);
    else
        program_draw(&code, random, world, deeds);
    return (struct scenario_program){.name = arena_printf(arena, "drawn%u", number),
                                     .words = code.words,
                                     .word_count = code.count,
                                     .sector = world->sectors[number],
                                     .pages = world->pages[number],
                                     .memory_pages = world->pages[number],
                                     .priority = 1};
}

static void draw_programs(struct arena *arena, struct random *random, struct scenario *scenario)
{
    struct program_world world = draw_world(arena, scenario->kernel, random);
    struct scenario_program *programs =
        ARENA_ARRAY(arena, struct scenario_program, world.processes);
    for (uint32_t i = 0; i < world.processes; i++)
        programs[i] = draw_program(arena, random, &world, i);
    scenario->programs = programs;
    scenario->program_count = world.processes;
}

/* --- The world around --- */

/* Mostly a fast disk, as in so few steps a slow one would leave time for nothing else; now and then
 * one that the kernel loses patience with. */
static void draw_oracle(struct random *random, struct scenario *scenario)
{
    struct oracle_seed *oracle = &scenario->oracle;
    oracle->seed = random_word(random);
    oracle->tick_steps = random_between(random, 1000, 20000);
    oracle->done_steps = random_between(random, 1, 60);
    if (random_chance(random, 10))
        oracle->done_steps = random_between(random, 200, random_chance(random, 30) ? 12000 : 900);
    oracle->poll_steps = random_between(random, 200, 2000);
    oracle->is_jittered = random_chance(random, 90);
    oracle->has_reset = random_chance(random, 8);
    if (oracle->has_reset)
        oracle->reset_step = random_below(random, (uint32_t)(scenario->max_steps * 3 / 4)) + 1;
    scenario->inputs = (struct scenario_inputs){
        random_below(random, 600), random_below(random, 200), random_below(random, 400)};
}

/* A stretch of sectors that fail to be read, or written, or both. */
static const struct store_defect *draw_defect(struct arena *arena, struct random *random,
                                              uint32_t first, uint32_t end)
{
    struct store_defect *defect = ARENA_NEW(arena, struct store_defect);
    uint32_t kind = random_below(random, 3);
    defect->first = random_between(random, first, end - 1);
    defect->count = random_between(random, 1, random_chance(random, 50) ? SECTORS_OF_PAGE : end);
    defect->fails_read = kind != 0;
    defect->fails_write = kind != 1;
    return defect;
}

static void draw_defects(struct arena *arena, struct random *random, struct scenario *scenario)
{
    const struct cosim_parameters *parameters = &scenario->kernel->parameters;
    uint32_t of_process = parameters->virtual_pages * SECTORS_OF_PAGE;
    if (random_chance(random, 15)) {
        scenario->swap_defects =
            draw_defect(arena, random, of_process, (PROCESSES_MAX + 1) * of_process);
        scenario->swap_defect_count = 1;
    }
    if (random_chance(random, 6)) {
        uint32_t end = SCENARIO_FIRST_SECTOR + (uint32_t)scenario->program_count * SECTORS_OF_PAGE;
        scenario->system_defects = draw_defect(arena, random, SCENARIO_FIRST_SECTOR + 1, end);
        scenario->system_defect_count = 1;
    }
}

static void draw_checks(struct random *random, struct scenario *scenario)
{
    scenario->checks = (struct cosim_checks){
        .at_primitives = random_chance(random, 50),
        .user_steps = random_chance(random, 30) ? random_between(random, 50, 5000) : 0,
        .sweep_checks = random_between(random, 16, 256),
        .is_plain = random_chance(random, 3),
    };
}

struct scenario *scenario_draw(struct arena *arena, const struct cosim_kernel *kernel,
                               uint64_t seed, uint64_t max_steps)
{
    struct scenario *scenario = ARENA_NEW(arena, struct scenario);
    struct random random = {seed * UINT64_C(0xD1342543DE82EF95)};
    *scenario = (struct scenario){
        .name = arena_printf(arena, "seed %llu", (unsigned long long)seed),
        .kernel = kernel,
        .max_steps = max_steps,
    };
    draw_programs(arena, &random, scenario);
    draw_oracle(&random, scenario);
    draw_defects(arena, &random, scenario);
    draw_checks(&random, scenario);
    scenario_make_disk(arena, scenario);
    return scenario;
}
