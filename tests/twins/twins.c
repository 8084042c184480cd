/* Twins: for every function of an image, the same code with a change; none may be proved. A twin
 * that is proved all the same must behave like the original: it is run against the source on many
 * states, and listed with its change and the reason why it makes no difference.
 *
 *     twins IMAGE SOURCE... [--twins N] [--blocks N] [--seed N] [--states N] [--jobs N]
 *           [--function NAME] [-I DIR] [-D MACRO]
 *
 * --blocks: the number for functions with asm blocks; their survivors are run beside the original
 * (run.h).
 *
 * The words of the globals and the sizes of the functions' symbols are changed as well: the checks
 * of the image must see it. Prints every survivor and the counts, which do not depend on --jobs;
 * exit code 1 if a survivor differs, if a changed image passes its checks, or if the unchanged
 * function is not proved (then its twins say nothing). */
#include "base/array.h"
#include "semantics/c0/flow.h"
#include "semantics/c0/front.h"
#include "semantics/c0a/c0a.h"
#include "tests/twins/change.h"
#include "tests/twins/run.h"
#include "validator/check/image_check.h"
#include "validator/propose/decide.h"
#include "validator/propose/refute.h"
#include "validator/vamp/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Steps of the solver: what needs more, in a function that was proved with less, is not proved. */
enum { RLIMIT = 1000000, JOBS_MAX = 64 };

/* Why a proved twin makes no difference. */
enum group {
    GROUP_ENCODING,  /* decodes to the same instruction */
    GROUP_NO_OP,     /* stands where a no-op stood, and nobody looks at what it does */
    GROUP_UNUSED,    /* without the instruction the function is proved as well */
    GROUP_COMMUTING, /* two neighbours in the other order */
    GROUP_TWICE,     /* done twice as good as done once, in place of something unused */
    GROUP_WAY,       /* another way to the same place */
    GROUP_VALUE,     /* another way to the same value */
    GROUP_SEVERAL,   /* changes in several places */
    GROUP_COUNT,
};

static const char *const group_names[GROUP_COUNT] = {
    "a field of the encoding that is not used",
    "in place of a no-op, and its result is not used",
    "without this instruction the function is right as well",
    "neighbours that commute",
    "done twice, in place of an instruction that was not needed",
    "another way to the same place",
    "the same value",
    "several places",
};

struct counts {
    unsigned functions, made[CHANGE_COUNT], survivors[CHANGE_COUNT], groups[GROUP_COUNT];
    unsigned differing, unproved, image_twins, image_survivors;
    unsigned with_blocks, made_with_blocks; /* functions with asm blocks; their twins */
};

struct run {
    struct arena *arena;
    struct subject subject;
    const char *only;
    unsigned twins, twins_with_blocks, states, jobs;
    uint64_t seed;
    struct counts counts;
    FILE *out; /* one line a survivor, its group before it */
};

static bool has_blocks(const struct c0_function *function)
{
    struct arena *arena = arena_new();
    struct c0_flow flow = c0_flow_of(arena, function);
    bool has = c0_flow_has_blocks(&flow);
    arena_free(arena);
    return has;
}

static bool is_proved(const struct run *run, const struct c0_function *function)
{
    struct arena *arena = arena_new();
    struct decide_options options = {.rlimit = RLIMIT};
    struct decision decision;
    struct fault fault = {0};
    bool is_decided = decide_function(arena, &run->subject, function, &options, &decision, &fault);
    bool is = is_decided && decision.verdict.verdict == VERDICT_PROVED;
    arena_free(arena);
    return is;
}

/* ---- survivors ---- */

static bool is_same_instruction(uint32_t a, uint32_t b)
{
    struct vamp_insn left, right;
    return vamp_decode(a, &left) && vamp_decode(b, &right) &&
           vamp_encode(&left) == vamp_encode(&right);
}

static bool is_transfer(uint32_t word)
{
    struct vamp_insn insn;
    return vamp_decode(word, &insn) && (insn.op == VAMP_OP_BEQZ || insn.op == VAMP_OP_BNEZ ||
                                        insn.op == VAMP_OP_J || insn.op == VAMP_OP_JAL);
}

/* The function is proved without the instruction too. */
static bool is_needless(const struct run *run, const struct c0_function *function,
                        struct code *code, uint32_t index)
{
    uint32_t changed = code->words[index];
    code->words[index] = 0x34210000;
    code_put(code);
    bool is = is_proved(run, function);
    code->words[index] = changed;
    code_put(code);
    return is;
}

