#include "validator/propose/refute.h"

#include <string.h>

enum { DEPTH_MAX = 4, HEAP_OBJECTS_MAX = 24, STEPS_MAX = 20000 };

struct generator {
    struct arena *arena;
    const struct c0_program *program;
    struct replay_state *state;
    uint64_t random;
};

static uint32_t draw(struct generator *generator, uint32_t below)
{
    generator->random = generator->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((generator->random >> 33) % below);
}

static uint32_t draw_number(struct generator *generator)
{
    static const uint32_t special[] = {0,           1,           2,           3,           4,
                                       0xffffffffu, 0xfffffffeu, 0x7fffffffu, 0x80000000u, 0x10000u,
                                       0xffu,       0x7fu,       0x80u};
    switch (draw(generator, 4)) {
    case 0:
        return special[draw(generator, sizeof special / sizeof *special)];
    case 1:
        return draw(generator, 0x7fffffffu) * 2 + draw(generator, 2);
    default:
        return draw(generator, 24);
    }
}

static void draw_cells(struct generator *generator, const struct c0_type *type,
                       struct state_word *cells, unsigned depth);

/* A place of exactly `type` inside an object of type `whole`; its cell, or false. */
static bool place_inside(struct generator *generator, const struct c0_type *whole,
                         const struct c0_type *type, uint32_t *cell)
{
    if (whole == type)
        return true;
    if (whole->kind == C0_TYPE_ARRAY) {
        uint32_t index = draw(generator, whole->length);
        *cell += index * whole->element->size_cells;
        return place_inside(generator, whole->element, type, cell);
    }
    if (whole->kind != C0_TYPE_STRUCT)
        return false;
    for (uint32_t i = 0; i < whole->field_count; i++) {
        uint32_t within = *cell + whole->fields[i].offset_cells;
        if (place_inside(generator, whole->fields[i].type, type, &within)) {
            *cell = within;
            return true;
        }
    }
    return false;
}

static bool draw_global_pointer(struct generator *generator, const struct c0_type *type,
                                struct state_word *word)
{
    uint32_t count = generator->program->global_count;
    for (uint32_t i = 0; i < count && i < 16; i++) {
        const struct c0_variable *global = generator->program->globals[draw(generator, count)];
        uint32_t cell = 0;
        if (place_inside(generator, global->type, type, &cell)) {
            *word = (struct state_word){.is_pointer = true, .global = global, .cell = cell};
            return true;
        }
    }
    return false;
}

static bool draw_known_object(struct generator *generator, const struct c0_type *type,
                              struct state_word *word)
{
    size_t count = generator->state->heap.count;
    for (size_t i = 0; i < count; i++) {
        uint32_t number = draw(generator, (uint32_t)count), cell = 0;
        if (place_inside(generator, generator->state->heap.at[number].type, type, &cell)) {
            *word = (struct state_word){.is_pointer = true, .heap = number, .cell = cell};
            return true;
        }
    }
    return false;
}

static void draw_new_object(struct generator *generator, const struct c0_type *type,
                            struct state_word *word, unsigned depth)
{
    struct replay_state *state = generator->state;
    uint32_t number = (uint32_t)state->heap.count;
    struct state_word *cells = ARENA_ARRAY(generator->arena, struct state_word, type->size_cells);
    ARRAY_PUSH(generator->arena, &state->heap, (struct heap_object){type, cells});
    *word = (struct state_word){.is_pointer = true, .heap = number};
    draw_cells(generator, type, cells, depth + 1);
}

static void draw_pointer(struct generator *generator, const struct c0_type *type,
                         struct state_word *word, unsigned depth)
{
    *word = (struct state_word){0};
    uint32_t choice = draw(generator, 8);
    if (choice == 0 || !type->is_complete)
        return;
    if (choice <= 3 && draw_global_pointer(generator, type, word))
        return;
    if (choice <= 5 && draw_known_object(generator, type, word))
        return;
    if (depth < DEPTH_MAX && generator->state->heap.count < HEAP_OBJECTS_MAX)
        draw_new_object(generator, type, word, depth);
}

