/* Programs made of deeds; programs.h. */
#include "cosim/programs_deeds.h"
#include "semantics/vamp/vamp.h"

static program_deed any_call, misdeed, calls, hostile_clone;

static void any_call(struct program_code *code, struct random *random,
                     const struct program_world *world)
{
    (void)world;
    program_any_call(code, random);
}

static void misdeed(struct program_code *code, struct random *random,
                    const struct program_world *world)
{
    (void)world;
    program_misdeed(code, random);
}

static void hostile_clone(struct program_code *code, struct random *random,
                          const struct program_world *world)
{
    (void)world;
    program_hostile_clone(code, random);
}

/* In a clone the others' memory is safe; here it is the program itself that risks its life. */
static void calls(struct program_code *code, struct random *random,
                  const struct program_world *world)
{
    (void)world;
    program_calls(code, random);
}

/* How often each kind of program does what: a column a character. */
enum character { MIXED, MEMORY, TALKER, DRIVER, PARENT, HOSTILE, CHARACTERS };

/* clang-format off */
static const struct {
    program_deed *deed;
    uint8_t weight[CHARACTERS];
} deeds[] = {
    /*                     mixed memory talker driver parent hostile */
    {program_compute,     {10,   10,    5,     3,     5,     3}},
    {program_sweep,       { 6,   40,    3,     2,     3,     3}},
    {program_grow,        { 3,    8,    2,     0,     1,     1}},
    {program_shrink,      { 3,    8,    1,     0,     1,     2}},
    {program_clone,       { 5,    4,    4,     1,    25,     4}},
    {program_create,      { 4,    1,    1,     0,    14,     1}},
    {program_kill,        { 3,    1,    1,     0,    14,     2}},
    {program_schedule,    { 5,    2,    2,     2,     8,     2}},
    {program_rights,      { 6,    1,    4,     1,     6,     2}},
    {program_privilege,   { 3,    1,    1,     1,     4,     1}},
    {program_info,        { 6,    4,    2,     1,     5,     2}},
    {program_yield,       { 5,    2,    4,     1,     4,     2}},
    {program_send,        { 8,    3,   22,     3,     3,     3}},
    {program_receive,     { 8,    3,   22,     3,     4,     3}},
    {program_ask,         { 6,    2,   15,     1,     2,     3}},
    {program_serve,       { 5,    2,   12,     2,     2,     1}},
    {program_family,      { 6,    4,   14,     2,     8,     2}},
    {program_sleep,       { 3,    3,    2,     2,     4,     1}},
    {program_drive,       { 4,    1,    1,    60,     1,     1}},
    {program_meddle,      { 3,    1,    1,    14,     1,     3}},
    {any_call,            { 3,    2,    2,     1,     2,    20}},
    {hostile_clone,       { 2,    1,    1,     1,     2,    14}},
    {calls,               { 0,    0,    0,     0,     0,     5}},
    {misdeed,             { 1,    1,    1,     1,     1,     6}},
};
/* clang-format on */
enum { DEEDS = sizeof deeds / sizeof *deeds };

static program_deed *draw_deed(struct random *random, enum character character)
{
    uint32_t sum = 0;
    for (unsigned i = 0; i < DEEDS; i++)
        sum += deeds[i].weight[character];
    uint32_t at = random_below(random, sum);
    unsigned i = 0;
    while (at >= deeds[i].weight[character])
        at -= deeds[i++].weight[character];
    return deeds[i].deed;
}

/* There is always room for an end. */
enum { END_WORDS = 8 };

static void emit_deeds(struct program_code *code, struct random *random,
                       const struct program_world *world, uint32_t count, enum character character)
{
    uint32_t limit = code->limit;
    code->limit = limit - END_WORDS;
    while (count-- != 0 && code->count < code->limit)
        draw_deed(random, character)(code, random, world);
    code->limit = limit;
}

static void emit_end(struct program_code *code, struct random *random, uint32_t start)
{
    uint32_t kind = random_below(random, 10);
    if (kind < 5) {
        program_constant(code, R_PLACE, start * 4);
        program_immediate(code, PROGRAM_JR, 0, R_PLACE, 0);
        program_emit(code, 0);
    } else if (kind < 7) {
        PROGRAM_CALL(code, CALL_EXIT, random_word(random));
    } else if (kind < 9) {
        PROGRAM_CALL(code, CALL_RECEIVE, FROM_DEVICES, 0, 0, TIMEOUT_NEVER);
    }
}

/* Registers that no deed uses keep a value of the process's own: general ones, and RM, IEEEF and
 * FCC. Who forgets one of them takes it from somebody else. */
static void emit_own_registers(struct program_code *code, struct random *random)
{
    enum { RM = 6, FCC = 8, FUNCTION_MOVI2S = 17 };
    for (uint32_t r = R_STRIDE + 1; r < VAMP_GPR_COUNT; r++) {
        if (r != R_CLONE)
            program_constant(code, r, random_word(random));
    }
    for (uint32_t special = RM; special <= FCC; special++) {
        program_constant(code, R_VALUE, random_word(random));
        program_emit(code, R_VALUE << 21 | special << 6 | FUNCTION_MOVI2S);
    }
}

void program_draw(struct program_code *code, struct random *random,
                  const struct program_world *world, uint32_t count)
{
    enum character character = (enum character)random_below(random, CHARACTERS);
    uint32_t start = code->count;
    if (random_chance(random, 40))
        emit_own_registers(code, random);
    emit_deeds(code, random, world, count, character);
    emit_end(code, random, start);
}

/* --- The first process --- */

static void emit_creations(struct program_code *code, struct random *random,
                           const struct program_world *world)
{
    for (uint32_t i = 1; i < world->processes; i++)
        PROGRAM_CALL(code, CALL_CREATE, world->sectors[i], world->pages[i],
                     world->pages[i] + random_below(random, 3), random_below(random, PRIORITIES));
}

static void emit_grants(struct program_code *code, struct random *random,
                        const struct program_world *world)
{
    for (uint32_t p = 2; p <= world->processes; p++) {
        if (random_chance(random, 50))
            PROGRAM_CALL(code, CALL_SET_PRIVILEGE, p, 1);
        if (random_chance(random, 70))
            PROGRAM_CALL(code, CALL_SET_RIGHTS, p, random_between(random, 1, world->processes),
                         RIGHTS_ALL);
        if (random_chance(random, 70))
            PROGRAM_CALL(code, CALL_SET_RIGHTS, random_between(random, 1, world->processes), p,
                         random_chance(random, 60) ? 1 : RIGHTS_ALL);
    }
}

void program_draw_first(struct program_code *code, struct random *random,
                        const struct program_world *world, uint32_t count)
{
    emit_creations(code, random, world);
    emit_grants(code, random, world);
    if (random_chance(random, 30))
        PROGRAM_CALL(code, CALL_SCHEDULE, 1, random_below(random, PRIORITIES), 1);
    program_draw(code, random, world, count);
}
