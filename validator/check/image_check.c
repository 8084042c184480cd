#include "validator/check/image_check.h"

#include "base/array.h"
#include "validator/check/code_graph.h"
#include "validator/check/machine_walk.h"

#include <stdlib.h>
#include <string.h>

typedef ARRAY(struct image_finding) finding_array;

static void note(struct arena *arena, finding_array *findings, const char *check,
                 const char *reason)
{
    ARRAY_PUSH(arena, findings, (struct image_finding){check, reason == NULL, reason});
}

const struct image_symbol *image_start(const struct subject *subject)
{
    return image_function_at(subject->image, subject->image->entry);
}

static const char *check_entry(struct arena *arena, const struct subject *subject)
{
    uint32_t entry = subject->image->entry;
    if (!image_is_executable(subject->image, entry))
        return arena_printf(arena, "the entry 0x%08lx is not executable", (unsigned long)entry);
    const struct image_symbol *start = image_start(subject);
    if (start == NULL || start->address != entry)
        return arena_printf(arena, "no function starts at the entry 0x%08lx", (unsigned long)entry);
    return NULL;
}

/* Code is in the code region and nowhere else, and is not writable. */
static const char *check_segments(struct arena *arena, const struct subject *subject)
{
    const struct image *image = subject->image;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *segment = &image->segments[i];
        uint64_t end = (uint64_t)segment->address + segment->size_bytes;
        if (segment->is_executable && segment->is_writable)
            return arena_printf(arena, "the segment at 0x%08lx is writable and executable",
                                (unsigned long)segment->address);
        if (segment->is_executable &&
            (segment->address < subject->code.start || end > subject->code.end))
            return arena_printf(arena, "the code at 0x%08lx lies outside the code region",
                                (unsigned long)segment->address);
        if (!segment->is_executable && segment->address < subject->code.end &&
            end > subject->code.start)
            return arena_printf(arena, "data at 0x%08lx lies in the code region",
                                (unsigned long)segment->address);
    }
    return NULL;
}

static const char *check_symbols(struct arena *arena, const struct subject *subject)
{
    const struct image *image = subject->image;
    const struct image_symbol *previous = NULL;
    for (size_t i = 0; i < image->symbol_count; i++) {
        const struct image_symbol *symbol = &image->symbols[i];
        if (symbol->kind != IMAGE_SYMBOL_FUNCTION)
            continue;
        uint64_t end = (uint64_t)symbol->address + symbol->size_bytes;
        if (symbol->address < subject->code.start || end > subject->code.end)
            return arena_printf(arena, "the function '%s' lies outside the code region",
                                symbol->name);
        if (symbol->size_bytes == 0 || symbol->address % 4 != 0 || symbol->size_bytes % 4 != 0)
            return arena_printf(arena, "the function '%s' is no range of instructions",
                                symbol->name);
        if (previous != NULL &&
            (uint64_t)previous->address + previous->size_bytes > symbol->address)
            return arena_printf(arena, "the functions '%s' and '%s' overlap", previous->name,
                                symbol->name);
        previous = symbol;
    }
    return NULL;
}

static const char *check_global(struct arena *arena, const struct subject *subject,
                                const struct c0_variable *global)
{
    uint32_t address = subject->global_addresses[global->index];
    for (uint32_t cell = 0; cell < global->type->size_cells; cell++) {
        uint32_t expected = 0, found;
        if (global->initial != NULL) {
            const struct c0_initial *initial = &global->initial[cell];
            expected = initial->word;
            if (initial->target != NULL)
                expected =
                    subject->global_addresses[initial->target->index] + 4 * initial->target_cell;
        }
        if (!image_word(subject->image, address + 4 * cell, &found))
            return arena_printf(arena, "no segment holds word %lu of the global '%s'",
                                (unsigned long)cell, global->name);
        if (found != expected)
            return arena_printf(arena,
                                "word %lu of the global '%s' is 0x%08lx in the image, 0x%08lx in "
                                "the source",
                                (unsigned long)cell, global->name, (unsigned long)found,
                                (unsigned long)expected);
    }
    return NULL;
}