static enum group group_of(const struct run *run, const struct c0_function *function,
                           struct code *code, enum change change, uint32_t first, uint32_t places)
{
    bool is_same = true;
    for (uint32_t i = 0; i < code->count; i++)
        is_same = is_same && (code->words[i] == code->original[i] ||
                              is_same_instruction(code->words[i], code->original[i]));
    if (is_same)
        return GROUP_ENCODING;
    if (change == CHANGE_SWAP)
        return GROUP_COMMUTING;
    if (places > 1)
        return GROUP_SEVERAL;
    if (code->original[first] == 0x34210000)
        return GROUP_NO_OP;
    if (is_transfer(code->original[first]) && is_transfer(code->words[first]))
        return GROUP_WAY;
    if (change == CHANGE_REPEAT)
        return GROUP_TWICE;
    return is_needless(run, function, code, first) ? GROUP_UNUSED : GROUP_VALUE;
}

static void print_change(const struct run *run, struct code *code, uint32_t index)
{
    char old[96], now[96];
    uint32_t address = code->symbol->address + 4 * index;
    run->subject.target->print(run->subject.image, address, now, sizeof now);
    uint32_t changed = code->words[index];
    code->words[index] = code->original[index];
    code_put(code);
    run->subject.target->print(run->subject.image, address, old, sizeof old);
    code->words[index] = changed;
    code_put(code);
    fprintf(run->out, " 0x%04lx %s -> %s", (unsigned long)address, old, now);
    if (strcmp(old, now) == 0)
        fprintf(run->out, " (0x%08lx)", (unsigned long)changed);
}

/* Runs the survivor against the source, if it is not the same instruction anyway; against the code
 * as it was, where devices and special registers count. */
static bool differs(struct run *run, const struct c0_function *function, enum group group,
                    struct code *code, struct arena *arena)
{
    if (group == GROUP_ENCODING)
        return false;
    if (has_blocks(function)) {
        unsigned compared = 0;
        const char *what = run_difference(&run->subject, function, code, run->states, &compared);
        fprintf(run->out, what == NULL ? " (%u runs agree)" : " (run %u)", compared);
        if (what != NULL)
            fprintf(run->out, " DIFFERS: %s", what);
        return what != NULL;
    }
    struct counterexample *example = refute_function(arena, &run->subject, function, run->states);
    if (example == NULL)
        return false;
    fprintf(run->out, " DIFFERS: source %s, machine %s", example->source_end, example->machine_end);
    return true;
}

static void survivor(struct run *run, const struct c0_function *function, struct code *code,
                     enum change change)
{
    uint32_t first = code->count, places = 0;
    for (uint32_t i = 0; i < code->count; i++)
        if (code->words[i] != code->original[i]) {
            first = places == 0 ? i : first;
            places++;
        }
    struct arena *arena = arena_new();
    enum group group = group_of(run, function, code, change, first, places);
    run->counts.survivors[change]++;
    run->counts.groups[group]++;
    fprintf(run->out, "%d %s, %s:", (int)group, function->name, change_name(change));
    for (uint32_t i = 0, shown = 0; i < code->count && shown < 4; i++)
        if (code->words[i] != code->original[i]) {
            print_change(run, code, i);
            shown++;
        }
    if (places > 4)
        fprintf(run->out, " and %lu more", (unsigned long)places - 4);
    run->counts.differing += differs(run, function, group, code, arena);
    fprintf(run->out, "\n");
    arena_free(arena);
}

static void twins_of(struct run *run, const struct c0_function *function)
{
    const struct image_symbol *symbol = run->subject.function_symbols[function->index];
    run->counts.functions++;
    if (symbol == NULL || !is_proved(run, function)) {
        run->counts.unproved++;
        fprintf(run->out, "- not proved without a change: %s\n", function->name);
        return;
    }
    struct arena *arena = arena_new();
    struct code code = code_of(arena, &run->subject, symbol, run->seed + function->index);
    bool is_special = has_blocks(function);
    unsigned twins = is_special ? run->twins_with_blocks : run->twins;
    run->counts.with_blocks += is_special;
    run->counts.made_with_blocks += is_special ? twins : 0;
    for (unsigned i = 0; i < twins; i++) {
        /* Spread over the function: every instruction gets its turn before one gets a second. */
        enum change change = code_change(&code, (enum change)(i % CHANGE_COUNT),
                                         (uint32_t)((i * 7919u + run->seed) % code.count));
        code_put(&code);
        run->counts.made[change]++;
        if (is_proved(run, function))
            survivor(run, function, &code, change);
        code_restore(&code);
    }
    arena_free(arena);
}

