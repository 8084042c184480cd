/* Times straight lines of one instruction on the fast machine: what a step costs at least, and what
 * an access adds. Prints nanoseconds a step, as JSON.
 *
 *     bench_straight
 */
#include "semantics/vamp/machine.h"

#include <stdio.h>
#include <time.h>

enum { WORDS = 800, DATA = 8192, TABLE_PAGE = 16, ENTRY_VALID = 1 << 11, STEPS = 300000000 };

/* Eight registers in turn, so that no instruction waits for the one before it. */
static struct vamp_insn instruction(enum vamp_op op, uint32_t number)
{
    uint8_t destination = (uint8_t)(2 + number % 8);
    struct vamp_insn insn = {.op = op, .rd = destination, .rs1 = destination, .immediate = 1};
    if (op == VAMP_OP_ORI)
        insn = (struct vamp_insn){.op = op, .rd = 1, .rs1 = 1};
    if (op == VAMP_OP_LW || op == VAMP_OP_SW)
        insn =
            (struct vamp_insn){.op = op, .rd = destination, .immediate = DATA + 4 * (number % 16)};
    return insn;
}

static struct vamp_machine *line_of(struct arena *arena, enum vamp_op op, bool is_user)
{
    struct vamp_machine *machine = vamp_machine_new(arena, 1 << 20);
    struct vamp_state *state = vamp_machine_state(machine);
    for (uint32_t i = 0; i < WORDS; i++) {
        struct vamp_insn insn = instruction(op, i);
        vamp_machine_write(machine, 4 * i, vamp_encode(&insn));
    }
    struct vamp_insn back = {.op = VAMP_OP_J, .immediate = (uint32_t)(-4 * (WORDS + 1))};
    struct vamp_insn slot = instruction(VAMP_OP_ORI, 0);
    vamp_machine_write(machine, 4 * WORDS, vamp_encode(&back));
    vamp_machine_write(machine, 4 * WORDS + 4, vamp_encode(&slot));
    for (uint32_t page = 0; page < 4; page++)
        vamp_machine_write(machine, TABLE_PAGE * VAMP_PAGE_BYTES + 4 * page,
                           page * VAMP_PAGE_BYTES | ENTRY_VALID);
    state->spr[VAMP_SPR_PTO] = TABLE_PAGE;
    state->spr[VAMP_SPR_PTL] = 3;
    state->spr[VAMP_SPR_MODE] = is_user;
    return machine;
}

static double nanoseconds(enum vamp_op op, bool is_user)
{
    struct timespec begin, end;
    struct arena *arena = arena_new();
    struct vamp_machine *machine = line_of(arena, op, is_user);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    vamp_machine_run(machine, STEPS);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    arena_free(arena);
    return ((double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec)) /
           STEPS;
}

int main(void)
{
    static const struct {
        const char *name;
        enum vamp_op op;
    } lines[] = {
        {"no-op", VAMP_OP_ORI}, {"addi", VAMP_OP_ADDI}, {"lw", VAMP_OP_LW}, {"sw", VAMP_OP_SW}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        printf("%s{\"name\": \"%s\", \"system\": %.3f, \"user\": %.3f}", i == 0 ? "[" : ",\n ",
               lines[i].name, nanoseconds(lines[i].op, false), nanoseconds(lines[i].op, true));
    printf("]\n");
    return 0;
}
