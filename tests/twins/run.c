#include "tests/twins/run.h"

#include <string.h>

enum { STEPS_MAX = 20000, WORDS_MAX = 1 << 15, FRAME_DISTANCE = 4096 };

/* Where the caller's code would be. */
#define RETURN_ADDRESS (VAMP_DEVICES - 64)

enum end { END_RETURN, END_LEAVE, END_STOPPED };

struct word {
    bool is_used;
    uint32_t address, word;
};

struct world {
    const struct subject *subject;
    uint64_t seed;
    struct vamp_state state;
    struct word *words; /* those written, by a hash of their address */
    uint32_t count;
    uint64_t devices; /* all that they were asked so far */
    enum end end;
};

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t x = (a ^ (b + 0x9E3779B97F4A7C15u + (a << 6))) * 0xBF58476D1CE4E5B9u;
    return (x ^ x >> 29) * 0x94D049BB133111EBu ^ x >> 32;
}

/* Small numbers, addresses of memory, and any words. */
static uint32_t draw(uint64_t seed, uint64_t what)
{
    uint64_t random = mix(seed, what);
    uint32_t word = (uint32_t)(random >> 32);
    switch (random & 7) {
    case 0:
    case 1:
    case 2:
        return word % 130;
    case 3:
        return word % 0x02000000;
    case 4:
        return word % 0x200 * 0x1000;
    default:
        return word;
    }
}

/* ---- memory and devices ---- */

static struct word *word_at(const struct world *world, uint32_t address)
{
    uint32_t slot = (uint32_t)mix(address, 1);
    while (true) {
        struct word *word = &world->words[slot++ % WORDS_MAX];
        if (!word->is_used || word->address == address)
            return word;
    }
}

static bool lies_in(struct region region, uint32_t address)
{
    return address >= region.start && address < region.end;
}

/* The image's words, a heap of zeroes, and unknown words everywhere else. */
static uint32_t memory_word(const struct world *world, uint32_t address)
{
    uint32_t word;
    const struct word *written = word_at(world, address);
    if (written->is_used)
        return written->word;
    if (image_word(world->subject->image, address, &word))
        return word;
    return lies_in(world->subject->heap, address) ? 0 : draw(world->seed, address);
}

static bool read_word(void *self, uint32_t address, uint32_t *word)
{
    struct world *world = self;
    if (address < VAMP_DEVICES) {
        *word = memory_word(world, address);
        return true;
    }
    world->devices = mix(world->devices, address);
    *word = world->devices >> 63 != 0 ? 0 : draw(world->devices, world->seed); /* loops end at 0 */
    return true;
}

static bool write_word(void *self, uint32_t address, uint32_t word)
{
    struct world *world = self;
    if (address >= VAMP_DEVICES) {
        world->devices = mix(mix(world->devices, ~(uint64_t)address), word);
        return true;
    }
    struct word *written = word_at(world, address);
    world->count += !written->is_used;
    *written = (struct word){true, address, word};
    return world->count < WORDS_MAX / 2;
}

/* ---- the state at the start ---- */

static void set_cells(struct world *world, const struct c0_type *type, uint32_t address)
{
    uint32_t word = draw(world->seed, ~(uint64_t)address);
    if (type->kind == C0_TYPE_ARRAY) {
        for (uint32_t i = 0; i < type->length; i++)
            set_cells(world, type->element, address + 4 * i * type->element->size_cells);
    } else if (type->kind == C0_TYPE_STRUCT) {
        for (uint32_t i = 0; i < type->field_count; i++)
            set_cells(world, type->fields[i].type, address + 4 * type->fields[i].offset_cells);
    } else if (type->kind == C0_TYPE_BOOL) {
        write_word(world, address, word & 1);
    } else if (type->kind == C0_TYPE_CHAR) {
        write_word(world, address, (uint32_t)(int32_t)(int8_t)word);
    } else if (type->kind != C0_TYPE_POINTER) {
        write_word(world, address, word);
    }
}

