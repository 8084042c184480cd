/* vouch step: single steps of the VAMP, one JSON object a line in and out. */
#include "tools/commands.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "semantics/vamp/assemble.h"
#include "semantics/vamp/sparse.h"
#include "semantics/vamp/vamp.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: vouch step < STATES\n"
    "\n"
    "Executes one step of the VAMP in each state. A line of input is a JSON object:\n"
    "  word    the instruction at dpc, \"0x81acfffc\"; without it `asm` is assembled, and\n"
    "          without both the instruction is taken from `before.mem`\n"
    "  before  dpc, pcp (default: dpc + 4), gpr {\"r1\": ...}, spr {\"s0\": ...} (or by name,\n"
    "          {\"SR\": ...}), mem {\"ADDRESS\": WORD}, lines (the causes from outside: bit 0 "
    "reset,\n"
    "          bit 13+d device d); what is not given is 0\n"
    "In user mode dpc is virtual, and the instruction belongs to the address it translates to.\n"
    "A line of output holds asm, word and `after`: dpc, pcp and what changed of the rest; or\n"
    "`error` where the machine stops.\n"
    "\n"
    "exit code: 0 all executed, 1 some stopped, 2 bad usage or input\n";

struct step {
    struct arena *arena;
    struct location where;
    struct fault *fault;
    struct vamp_state state;
    struct vamp_sparse *sparse;
    struct vamp_memory memory;
    uint32_t lines;
};

/* A word as "0x..." or as a number. */
static bool read_word(struct step *step, const char *key, const json_t *value, uint32_t *word)
{
    if (json_is_string(value) && text_to_word(text_of(json_string_value(value)), word))
        return true;
    if (json_is_integer(value) && json_integer_value(value) >= INT32_MIN &&
        json_integer_value(value) <= UINT32_MAX) {
        *word = (uint32_t)json_integer_value(value);
        return true;
    }
    return fault_at(step->fault, step->where, "\"%s\" is not a 32-bit word", key);
}

/* An object that may be absent. */
static bool read_object(struct step *step, json_t *in, const char *key, json_t **object)
{
    *object = json_object_get(in, key);
    if (*object == NULL || json_is_object(*object))
        return true;
    return fault_at(step->fault, step->where, "\"%s\" is not an object", key);
}

/* "r17", "s9", or a special register by its name. */
static bool read_register_name(const char *name, char letter, uint32_t *number)
{
    if (name[0] == letter && text_to_word(text_of(name + 1), number) && *number < 32)
        return true;
    for (*number = 0; letter == 's' && *number < VAMP_SPR_COUNT; ++*number) {
        if (vamp_spr_exists(*number) && strcmp(name, vamp_spr_name(*number)) == 0)
            return true;
    }
    return false;
}

static bool read_registers(struct step *step, json_t *before, const char *key, char letter,
                           uint32_t registers[32])
{
    json_t *object, *value;
    const char *name;
    uint32_t given = 0;
    if (!read_object(step, before, key, &object))
        return false;
    json_object_foreach(object, name, value)
    {
        uint32_t number;
        if (!read_register_name(name, letter, &number))
            return fault_at(step->fault, step->where, "\"%s\" is not a register of \"%s\"", name,
                            key);
        if ((given >> number & 1) != 0)
            return fault_at(step->fault, step->where, "\"%s\" is given twice", name);
        given |= UINT32_C(1) << number;
        if (!read_word(step, name, value, &registers[number]))
            return false;
    }
    return true;
}

static bool read_memory(struct step *step, json_t *before)
{
    json_t *object, *value;
    const char *name;
    if (!read_object(step, before, "mem", &object))
        return false;
    json_object_foreach(object, name, value)
    {
        uint32_t address, word;
        if (!text_to_word(text_of(name), &address) || address % 4 != 0)
            return fault_at(step->fault, step->where, "\"%s\" is not the address of a word", name);
        if (!read_word(step, name, value, &word))
            return false;
        step->memory.write(step->memory.self, address, word);
    }
    return true;
}

