/* The fake machine; fake.h. */
#include "fake.h"

#include <string.h>

struct fake fake;

#define PRECONDITION(holds)                                                                        \
    do {                                                                                           \
        if (!(holds))                                                                              \
            cr_assert_fail("%s: precondition %s", __func__, #holds);                               \
    } while (0)

static struct fake_process *process_at(uint32_t p)
{
    if (p == 0 || p >= PROCESS_COUNT)
        cr_assert_fail("no process number %u", p);
    return &fake.process[p];
}

static bool has_words(uint32_t p, uint32_t a, uint32_t words)
{
    uint64_t bytes = (uint64_t)process_at(p)->pages * PAGE_BYTES;
    return a % 4 == 0 && a < bytes && (uint64_t)a + 4ull * words <= bytes;
}

void cvm_reset(unsigned int p)
{
    struct fake_process *process = process_at(p);
    memset(process->gpr, 0, 32 * 4);
    process->pages = 0;
    process->is_reset = true;
}

void cvm_clone(unsigned int dst, unsigned int src)
{
    PRECONDITION(dst != src);
    struct fake_process *to = process_at(dst), *from = process_at(src);
    memcpy(to->gpr, from->gpr, 32 * 4);
    memcpy(to->word, from->word, from->pages * PAGE_BYTES);
    to->pages = from->pages;
    to->is_touched = true;
}

void cvm_alloc(unsigned int p, unsigned int n)
{
    struct fake_process *process = process_at(p);
    PRECONDITION(n <= VIRTUAL_PAGES && process->pages + n <= VIRTUAL_PAGES);
    memset(&process->word[process->pages * PAGE_WORDS], 0, n * PAGE_BYTES);
    process->pages += n;
    process->is_touched = true;
}

void cvm_free(unsigned int p, unsigned int n)
{
    PRECONDITION(n <= process_at(p)->pages);
    process_at(p)->pages -= n;
    process_at(p)->is_touched = true;
}

void cvm_copy(unsigned int p1, unsigned int a1, unsigned int p2, unsigned int a2,
              unsigned int words)
{
    PRECONDITION(has_words(p1, a1, words));
    PRECONDITION(has_words(p2, a2, words));
    for (uint32_t i = 0; i < words; i++)
        process_at(p1)->word[a1 / 4 + i] = process_at(p2)->word[a2 / 4 + i];
    process_at(p1)->is_touched = true;
}

unsigned int cvm_get_gpr(unsigned int p, unsigned int r)
{
    PRECONDITION(r < 32);
    return process_at(p)->gpr[r];
}

void cvm_set_gpr(unsigned int p, unsigned int r, unsigned int v)
{
    PRECONDITION(r < 32);
    if (r != 0)
        process_at(p)->gpr[r] = v;
    process_at(p)->is_touched = true;
}

unsigned int cvm_get_word(unsigned int p, unsigned int a)
{
    PRECONDITION(has_words(p, a, 1));
    return process_at(p)->word[a / 4];
}

void cvm_set_word(unsigned int p, unsigned int a, unsigned int v)
{
    PRECONDITION(has_words(p, a, 1));
    process_at(p)->word[a / 4] = v;
    process_at(p)->is_touched = true;
}

/* The system disk and the empty windows are primitives' to use, but no device of this kernel. */
unsigned int cvm_in_word(unsigned int d, unsigned int port)
{
    PRECONDITION(d <= DRIVEN_LAST && d != 1 && port < PORTS);
    return fake.port[d][port];
}

void cvm_out_word(unsigned int d, unsigned int port, unsigned int v)
{
    PRECONDITION(d <= DRIVEN_LAST && d != 1 && port < PORTS);
    fake.port[d][port] = v;
    if (d == 0 && port == 2)
        fake.clock_answers++;
}

void cvm_in_block(unsigned int d, unsigned int port, unsigned int p, unsigned int a, unsigned int n)
{
    PRECONDITION(d <= DRIVEN_LAST && d != 1 && port < PORTS);
    PRECONDITION(has_words(p, a, n));
}

void cvm_out_block(unsigned int d, unsigned int port, unsigned int p, unsigned int a,
                   unsigned int n)
{
    PRECONDITION(d <= DRIVEN_LAST && d != 1 && port < PORTS);
    PRECONDITION(has_words(p, a, n));
}

void cvm_set_mask(unsigned int v)
{
    PRECONDITION((v & ~0x1du) == 0);
    fake.mask = v;
}

unsigned int cvm_get_mask(void)
{
    return fake.mask;
}

/* On this disk, each word of a page holds the sector of the page. */
void cvm_load(unsigned int p, unsigned int sector, unsigned int pages)
{
    PRECONDITION(pages <= process_at(p)->pages);
    PRECONDITION((uint64_t)sector + 8ull * pages <= CVM_SECTORS);
    for (uint32_t i = 0; i < pages * PAGE_WORDS; i++)
        process_at(p)->word[i] = sector + 8 * (i / PAGE_WORDS);
    fake.loaded_sector = sector;
    fake.loaded_pages = pages;
    process_at(p)->is_touched = true;
}

/* Of a process that has ended nothing is left. */
static void assert_absent(uint32_t p)
{
    cr_assert_eq(fake.process[p].pages, 0);
    for (uint32_t r = 0; r < 32; r++)
        cr_assert_eq(fake.process[p].gpr[r], 0, "r%u of process %u, which has ended", r, p);
}

uint32_t fake_interrupt(uint32_t eca, uint32_t edata)
{
    for (uint32_t p = 0; p < PROCESS_COUNT; p++)
        fake.process[p].is_touched = fake.process[p].is_reset = false;
    fake.running = kdispatch(eca, edata);
    cr_assert_lt(fake.running, PROCESS_COUNT);
    cr_assert_eq(fake.running, kernel.current);
    cr_assert(kernel_is_sound());
    for (uint32_t p = 1; p < PROCESS_COUNT; p++)
        if (!kernel_is_living(p))
            assert_absent(p);
    return fake.running;
}

void fake_boot(void)
{
    fake = (struct fake){0};
    fake_interrupt(ECA_RESET, 0);
    cr_assert_eq(fake.running, INIT);
}

uint32_t fake_tick(void)
{
    return fake_interrupt(1u << ECA_DEVICE_SHIFT, 0);
}

void fake_run(uint32_t p)
{
    for (uint32_t turns = 0; fake.running != p; turns++) {
        cr_assert_lt(turns, PROCESS_COUNT, "process %u does not get ready", p);
        uint32_t other = fake.running, code = fake_code(other);
        fake_interrupt(ECA_TRAP, CALL_YIELD);
        fake.process[other].gpr[11] = code;
    }
}

uint32_t fake_call(uint32_t p, const uint32_t call[7])
{
    fake_run(p);
    for (uint32_t i = 0; i < 6; i++)
        fake.process[p].gpr[11 + i] = call[1 + i];
    fake_interrupt(ECA_TRAP, call[0]);
    return fake_code(p);
}

uint32_t fake_code(uint32_t p)
{
    return fake.process[p].gpr[11];
}

uint32_t fake_result(uint32_t p, uint32_t i)
{
    return fake.process[p].gpr[12 + i];
}

uint32_t fake_child(void)
{
    cr_assert_eq(CALL(INIT, CALL_CREATE, 64, 1, 2, 1), CALL_OK);
    return fake_result(INIT, 0);
}

void fake_permit(uint32_t from, uint32_t to)
{
    cr_assert_eq(CALL(INIT, CALL_SET_RIGHTS, from, to, RIGHT_SEND), CALL_OK);
}

uint32_t fake_info(uint32_t what, uint32_t p)
{
    cr_assert_eq(CALL(INIT, CALL_INFO, what, p), CALL_OK);
    return fake_result(INIT, 0);
}