/* ---- the image ---- */

static bool image_passes(const struct run *run)
{
    struct arena *arena = arena_new();
    size_t count;
    struct image_finding *findings = image_findings(arena, &run->subject, &count);
    bool passes = true;
    for (size_t i = 0; i < count; i++)
        passes = passes && findings[i].is_passed;
    arena_free(arena);
    return passes;
}

static void count_image_twin(struct run *run, bool is_seen, const char *what, uint32_t address)
{
    run->counts.image_twins++;
    if (is_seen)
        return;
    run->counts.image_survivors++;
    fprintf(run->out, "- not seen: %s at 0x%08lx\n", what, (unsigned long)address);
}

/* A bit of a global's word. */
static void data_twins(struct run *run)
{
    for (size_t s = 0; s < run->subject.image->segment_count; s++) {
        const struct image_segment *segment = &run->subject.image->segments[s];
        size_t words = segment->content.length / 4, step = words / 200 + 1;
        for (size_t i = 0; i < words && !segment->is_executable; i += step) {
            char *byte = (char *)(uintptr_t)(segment->content.at + 4 * i + i % 4);
            *byte = (char)(*byte ^ 1 << i % 8);
            count_image_twin(run, !image_passes(run), "a changed global",
                             segment->address + (uint32_t)(4 * i));
            *byte = (char)(*byte ^ 1 << i % 8);
        }
    }
}

/* A function's symbol that ends an instruction early: the function is not proved, or a gap of the
 * text is left. */
static void size_twin(struct run *run, const struct c0_function *function)
{
    struct image_symbol *symbol =
        (struct image_symbol *)(uintptr_t)run->subject.function_symbols[function->index];
    if (symbol == NULL || symbol->size_bytes < 8)
        return;
    struct arena *arena = arena_new();
    symbol->size_bytes -= 4;
    size_t count;
    struct text_range *ranges = image_text(arena, &run->subject, NULL, 0, NULL, 0, &count);
    bool has_gap = false;
    for (size_t i = 0; i < count; i++)
        has_gap = has_gap || (ranges[i].owner == TEXT_UNACCOUNTED && ranges[i].name == NULL);
    count_image_twin(run, has_gap || !is_proved(run, function), "a shortened symbol",
                     symbol->address);
    symbol->size_bytes += 4;
    arena_free(arena);
}

/* ---- several processes ---- */

static bool is_wanted(const struct run *run, const struct c0_function *function)
{
    return function->body != NULL && (run->only == NULL || strcmp(run->only, function->name) == 0);
}

static void work(struct run *run, unsigned job)
{
    const struct c0_program *program = run->subject.program;
    for (uint32_t i = 0; i < program->function_count; i++)
        if (is_wanted(run, program->functions[i]) && i % run->jobs == job) {
            twins_of(run, program->functions[i]);
            size_twin(run, program->functions[i]);
        }
    if (job == 0)
        data_twins(run);
    fwrite(&run->counts, sizeof run->counts, 1, run->out);
    fflush(run->out);
}

static void add_counts(struct counts *sum, const struct counts *part)
{
    unsigned *to = (unsigned *)sum;
    const unsigned *from = (const unsigned *)part;
    for (size_t i = 0; i < sizeof *sum / sizeof *to; i++)
        to[i] += from[i];
}

typedef ARRAY(char *) line_array;

