/* What a process does with the processor, with memory and to other processes. */
#include "cosim/programs_deeds.h"

void program_call(struct program_code *code, uint32_t number, unsigned count,
                  const uint32_t *arguments)
{
    for (unsigned i = 0; i < count; i++)
        program_constant(code, R_FIRST + i, arguments[i]);
    program_trap(code, number);
}

uint32_t program_repeat(struct program_code *code, uint32_t rounds)
{
    program_constant(code, R_COUNTER, rounds);
    return code->count;
}

void program_again(struct program_code *code, uint32_t top)
{
    program_immediate(code, PROGRAM_SUBI, R_COUNTER, R_COUNTER, 1);
    program_branch_to(code, PROGRAM_BNEZ, R_COUNTER, top);
}

uint32_t program_peer(struct random *random, const struct program_world *world)
{
    if (random_chance(random, 85))
        return random_between(random, 1, world->processes);
    return random_chance(random, 60) ? random_below(random, world->process_count + 2)
                                     : program_argument(random);
}

/* --- The processor --- */

/* r1 to r9, whatever is in them. */
static void emit_operation(struct program_code *code, struct random *random)
{
    static const uint32_t functions[] = {0,  2,  3,  4,  6,  7,  33, 35, 36, 37, 38,
                                         39, 41, 42, 43, 44, 45, 46, 47, 33, 38};
    static const uint32_t opcodes[] = {9, 11, 12, 13, 14, 15, 25, 26, 27, 28, 29, 30, 31, 9, 14};
    uint32_t rd = random_between(random, R_VALUE, 9), rs = random_between(random, R_VALUE, 9);
    if (random_chance(random, 6)) { /* movs2i or movi2s of RM, IEEEF or FCC */
        uint32_t special = random_between(random, 6, 8);
        program_emit(code, rs << 21 | rd << 11 | special << 6 | random_between(random, 16, 17));
        return;
    }
    if (random_chance(random, 50)) {
        uint32_t op = opcodes[random_below(random, sizeof opcodes / sizeof *opcodes)];
        program_emit(code, op << 26 | rs << 21 | rd << 16 | random_below(random, 0x10000));
        return;
    }
    uint32_t function = functions[random_below(random, sizeof functions / sizeof *functions)];
    uint32_t other = random_between(random, R_VALUE, 9), amount = random_below(random, 32);
    program_emit(code, rs << 21 | other << 16 | rd << 11 | amount << 6 | function);
}

void program_compute(struct program_code *code, struct random *random,
                     const struct program_world *world)
{
    (void)world;
    uint32_t most = random_chance(random, 20) ? 2000 : 200;
    uint32_t top = program_repeat(code, random_between(random, 1, most));
    for (uint32_t i = random_between(random, 2, 12); i != 0; i--) {
        uint32_t place = DATA_ADDRESS + random_below(random, DATA_WORDS) * 4;
        uint32_t r = random_between(random, R_VALUE, 9);
        if (random_chance(random, 75))
            emit_operation(code, random);
        else if (random_chance(random, 50)) /* sb, sh or sw */
            program_emit(code, (uint32_t)(40 + (uint32_t[]){0, 1, 3}[random_below(random, 3)])
                                       << 26 |
                                   r << 16 | place);
        else /* lb, lh, lw, lbu or lhu */
            program_emit(code,
                         (uint32_t)(uint32_t[]){32, 33, 35, 36, 37}[random_below(random, 5)] << 26 |
                             r << 16 | place);
    }
    program_again(code, top);
}

/* --- Memory --- */

void program_grow(struct program_code *code, struct random *random,
                  const struct program_world *world)
{
    bool is_sensible = random_chance(random, 85);
    PROGRAM_CALL(code, CALL_MEMORY_ADD,
                 is_sensible ? random_below(random, world->frame_count / 2 + 1)
                             : program_argument(random));
}

void program_shrink(struct program_code *code, struct random *random,
                    const struct program_world *world)
{
    (void)world;
    bool is_sensible = random_chance(random, 90);
    PROGRAM_CALL(code, CALL_MEMORY_FREE,
                 is_sensible ? random_below(random, 3) : program_argument(random));
}

/* A word of each page, from the last down to the first: with more pages than there are frames,
 * each of them goes to the disk and comes back. */