/* The globals hold their initial values; the heap starts as zero (docs/ABI.md). */
static const char *check_data(struct arena *arena, const struct subject *subject)
{
    for (uint32_t i = 0; i < subject->program->global_count; i++) {
        const char *reason = check_global(arena, subject, subject->program->globals[i]);
        if (reason != NULL)
            return reason;
    }
    for (size_t i = 0; i < subject->image->segment_count; i++) {
        const struct image_segment *segment = &subject->image->segments[i];
        for (size_t k = 0; k < segment->content.length; k++) {
            uint32_t address = segment->address + (uint32_t)k;
            bool is_heap = address >= subject->heap.start && address < subject->heap.end;
            if (is_heap && segment->content.at[k] != 0)
                return arena_printf(arena, "the heap does not start as zero at 0x%08lx",
                                    (unsigned long)address);
        }
    }
    return NULL;
}

/* ---- the start-up code ---- */

struct start_walk {
    struct arena *arena;
    const struct subject *subject;
    struct terms *terms;
    const struct image_symbol *code;
    const struct c0_function *main_function; /* NULL: the program has none */
    struct code_ends ends;
};

static struct machine_state unknown_state(const struct start_walk *walk)
{
    const struct target *target = walk->subject->target;
    struct machine_state state = {0};
    for (unsigned i = 0; i < target->register_count; i++)
        state.registers[i] = (int)i == target->zero_register
                                 ? term_word(walk->terms, 0, 32)
                                 : machine_junk(walk->terms, target->register_name(i), 0,
                                                (struct sort){SORT_WORD, 32});
    state.memory = term_variable(walk->terms, "@memory", (struct sort){SORT_MEMORY, 0});
    return state;
}

/* Walks from `at` in an unknown state. What the walk obliges must be plain, control must not leave
 * the start-up code but by a call, and memory must stay what it was: nobody else would notice that
 * a global does not start as the source says. */
static const char *walk_start(const struct start_walk *walk, struct point at,
                              struct machine_segment *segment)
{
    const struct target *target = walk->subject->target;
    struct terms *terms = walk->terms;
    struct region stack = walk->subject->stack;
    struct relation relation = {0};
    struct fault fault = {0};
    struct machine_walk_input input = {
        .subject = walk->subject,
        .relation = &relation,
        .ends = &walk->ends,
        .frame = term_word(terms, target->frame_grows_up ? stack.start : stack.end, 32),
        .code_start = walk->code->address,
        .code_end = walk->code->address + walk->code->size_bytes,
    };
    struct machine_state state = unknown_state(walk);
    *segment = (struct machine_segment){0};
    if (!machine_walk(walk->arena, terms, &input, at, &state, segment, &fault))
        return arena_copy(walk->arena, fault.message, strlen(fault.message));
    for (size_t i = 0; i < segment->obligations.count; i++) {
        const struct machine_obligation *obligation = &segment->obligations.at[i];
        if (!term_is_true(terms, term_implies(terms, obligation->guard, obligation->goal)))
            return arena_printf(walk->arena, "at 0x%08lx: not shown that %s",
                                (unsigned long)obligation->pc, obligation->what);
    }
    for (size_t i = 0; i < segment->arrivals.count; i++) {
        const struct machine_arrival *arrival = &segment->arrivals.at[i];
        if (arrival->kind == ARRIVAL_EXIT)
            return "the start-up code jumps to a computed address";
        if (!term_same(arrival->state.memory, state.memory))
            return arena_printf(walk->arena, "at 0x%08lx: the start-up code has changed the memory",
                                (unsigned long)arrival->pc);
    }
    return NULL;
}