/* Takes a worker's lines and counts; false if it died. */
static bool take(struct run *run, FILE *from, line_array *lines)
{
    struct counts counts;
    fseek(from, 0, SEEK_END);
    long end = ftell(from) - (long)sizeof counts;
    if (end < 0 || fseek(from, end, SEEK_SET) != 0 || fread(&counts, sizeof counts, 1, from) != 1)
        return false;
    char *text = ARENA_ARRAY(run->arena, char, (size_t)end + 1);
    rewind(from);
    if (fread(text, 1, (size_t)end, from) != (size_t)end)
        return false;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
        ARRAY_PUSH(run->arena, lines, line);
    add_counts(&run->counts, &counts);
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool run_jobs(struct run *run, line_array *lines)
{
    FILE *outs[JOBS_MAX];
    pid_t workers[JOBS_MAX];
    bool is_complete = true;
    for (unsigned job = 0; job < run->jobs; job++) {
        outs[job] = tmpfile();
        if (outs[job] == NULL || (workers[job] = fork()) < 0)
            return false;
        if (workers[job] == 0) {
            run->out = outs[job];
            work(run, job);
            _exit(0);
        }
    }
    for (unsigned job = 0; job < run->jobs; job++) {
        int status;
        bool has_ended = waitpid(workers[job], &status, 0) == workers[job] && WIFEXITED(status) &&
                         WEXITSTATUS(status) == 0;
        is_complete = has_ended && take(run, outs[job], lines) && is_complete;
        fclose(outs[job]);
    }
    if (lines->count != 0)
        qsort(lines->at, lines->count, sizeof *lines->at, by_text);
    return is_complete;
}

/* ---- the report ---- */

static void print_survivors(const struct run *run, const line_array *lines)
{
    for (int group = 0; group < GROUP_COUNT; group++) {
        if (run->counts.groups[group] == 0)
            continue;
        printf("%s: %u\n", group_names[group], run->counts.groups[group]);
        for (size_t i = 0; i < lines->count; i++)
            if (lines->at[i][0] == '0' + group)
                printf("    %s\n", lines->at[i] + 2);
    }
    for (size_t i = 0; i < lines->count; i++)
        if (lines->at[i][0] == '-')
            printf("%s\n", lines->at[i] + 2);
}

static void print_counts(const struct counts *counts)
{
    unsigned made = 0, survivors = 0;
    printf("\nchange      twins  survivors\n");
    for (int change = 0; change < CHANGE_COUNT; change++) {
        printf("%-10s %6u %10u\n", change_name((enum change)change), counts->made[change],
               counts->survivors[change]);
        made += counts->made[change];
        survivors += counts->survivors[change];
    }
    printf("image      %6u %10u\n", counts->image_twins, counts->image_survivors);
    printf("%u functions, %u twins: %u not proved, %u survivors, of which %u differ; %u functions "
           "not proved without a change\n",
           counts->functions, made, made - survivors, survivors, counts->differing,
           counts->unproved);
    printf("%u functions have asm blocks, with %u of the twins\n", counts->with_blocks,
           counts->made_with_blocks);
}

static int usage(void)
{
    fprintf(stderr, "usage: twins IMAGE SOURCE... [--twins N] [--blocks N] [--seed N] [--states N] "
                    "[--jobs N] [--function NAME] [-I DIR] [-D MACRO]\n");
    return 2;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct run run = {
        .arena = arena, .twins = 20, .twins_with_blocks = 20, .states = 300, .jobs = 1, .seed = 1};
    ARRAY(const char *) sources = {0};
    ARRAY(const char *) preprocessor = {0};
    const char *image_path = NULL;
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--twins") == 0 && has_value)
            run.twins = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--blocks") == 0 && has_value)
            run.twins_with_blocks = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && has_value)
            run.seed = strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--states") == 0 && has_value)
            run.states = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--jobs") == 0 && has_value)
            run.jobs = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--function") == 0 && has_value)
            run.only = argv[++i];
        else if ((strcmp(argv[i], "-I") == 0 || strcmp(argv[i], "-D") == 0) && has_value) {
            ARRAY_PUSH(arena, &preprocessor, argv[i]);
            ARRAY_PUSH(arena, &preprocessor, argv[++i]);
        } else if (image_path == NULL)
            image_path = argv[i];
        else
            ARRAY_PUSH(arena, &sources, argv[i]);
    }
    if (image_path == NULL || sources.count == 0 || run.jobs == 0 || run.jobs > JOBS_MAX)
        return usage();
    struct c0_front_options front = {
        .assembler = &c0a_assembler,
        .preprocessor_arguments = preprocessor.at,
        .preprocessor_argument_count = preprocessor.count,
    };
    struct fault fault = {0};
    const struct c0_program *program = c0_load(arena, sources.at, sources.count, &front, stderr);
    struct image *image = image_load(arena, image_path, vamp_target.elf_machine, &fault);
    if (program == NULL || image == NULL ||
        !subject_join(arena, program, image, &vamp_target, &run.subject, &fault)) {
        fault_print(&fault, stderr);
        return 2;
    }
    line_array lines = {0};
    bool is_complete = run_jobs(&run, &lines);
    print_survivors(&run, &lines);
    print_counts(&run.counts);
    if (!is_complete)
        fprintf(stderr, "twins: a worker died\n");
    const struct counts *counts = &run.counts;
    return !is_complete || counts->functions == 0 || counts->differing != 0 ||
           counts->unproved != 0 || counts->image_survivors != 0;
}