/* What is no line is no cause from outside. */
static bool read_lines(struct step *step, const json_t *value)
{
    uint32_t all = UINT32_C(1) << VAMP_INTERRUPT_RESET;
    for (unsigned cause = VAMP_INTERRUPT_DEVICE_0; cause < VAMP_INTERRUPT_COUNT; cause++)
        all |= UINT32_C(1) << cause;
    if (!read_word(step, "lines", value, &step->lines))
        return false;
    if ((step->lines & ~all) != 0)
        return fault_at(step->fault, step->where, "\"lines\" has bits that are no lines: 0x%08x",
                        step->lines & ~all);
    return true;
}

static bool is_part_of_state(const char *name)
{
    static const char *const parts[] = {"dpc", "pcp", "gpr", "spr", "mem", "lines"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strcmp(name, parts[i]) == 0)
            return true;
    }
    return false;
}

static bool read_before(struct step *step, json_t *line)
{
    json_t *before = json_object_get(line, "before"), *value;
    const char *name;
    if (!json_is_object(before))
        return fault_at(step->fault, step->where, "\"before\" is not an object");
    json_object_foreach(before, name, value)
    {
        if (!is_part_of_state(name))
            return fault_at(step->fault, step->where, "\"before\" has no \"%s\"", name);
    }
    struct vamp_state *state = &step->state;
    json_t *dpc = json_object_get(before, "dpc"), *pcp = json_object_get(before, "pcp");
    if (!read_word(step, "dpc", dpc, &state->dpc))
        return false;
    state->pcp = state->dpc + 4;
    json_t *lines = json_object_get(before, "lines");
    if (pcp != NULL && !read_word(step, "pcp", pcp, &state->pcp))
        return false;
    if (lines != NULL && !read_lines(step, lines))
        return false;
    if (!read_registers(step, before, "gpr", 'r', state->gpr) ||
        !read_registers(step, before, "spr", 's', state->spr) || !read_memory(step, before))
        return false;
    if (state->gpr[0] != 0)
        return fault_at(step->fault, step->where, "\"r0\" is not 0");
    return true;
}

static bool assemble(struct step *step, const json_t *text, uint32_t *word)
{
    struct vamp_insn insn;
    if (!json_is_string(text))
        return fault_at(step->fault, step->where, "\"asm\" is not a string");
    if (!vamp_assemble(text_of(json_string_value(text)), step->where, NULL, &insn, step->fault))
        return false;
    *word = vamp_encode(&insn);
    return true;
}

/* Puts the instruction where dpc leads to, unless memory holds another one there; nowhere, if its
 * fetch fails. */
static bool read_instruction(struct step *step, json_t *line, uint32_t *word)
{
    json_t *number = json_object_get(line, "word"), *text = json_object_get(line, "asm");
    uint32_t address, present = 0;
    bool is_reached = vamp_translate(&step->state, &step->memory, step->state.dpc & ~UINT32_C(3),
                                     false, &address);
    if (is_reached)
        step->memory.read(step->memory.self, address, &present);
    *word = present;
    if (number == NULL && text == NULL)
        return true;
    if (number != NULL ? !read_word(step, "word", number, word) : !assemble(step, text, word))
        return false;
    if (present != 0 && present != *word)
        return fault_at(step->fault, step->where,
                        "the instruction is 0x%08x, but \"mem\" holds 0x%08x at 0x%08x", *word,
                        present, address);
    if (is_reached)
        step->memory.write(step->memory.self, address, *word);
    return true;
}

static json_t *hex(uint32_t word)
{
    char text[16];
    snprintf(text, sizeof text, "0x%08x", word);
    return json_string(text);
}

static json_t *changed_registers(char letter, const uint32_t before[32], const uint32_t after[32])
{
    json_t *object = json_object();
    for (unsigned i = 0; i < 32; i++) {
        char name[8];
        snprintf(name, sizeof name, "%c%u", letter, i);
        if (before[i] != after[i])
            json_object_set_new(object, name, hex(after[i]));
    }
    return object;
}

static void add_word(void *self, uint32_t address, uint32_t word)
{
    char name[16];
    snprintf(name, sizeof name, "0x%08x", address);
    json_object_set_new(self, name, hex(word));
}

