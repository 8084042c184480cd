/* Single steps against an independent reference model (tests/golden/vamp/README.md).
 *
 * The reference does not compute eleven instructions: it records 0 as the result of every one of
 * their 220 steps, `lw r3,r8,...` of 0xffffef94 and the no-op `ori r1,r1,0` included. Their
 * meaning is not in doubt, so the model follows the architecture, and of those steps everything
 * but the result is compared. The tests count them: a repaired file is noticed. */
#include "base/arena.h"
#include "base/text.h"
#include "semantics/vamp/sparse.h"
#include "semantics/vamp/vamp.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct vector {
    json_t *line;
    struct arena *arena;
    struct vamp_sparse *sparse;
    struct vamp_memory memory;
    struct vamp_state before, after;
    uint32_t word;
};

static uint32_t word_of(const json_t *value)
{
    uint32_t word;
    cr_assert(text_to_word(text_of(json_string_value(value)), &word));
    return word;
}

static void read_registers(json_t *object, uint32_t registers[32])
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value) registers[atoi(name + 1)] = word_of(value);
}

static void read_state(json_t *object, struct vamp_state *state, const struct vamp_memory *memory)
{
    const char *name;
    json_t *value;
    state->dpc = word_of(json_object_get(object, "dpc"));
    state->pcp = word_of(json_object_get(object, "pcp"));
    read_registers(json_object_get(object, "gpr"), state->gpr);
    read_registers(json_object_get(object, "spr"), state->spr);
    json_object_foreach(json_object_get(object, "mem"), name, value)
    {
        uint32_t address;
        cr_assert(text_to_word(text_of(name), &address));
        memory->write(memory->self, address, word_of(value));
    }
}

static void load(struct vector *vector)
{
    vector->sparse = vamp_sparse_new(vector->arena);
    vector->memory = vamp_sparse_memory(vector->sparse);
    vector->word = word_of(json_object_get(vector->line, "word"));
    read_state(json_object_get(vector->line, "before"), &vector->before, &vector->memory);
    vector->memory.write(vector->memory.self, vector->before.dpc, vector->word);
    vector->after = vector->before;
}

static unsigned each_vector(void (*check)(struct vector *vector))
{
    FILE *file = fopen(SOURCE_ROOT "/tests/golden/vamp/step.jsonl", "r");
    cr_assert_not_null(file);
    char *buffer = NULL;
    size_t capacity = 0;
    ssize_t length;
    unsigned count = 0;
    while ((length = getline(&buffer, &capacity, file)) > 0) {
        struct vector vector = {.line = json_loadb(buffer, (size_t)length, 0, NULL),
                                .arena = arena_new()};
        cr_assert_not_null(vector.line);
        load(&vector);
        check(&vector);
        json_decref(vector.line);
        arena_free(vector.arena);
        count++;
    }
    free(buffer);
    fclose(file);
    return count;
}

static bool is_not_computed(enum vamp_op op)
{
    static const enum vamp_op ops[] = {VAMP_OP_LB,  VAMP_OP_LH,   VAMP_OP_LW,  VAMP_OP_ANDI,
                                       VAMP_OP_ORI, VAMP_OP_XORI, VAMP_OP_AND, VAMP_OP_OR,
                                       VAMP_OP_XOR, VAMP_OP_SLLI, VAMP_OP_SLL};
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        if (ops[i] == op)
            return true;
    }
    return false;
}

static unsigned not_computed_count;

static void count_change(void *self, uint32_t address, uint32_t word)
{
    (void)address, (void)word;
    ++*(size_t *)self;
}

static void check_memory(const struct vector *vector)
{
    const char *name;
    json_t *value, *object = json_object_get(json_object_get(vector->line, "after"), "mem");
    size_t change_count = 0;
    vamp_sparse_each_change(vector->sparse, count_change, &change_count);
    cr_expect_eq(change_count, json_object_size(object));
    json_object_foreach(object, name, value)
    {
        uint32_t address, word;
        cr_assert(text_to_word(text_of(name), &address));
        vector->memory.read(vector->memory.self, address, &word);
        cr_expect_eq(word, word_of(value), "memory at %s", name);
    }
}

static void check_step(struct vector *vector)
{
    const char *text = json_string_value(json_object_get(vector->line, "asm"));
    struct vamp_state state = vector->before;
    struct vamp_diagnosis diagnosis;
    vamp_sparse_mark(vector->sparse);
    cr_assert(vamp_step(&state, &vector->memory, 0, &diagnosis), "%s", text);
    check_memory(vector);

    struct vamp_insn insn;
    cr_assert(vamp_decode(vector->word, &insn));
    json_t *after = json_object_get(vector->line, "after");
    vector->after.dpc = word_of(json_object_get(after, "dpc"));
    vector->after.pcp = word_of(json_object_get(after, "pcp"));
    read_registers(json_object_get(after, "gpr"), vector->after.gpr);
    read_registers(json_object_get(after, "spr"), vector->after.spr);
    if (is_not_computed(insn.op)) {
        cr_expect_eq(vector->after.gpr[insn.rd], 0, "%s: the reference computes this", text);
        vector->after.gpr[insn.rd] = state.gpr[insn.rd];
        not_computed_count++;
    }
    cr_expect(memcmp(&vector->after, &state, sizeof state) == 0, "%s at 0x%08x", text,
              vector->before.dpc);
}

Test(vamp_vectors, every_step_of_the_reference_model_agrees)
{
    not_computed_count = 0;
    cr_expect_eq(each_vector(check_step), 1080);
    cr_expect_eq(not_computed_count, 220);
}

static void check_text(struct vector *vector)
{
    struct vamp_insn insn;
    char text[64];
    cr_assert(vamp_decode(vector->word, &insn));
    vamp_print(&insn, text, sizeof text);
    cr_expect_str_eq(text, json_string_value(json_object_get(vector->line, "asm")));
    cr_expect_eq(vamp_encode(&insn), vector->word, "%s", text);
}

Test(vamp_vectors, every_instruction_prints_as_the_reference_writes_it)
{
    each_vector(check_text);
}