/* A loop of the start-up code must do nothing but go on for ever: `j` to itself. */
static const char *check_halt(const struct start_walk *walk, struct point at)
{
    struct machine_segment segment;
    const char *reason = walk_start(walk, at, &segment);
    for (size_t i = 0; i < segment.arrivals.count && reason == NULL; i++) {
        const struct machine_arrival *arrival = &segment.arrivals.at[i];
        if (arrival->kind != ARRIVAL_LOOP || arrival->point.pc != at.pc ||
            arrival->point.next != at.next)
            reason = arena_printf(walk->arena, "at 0x%08lx: the start-up code loops, and goes on",
                                  (unsigned long)at.pc);
    }
    return reason;
}

static const char *check_halts(const struct start_walk *walk, const struct machine_segment *segment)
{
    for (size_t i = 0; i < segment->arrivals.count; i++) {
        const struct machine_arrival *arrival = &segment->arrivals.at[i];
        if (arrival->kind == ARRIVAL_CALL)
            return arena_printf(walk->arena, "at 0x%08lx: the start-up code calls '%s' as well",
                                (unsigned long)arrival->pc, arrival->callee->name);
        const char *reason = check_halt(walk, arrival->point);
        if (reason != NULL)
            return reason;
    }
    return NULL;
}

/* `main` is called with the first frame at the stack's beginning, and once. */
static const char *check_first_call(const struct start_walk *walk,
                                    const struct machine_arrival *call)
{
    struct machine_segment behind;
    const char *name = call->callee->name;
    if (call->callee != walk->main_function)
        return arena_printf(walk->arena, "the start-up code calls '%s', which is not main", name);
    if (call->callee->parameter_count != 0)
        return arena_printf(walk->arena, "the start-up code calls '%s' without its arguments",
                            name);
    if (call->displacement != 0)
        return arena_printf(walk->arena, "the first frame lies %ld bytes from the stack's base",
                            (long)call->displacement);
    const char *reason = walk_start(walk, call->point, &behind);
    return reason != NULL ? reason : check_halts(walk, &behind);
}

/* The start-up code as docs/ABI.md states it: from any state it calls `main` with the base
 * registers set if there is a main, and then, or at once, halts. It is walked symbolically. */
static const char *check_start(struct arena *arena, const struct subject *subject)
{
    struct start_walk walk = {
        .arena = arena,
        .subject = subject,
        .terms = terms_new(arena),
        .code = image_start(subject),
        .main_function = c0_program_function(subject->program, "main", NULL),
    };
    struct fault fault = {0};
    struct point *heads;
    if (walk.code == NULL)
        return "there is no start-up code";
    if (walk.main_function != NULL && walk.main_function->body == NULL)
        walk.main_function = NULL;
    if (!code_graph_loop_heads(arena, subject, walk.code->address,
                               walk.code->address + walk.code->size_bytes, false, &heads,
                               &walk.ends.point_count, &fault))
        return arena_copy(arena, fault.message, strlen(fault.message));
    walk.ends.points = heads;
    struct machine_segment segment;
    uint32_t entry = subject->image->entry;
    const char *reason = walk_start(&walk, (struct point){entry, entry + 4}, &segment);
    if (reason != NULL || walk.main_function == NULL)
        return reason != NULL ? reason : check_halts(&walk, &segment);
    for (size_t i = 0; i < segment.arrivals.count; i++) {
        if (segment.arrivals.at[i].kind != ARRIVAL_CALL)
            return "the start-up code does not call main";
        reason = check_first_call(&walk, &segment.arrivals.at[i]);
        if (reason != NULL)
            return reason;
    }
    return NULL;
}

