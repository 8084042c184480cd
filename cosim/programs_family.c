/* Clones that talk with their parent: they know each other's numbers, have the rights, and are
 * there. */
#include "cosim/programs_deeds.h"

/* What the family agrees on. */
struct talk {
    struct program_place out, in; /* the children's message, the parent's room */
    uint32_t rounds;
};

static struct talk draw_talk(struct random *random)
{
    struct talk talk = {program_draw_place(random), program_draw_place(random),
                        random_between(random, 1, 3)};
    if (random_chance(random, 50))
        talk.in.words = talk.out.words;
    return talk;
}

/* Tells its parent, or asks it, and ends. */
static void emit_child(struct program_code *code, struct random *random, const struct talk *talk)
{
    bool asks = random_chance(random, 40);
    uint32_t top = program_repeat(code, talk->rounds);
    PROGRAM_CALL(code, CALL_INFO, 4, 0); /* INFO_PARENT */
    program_immediate(code, PROGRAM_ADDI, R_FIRST, R_RESULT, 0);
    program_constant(code, R_FIRST + 1, talk->out.address);
    program_constant(code, R_FIRST + 2, talk->out.words);
    if (asks) {
        program_constant(code, R_FIRST + 3, talk->in.address);
        program_constant(code, R_FIRST + 4, talk->in.words);
    }
    program_constant(code, asks ? R_FIRST + 5 : R_FIRST + 3, random_between(random, 1, 8));
    program_trap(code, asks ? CALL_SEND_RECEIVE : CALL_SEND);
    program_again(code, top);
    PROGRAM_CALL(code, CALL_EXIT, random_word(random));
}

/* The parent takes what comes, of anybody or of the last child, and answers. */
static void emit_parent(struct program_code *code, struct random *random, const struct talk *talk,
                        uint32_t children)
{
    uint32_t top = program_repeat(code, talk->rounds * children);
    program_constant(code, R_FIRST, FROM_ANY);
    if (random_chance(random, 20))
        program_immediate(code, PROGRAM_ADDI, R_FIRST, R_CLONE, 0);
    program_constant(code, R_FIRST + 1, talk->in.address);
    program_constant(code, R_FIRST + 2, talk->in.words);
    program_constant(code, R_FIRST + 3, random_between(random, 1, 8));
    program_trap(code, CALL_RECEIVE);
    uint32_t failed = program_branch(code, PROGRAM_BNEZ, R_CODE);
    program_immediate(code, PROGRAM_ADDI, R_FIRST, R_SENDER, 0);
    program_constant(code, R_FIRST + 1, talk->out.address);
    program_constant(code, R_FIRST + 2, talk->in.words);
    program_constant(code, R_FIRST + 3, random_below(random, 3));
    program_trap(code, CALL_SEND);
    program_land(code, failed);
    program_again(code, top);
}

void program_family(struct program_code *code, struct random *random,
                    const struct program_world *world)
{
    uint32_t children = random_between(random, 1, 3);
    struct talk talk = draw_talk(random);
    (void)world;
    for (uint32_t i = 0; i < children; i++) {
        program_trap(code, CALL_CLONE);
        uint32_t is_parent = program_branch(code, PROGRAM_BNEZ, R_RESULT);
        emit_child(code, random, &talk);
        program_land(code, is_parent);
        program_immediate(code, PROGRAM_ADDI, R_CLONE, R_RESULT, 0);
    }
    if (random_chance(random, 50)) /* the children have come before it looks */
        PROGRAM_CALL(code, CALL_RECEIVE, FROM_DEVICES, 0, 0, 1);
    emit_parent(code, random, &talk, children);
}
