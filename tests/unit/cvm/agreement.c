/* The fast readings against the plain ones: two machines, one life. */
#include "draw.h"

#include <criterion/criterion.h>
#include <string.h>

enum { PAGE = VAMP_PAGE_BYTES };

static struct rig rig_plain(void)
{
    struct rig rig = rig_new();
    rig.setup.is_plain = true;
    return rig_of(&rig);
}

static void expect_same_process(const struct rig *fast, const struct rig *plain, uint32_t p)
{
    struct vamp_state a = cvm_registers(fast->cvm, p), b = cvm_registers(plain->cvm, p);
    cr_assert_eq(memcmp(&a, &b, sizeof a), 0, "registers of process %u", p);
    cr_assert_eq(cvm_pages(fast->cvm, p), cvm_pages(plain->cvm, p));
    for (uint32_t address = 0; address < cvm_pages(fast->cvm, p) * PAGE; address += 4)
        cr_assert_eq(rig_word(fast, p, address), rig_word(plain, p, address), "0x%x of process %u",
                     address, p);
}

static void expect_same(const struct rig *fast, const struct rig *plain)
{
    for (uint32_t p = 1; p < RIG_PROCESSES; p++)
        expect_same_process(fast, plain, p);
    cr_assert_eq(cvm_mask(fast->cvm), cvm_mask(plain->cvm));
    cr_assert_eq(cvm_lines(fast->cvm), cvm_lines(plain->cvm));
    cr_assert_eq(cvm_current(fast->cvm), cvm_current(plain->cvm));
}

/* The lives must have held something. */
static void expect_eventful(const struct rig *rig, uint64_t causes)
{
    cr_assert_gt(cvm_transitions(rig->cvm, CVM_PROCESS_STEP), 100000);
    cr_assert_gt(cvm_transitions(rig->cvm, CVM_INTERRUPT), 1000);
    const uint32_t expected = 0x2000 | 0x40 | 0x20 | 0x10 | 0x8 | 0x4 | 0x2;
    cr_assert_eq(causes & expected, expected, "causes 0x%lx", (unsigned long)causes);
}

Test(cvm_agreement, fast_and_plain_machines_live_the_same_lives)
{
    struct rig fast = rig_new(), plain = rig_plain();
    uint64_t causes = 0;
    for (uint64_t life = 0; life < 6000; life++) {
        uint64_t fast_seed = life, plain_seed = life;
        for (unsigned i = 0; i < 4; i++) {
            draw_deed(&fast, &fast_seed);
            draw_deed(&plain, &plain_seed);
        }
        struct cvm_outcome a = draw_run(&fast, &fast_seed), b = draw_run(&plain, &plain_seed);
        cr_assert_eq(a.status, b.status);
        cr_assert_eq(a.steps, b.steps);
        cr_assert_eq(a.eca, b.eca);
        cr_assert_eq(a.edata, b.edata);
        cr_assert_eq(fast_seed, plain_seed);
        causes |= a.eca;
        if (life % 16 == 0)
            expect_same(&fast, &plain);
    }
    expect_same(&fast, &plain);
    for (unsigned i = 0; i < CVM_TRANSITION_COUNT; i++)
        cr_assert_eq(cvm_transitions(fast.cvm, i), cvm_transitions(plain.cvm, i), "%s",
                     cvm_transition_name(i));
    expect_eventful(&fast, causes);
    rig_free(&fast);
    rig_free(&plain);
}

/* One run of n steps, or n runs of one step. */
Test(cvm_agreement, a_run_may_be_cut_anywhere)
{
    struct rig whole = rig_new(), cut = rig_new();
    for (uint64_t life = 0; life < 2000; life++) {
        uint64_t whole_seed = life, cut_seed = life;
        for (unsigned i = 0; i < 6; i++) {
            draw_deed(&whole, &whole_seed);
            draw_deed(&cut, &cut_seed);
        }
        uint32_t p = 1 + (uint32_t)life % (RIG_PROCESSES - 1);
        rig_dispatch(&whole, p);
        rig_dispatch(&cut, p);
        struct cvm_outcome a = cvm_run_process(whole.cvm, 60), b = {.status = CVM_GOES_ON};
        uint64_t steps = 0;
        while (steps < 60 && b.status == CVM_GOES_ON) {
            b = cvm_run_process(cut.cvm, 1);
            steps += b.steps;
        }
        cr_assert_eq(a.status, b.status);
        cr_assert_eq(a.steps, steps);
        cr_assert_eq(a.eca, b.eca);
        cr_assert_eq(a.edata, b.edata);
        expect_same_process(&whole, &cut, p);
    }
    rig_free(&whole);
    rig_free(&cut);
}
