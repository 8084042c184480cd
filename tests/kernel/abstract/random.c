/* Hostile processes: random calls with random arguments, exceptions and interrupts. fake.c stops at
 * each broken precondition and each broken invariant; here is checked who may change what. */
#include "../random.h"

#include "fake.h"

enum { RUNS = 100000 };

static uint32_t seed;

/* Arguments that come near to being right. */
static uint32_t random_argument(void)
{
    switch (random_below(&seed, 8)) {
    case 0:
    case 1:
    case 2:
        return random_below(&seed, PROCESS_COUNT + 1);
    case 3:
        return random_below(&seed, 4);
    case 4:
        return random_below(&seed, VIRTUAL_PAGES * PAGE_WORDS + 2) * 4;
    case 5:
        return random_below(&seed, 2) != 0 ? TIMEOUT_NEVER : random_below(&seed, 30);
    default:
        return random_edge(&seed);
    }
}

/* Ends and memory calls would soon leave nobody with anything to do: they are rarer. */
static uint32_t random_call(void)
{
    uint32_t number = random_below(&seed, CALL_COUNT + 1);
    bool is_end = number == CALL_EXIT || number == CALL_KILL || number == CALL_MEMORY_FREE;
    if (is_end && random_below(&seed, 8) != 0)
        number = CALL_SEND + random_below(&seed, 3);
    return random_below(&seed, 200) == 0 ? random_edge(&seed) : number;
}

/* Arguments of messages that are good but for the partner. */
static void set_exchange(uint32_t *gpr, uint32_t number)
{
    uint32_t timeout = random_below(&seed, 8) == 0 ? TIMEOUT_NEVER : random_below(&seed, 30);
    gpr[11] = random_below(&seed, PROCESS_COUNT);
    gpr[12] = random_below(&seed, 100) * 4;
    gpr[13] = random_below(&seed, 5);
    gpr[14] = number == CALL_SEND_RECEIVE ? gpr[12] : timeout;
    gpr[15] = random_below(&seed, 5);
    gpr[16] = timeout;
}

static void set_arguments(uint32_t *gpr, uint32_t number)
{
    for (uint32_t r = 11; r <= 16; r++)
        gpr[r] = random_argument();
    if (number >= CALL_SEND && number <= CALL_SEND_RECEIVE && random_below(&seed, 4) != 0)
        set_exchange(gpr, number);
}

static uint32_t random_cause(void)
{
    static const uint32_t exception[] = {ECA_ILLEGAL, ECA_MISALIGNED, 0x8,
                                         0x10,        ECA_OVERFLOW,   ECA_SWAP};
    uint32_t kind = random_below(&seed, 100);
    uint32_t lines = (random_below(&seed, 256) & fake.mask) << ECA_DEVICE_SHIFT;
    if (fake.running == 0 || kind < 10)
        return lines;
    if (kind < 12)
        return exception[random_below(&seed, 6)] | lines;
    return ECA_TRAP | (kind < 30 ? lines : 0);
}

/* Processes as they were before the kernel ran. */
struct before {
    uint32_t state[PROCESS_COUNT];
    bool is_killable[PROCESS_COUNT]; /* by who ran */
    uint32_t running;
};

static struct before look(void)
{
    struct before before = {.running = fake.running};
    for (uint32_t p = 1; p < PROCESS_COUNT; p++) {
        before.state[p] = kernel.process[p].state;
        before.is_killable[p] =
            p == fake.running || rights_allow(&kernel.rights, fake.running, p, RIGHT_CONTROL);
    }
    return before;
}

/* Registers and memory of a process change only by what it does or waits for, or as it begins; it
 * ends only by itself or by who may control it. */
static void assert_permitted(const struct before *before)
{
    for (uint32_t p = 1; p < PROCESS_COUNT; p++) {
        bool was_ready = before->state[p] == STATE_READY;
        bool is_ended = before->state[p] != STATE_NONE && kernel.process[p].state == STATE_NONE;
        if (fake.process[p].is_touched && p != before->running)
            cr_assert(!was_ready, "process %u was changed", p);
        if (is_ended)
            cr_assert(before->is_killable[p], "process %u was ended", p);
        if (fake.process[p].is_reset)
            cr_assert(is_ended || before->state[p] == STATE_NONE, "process %u was reset", p);
        cr_assert_eq(kernel.process[p].pages, fake.process[p].pages);
    }
}

/* Everybody is privileged now and then, and may send to somebody, so that calls get further than
 * their first check. */
static void meddle(void)
{
    uint32_t p = 1 + random_below(&seed, PROCESS_COUNT - 1);
    uint32_t q = 1 + random_below(&seed, PROCESS_COUNT - 1);
    if (kernel_is_living(p))
        kernel.process[p].is_privileged = random_below(&seed, 3) != 0;
    if (kernel_is_living(p) && kernel_is_living(q))
        rights_set(&kernel.rights, p, q, random_below(&seed, RIGHTS_ALL + 1));
}

/* Counts what processes were told: who ran, at once, and who waited, now. */
static void count_answers(uint32_t answered[], const struct before *before, bool is_call)
{
    for (uint32_t p = 1; p < PROCESS_COUNT; p++) {
        bool was_waiting = before->state[p] == STATE_SENDING || before->state[p] == STATE_RECEIVING;
        if (kernel.process[p].state == STATE_READY && fake_code(p) <= CALL_BUSY &&
            (was_waiting || (is_call && p == before->running)))
            answered[fake_code(p)]++;
    }
}

/* A machine that everybody has left, or where all wait for one another, starts anew. */
static bool is_over(uint32_t *idle)
{
    *idle = fake.running == 0 ? *idle + 1 : 0;
    return kernel.living == 0 || *idle == 40;
}

Test(abstract_random, hostile_processes_break_nothing)
{
    uint32_t answered[CALL_BUSY + 1] = {0}, boots = 0, idle = 0;
    seed = 20261123;
    for (uint32_t run = 0; run < RUNS; run++) {
        if (is_over(&idle)) {
            fake_boot();
            boots++;
        }
        if (random_below(&seed, 50) == 0)
            meddle();
        uint32_t p = fake.running, eca = random_cause(), number = random_call();
        if (p == 0 && eca == 0)
            eca = 1u << ECA_DEVICE_SHIFT;
        if (p != 0)
            set_arguments(fake.process[p].gpr, number);
        struct before before = look();
        uint32_t next = fake_interrupt(eca, number);
        assert_permitted(&before);
        if ((eca & ECA_SWAP) != 0)
            cr_assert(next != p || next == 0 || fake.process[p].is_reset);
        count_answers(answered, &before, (eca & ECA_TRAP) != 0);
    }
    for (uint32_t code = 0; code <= CALL_BUSY; code++)
        cr_expect_gt(answered[code], 0, "no call answered %u", code);
    cr_assert_lt(boots, RUNS / 50);
}
