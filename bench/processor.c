/* Runs a program of bench/programs on the fast machine and times the run alone.
 *
 *     bench_processor IMAGE system|user
 *
 * The program starts at its entry and ends where it would wait: its jump to itself is made a trap,
 * before which the machine stops. In user mode virtual and physical pages are in different orders,
 * so that nothing is where it seems; the page table lies behind the program's memory. */
#include "image/image.h"
#include "semantics/vamp/machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PAGES = 1024, TABLE_PAGES = 1, ENTRY_VALID = 1 << 11 };
#define JUMP_TO_ITSELF UINT32_C(0x0BFFFFFC)
#define TRAP UINT32_C(0xF8000000)

static uint32_t physical_page(uint32_t page, bool is_user)
{
    return is_user ? (page * 5 + 3) % PAGES : page;
}

static bool put_word(struct vamp_machine *machine, uint32_t address, uint32_t word, bool is_user)
{
    uint32_t page = address / VAMP_PAGE_BYTES;
    if (page >= PAGES)
        return false;
    uint32_t place = physical_page(page, is_user) * VAMP_PAGE_BYTES + address % VAMP_PAGE_BYTES;
    return vamp_machine_write(machine, place, word == JUMP_TO_ITSELF ? TRAP : word);
}

static bool load(struct vamp_machine *machine, const struct image *image, bool is_user)
{
    for (size_t i = 0; i < image->segment_count; i++) {
        uint32_t address = image->segments[i].address, word;
        for (; image_word(image, address, &word); address += 4) {
            if (!put_word(machine, address, word, is_user))
                return false;
        }
    }
    return true;
}

static void start(struct vamp_machine *machine, uint32_t entry, bool is_user)
{
    struct vamp_state *state = vamp_machine_state(machine);
    state->dpc = entry;
    state->pcp = entry + 4;
    state->spr[VAMP_SPR_MODE] = is_user;
    state->spr[VAMP_SPR_PTO] = PAGES;
    state->spr[VAMP_SPR_PTL] = PAGES - 1;
    for (uint32_t page = 0; page < PAGES; page++)
        vamp_machine_write(machine, PAGES * VAMP_PAGE_BYTES + 4 * page,
                           physical_page(page, is_user) * VAMP_PAGE_BYTES | ENTRY_VALID);
    vamp_machine_stop_at_interrupts(machine, true);
}

static double seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct fault fault = {0};
    struct arena *arena = arena_new();
    if (argc != 3 || (strcmp(argv[2], "system") != 0 && strcmp(argv[2], "user") != 0)) {
        fputs("usage: bench_processor IMAGE system|user\n", stderr);
        return 2;
    }
    bool is_user = strcmp(argv[2], "user") == 0;
    const struct image *image = image_load(arena, argv[1], IMAGE_MACHINE_VAMP, &fault);
    struct vamp_machine *machine = vamp_machine_new(arena, (PAGES + TABLE_PAGES) * VAMP_PAGE_BYTES);
    if (image == NULL || !load(machine, image, is_user)) {
        fprintf(stderr, "bench_processor: cannot load %s\n", argv[1]);
        return 2;
    }
    start(machine, image->entry, is_user);
    double begin = seconds();
    struct vamp_run run = vamp_machine_run(machine, UINT64_MAX);
    double end = seconds();
    bool is_done = run.diagnosis.interrupts == UINT32_C(1) << VAMP_INTERRUPT_TRAP;
    printf("{\"result\": %" PRId32 ", \"steps\": %" PRIu64 ", \"seconds\": %.6f}\n",
           (int32_t)vamp_machine_state(machine)->gpr[1], run.steps, end - begin);
    arena_free(arena);
    return is_done ? 0 : 1;
}
