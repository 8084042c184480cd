/* What is said to have changed, against a full comparison with what there was before. */
#include "draw.h"

#include <criterion/criterion.h>
#include <string.h>

enum { PAGE = VAMP_PAGE_BYTES, LINES = RIG_PAGES * PAGE / VAMP_LINE_BYTES };

struct shadow {
    struct rig *rig;
    struct vamp_state registers[RIG_PROCESSES];
    uint32_t pages[RIG_PROCESSES];
    uint32_t words[RIG_PROCESSES][RIG_PAGES * PAGE / 4];

    bool is_process_visited[RIG_PROCESSES], is_line_visited[RIG_PROCESSES][LINES];
    uint32_t last_process;
    uint64_t last_line;
    size_t line_visits;
};

static void visit_process(void *self, uint32_t p)
{
    struct shadow *shadow = self;
    cr_assert_gt(p, shadow->last_process, "in order, and each once");
    shadow->last_process = p;
    shadow->is_process_visited[p] = true;
}

static void visit_line(void *self, uint32_t p, uint32_t address)
{
    struct shadow *shadow = self;
    uint64_t line = (uint64_t)p << 32 | address;
    cr_assert_eq(address % VAMP_LINE_BYTES, 0);
    cr_assert_lt(address, cvm_pages(shadow->rig->cvm, p) * PAGE);
    cr_assert(shadow->last_line == 0 || line > shadow->last_line, "in order, and each once");
    shadow->last_line = line;
    shadow->is_line_visited[p][address / VAMP_LINE_BYTES] = true;
    shadow->line_visits++;
}

static void visit_all(struct shadow *shadow)
{
    memset(shadow->is_process_visited, 0, sizeof shadow->is_process_visited);
    memset(shadow->is_line_visited, 0, sizeof shadow->is_line_visited);
    shadow->last_process = 0;
    shadow->last_line = 0;
    shadow->line_visits = 0;
    cvm_each_changed_process(shadow->rig->cvm, visit_process, shadow);
    cvm_each_changed_line(shadow->rig->cvm, visit_line, shadow);
}

static void expect_registers_visited(struct shadow *shadow, uint32_t p)
{
    struct vamp_state now = cvm_registers(shadow->rig->cvm, p);
    bool is_same = memcmp(&now, &shadow->registers[p], sizeof now) == 0 &&
                   cvm_pages(shadow->rig->cvm, p) == shadow->pages[p];
    cr_assert(is_same || shadow->is_process_visited[p], "process %u has changed", p);
    shadow->registers[p] = now;
}

static void expect_words_visited(struct shadow *shadow, uint32_t p)
{
    uint32_t pages = cvm_pages(shadow->rig->cvm, p);
    for (uint32_t address = 0; address < pages * PAGE; address += 4) {
        uint32_t word = rig_word(shadow->rig, p, address);
        bool is_new = address / PAGE >= shadow->pages[p];
        cr_assert((!is_new && word == shadow->words[p][address / 4]) ||
                      shadow->is_line_visited[p][address / VAMP_LINE_BYTES],
                  "0x%x of process %u has changed", address, p);
        shadow->words[p][address / 4] = word;
    }
    shadow->pages[p] = pages;
}

static void expect_all_visited(struct shadow *shadow)
{
    visit_all(shadow);
    for (uint32_t p = 1; p < RIG_PROCESSES; p++) {
        expect_registers_visited(shadow, p);
        expect_words_visited(shadow, p);
    }
}

static struct rig rig;
static struct shadow shadow;

static void begin(void)
{
    rig = rig_new();
    shadow = (struct shadow){.rig = &rig};
    expect_all_visited(&shadow);
}

static void end(void)
{
    rig_free(&rig);
}

TestSuite(cvm_changes, .init = begin, .fini = end);

Test(cvm_changes, random_lives_leave_nothing_out)
{
    uint64_t seed = 5;
    for (unsigned i = 0; i < 3000; i++) {
        for (uint32_t n = rig_below(&seed, 6); n != 0; n--)
            draw_deed(&rig, &seed);
        if (rig_below(&seed, 2) == 0)
            draw_run(&rig, &seed);
        expect_all_visited(&shadow);
    }
}

