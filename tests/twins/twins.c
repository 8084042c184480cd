/* Twins: for every function of an image, the same code with one change; none may be proved. A twin
 * that is proved all the same must behave like the original: it is run against the source on many
 * states, and listed with its change so that a person can see why it makes no difference.
 *
 *     twins IMAGE SOURCE... [--twins N] [--seed N] [--states N] [--function NAME] [-I DIR]
 *
 * Prints every survivor and the counts; exit code 1 if a survivor differs, or if the unchanged
 * function is not proved (then its twins say nothing). */
#include "base/array.h"
#include "semantics/c0/front.h"
#include "validator/propose/decide.h"
#include "validator/propose/refute.h"
#include "validator/vamp/target.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RLIMIT = 5000000 };

struct run {
    struct arena *arena;
    struct subject subject;
    const char *only;
    unsigned twins, states;
    uint64_t random;
    unsigned made, killed, refused, survivors, differing, unproved;
};

static uint32_t draw(struct run *run, uint32_t below)
{
    run->random = run->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((run->random >> 33) % below);
}

/* The bytes of an instruction in the loaded image, which is this program's own memory. */
static char *code_bytes(const struct run *run, uint32_t address)
{
    for (size_t i = 0; i < run->subject.image->segment_count; i++) {
        const struct image_segment *segment = &run->subject.image->segments[i];
        if (address >= segment->address && address - segment->address < segment->content.length)
            return (char *)(uintptr_t)(segment->content.at + (address - segment->address));
    }
    abort();
}

static uint32_t get_word(const struct run *run, uint32_t address)
{
    uint32_t word = 0;
    if (!image_word(run->subject.image, address, &word))
        abort();
    return word;
}

static void put_word(const struct run *run, uint32_t address, uint32_t word)
{
    char *bytes = code_bytes(run, address);
    for (int i = 0; i < 4; i++)
        bytes[i] = (char)(word >> (8 * i));
}

enum change {
    CHANGE_BIT,
    CHANGE_DROP,
    CHANGE_REPEAT,
    CHANGE_SWAP,
    CHANGE_REGISTER,
    CHANGE_CONSTANT,
    CHANGE_OPCODE,
    CHANGE_COUNT,
};

static const char *const change_names[CHANGE_COUNT] = {
    "bit", "drop", "repeat", "swap", "register", "constant", "opcode"};

/* The words at `address` and behind it after the change; false if the change changes nothing. */
static bool make_change(struct run *run, enum change change, uint32_t address, bool has_next,
                        uint32_t words[2])
{
    static const uint32_t constants[] = {1, 0xffff, 4, 0xfffc, 0x8000};
    uint32_t old[2] = {words[0], words[1]};
    switch (change) {
    case CHANGE_BIT:
        words[0] ^= 1u << draw(run, 32);
        break;
    case CHANGE_DROP:
        words[0] = 0x34210000;
        break;
    case CHANGE_REPEAT:
        words[1] = has_next ? words[0] : words[1];
        break;
    case CHANGE_SWAP:
        words[0] = has_next ? old[1] : old[0];
        words[1] = has_next ? old[0] : old[1];
        break;
    case CHANGE_REGISTER: {
        unsigned field = 11 + 5 * draw(run, 3);
        words[0] = (old[0] & ~(31u << field)) | draw(run, 32) << field;
        break;
    }
    case CHANGE_CONSTANT:
        words[0] = (old[0] & 0xffff0000u) |
                   ((old[0] + constants[draw(run, 5)]) & 0xffff);
        break;
    case CHANGE_OPCODE:
        words[0] = (old[0] & 0x03ffffffu) | draw(run, 64) << 26;
        break;
    case CHANGE_COUNT:
        break;
    }
    (void)address;
    return words[0] != old[0] || words[1] != old[1];
}

static enum verdict decide(struct run *run, const struct c0_function *function)
{
    struct arena *arena = arena_new();
    struct decide_options options = {.rlimit = RLIMIT};
    struct decision decision;
    struct fault fault = {0};
    bool is_decided =
        decide_function(arena, &run->subject, function, &options, &decision, &fault);
    enum verdict verdict = is_decided ? decision.verdict.verdict : VERDICT_UNDECIDED;
    arena_free(arena);
    return verdict;
}

static void print_insn(const struct run *run, uint32_t address)
{
    char text[96];
    run->subject.target->print(run->subject.image, address, text, sizeof text);
    printf("%s", text);
}