void program_sweep(struct program_code *code, struct random *random,
                   const struct program_world *world)
{
    uint32_t offset = DATA_ADDRESS + random_below(random, DATA_WORDS) * 4;
    uint32_t more = random_chance(random, 60) ? random_between(random, 1, world->frame_count + 1)
                                              : random_below(random, 2);
    PROGRAM_CALL(code, CALL_MEMORY_ADD, more);
    PROGRAM_CALL(code, CALL_INFO, 3, 0); /* INFO_PAGES */
    program_constant(code, R_COUNTER, 12);
    program_registers(code, PROGRAM_SLL, R_PLACE, R_RESULT, R_COUNTER);
    program_constant(code, R_STRIDE, PAGE_BYTES);
    uint32_t top = code->count;
    program_emit(code, (uint32_t)R_PLACE << 21 | R_STRIDE << 16 | R_PLACE << 11 | 35); /* sub */
    if (random_chance(random, 40)) {
        program_immediate(code, PROGRAM_LW, R_VALUE, R_PLACE, offset);
        program_registers(code, PROGRAM_ADD, 2, R_VALUE, 2);
    }
    if (random_chance(random, 70)) {
        program_registers(code, PROGRAM_ADD, 3, R_PLACE, 3);
        program_immediate(code, PROGRAM_SW, 3, R_PLACE, offset);
    }
    program_branch_to(code, PROGRAM_BNEZ, R_PLACE, top);
}

/* --- Processes --- */

/* The clone does something of its own and ends, as a rule. */
void program_clone(struct program_code *code, struct random *random,
                   const struct program_world *world)
{
    program_trap(code, CALL_CLONE);
    uint32_t branch = program_branch(code, PROGRAM_BNEZ, R_RESULT);
    uint32_t kind = random_below(random, 6);
    if (kind == 0)
        program_compute(code, random, world);
    else if (kind == 1)
        program_sweep(code, random, world);
    else if (kind == 2)
        program_receive(code, random, world);
    else if (kind == 3)
        program_send(code, random, world);
    else if (kind == 4)
        program_misdeed(code, random);
    else
        program_any_call(code, random);
    if (random_chance(random, 80))
        PROGRAM_CALL(code, CALL_EXIT, random_word(random));
    program_land(code, branch);
    program_immediate(code, PROGRAM_ADDI, R_CLONE, R_RESULT, 0);
}

void program_create(struct program_code *code, struct random *random,
                    const struct program_world *world)
{
    uint32_t image = random_below(random, world->image_count), pages = world->pages[image];
    uint32_t memory =
        random_chance(random, 90) ? random_between(random, 1, 4) : program_argument(random);
    if (random_chance(random, 10))
        pages = program_argument(random);
    uint32_t sector = random_chance(random, 92) ? world->sectors[image] : program_argument(random);
    PROGRAM_CALL(code, CALL_CREATE, sector, pages, memory, random_below(random, PRIORITIES + 1));
}

/* A clone of its own, or anybody. */
void program_kill(struct program_code *code, struct random *random,
                  const struct program_world *world)
{
    if (random_chance(random, 60)) {
        program_immediate(code, PROGRAM_ADDI, R_FIRST, R_CLONE, 0);
        program_trap(code, CALL_KILL);
    } else {
        PROGRAM_CALL(code, CALL_KILL, program_peer(random, world));
    }
}

void program_schedule(struct program_code *code, struct random *random,
                      const struct program_world *world)
{
    uint32_t slice =
        random_chance(random, 85) ? random_between(random, 1, 4) : program_argument(random);
    PROGRAM_CALL(code, CALL_SCHEDULE, program_peer(random, world),
                 random_below(random, PRIORITIES + 1), slice);
}

void program_rights(struct program_code *code, struct random *random,
                    const struct program_world *world)
{
    uint32_t rights = random_chance(random, 50) ? RIGHTS_ALL : random_below(random, RIGHTS_ALL + 2);
    PROGRAM_CALL(code, CALL_SET_RIGHTS, program_peer(random, world), program_peer(random, world),
                 rights);
}

void program_privilege(struct program_code *code, struct random *random,
                       const struct program_world *world)
{
    PROGRAM_CALL(code, CALL_SET_PRIVILEGE, program_peer(random, world),
                 random_chance(random, 95) ? random_chance(random, 80) : random_word(random));
}

void program_info(struct program_code *code, struct random *random,
                  const struct program_world *world)
{
    PROGRAM_CALL(code, CALL_INFO, random_below(random, INFOS + 1),
                 random_chance(random, 40) ? 0 : program_peer(random, world));
}

void program_yield(struct program_code *code, struct random *random,
                   const struct program_world *world)
{
    (void)random, (void)world;
    program_trap(code, CALL_YIELD);
}
