/* The two ways against one another, on random lives of a machine. */
#include "base/random.h"
#include "relation_world.h"

#include <criterion/criterion.h>

enum {
    WORLDS = 60,
    DEEDS = 40,
    FLIPS = 60,
    DEFECTIVE_WORLDS = 400,
    CODE_BYTES = 0x800, /* of each page, left zero: no-ops */
};

static uint32_t any_process(struct random *random)
{
    return 1 + random_below(random, WORLD_PROCESSES - 1);
}

static void change_pages(struct world *world, struct random *random)
{
    uint32_t p = any_process(random), pages = cvm_pages(world->cvm, p);
    uint32_t n = random_below(random, 6);
    bool grows = random_below(random, 2) == 0;
    uint32_t most = grows ? WORLD_PAGES - pages : pages;
    world_call(world, grows ? CVM_PRIMITIVE_ALLOC : CVM_PRIMITIVE_FREE, p, n < most ? n : most, 0);
}

static void write_memory(struct world *world, struct random *random)
{
    uint32_t p = any_process(random), pages = cvm_pages(world->cvm, p);
    if (pages == 0)
        return;
    uint32_t v = random_below(random, pages);
    uint32_t offset = CODE_BYTES + 4 * random_below(random, (VAMP_PAGE_BYTES - CODE_BYTES) / 4);
    world_call(world, CVM_PRIMITIVE_SET_WORD, p, v * VAMP_PAGE_BYTES + offset,
               random_below(random, 3));
}

static void move_page(struct world *world, struct random *random)
{
    uint32_t p = any_process(random), pages = cvm_pages(world->cvm, p),
             how = random_below(random, 12);
    if (pages == 0)
        return;
    uint32_t v = random_below(random, pages);
    if (how == 0 && !cvm_is_page_lost(world->cvm, p, v))
        world_lose(world, p, v);
    else if (how < 7)
        world_evict(world, p, v);
    else
        world_bring(world, p, v);
}

static void use_processor(struct world *world, struct random *random)
{
    static const enum cosim_point points[] = {COSIM_AT_EXIT, COSIM_IN_PROCESS, COSIM_AT_ENTRY,
                                              COSIM_IN_KERNEL};
    uint32_t p = cvm_current(world->cvm);
    bool can_run = p != CVM_IDLE && cvm_pages(world->cvm, p) != 0 &&
                   !cvm_has_lost_page(world->cvm, p) && world->point != COSIM_IN_KERNEL;
    uint32_t how = random_below(random, 3);
    if (how == 0)
        world_dispatch(world, random_below(random, WORLD_PROCESSES));
    else if (how == 1 && can_run)
        world_run(world, 1 + random_below(random, 5));
    else if (world->point != COSIM_IN_KERNEL)
        world_move_to(world, points[random_below(random, 4)]);
}

static void change_globals(struct world *world, struct random *random)
{
    char path[64];
    uint32_t how = random_below(random, 4);
    snprintf(path, sizeof path, "kernel.process[%u].state", random_below(random, 20));
    if (how == 0)
        world_push(world, random_below(random, 100));
    else if (how == 1)
        world_pop(world);
    else
        world_set(world, path, random_below(random, 3));
}

/* Something happens to both sides, or to the places of pages. */
static void do_deed(struct world *world, struct random *random)
{
    uint32_t p = any_process(random), q = any_process(random);
    switch (random_below(random, 16)) {
    case 0:
    case 1:
        change_pages(world, random);
        break;
    case 2:
        if (random_below(random, 4) == 0)
            world_call(world, CVM_PRIMITIVE_RESET, p, 0, 0);
        else if (p != q)
            world_call(world, CVM_PRIMITIVE_CLONE, p, q, 0);
        break;
    case 3:
        world_call(world, CVM_PRIMITIVE_SET_GPR, p, random_below(random, 32),
                   random_below(random, 3));
        break;
    case 4:
        world_call(world, CVM_PRIMITIVE_SET_MASK, random_below(random, 2) * 0x35, 0, 0);
        break;
    case 5:
        world_set_period(world, 1000 + random_below(random, 2));
        world_tick(world);
        break;
    case 6:
    case 7:
        change_globals(world, random);
        break;
    case 8:
    case 9:
    case 10:
        move_page(world, random);
        break;
    case 11:
    case 12:
        use_processor(world, random);
        break;
    default:
        write_memory(world, random);
        break;
    }
}

