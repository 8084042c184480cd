/* Any word decodes or not; what decodes encodes, prints, assembles and runs alike on both machines.
 * The input is a memory of 1 KiB, with code at 0. */
#include "base/require.h"
#include "semantics/vamp/assemble.h"
#include "semantics/vamp/machine.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY_BYTES = 1024, STEP_LIMIT = 2000 };

static void check_word(uint32_t word)
{
    struct vamp_insn insn, again;
    struct fault fault = {0};
    char text[64];
    if (!vamp_decode(word, &insn))
        return;
    uint32_t encoded = vamp_encode(&insn);
    vamp_print(&insn, text, sizeof text);
    require(vamp_decode(encoded, &again) && vamp_encode(&again) == encoded, "encodes back");
    require(vamp_assemble(text_of(text), (struct location){0}, NULL, &again, &fault) &&
                vamp_encode(&again) == encoded,
            "assembles back");
}

static struct vamp_machine *machine_of(struct arena *arena, const uint8_t *data, size_t size)
{
    struct vamp_machine *machine = vamp_machine_new(arena, MEMORY_BYTES);
    struct text bytes = {(const char *)data, size < MEMORY_BYTES ? size : MEMORY_BYTES};
    require(vamp_machine_load(machine, 0, bytes), "fits");
    return machine;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct vamp_machine *fast = machine_of(arena, data, size);
    struct vamp_machine *plain = machine_of(arena, data, size);
    uint32_t left, right;
    for (uint32_t at = 0; at < size && vamp_machine_read(fast, at, &left); at += 4)
        check_word(left);
    struct vamp_run fast_run = vamp_machine_run(fast, STEP_LIMIT);
    struct vamp_run plain_run = vamp_machine_run_plain(plain, STEP_LIMIT);
    require(fast_run.status == plain_run.status && fast_run.steps == plain_run.steps &&
                fast_run.diagnosis.stop == plain_run.diagnosis.stop,
            "equal ends");
    require(
        memcmp(vamp_machine_state(fast), vamp_machine_state(plain), sizeof(struct vamp_state)) == 0,
        "equal states");
    for (uint32_t at = 0; vamp_machine_read(fast, at, &left); at += 4)
        require(vamp_machine_read(plain, at, &right) && left == right, "equal memories");
    arena_free(arena);
    return 0;
}
