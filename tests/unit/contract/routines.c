#include "tests/unit/contract/routines.h"

#include "compiler/assembler.h"
#include "compiler/link.h"
#include "validator/propose/contract_search.h"
#include "validator/vamp/target.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char caller[] = "        .text\n"
                             "        .globl  main\n"
                             "        .type   main, function\n"
                             "main:\n"
                             "        jal     __mul\n        nop\n"
                             "        jal     __udiv\n        nop\n"
                             "        jal     __urem\n        nop\n"
                             "        jal     __sdiv\n        nop\n"
                             "        jal     __srem\n        nop\n"
                             "        jal     __new\n        nop\n"
                             "        .size   main, .-main\n";

static struct text linked(struct arena *arena, const char *assembly)
{
    struct fault fault = {0};
    struct object *objects[2] = {assemble_text(arena, "caller.s", text_of(caller), stderr)};
    size_t count = 1;
    if (assembly != NULL)
        objects[count++] = assemble_text(arena, "routine.s", text_of(assembly), stderr);
    for (size_t i = 0; i < count; i++)
        cr_assert_not_null(objects[i]);
    struct link_input input = {.objects = objects, .object_count = count, .map = map_default()};
    input.map.heap_bytes = input.map.stack_bytes = 1024;
    struct text file;
    cr_assert(link_image(arena, &input, &file, &fault), "%s", fault.message);
    return file;
}

static struct image *loaded(struct arena *arena, struct text file)
{
    char path[] = P_tmpdir "/routines-XXXXXX";
    struct fault fault = {0};
    int descriptor = mkstemp(path);
    cr_assert(descriptor >= 0 && write(descriptor, file.at, file.length) == (ssize_t)file.length);
    close(descriptor);
    struct image *image = image_load(arena, path, IMAGE_MACHINE_VAMP, &fault);
    unlink(path);
    cr_assert_not_null(image, "%s", fault.message);
    return image;
}

static struct routines *joined(struct arena *arena, struct image image)
{
    struct fault fault = {0};
    struct routines *routines = ARENA_NEW(arena, struct routines);
    routines->arena = arena;
    routines->rlimit = 4000000;
    routines->image = image;
    cr_assert(subject_join(arena, &routines->program, &routines->image, &vamp_target,
                           &routines->subject, &fault),
              "%s", fault.message);
    return routines;
}

struct routines *routines_make(struct arena *arena, const char *assembly)
{
    return joined(arena, *loaded(arena, linked(arena, assembly)));
}

struct routines *routines_with_word(struct arena *arena, const struct routines *routines,
                                    uint32_t address, uint32_t word)
{
    struct image image = routines->image;
    struct image_segment *segments = ARENA_ARRAY(arena, struct image_segment, image.segment_count);
    memcpy(segments, image.segments, image.segment_count * sizeof *segments);
    for (size_t i = 0; i < image.segment_count; i++) {
        struct text content = segments[i].content;
        if (address < segments[i].address || address - segments[i].address >= content.length)
            continue;
        char *bytes = arena_copy(arena, content.at, content.length);
        for (unsigned k = 0; k < 4; k++)
            bytes[address - segments[i].address + k] = (char)(word >> (8 * k));
        segments[i].content.at = bytes;
    }
    image.segments = segments;
    struct routines *changed = joined(arena, image);
    changed->rlimit = routines->rlimit;
    return changed;
}

/* ---- proofs ---- */

const struct contract *routines_contract(const char *symbol)
{
    for (size_t i = 0; i < vamp_target.contract_count; i++)
        if (strcmp(vamp_target.contracts[i].symbol, symbol) == 0)
            return &vamp_target.contracts[i];
    cr_assert_fail("no contract '%s'", symbol);
    return NULL;
}

struct text routines_search(struct routines *routines, const char *symbol)
{
    struct text certificate = {0};
    contract_search(routines->arena, &routines->subject, routines_contract(symbol),
                    routines->rlimit, &certificate);
    return certificate;
}