static void print_change(const struct run *run, const struct c0_function *function,
                         enum change change, uint32_t address, const uint32_t old[2])
{
    uint32_t now = get_word(run, address);
    put_word(run, address, old[0]);
    printf("%s 0x%08lx %s: ", function->name, (unsigned long)address, change_names[change]);
    print_insn(run, address);
    put_word(run, address, now);
    printf(" -> ");
    print_insn(run, address);
}

static void judge(struct run *run, const struct c0_function *function, enum change change,
                  uint32_t address, const uint32_t old[2])
{
    run->made++;
    if (decide(run, function) != VERDICT_PROVED) {
        run->killed++;
        return;
    }
    run->survivors++;
    struct arena *arena = arena_new();
    struct counterexample *example =
        refute_function(arena, &run->subject, function, run->states);
    printf("  survivor: ");
    print_change(run, function, change, address, old);
    if (example != NULL) {
        run->differing++;
        printf(" DIFFERS: source %s, machine %s", example->source_end, example->machine_end);
    }
    printf("\n");
    arena_free(arena);
}

static void twin(struct run *run, const struct c0_function *function, unsigned number)
{
    const struct image_symbol *symbol = run->subject.function_symbols[function->index];
    uint32_t count = symbol->size_bytes / 4;
    /* Spread over the function: every instruction gets its turn before one gets a second. */
    uint32_t index = (number * 7919u + draw(run, 3)) % count;
    uint32_t address = symbol->address + 4 * index;
    bool has_next = index + 1 < count;
    uint32_t old[2] = {get_word(run, address), has_next ? get_word(run, address + 4) : 0};
    uint32_t words[2] = {old[0], old[1]};
    enum change change = (enum change)(number % CHANGE_COUNT);
    if (!make_change(run, change, address, has_next, words))
        words[0] ^= 1u << draw(run, 32), change = CHANGE_BIT;
    put_word(run, address, words[0]);
    if (has_next)
        put_word(run, address + 4, words[1]);
    judge(run, function, change, address, old);
    put_word(run, address, old[0]);
    if (has_next)
        put_word(run, address + 4, old[1]);
}

static void twins_of(struct run *run, const struct c0_function *function)
{
    if (run->subject.function_symbols[function->index] == NULL ||
        decide(run, function) != VERDICT_PROVED) {
        run->unproved++;
        printf("  not proved without a change: %s\n", function->name);
        return;
    }
    for (unsigned i = 0; i < run->twins; i++)
        twin(run, function, i);
    fflush(stdout);
}

static int usage(void)
{
    fprintf(stderr, "usage: twins IMAGE SOURCE... [--twins N] [--seed N] [--states N] "
                    "[--function NAME] [-I DIR]\n");
    return 2;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct run run = {.arena = arena, .twins = 20, .states = 2000, .random = 1};
    ARRAY(const char *) sources = {0};
    ARRAY(const char *) preprocessor = {0};
    const char *image_path = NULL;
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--twins") == 0 && has_value)
            run.twins = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && has_value)
            run.random = strtoul(argv[++i], NULL, 10) * 2 + 1;
        else if (strcmp(argv[i], "--states") == 0 && has_value)
            run.states = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--function") == 0 && has_value)
            run.only = argv[++i];
        else if (strcmp(argv[i], "-I") == 0 && has_value) {
            ARRAY_PUSH(arena, &preprocessor, argv[i]);
            ARRAY_PUSH(arena, &preprocessor, argv[++i]);
        } else if (image_path == NULL)
            image_path = argv[i];
        else
            ARRAY_PUSH(arena, &sources, argv[i]);
    }
    if (image_path == NULL || sources.count == 0)
        return usage();
    struct c0_front_options front = {
        .preprocessor_arguments = preprocessor.at,
        .preprocessor_argument_count = preprocessor.count,
    };
    struct fault fault = {0};
    const struct c0_program *program =
        c0_load(arena, sources.at, sources.count, &front, stderr);
    struct image *image = image_load(arena, image_path, vamp_target.elf_machine, &fault);
    if (program == NULL || image == NULL ||
        !subject_join(arena, program, image, &vamp_target, &run.subject, &fault)) {
        fault_print(&fault, stderr);
        return 2;
    }
    unsigned functions = 0;
    for (uint32_t i = 0; i < program->function_count; i++) {
        const struct c0_function *function = program->functions[i];
        if (function->body == NULL || (run.only != NULL && strcmp(run.only, function->name) != 0))
            continue;
        functions++;
        twins_of(&run, function);
    }
    printf("%u functions, %u twins: %u not proved, %u survivors, of which %u differ; %u functions "
           "not proved without a change\n",
           functions, run.made, run.killed, run.survivors, run.differing, run.unproved);
    return run.made == 0 || run.differing != 0 || run.unproved != 0;
}
