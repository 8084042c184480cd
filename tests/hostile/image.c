/* The images. Of a kernel:
 *
 *     page 0   handler of interrupts at 0, table of tasks at 0x800
 *     page 1   start: sets up devices, then becomes the first task
 *     page 2, 3   tasks in system mode
 *     page 4, 5   page tables
 *     page 6, 7   tasks in user mode
 *     page 8 ...  data */
#include "semantics/devices/bus.h"
#include "tests/hostile/hostile.h"
#include "tests/hostile/program.h"

enum {
    TASK_TABLE = 0x800,
    TASKS = 8,
    TASK_BYTES = 32,
    CURRENT_TASK = 0x900,
    START = 0x1000,
    SYSTEM_CODE = 0x2000,
    PAGE_TABLES = 0x4000,
    USER_CODE = 0x6000,
    DATA = 0x8000,
    HALF_PAGE = 0x800,
};

/* Fields of an entry of the table of tasks. */
enum { TASK_DPC, TASK_MODE = 4, TASK_PTO = 8, TASK_PTL = 12, TASK_SR = 16 };

static uint32_t some_mask(struct random *random)
{
    return random_chance(random, 15) ? random_word(random)
                                     : (random_word(random) & 0x7E040) | 0x2000;
}

/* ---- the handler ---- */

/* Registers 24 to 28: cause, scratch, address of the task. */
static void put_next_task(struct program *program)
{
    put_i(program, VAMP_OP_LW, 28, 0, CURRENT_TASK);
    put_i(program, VAMP_OP_ADDI, 28, 28, TASK_BYTES);
    put_i(program, VAMP_OP_ANDI, 28, 28, (TASKS - 1) * TASK_BYTES);
    put_i(program, VAMP_OP_SW, 28, 0, CURRENT_TASK);
    static const struct {
        uint32_t field;
        enum vamp_spr special;
    } fields[] = {{TASK_DPC, VAMP_SPR_EDPC},
                  {TASK_MODE, VAMP_SPR_EMODE},
                  {TASK_PTO, VAMP_SPR_PTO},
                  {TASK_PTL, VAMP_SPR_PTL},
                  {TASK_SR, VAMP_SPR_ESR}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        put_i(program, VAMP_OP_LW, 25, 28, (int32_t)(TASK_TABLE + fields[i].field));
        put_r(program, VAMP_OP_MOVI2S, 0, 25, fields[i].special);
        if (fields[i].field == TASK_DPC) {
            put_i(program, VAMP_OP_ADDI, 25, 25, 4);
            put_r(program, VAMP_OP_MOVI2S, 0, 25, VAMP_SPR_EPC);
        }
    }
}

/* To behind the instruction that faulted. */
static void put_skip(struct program *program)
{
    put_r(program, VAMP_OP_MOVS2I, 25, 0, VAMP_SPR_EPC);
    put_r(program, VAMP_OP_MOVI2S, 0, 25, VAMP_SPR_EDPC);
    put_i(program, VAMP_OP_ADDI, 25, 25, 4);
    put_r(program, VAMP_OP_MOVI2S, 0, 25, VAMP_SPR_EPC);
}

static uint32_t put_unless_cause(struct program *program, uint32_t first, int32_t mask)
{
    put_r(program, VAMP_OP_SRLI, 26, 24, first);
    put_i(program, VAMP_OP_ANDI, 26, 26, mask);
    return put_branch_ahead(program, VAMP_OP_BEQZ, 26);
}

static void put_handler(struct program *program)
{
    struct random *random = program->random;
    program->at = 0;
    put_r(program, VAMP_OP_MOVS2I, 24, 0, VAMP_SPR_ECA);
    uint32_t no_reset = put_unless_cause(program, VAMP_INTERRUPT_RESET, 1);
    put_jump(program, START);
    set_target(program, no_reset);
    for (unsigned device = 0; device < 6; device++) {
        if (random_chance(random, 4))
            continue; /* its interrupts never end */
        uint32_t silent = put_unless_cause(program, VAMP_INTERRUPT_DEVICE_0 + device, 1);
        put_acknowledgement(program, device);
        set_target(program, silent);
    }
    uint32_t no_fault = put_unless_cause(program, VAMP_INTERRUPT_MAL, 3);
    put_next_task(program);
    set_target(program, no_fault);
    uint32_t no_tick =
        put_unless_cause(program, VAMP_INTERRUPT_DEVICE_0, random_below(random, 2) ? 1 : 0);
    put_next_task(program);
    set_target(program, no_tick);
    uint32_t no_trap = put_unless_cause(program, VAMP_INTERRUPT_TRAP, 1);
    if (random_chance(random, 50))
        put_next_task(program);
    set_target(program, no_trap);
    uint32_t may_go_on = put_unless_cause(program, VAMP_INTERRUPT_ILL, 9);
    put_skip(program);
    set_target(program, may_go_on);
    put_j(program, VAMP_OP_RFE, 0);
    put_nop(program);
}

/* ---- page tables ---- */

static uint32_t entry(uint32_t page, uint32_t flags)
{
    return page << 12 | flags;
}

static uint32_t some_entry(const struct hostile *hostile, struct random *random)
{
    uint32_t pages = hostile->memory_bytes >> 12;
    uint32_t flags = PICK(random, 0x800, 0x800, 0x800, 0x800, 0xC00, 0xC00, 0x000, 0x400);
    if (random_chance(random, 2))
        return random_word(random);
    return entry(random_below(random, pages == 0 ? 1 : pages), flags | random_below(random, 1024));
}