struct contract_proof routines_check(struct routines *routines, const char *symbol,
                                     const char *certificate)
{
    struct contract_input input = {
        .subject = &routines->subject,
        .contract = routines_contract(symbol),
        .file = "certificate",
        .certificate = text_of(certificate),
        .rlimit = routines->rlimit,
    };
    return contract_check(routines->arena, &input);
}

struct contract_proof routines_prove(struct routines *routines, const char *symbol)
{
    return routines_check(routines, symbol, routines_search(routines, symbol).at);
}

const char *routines_outcome(const struct contract_proof *proof)
{
    return proof->finding.status == CONTRACT_PROVED ? "proved" : proof->finding.reason;
}

/* ---- runs ---- */

enum { FRAME_OFFSET = 64, RETURN_ADDRESS = 0x3f00, STEPS_MAX = 4000, MEMORY_BYTES = 0x8000 };

static struct vamp_machine *loaded_machine(struct arena *arena, const struct routines *routines)
{
    struct vamp_machine *machine = vamp_machine_new(arena, MEMORY_BYTES);
    for (size_t i = 0; i < routines->image.segment_count; i++)
        cr_assert(vamp_machine_load(machine, routines->image.segments[i].address,
                                    routines->image.segments[i].content));
    vamp_machine_add_breakpoint(machine, RETURN_ADDRESS);
    return machine;
}

struct routine_runner routines_runner(struct arena *arena, const struct routines *routines,
                                      const char *symbol)
{
    return (struct routine_runner){routines, symbol, loaded_machine(arena, routines),
                                   loaded_machine(arena, routines)};
}

static uint32_t frame_of(const struct routines *routines)
{
    return routines->subject.stack.start + FRAME_OFFSET;
}

bool routines_run(struct routine_runner *runner, const uint32_t *arguments, uint32_t *result)
{
    const struct routines *routines = runner->routines;
    const struct subject *subject = &routines->subject;
    struct vamp_state *state = vamp_machine_state(runner->machine);
    uint32_t frame = frame_of(routines);
    for (unsigned i = 1; i < VAMP_GPR_COUNT; i++)
        state->gpr[i] = 0xa5000000u + i;
    state->gpr[28] = subject->globals.start;
    state->gpr[29] = frame;
    state->gpr[30] = subject->heap.start;
    state->gpr[31] = RETURN_ADDRESS;
    for (unsigned i = 0; i < 2; i++)
        vamp_machine_write(runner->machine, frame + 4 + 4 * i, arguments[i]);
    state->dpc = image_symbol(&routines->image, runner->symbol, NULL)->address;
    state->pcp = state->dpc + 4;
    struct vamp_run run = vamp_machine_run(runner->machine, STEPS_MAX);
    *result = state->gpr[1];
    return run.status == VAMP_RUN_BREAKPOINT && state->pcp == RETURN_ADDRESS + 4 &&
           state->gpr[28] == subject->globals.start && state->gpr[29] == frame &&
           state->gpr[30] == subject->heap.start;
}

bool routines_kept_memory(const struct routine_runner *runner)
{
    for (uint32_t address = 0; address < frame_of(runner->routines); address += 4) {
        uint32_t now = 0, then = 0;
        vamp_machine_read(runner->machine, address, &now);
        vamp_machine_read(runner->untouched, address, &then);
        if (now != then)
            return false;
    }
    return true;
}

bool routines_allow(enum contract_kind kind, uint32_t a, uint32_t b)
{
    if (kind == CONTRACT_MUL)
        return true;
    bool is_signed = kind == CONTRACT_SDIV || kind == CONTRACT_SREM;
    return b != 0 && !(is_signed && a == 0x80000000u && b == 0xffffffffu);
}

uint32_t routines_expect(enum contract_kind kind, uint32_t a, uint32_t b)
{
    switch (kind) {
    case CONTRACT_MUL:
        return a * b;
    case CONTRACT_UDIV:
        return a / b;
    case CONTRACT_UREM:
        return a % b;
    case CONTRACT_SDIV:
        return (uint32_t)((int32_t)a / (int32_t)b);
    case CONTRACT_SREM:
        return (uint32_t)((int32_t)a % (int32_t)b);
    case CONTRACT_NEW:
        break;
    }
    cr_assert_fail("not an arithmetic routine");
    return 0;
}
