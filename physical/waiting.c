#include "physical/waiting.h"

/* The halt convention of docs/ABI.md: `j` with the distance -4, and `ori r1,r1,0`. */
#define JUMP_TO_ITSELF UINT32_C(0x0BFFFFFC)
#define NO_OPERATION UINT32_C(0x34210000)

static bool holds(const struct vamp_machine *machine, uint32_t address, uint32_t word)
{
    uint32_t found;
    return vamp_machine_read(machine, address, &found) && found == word;
}

bool processor_is_waiting(struct vamp_machine *machine, uint32_t lines)
{
    const struct vamp_state *state = vamp_machine_state(machine);
    uint32_t enabled = state->spr[VAMP_SPR_SR] | UINT32_C(1) << VAMP_INTERRUPT_RESET;
    bool is_at_jump = state->pcp == state->dpc + 4;
    bool is_behind_jump = state->dpc == state->pcp + 4;
    uint32_t jump = is_at_jump ? state->dpc : state->pcp;
    return !vamp_is_user_mode(state) && (lines & enabled) == 0 && (is_at_jump || is_behind_jump) &&
           holds(machine, jump, JUMP_TO_ITSELF) && holds(machine, jump + 4, NO_OPERATION);
}
