/* The relations of a program and its image, and the points of its code that they speak of. */
#include "base/file.h"
#include "base/require.h"
#include "cosim/consis_pair.h"
#include "validator/check/certificate.h"
#include "validator/propose/decide.h"
#include "validator/propose/propose.h"
#include "validator/vamp/target.h"

enum { RLIMIT = 5000000 };

struct loader {
    struct arena *arena;
    struct consis_certificates *certificates;
    const char *directory;
    struct fault *fault;
};

/* --- One function's relation --- */

static struct check_input input_of(const struct loader *loader, const struct c0_function *function,
                                   const struct c0_flow *flow)
{
    const struct subject *subject = &loader->certificates->subject;
    return (struct check_input){
        .subject = subject,
        .function = function,
        .flow = flow,
        .symbol = subject->function_symbols[function->index],
    };
}

/* The certificate in the directory; no file is no relation. */
static bool read_relation(const struct loader *loader, const struct c0_function *function,
                          const struct c0_flow *flow, struct relation **relation)
{
    struct text content;
    struct fault absent = {0};
    const char *path = arena_printf(loader->arena, "%s/certificate",
                                    decide_folder(loader->arena, loader->directory, function));
    if (!file_read(loader->arena, path, &content, &absent))
        return true;
    *relation = ARENA_NEW(loader->arena, struct relation);
    if (!certificate_parse(loader->arena, loader->certificates->subject.target, function, path,
                           content, *relation, loader->fault))
        return false;
    struct check_input input = input_of(loader, function, flow);
    input.relation = *relation;
    return relation_is_sound(loader->arena, &input, loader->fault);
}

/* The certificate that the search finds, as text; NULL: none that could be proved. */
static const char *search(struct arena *arena, struct check_input input)
{
    struct relation relation;
    struct fault unfound = {0};
    struct terms *terms = terms_new(arena);
    struct solver *solver = solver_new(arena, terms, RLIMIT);
    const char *found = NULL;
    if (propose_relation(arena, terms, solver, &input, &relation, &unfound)) {
        input.relation = &relation;
        struct text_builder text = {.arena = arena};
        certificate_print(input.subject->target, &relation, &text);
        if (check_function(arena, terms, solver, &input).verdict == VERDICT_PROVED)
            found = text_built(&text);
    }
    solver_free(solver);
    return found;
}

static bool find_relation(const struct loader *loader, const struct c0_function *function,
                          const struct c0_flow *flow, struct relation **relation)
{
    struct arena *scratch = arena_new();
    const char *found = search(scratch, input_of(loader, function, flow));
    bool is_read = true;
    if (found != NULL) {
        struct text content = text_of(found);
        content.at = arena_copy(loader->arena, content.at, content.length);
        *relation = ARENA_NEW(loader->arena, struct relation);
        is_read = certificate_parse(loader->arena, loader->certificates->subject.target, function,
                                    function->name, content, *relation, loader->fault);
    }
    arena_free(scratch);
    return is_read;
}

/* --- Points --- */

static void add_point(struct consis_certificates *certificates, uint32_t address, uint8_t role)
{
    struct region code = certificates->subject.code;
    if (address >= code.start && address < code.end && address % 4 == 0)
        certificates->points[(address - code.start) / 4].roles |= role;
}

/* Where C0 stops in the function, and where the processor does for it. */
static void enter_relation(const struct loader *loader, const struct c0_function *function,
                           const struct c0_flow *flow, const struct relation *relation)
{
    struct consis_function *known = &loader->certificates->functions[function->index];
    known->relation = relation;
    known->is_cut = ARENA_ARRAY(loader->arena, bool, flow->count);
    for (size_t i = 1; i < relation->cut_count; i++) {
        const struct cut *cut = &relation->cuts[i];
        if (cut->kind == CUT_LOOP || flow->nodes[cut->node].kind == C0_FLOW_NEW)
            known->is_cut[cut->node] = true;
        add_point(loader->certificates, cut->point.pc, POINT_CUT);
    }
    loader->certificates->relation_count++;
}

static bool is_followed_call(const struct subject *subject, const struct decoded *decoded)
{
    if (decoded->control == CONTROL_CALL_INDIRECT)
        return true;
    return decoded->control == CONTROL_CALL &&
           subject_function_at(subject, decoded->target) != NULL;
}

/* The function's entry, what lies behind its calls, and rfe. */
static void enter_code(const struct loader *loader, const struct c0_function *function)
{
    struct consis_certificates *certificates = loader->certificates;
    const struct subject *subject = &certificates->subject;
    const struct image_symbol *symbol = subject->function_symbols[function->index];
    add_point(certificates, symbol->address, POINT_ENTRY);
    if (consis_point_at(certificates, symbol->address).roles != 0)
        certificates->points[(symbol->address - subject->code.start) / 4].function =
            function->index;
    for (uint32_t at = 0; at + 4 <= symbol->size_bytes; at += 4) {
        uint32_t pc = symbol->address + at;
        struct decoded decoded = subject->target->decode(subject->image, pc);
        if (decoded.control == CONTROL_LEAVE)
            add_point(certificates, pc, POINT_LEAVE);
        if (is_followed_call(subject, &decoded))
            add_point(certificates, pc + (subject->target->has_delay_slot ? 8 : 4), POINT_CUT);
    }
}

struct consis_point consis_point_at(const struct consis_certificates *certificates,
                                    uint32_t address)
{
    struct region code = certificates->subject.code;
    if (address < code.start || address >= code.end || address % 4 != 0)
        return (struct consis_point){0};
    return certificates->points[(address - code.start) / 4];
}

void consis_set_breakpoints(const struct consis_certificates *certificates,
                            struct vamp_machine *processor)
{
    struct region code = certificates->subject.code;
    for (uint32_t address = code.start; address < code.end; address += 4)
        if (consis_point_at(certificates, address).roles != 0)
            vamp_machine_add_breakpoint(processor, address);
}

/* --- All functions --- */

static bool enter_function(const struct loader *loader, const struct c0_function *function)
{
    struct relation *relation = NULL;
    const struct c0_flow flow = c0_flow_of(loader->arena, function);
    enter_code(loader, function);
    loader->certificates->function_count++;
    if (!(loader->directory != NULL ? read_relation(loader, function, &flow, &relation)
                                    : find_relation(loader, function, &flow, &relation)))
        return false;
    if (relation != NULL)
        enter_relation(loader, function, &flow, relation);
    return true;
}

const struct consis_certificates *
consis_certificates_new(struct arena *arena, const struct c0_program *program,
                        const struct image *image, const char *directory, struct fault *fault)
{
    struct consis_certificates *certificates = ARENA_NEW(arena, struct consis_certificates);
    struct subject *subject = &certificates->subject;
    struct loader loader = {arena, certificates, directory, fault};
    if (!subject_join(arena, program, image, &vamp_target, subject, fault))
        return NULL;
    certificates->functions = ARENA_ARRAY(arena, struct consis_function, program->function_count);
    certificates->points =
        ARENA_ARRAY(arena, struct consis_point, (subject->code.end - subject->code.start) / 4 + 1);
    for (uint32_t i = 0; i < program->function_count; i++)
        if (program->functions[i]->body != NULL && subject->function_symbols[i] != NULL &&
            !enter_function(&loader, program->functions[i]))
            return NULL;
    if (directory != NULL && certificates->relation_count == 0) {
        fault_at(fault, (struct location){0}, "no function has a certificate in '%s'", directory);
        return NULL;
    }
    return certificates;
}
