#include "tests/unit/vamp/program.h"

#include "semantics/vamp/assemble.h"

#include <criterion/criterion.h>
#include <string.h>

struct vamp_machine *program_machine(struct arena *arena, uint32_t memory_bytes, const char *text)
{
    struct vamp_machine *machine = vamp_machine_new(arena, memory_bytes);
    for (uint32_t address = 0; *text != '\0'; address += 4) {
        struct vamp_insn insn;
        struct fault fault = {0};
        size_t length = strcspn(text, "\n");
        cr_assert(
            vamp_assemble((struct text){text, length}, (struct location){0}, NULL, &insn, &fault),
            "%s", fault.message);
        vamp_machine_write(machine, address, vamp_encode(&insn));
        text += length + (text[length] == '\n');
    }
    return machine;
}