struct image_finding *image_findings(struct arena *arena, const struct subject *subject,
                                     size_t *count)
{
    finding_array findings = {0};
    note(arena, &findings, "entry", check_entry(arena, subject));
    note(arena, &findings, "segments", check_segments(arena, subject));
    note(arena, &findings, "symbols", check_symbols(arena, subject));
    note(arena, &findings, "initial-data", check_data(arena, subject));
    if (!subject_trusts(subject, image_start(subject)))
        note(arena, &findings, "start-up", check_start(arena, subject));
    *count = findings.count;
    return findings.at;
}

/* ---- whose the text is ---- */

static const struct function_verdict *function_at(const struct function_verdict *functions,
                                                  size_t count, uint32_t address)
{
    for (size_t i = 0; i < count; i++)
        if (functions[i].code_end > functions[i].code_start && functions[i].code_start == address &&
            functions[i].file != NULL)
            return &functions[i];
    return NULL;
}

static struct text_range owner_of(struct arena *arena, const struct subject *subject,
                                  const struct image_symbol *symbol,
                                  const struct function_verdict *functions, size_t function_count,
                                  const struct contract_finding *contracts, size_t contract_count)
{
    struct text_range range = {symbol->address, symbol->address + symbol->size_bytes,
                               TEXT_UNACCOUNTED, symbol->name, NULL};
    const struct function_verdict *function =
        function_at(functions, function_count, symbol->address);
    if (function != NULL) {
        range.owner = TEXT_FUNCTION;
        if (function->verdict != VERDICT_PROVED)
            range.reason =
                arena_printf(arena, "the function is %s", verdict_name(function->verdict));
        return range;
    }
    for (size_t i = 0; i < contract_count; i++)
        if (contracts[i].code_start == symbol->address) {
            bool is_proved = contracts[i].status == CONTRACT_PROVED;
            range.owner = is_proved ? TEXT_CONTRACT : TEXT_TRUSTED;
            range.reason = is_proved ? NULL : "a runtime routine whose contract is assumed";
            return range;
        }
    if (subject_trusts(subject, symbol)) {
        range.owner = TEXT_TRUSTED;
        range.reason = arena_printf(arena, "assembly of %lu instructions that is not checked",
                                    (unsigned long)symbol->size_bytes / 4);
        return range;
    }
    if (symbol == image_start(subject)) {
        range.owner = TEXT_TRUSTED;
        range.reason = "start-up code; what it hands to its callee is checked";
        return range;
    }
    range.reason = "code without a source";
    return range;
}

typedef ARRAY(struct text_range) range_array;

static void add_gap(struct arena *arena, range_array *ranges, uint32_t start, uint32_t end)
{
    if (start < end)
        ARRAY_PUSH(arena, ranges,
                   (struct text_range){start, end, TEXT_UNACCOUNTED, NULL, "no symbol names it"});
}

struct text_range *image_text(struct arena *arena, const struct subject *subject,
                              const struct function_verdict *functions, size_t function_count,
                              const struct contract_finding *contracts, size_t contract_count,
                              size_t *count)
{
    const struct image *image = subject->image;
    range_array ranges = {0};
    for (size_t s = 0; s < image->segment_count; s++) {
        const struct image_segment *segment = &image->segments[s];
        if (!segment->is_executable)
            continue;
        uint32_t at = segment->address, end = segment->address + segment->size_bytes;
        for (size_t i = 0; i < image->symbol_count; i++) {
            const struct image_symbol *symbol = &image->symbols[i];
            /* Overlapping symbols fail a check of their own; a byte counts once, for the first. */
            if (symbol->kind != IMAGE_SYMBOL_FUNCTION || symbol->address < at ||
                symbol->address >= end || symbol->size_bytes > end - symbol->address)
                continue;
            add_gap(arena, &ranges, at, symbol->address);
            ARRAY_PUSH(arena, &ranges,
                       owner_of(arena, subject, symbol, functions, function_count, contracts,
                                contract_count));
            at = symbol->address + symbol->size_bytes;
        }
        add_gap(arena, &ranges, at, end);
    }
    *count = ranges.count;
    return ranges.at;
}