static void start(struct world *world, const struct c0_function *function, uint32_t entry)
{
    const struct subject *subject = world->subject;
    const struct c0_program *program = subject->program;
    struct vamp_state *state = &world->state;
    for (unsigned i = 1; i < VAMP_GPR_COUNT; i++)
        state->gpr[i] = draw(world->seed, UINT64_C(1) << 33 | i);
    for (unsigned i = 0; i < VAMP_SPR_COUNT; i++)
        if (vamp_spr_exists(i) && i != VAMP_SPR_SR && i != VAMP_SPR_MODE)
            state->spr[i] = draw(world->seed, UINT64_C(1) << 34 | i);
    for (size_t i = 0; i < subject->target->base_count; i++)
        state->gpr[subject->target->bases[i].number] = subject->base_values[i];
    state->gpr[29] = subject->stack.start + FRAME_DISTANCE;
    state->gpr[31] = RETURN_ADDRESS;
    state->dpc = entry;
    state->pcp = entry + 4;
    for (uint32_t i = 0; i < function->parameter_count; i++)
        write_word(world, state->gpr[29] + 4 + 4 * i, draw(world->seed, UINT64_C(1) << 35 | i));
    for (uint32_t i = 0; i < program->global_count; i++)
        if (program->globals[i]->type->size_cells < 1024 && mix(world->seed, i) % 4 == 0)
            set_cells(world, program->globals[i]->type, subject->global_addresses[i]);
}

/* ---- a run ---- */

static void run(struct world *world)
{
    struct vamp_memory memory = {world, VAMP_DEVICES, read_word, write_word};
    struct vamp_diagnosis diagnosis;
    struct vamp_insn insn;
    world->end = END_STOPPED;
    for (unsigned i = 0; i < STEPS_MAX; i++) {
        if (world->state.dpc == RETURN_ADDRESS) {
            world->end = END_RETURN;
            return;
        }
        uint32_t word = memory_word(world, world->state.dpc & ~(uint32_t)3);
        bool leaves = vamp_decode(word, &insn) && insn.op == VAMP_OP_RFE;
        if (!vamp_step(&world->state, &memory, 0, &diagnosis) || diagnosis.interrupts != 0)
            return;
        if (leaves) {
            world->end = END_LEAVE;
            return;
        }
    }
}

/* ---- the difference ---- */

static bool covers(const struct world *a, const struct world *b)
{
    struct region own = a->subject->stack;
    own.start += FRAME_DISTANCE;
    for (uint32_t i = 0; i < WORDS_MAX; i++) {
        const struct word *word = &a->words[i];
        if (word->is_used && !lies_in(own, word->address) &&
            memory_word(b, word->address) != word->word)
            return false;
    }
    return true;
}

static const char *difference(const struct c0_function *function, const struct world *was,
                              const struct world *is)
{
    if (was->end != is->end)
        return "the end";
    if (was->devices != is->devices)
        return "the devices";
    if (memcmp(was->state.spr, is->state.spr, sizeof was->state.spr) != 0)
        return "a special register";
    if (!covers(was, is) || !covers(is, was))
        return "memory";
    if (was->end == END_LEAVE)
        return memcmp(&was->state, &is->state, sizeof was->state) != 0 ? "the processor" : NULL;
    if (function->result->kind != C0_TYPE_VOID && was->state.gpr[1] != is->state.gpr[1])
        return "the result";
    return memcmp(&was->state.gpr[28], &is->state.gpr[28], 3 * sizeof *was->state.gpr) != 0
               ? "a register of the ABI"
               : NULL;
}

static struct world world_of(struct arena *arena, const struct subject *subject, uint64_t seed)
{
    return (struct world){.subject = subject,
                          .seed = mix(seed, 0x5851F42D4C957F2Du),
                          .words = ARENA_ARRAY(arena, struct word, WORDS_MAX)};
}

const char *run_difference(const struct subject *subject, const struct c0_function *function,
                           struct code *code, unsigned states, unsigned *compared)
{
    const char *found = NULL;
    uint32_t *changed = code->words;
    for (unsigned i = 0; i < states && found == NULL; i++) {
        struct arena *arena = arena_new();
        struct world was = world_of(arena, subject, i), is = world_of(arena, subject, i);
        code->words = code->original;
        code_put(code);
        start(&was, function, code->symbol->address);
        run(&was);
        code->words = changed;
        code_put(code);
        if (was.end != END_STOPPED) {
            start(&is, function, code->symbol->address);
            run(&is);
            found = difference(function, &was, &is);
            ++*compared;
        }
        arena_free(arena);
    }
    return found;
}