Test(cvm_changes, nothing_is_visited_twice)
{
    rig_start(&rig, 1, 8, "sw r1,64(r0)\nj -8\nnop\n");
    visit_all(&shadow);
    visit_all(&shadow);
    cr_assert_eq(shadow.last_process, 0);
    cr_assert_eq(shadow.line_visits, 0);
}

Test(cvm_changes, a_store_is_a_line)
{
    rig_start(&rig, 1, 8, "sw r1,8000(r0)\nj -8\nnop\n");
    visit_all(&shadow);
    cvm_run_process(rig.cvm, 1000);
    visit_all(&shadow);
    cr_assert(shadow.is_process_visited[1]);
    cr_assert_eq(shadow.line_visits, 1);
    cr_assert(shadow.is_line_visited[1][8000 / VAMP_LINE_BYTES]);
}

Test(cvm_changes, a_process_that_only_computes_has_no_lines)
{
    rig_start(&rig, 1, 8, "addi r1,r1,1\nj -8\nnop\n");
    visit_all(&shadow);
    cvm_run_process(rig.cvm, 1000);
    visit_all(&shadow);
    cr_assert(shadow.is_process_visited[1]);
    cr_assert_eq(shadow.line_visits, 0);
}

Test(cvm_changes, the_store_of_the_interrupted_instruction_is_a_line)
{
    rig_start(&rig, 1, 1, "sw r1,512(r0)\n");
    CALL(&rig, SET_MASK, 1);
    rig_raise_timer(&rig);
    visit_all(&shadow);
    cr_assert_eq(cvm_run_process(rig.cvm, 10).steps, 1);
    visit_all(&shadow);
    cr_assert_eq(shadow.line_visits, 1);
    cr_assert(shadow.is_line_visited[1][512 / VAMP_LINE_BYTES]);
}

Test(cvm_changes, pages_that_came_are_lines_though_they_are_zero)
{
    CALL(&rig, ALLOC, 3, 1);
    visit_all(&shadow);
    CALL(&rig, ALLOC, 3, 2);
    visit_all(&shadow);
    cr_assert_eq(shadow.line_visits, 2 * PAGE / VAMP_LINE_BYTES);
    cr_assert_eq(shadow.last_line, UINT64_C(3) << 32 | (3 * PAGE - VAMP_LINE_BYTES));
    CALL(&rig, FREE, 3, 2);
    CALL(&rig, ALLOC, 3, 2);
    visit_all(&shadow);
    cr_assert_eq(shadow.line_visits, 2 * PAGE / VAMP_LINE_BYTES);
}

Test(cvm_changes, what_was_written_before_a_process_grew_is_not_forgotten)
{
    CALL(&rig, ALLOC, 3, 1);
    visit_all(&shadow);
    CALL(&rig, SET_WORD, 3, 256, 1);
    CALL(&rig, ALLOC, 3, 7);
    visit_all(&shadow);
    cr_assert(shadow.is_line_visited[3][1]);
    cr_assert_not(shadow.is_line_visited[3][0]);
}

Test(cvm_changes, pages_that_went_are_a_change_of_the_process)
{
    CALL(&rig, ALLOC, 3, 2);
    visit_all(&shadow);
    CALL(&rig, FREE, 3, 1);
    visit_all(&shadow);
    cr_assert(shadow.is_process_visited[3]);
    cr_assert_eq(shadow.line_visits, 0);
}

Test(cvm_changes, a_lost_page_is_lines)
{
    CALL(&rig, ALLOC, 3, 2);
    visit_all(&shadow);
    cvm_lose_page(rig.cvm, 3, 1);
    visit_all(&shadow);
    cr_assert_eq(shadow.line_visits, PAGE / VAMP_LINE_BYTES);
    cr_assert(shadow.is_line_visited[3][PAGE / VAMP_LINE_BYTES]);
}