static json_t *describe_after(const struct step *step, const struct vamp_state *before)
{
    const struct vamp_state *after = &step->state;
    json_t *object = json_object(), *memory = json_object();
    vamp_sparse_each_change(step->sparse, add_word, memory);
    json_object_set_new(object, "dpc", hex(after->dpc));
    json_object_set_new(object, "pcp", hex(after->pcp));
    json_object_set_new(object, "gpr", changed_registers('r', before->gpr, after->gpr));
    json_object_set_new(object, "spr", changed_registers('s', before->spr, after->spr));
    json_object_set_new(object, "mem", memory);
    return object;
}

static json_t *assembly(uint32_t word)
{
    struct vamp_insn insn;
    char text[64];
    if (!vamp_decode(word, &insn))
        return json_null();
    vamp_print(&insn, text, sizeof text);
    return json_string(text);
}

/* True unless the machine stopped. */
static bool execute(struct step *step, uint32_t word, json_t *out)
{
    struct vamp_state before = step->state;
    struct vamp_diagnosis diagnosis;
    vamp_sparse_mark(step->sparse);
    bool has_run = vamp_step(&step->state, &step->memory, step->lines, &diagnosis);
    json_object_set_new(out, "asm", assembly(word));
    json_object_set_new(out, "word", hex(word));
    if (has_run) {
        json_object_set_new(out, "after", describe_after(step, &before));
    } else {
        char message[256];
        vamp_diagnosis_print(&diagnosis, message, sizeof message);
        json_object_set_new(out, "error", json_string(message));
    }
    return has_run;
}

/* One line; false: bad input. */
static bool step_line(struct step *step, struct text line, bool *has_run)
{
    json_error_t error;
    json_t *in = json_loadb(line.at, line.length, JSON_REJECT_DUPLICATES, &error);
    if (in == NULL)
        return fault_at(step->fault, step->where, "not JSON: %s", error.text);
    uint32_t word;
    bool is_good =
        json_is_object(in) || fault_at(step->fault, step->where, "the line is not a JSON object");
    is_good = is_good && read_before(step, in) && read_instruction(step, in, &word);
    if (is_good) {
        json_t *out = json_object();
        *has_run = execute(step, word, out);
        json_dumpf(out, stdout, 0);
        putchar('\n');
        json_decref(out);
    }
    json_decref(in);
    return is_good;
}

static bool is_blank(struct text line)
{
    return strspn(line.at, " \t\r\n") == line.length;
}

static int step_all(FILE *in)
{
    int code = VOUCH_EXIT_OK;
    char *buffer = NULL;
    size_t capacity = 0;
    ssize_t length;
    for (uint32_t number = 1; (length = getline(&buffer, &capacity, in)) >= 0; number++) {
        struct text line = {buffer, (size_t)length};
        if (is_blank(line))
            continue;
        struct fault fault = {0};
        struct arena *arena = arena_new();
        struct step step = {.arena = arena, .where = {"stdin", number, 0}, .fault = &fault};
        step.sparse = vamp_sparse_new(arena);
        step.memory = vamp_sparse_memory(step.sparse);
        bool has_run = true;
        bool is_good = step_line(&step, line, &has_run);
        arena_free(arena);
        if (!is_good) {
            fault_print(&fault, stderr);
            code = VOUCH_EXIT_BAD;
            break;
        }
        if (!has_run)
            code = VOUCH_EXIT_NO;
    }
    free(buffer);
    if (ferror(in)) {
        fprintf(stderr, "stdin: error: cannot read: %s\n", strerror(errno));
        code = VOUCH_EXIT_BAD;
    }
    return code;
}

int vouch_step(int argc, char **argv)
{
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(help, stdout);
        return VOUCH_EXIT_OK;
    }
    if (argc > 1) {
        fprintf(stderr, "vouch step: error: unexpected argument '%s'; see vouch step --help\n",
                argv[1]);
        return VOUCH_EXIT_BAD;
    }
    return step_all(stdin);
}