static void draw_cells(struct generator *generator, const struct c0_type *type,
                       struct state_word *cells, unsigned depth)
{
    switch (type->kind) {
    case C0_TYPE_INT:
    case C0_TYPE_UNSIGNED:
        cells[0] = (struct state_word){.word = draw_number(generator)};
        return;
    case C0_TYPE_CHAR:
        cells[0] = (struct state_word){.word = (uint32_t)(int32_t)(int8_t)draw_number(generator)};
        return;
    case C0_TYPE_BOOL:
        cells[0] = (struct state_word){.word = draw(generator, 2)};
        return;
    case C0_TYPE_POINTER:
        draw_pointer(generator, type->element, &cells[0], depth);
        return;
    case C0_TYPE_ARRAY:
        for (uint32_t i = 0; i < type->length; i++)
            draw_cells(generator, type->element, cells + i * type->element->size_cells, depth);
        return;
    case C0_TYPE_STRUCT:
        for (uint32_t i = 0; i < type->field_count; i++)
            draw_cells(generator, type->fields[i].type, cells + type->fields[i].offset_cells,
                       depth);
        return;
    case C0_TYPE_VOID:
        return;
    }
}

/* Arguments at random; globals as they start, or at random as well. */
static void draw_state(struct generator *generator, const struct c0_function *function)
{
    struct replay_state *state = generator->state;
    state->arguments = ARENA_ARRAY(generator->arena, struct state_word, function->parameter_count);
    uint32_t habit = draw(generator, 3);
    for (uint32_t i = 0; habit != 0 && i < generator->program->global_count; i++) {
        const struct c0_variable *global = generator->program->globals[i];
        if (draw(generator, 2) == 0)
            continue;
        struct state_word *cells =
            ARENA_ARRAY(generator->arena, struct state_word, global->type->size_cells);
        draw_cells(generator, global->type, cells, 1);
        ARRAY_PUSH(generator->arena, &state->globals, (struct global_words){global, cells});
    }
    for (uint32_t i = 0; i < function->parameter_count; i++)
        draw_cells(generator, function->variables[i]->type, &state->arguments[i], 0);
}

void refute_draw_state(struct arena *arena, const struct c0_program *program,
                       const struct c0_function *function, uint64_t seed,
                       struct replay_state *state)
{
    struct generator generator = {arena, program, state, seed};
    *state = (struct replay_state){0};
    draw_state(&generator, function);
}

static const char *keep(struct arena *arena, const char *string)
{
    return arena_copy(arena, string, strlen(string));
}

static struct counterexample *keep_example(struct arena *arena,
                                           const struct counterexample *example)
{
    struct counterexample *kept = ARENA_NEW(arena, struct counterexample);
    const char **arguments = ARENA_ARRAY(arena, const char *, example->argument_count);
    const char **settings = ARENA_ARRAY(arena, const char *, example->setting_count);
    for (size_t i = 0; i < example->argument_count; i++)
        arguments[i] = keep(arena, example->arguments[i]);
    for (size_t i = 0; i < example->setting_count; i++)
        settings[i] = keep(arena, example->settings[i]);
    kept->arguments = arguments;
    kept->argument_count = example->argument_count;
    kept->settings = settings;
    kept->setting_count = example->setting_count;
    kept->source_end = keep(arena, example->source_end);
    kept->machine_end = keep(arena, example->machine_end);
    return kept;
}

struct counterexample *refute_function(struct arena *arena, const struct subject *subject,
                                       const struct c0_function *function, unsigned tries)
{
    for (unsigned i = 0; i < tries; i++) {
        struct arena *scratch = arena_new();
        struct replay_state state;
        refute_draw_state(scratch, subject->program, function, 0x9E3779B97F4A7C15u * (i + 1),
                          &state);
        struct counterexample *example = NULL, *kept = NULL;
        if (replay(scratch, subject, function, &state, STEPS_MAX, &example) == REPLAY_DISAGREES)
            kept = keep_example(arena, example);
        arena_free(scratch);
        if (kept != NULL)
            return kept;
    }
    return NULL;
}