Test(relation_random, both_ways_agree_with_whatever_happens)
{
    for (uint64_t first = 1; first <= WORLDS; first++) {
        struct random random = {first};
        struct world *world = world_new();
        for (unsigned i = 0; i < DEEDS; i++) {
            do_deed(world, &random);
            if (random_below(&random, 3) == 0)
                cr_assert(world_check(world), "seed %u, deed %u: check: %s", (unsigned)first, i,
                          world->divergence.text);
            cr_assert(world_sweep(world), "seed %u, deed %u: sweep: %s", (unsigned)first, i,
                      world->divergence.text);
        }
        cr_assert(world_check(world), "seed %u: %s", (unsigned)first, world->divergence.text);
        world_free(world);
    }
}

/* --- A word that changes by itself --- */

struct flip {
    bool is_on_disk;
    uint32_t at, before, after; /* an address, or a word of the disk */
};

static void put_word(struct world *world, const struct flip *flip, uint32_t word)
{
    if (flip->is_on_disk)
        world_write_swap(world, flip->at / 128, flip->at % 128 * 4, word);
    else
        world_write(world, flip->at, word);
}

static struct flip draw_flip(struct world *world, struct random *random)
{
    struct flip flip = {.is_on_disk = random_below(random, 4) == 0};
    if (flip.is_on_disk) {
        unsigned char bytes[DEVICE_SECTOR_BYTES], *at;
        flip.at = random_below(random, WORLD_PROCESSES * WORLD_PAGES * VAMP_PAGE_BYTES / 4);
        cr_assert(world->swap.read(world->swap.self, flip.at / 128, bytes));
        at = bytes + flip.at % 128 * 4;
        flip.before = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    } else {
        uint32_t page = random_below(random, 10);
        /* Often the tables, the control blocks and globals; else anything. */
        uint32_t begin =
            page < 2   ? 0x1000
            : page < 5 ? WORLD_TABLES + random_below(random, WORLD_PROCESSES) * VAMP_PAGE_BYTES
                       : 0;
        uint32_t bytes = page < 2 ? 0x1400 : page < 5 ? 4 * WORLD_PAGES : WORLD_MEMORY_BYTES;
        flip.at = begin + 4 * random_below(random, bytes / 4);
        flip.before = world_word(world, flip.at);
    }
    flip.after = random_below(random, 3) == 0
                     ? random_below(random, 4) * 0x400 + random_below(random, 3)
                     : flip.before ^ 1u << random_below(random, 32);
    return flip;
}

Test(relation_random, what_a_sweep_sees_the_check_sees)
{
    unsigned seen = 0, unseen = 0;
    for (uint64_t first = 1; first <= WORLDS; first++) {
        struct random random = {first * 77};
        struct world *world = world_new_busy();
        for (unsigned i = 0; i < DEEDS / 4; i++)
            do_deed(world, &random);
        for (unsigned i = 0; i < FLIPS; i++) {
            world_agrees(world);
            struct flip flip = draw_flip(world, &random);
            put_word(world, &flip, flip.after);
            bool sweep = world_sweep(world), check = world_check(world);
            cr_assert_eq(check, sweep, "seed %u, flip %u at 0x%08x%s from 0x%08x to 0x%08x: %s",
                         (unsigned)first, i, flip.at, flip.is_on_disk ? " of the disk" : "",
                         flip.before, flip.after, world->divergence.text);
            put_word(world, &flip, flip.before);
            seen += !sweep;
            unseen += sweep;
        }
        world_free(world);
    }
    cr_expect_gt(seen, WORLDS * FLIPS / 10, "%u", seen);
    cr_expect_gt(unseen, WORLDS * FLIPS / 10, "%u", unseen);
}

/* --- A layer that once does not write --- */

Test(relation_random, a_defect_is_seen_by_both_ways_at_the_same_time)
{
    unsigned found = 0;
    for (uint64_t first = 1; first <= DEFECTIVE_WORLDS; first++) {
        struct random random = {first * 991};
        struct world *world = world_new();
        bool holds = true;
        for (unsigned i = 0; i < DEEDS && holds; i++) {
            if (i == DEEDS / 4)
                world->writes_to_defect =
                    1 + random_below(&random, 1u << random_below(&random, 13));
            do_deed(world, &random);
            if (random_below(&random, 4) == 0)
                continue;
            holds = world_sweep(world);
            char text[COSIM_TEXT_BYTES];
            snprintf(text, sizeof text, "%s", world->divergence.text);
            bool check = world_check(world);
            cr_assert_eq(check, holds, "seed %u, deed %u: sweep: %s; check: %s", (unsigned)first, i,
                         text, world->divergence.text);
        }
        found += !holds;
        world_free(world);
    }
    cr_expect_gt(found, DEFECTIVE_WORLDS / 5, "%u", found);
}
