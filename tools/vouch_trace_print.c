/* A played step as a line of text. */
#include "tools/vouch_trace.h"

#include <inttypes.h>
#include <string.h>

unsigned trace_device(uint32_t address)
{
    return (address - VAMP_DEVICES) / 0x1000;
}

unsigned trace_port(uint32_t address)
{
    return (address - VAMP_DEVICES) % 0x1000 / 4;
}

bool trace_printer_load(struct trace_printer *printer, struct arena *arena, const char *image,
                        const struct trace *trace, struct fault *fault)
{
    static const unsigned char unknown[TRACE_DIGEST_BYTES];
    char digest[65];
    if (image == NULL)
        return true;
    const struct image *loaded = image_load(arena, image, IMAGE_MACHINE_VAMP, fault);
    if (loaded == NULL)
        return false;
    trace_digest_print(trace->header.image_digest, digest);
    if (memcmp(trace->header.image_digest, unknown, sizeof unknown) != 0 &&
        strcmp(digest, loaded->digest) != 0)
        return fault_at(fault, (struct location){image, 0, 0},
                        "the trace is of another image, with SHA-256 %s", digest);
    printer->source = trace_source_new(arena, loaded, fault);
    return printer->source != NULL;
}

/* --- Where the step is --- */

static bool is_same(const char *left, const char *right)
{
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

static struct text trimmed(struct text text)
{
    while (text.length > 0 && (*text.at == ' ' || *text.at == '\t'))
        text = (struct text){text.at + 1, text.length - 1};
    return text;
}

/* Bytes of a source file or of a name in an image, which may be anything. */
static void print_safely(FILE *out, const char *at, size_t length)
{
    for (size_t i = 0; i < length; i++)
        putc((unsigned char)at[i] < ' ' || at[i] == 0x7F ? '?' : at[i], out);
}

/* A heading where another function or another line begins. The image's addresses are physical: it
 * says nothing of code in user mode. */
static void print_place(struct trace_printer *printer, const struct trace_step *step)
{
    struct trace_place place = {0};
    if (printer->source == NULL)
        return;
    if (!vamp_is_user_mode(step->before))
        place = trace_source_at(printer->source, step->before->dpc);
    bool is_known = is_same(place.function, printer->last.function) &&
                    is_same(place.file, printer->last.file) && place.line == printer->last.line;
    printer->last = place;
    if (is_known || place.function == NULL)
        return;
    FILE *out = printer->out;
    struct text text = trimmed(trace_source_text(printer->source, &place));
    fprintf(out, "%s-- ", printer->margin);
    print_safely(out, place.function, strlen(place.function));
    fprintf(out, "+0x%x", place.offset);
    if (place.file != NULL) {
        fputs("  ", out);
        print_safely(out, place.file, strlen(place.file));
        fprintf(out, ":%u", place.line);
    }
    if (text.length != 0)
        fputs("  ", out);
    print_safely(out, text.at, text.length);
    putc('\n', out);
}

/* --- What it is --- */

static void describe_instruction(const struct trace_step *step, char *text, size_t size_bytes)
{
    struct vamp_insn insn;
    uint32_t interrupts = step->diagnosis.interrupts;
    bool is_reset = (interrupts & UINT32_C(1) << VAMP_INTERRUPT_RESET) != 0;
    bool is_misaligned = (interrupts & UINT32_C(1) << VAMP_INTERRUPT_MAL) != 0;
    bool is_fetched = (interrupts & UINT32_C(1) << VAMP_INTERRUPT_PFF) == 0 &&
                      !(is_misaligned && step->before->dpc % 4 != 0);
    if (is_reset)
        snprintf(text, size_bytes, "(reset)");
    else if (!is_fetched)
        snprintf(text, size_bytes, "(not fetched)");
    else if (vamp_decode(step->diagnosis.word, &insn))
        vamp_print(&insn, text, size_bytes);
    else
        snprintf(text, size_bytes, ".word 0x%08x", step->diagnosis.word);
}

/* --- What it did --- */

/* What a line says after the instruction; a line that says nothing more ends there. */
struct effects {
    FILE *out;
    int width; /* of the instruction; then 0 */
};

static void begin_effect(struct effects *effects)
{
    enum { INSTRUCTION_WIDTH = 24 };
    int blanks = effects->width == 0                  ? 0
                 : effects->width < INSTRUCTION_WIDTH ? INSTRUCTION_WIDTH - effects->width
                                                      : 0;
    fprintf(effects->out, "%*s", blanks + 2, "");
    effects->width = 0;
}

static void print_changes(struct effects *effects, const struct trace_step *step)
{
    struct trace_registers before = trace_registers_of(step->before, 0);
    struct trace_registers after = trace_registers_of(step->after, 0);
    char name[16];
    for (unsigned i = TRACE_REGISTER_GPR; i < TRACE_REGISTER_COUNT; i++) {
        if (before.at[i] == after.at[i])
            continue;
        begin_effect(effects);
        trace_register_name(i, name);
        fprintf(effects->out, "%s=0x%08x", name, after.at[i]);
    }
    if (step->diagnosis.interrupts != 0)
        return;
    if (step->after->dpc != step->before->pcp) {
        begin_effect(effects);
        fprintf(effects->out, "dpc=0x%08x", step->after->dpc);
    }
    if (step->after->pcp != step->before->pcp + 4) {
        begin_effect(effects);
        fprintf(effects->out, "pcp=0x%08x", step->after->pcp);
    }
}

static void print_accesses(struct effects *effects, const struct trace_step *step)
{
    if (step->stores) {
        begin_effect(effects);
        fprintf(effects->out, "[0x%08x]=0x%08x", step->store_address, step->store_after);
    }
    if (step->access == TRACE_ACCESS_NONE)
        return;
    begin_effect(effects);
    fprintf(effects->out, "device %u port %u %s 0x%08x", trace_device(step->access_address),
            trace_port(step->access_address), step->access == TRACE_ACCESS_READ ? "gives" : "gets",
            step->access_word);
}

/* All causes; the first of them decided. */
static void print_interrupts(struct effects *effects, uint32_t causes)
{
    const char *separator = "interrupt ";
    if (causes != 0)
        begin_effect(effects);
    for (unsigned i = 0; i < VAMP_INTERRUPT_COUNT; i++) {
        if ((causes >> i & 1) == 0)
            continue;
        fprintf(effects->out, "%s%s", separator, vamp_interrupt_name((enum vamp_interrupt)i));
        separator = ", ";
    }
}

static void print_registers(const struct trace_printer *printer, const struct vamp_state *state)
{
    struct trace_registers registers = trace_registers_of(state, 0);
    unsigned column = 0;
    for (unsigned i = 0; i < TRACE_REGISTER_LINES; i++) {
        char name[16];
        if (i >= TRACE_REGISTER_SPR && !vamp_spr_exists(i - TRACE_REGISTER_SPR))
            continue;
        trace_register_name(i, name);
        bool is_first = column % 6 == 0 || i == TRACE_REGISTER_GPR || i == TRACE_REGISTER_SPR;
        if (is_first && i != 0)
            putc('\n', printer->out);
        column = is_first ? 1 : column + 1;
        fprintf(printer->out, "%s%5s 0x%08x", is_first ? printer->margin : "", name,
                registers.at[i]);
    }
    putc('\n', printer->out);
}

/* --- Lines --- */

void trace_print_step(struct trace_printer *printer, const struct trace_step *step)
{
    FILE *out = printer->out;
    char text[64];
    print_place(printer, step);
    if (printer->with_registers)
        print_registers(printer, step->before);
    describe_instruction(step, text, sizeof text);
    fprintf(out, "%s%12" PRIu64 " %c 0x%08x  ", printer->margin, step->step,
            vamp_is_user_mode(step->before) ? 'u' : 's', step->before->dpc);
    struct effects effects = {out, fprintf(out, "%s", text)};
    print_accesses(&effects, step);
    print_changes(&effects, step);
    print_interrupts(&effects, step->diagnosis.interrupts);
    putc('\n', out);
}

void trace_print_waiting(const struct trace_printer *printer, uint64_t step, uint64_t pairs)
{
    fprintf(printer->out, "%s%12" PRIu64 " ... the same two steps, %" PRIu64 " more times\n",
            printer->margin, step, pairs);
}

void trace_print_end(const struct trace_printer *printer, const struct trace_player *player,
                     enum trace_player_status status)
{
    char text[256];
    const struct trace_ending *ending = trace_player_ending(player);
    fprintf(printer->out, "%s%12" PRIu64 " ", printer->margin, trace_player_step(player));
    if (status == TRACE_PLAYER_CUT) {
        fprintf(printer->out, "the file is cut off here\n");
        return;
    }
    fprintf(printer->out, "end of the run%s%s", ending->reason[0] != '\0' ? ": " : "",
            ending->reason);
    if (ending->is_stopped) {
        vamp_diagnosis_print(trace_player_diagnosis(player), text, sizeof text);
        fprintf(printer->out, ": %s", text);
    }
    putc('\n', printer->out);
}