/* The first pages are the user's code, then a page of data, the page table, and anything. */
static void fill_tables(struct hostile *hostile, struct random *random)
{
    uint32_t memory_words = hostile->memory_bytes / 4;
    for (uint32_t at = PAGE_TABLES; at < USER_CODE; at += VAMP_PAGE_BYTES) {
        for (uint32_t i = 0; i < VAMP_PAGE_BYTES / 4 && at / 4 + i < memory_words; i++)
            hostile->words[at / 4 + i] = some_entry(hostile, random);
        if (at / 4 + 3 >= memory_words)
            continue;
        uint32_t *table = &hostile->words[at / 4];
        table[0] = entry(USER_CODE >> 12, random_chance(random, 70) ? 0x800 : 0xC00);
        table[1] = entry((USER_CODE >> 12) + 1, 0x800);
        if (hostile->memory_bytes > DATA + VAMP_PAGE_BYTES)
            table[2] = entry(DATA >> 12, 0x800);
        table[3] = entry(at >> 12, 0x800);
    }
}

/* ---- tasks ---- */

static void fill_task(struct hostile *hostile, struct random *random, uint32_t task)
{
    bool is_user = random_chance(random, 60);
    uint32_t slot = random_below(random, 4) * HALF_PAGE;
    uint32_t start = is_user ? slot : SYSTEM_CODE + slot;
    struct {
        uint32_t field, word;
    } fields[] = {
        {TASK_DPC, random_chance(random, 95) ? start : start + random_below(random, 64)},
        {TASK_MODE, is_user},
        {TASK_PTO, random_chance(random, 1) ? random_word(random) >> random_below(random, 20)
                                            : (PAGE_TABLES >> 12) + random_below(random, 2)},
        {TASK_PTL,
         random_chance(random, 90) ? random_between(random, 4, 40) : 0u - random_below(random, 2)},
        {TASK_SR, some_mask(random)},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        hostile->words[(TASK_TABLE + task * TASK_BYTES + fields[i].field) / 4] = fields[i].word;
}

static void put_code(struct program *program, bool is_user, uint32_t slot)
{
    struct random *random = program->random;
    program->at = (is_user ? USER_CODE : SYSTEM_CODE) + slot * HALF_PAGE;
    program->origin = is_user ? USER_CODE : 0;
    struct surroundings here = {
        .is_user = is_user,
        .code = program->at - program->origin,
        .code_bytes = HALF_PAGE,
        .data = !is_user                    ? DATA
                : random_chance(random, 70) ? 0x2000
                                            : random_between(random, 4, 40) << 12,
        .table = is_user ? 0x3000 : PAGE_TABLES + (random_below(random, 2) << 12),
        .wild = random_chance(random, 60) ? 2 : random_below(random, 30),
        .devices = is_user ? random_below(random, 2) : random_below(random, 12),
    };
    put_task(program, &here, random_between(random, 20, 300));
}

static void put_start(struct program *program)
{
    struct random *random = program->random;
    program->at = START;
    program->origin = 0;
    struct surroundings here = {.data = DATA};
    for (uint32_t i = random_below(random, 6); i > 0 && program->at < START + 0xC00; i--)
        put_driver(program, &here, random_below(random, 6));
    put_next_task(program);
    put_j(program, VAMP_OP_RFE, 0);
    put_nop(program);
}

static void fill_kernel(struct hostile *hostile, struct random *random)
{
    struct program program = {random, hostile->words, hostile->memory_bytes, 0, 0};
    for (uint32_t at = DATA; at < hostile->memory_bytes; at += 4)
        hostile->words[at / 4] = random_chance(random, 50) ? 0 : random_word(random);
    put_handler(&program);
    for (uint32_t slot = 0; slot < 4; slot++) {
        put_code(&program, false, slot);
        put_code(&program, true, slot);
    }
    put_start(&program);
    fill_tables(hostile, random);
    for (uint32_t task = 0; task < TASKS; task++)
        fill_task(hostile, random, task);
    hostile->entry = START;
}

/* ---- all images ---- */

static void flip_bits(struct hostile *hostile, struct random *random)
{
    for (uint32_t i = random_between(random, 1, 40); i > 0; i--)
        hostile->words[random_below(random, DATA / 4)] ^= UINT32_C(1) << random_below(random, 32);
}

static void fill_aimless(struct hostile *hostile, struct random *random, uint32_t noise)
{
    for (uint32_t i = 0; i < hostile->memory_bytes / 4; i++)
        hostile->words[i] =
            random_chance(random, noise) ? random_word(random) : some_instruction(random);
    hostile->entry =
        random_below(random, random_chance(random, 95) ? hostile->memory_bytes : 0xFFFFFFFF);
    if (random_chance(random, 90))
        hostile->entry &= ~UINT32_C(3);
}

void hostile_fill(struct hostile *hostile, struct arena *arena, struct random *random)
{
    bool is_planned = hostile->kind == IMAGE_KERNEL || hostile->kind == IMAGE_MUTATED;
    uint32_t least = is_planned ? DATA : VAMP_PAGE_BYTES;
    hostile->memory_bytes = least + 4 * random_below(random, 0x6000);
    if (random_chance(random, 60))
        hostile->memory_bytes = least + (random_between(random, 2, 16) << 12);
    hostile->words = ARENA_ARRAY(arena, uint32_t, hostile->memory_bytes / 4);
    switch (hostile->kind) {
    case IMAGE_KERNEL:
    case IMAGE_MUTATED:
        fill_kernel(hostile, random);
        break;
    case IMAGE_VALID:
        fill_aimless(hostile, random, 0);
        break;
    case IMAGE_NOISE:
    case IMAGE_KINDS:
        fill_aimless(hostile, random, 100);
        break;
    }
    if (hostile->kind == IMAGE_MUTATED)
        flip_bits(hostile, random);
}
