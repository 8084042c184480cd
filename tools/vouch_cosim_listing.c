#include "tools/vouch_cosim_listing.h"

#include "base/file.h"
#include "traces/source.h"

#include <string.h>
#include <sys/stat.h>

/* One by one, the processor is slow. */
enum { SEEN_MAX = 1 << 17 };

/* --- The second run --- */

static bool read_word(void *processor, uint32_t address, uint32_t *word)
{
    return vamp_machine_read(processor, address, word);
}

static bool write_nothing(void *processor, uint32_t address, uint32_t word)
{
    (void)processor, (void)address, (void)word;
    return false;
}

static void keep_stretch(struct listing *listing, const struct listing_row *row)
{
    const struct image_symbol *function =
        row->is_user ? NULL : image_function_at(listing->image, row->address);
    struct listing_stretch *last =
        &listing->stretches[(listing->stretch_count - 1) % LISTING_STRETCHES];
    if (listing->stretch_count == 0 || last->function != function ||
        last->is_user != row->is_user) {
        last = &listing->stretches[listing->stretch_count++ % LISTING_STRETCHES];
        *last = (struct listing_stretch){function, row->is_user, row->address, 0};
    }
    last->steps++;
}

static void keep_step(void *self, uint64_t step, struct vamp_machine *processor)
{
    struct listing *listing = self;
    const struct vamp_state *state = vamp_machine_state(processor);
    const struct vamp_memory memory = {processor, vamp_machine_memory_bytes(processor), read_word,
                                       write_nothing};
    struct listing_row *row = &listing->rows[listing->seen++ % LISTING_ROWS];
    uint32_t physical;
    *row = (struct listing_row){
        .step = step, .is_user = vamp_is_user_mode(state), .address = state->dpc};
    row->has_word = state->dpc % 4 == 0 &&
                    vamp_translate(state, &memory, state->dpc, false, &physical) &&
                    read_word(processor, physical, &row->word);
    keep_stretch(listing, row);
}

bool listing_make(const struct scenario *scenario, const struct cosim_divergence *divergence,
                  struct listing *listing)
{
    struct arena *arena = arena_new();
    struct fault ignored = {0};
    struct cosim_observer observer = {
        .self = listing, .instruction = keep_step, .instructions_from = divergence->last_agreement};
    *listing = (struct listing){.image = scenario->kernel->image,
                                .count = divergence->step - divergence->last_agreement};
    if (listing->count > SEEN_MAX)
        observer.instructions_from = divergence->step - SEEN_MAX;
    struct cosim_result result = scenario_run(arena, scenario, observer, &ignored);
    bool is_same = result.status == COSIM_DIVERGED && result.divergence.step == divergence->step &&
                   result.divergence.conjunct == divergence->conjunct;
    arena_free(arena);
    return is_same;
}

/* --- Source lines --- */

struct sources {
    struct arena *arena;
    const struct cosim_kernel *kernel;
    struct trace_source *lines;
    const char *file; /* that was read last */
    struct text content;
};

static void open_file(struct sources *sources, const char *file)
{
    struct fault ignored = {0};
    struct stat status;
    const char *path = file;
    if (sources->file != NULL && strcmp(sources->file, file) == 0)
        return;
    sources->file = file;
    sources->content = (struct text){0};
    if (file[0] != '/' && sources->kernel->root != NULL)
        path = arena_printf(sources->arena, "%s/%s", sources->kernel->root, file);
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
        !file_read(sources->arena, path, &sources->content, &ignored))
        sources->content = (struct text){0};
}

static struct text line_of(struct sources *sources, const struct trace_place *place)
{
    open_file(sources, place->file);
    const char *at = sources->content.at, *end = at + sources->content.length;
    for (uint32_t line = 1; at != NULL && at < end; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline == NULL ? end : newline;
        if (line == place->line)
            return (struct text){at, (size_t)(stop - at)};
        at = stop + 1;
    }
    return (struct text){0};
}

static void print_line(struct sources *sources, const struct trace_place *place, FILE *out)
{
    struct text line = line_of(sources, place);
    while (line.length > 0 && (*line.at == ' ' || *line.at == '\t'))
        line = (struct text){line.at + 1, line.length - 1};
    fprintf(out, "    %s:%u: %.*s\n", place->file, (unsigned)place->line,
            (int)(line.length < 200 ? line.length : 200), line.at == NULL ? "" : line.at);
}

/* --- In words --- */

static void print_row(const struct listing_row *row, const struct trace_place *place, FILE *out)
{
    char text[64] = "cannot be fetched";
    struct vamp_insn insn;
    if (row->has_word && vamp_decode(row->word, &insn))
        vamp_print(&insn, text, sizeof text);
    else if (row->has_word)
        snprintf(text, sizeof text, "0x%08x", (unsigned)row->word);
    fprintf(out, "  %12llu  %s 0x%08x  %-28s", (unsigned long long)row->step,
            row->is_user ? "user  " : "system", (unsigned)row->address, text);
    if (place->function != NULL)
        fprintf(out, "  %s+%u", place->function, (unsigned)place->offset);
    fputc('\n', out);
}

static bool is_same_place(const struct trace_place *left, const struct trace_place *right)
{
    return left->file == right->file && left->line == right->line;
}

static uint64_t first_kept(uint64_t count, uint64_t kept)
{
    return count < kept ? 0 : count - kept;
}

static void print_stretches(const struct listing *listing, struct sources *sources, FILE *out)
{
    uint64_t first = first_kept(listing->stretch_count, LISTING_STRETCHES);
    fprintf(out, "  %llu instructions since the last agreement, by functions%s:\n",
            (unsigned long long)listing->count,
            first == 0 && listing->seen == listing->count ? "" : "; the latest");
    for (uint64_t i = first; i < listing->stretch_count; i++) {
        const struct listing_stretch *stretch = &listing->stretches[i % LISTING_STRETCHES];
        struct trace_place place = {0};
        if (!stretch->is_user && sources->lines != NULL)
            place = trace_source_at(sources->lines, stretch->address);
        fprintf(out, "  %12llu  %-28s", (unsigned long long)stretch->steps,
                stretch->is_user            ? "(process)"
                : stretch->function == NULL ? "?"
                                            : stretch->function->name);
        if (place.file != NULL)
            fprintf(out, "  from %s:%u", place.file, (unsigned)place.line);
        fputc('\n', out);
    }
}

void listing_print(struct arena *arena, const struct listing *listing,
                   const struct cosim_kernel *kernel, FILE *out)
{
    struct fault ignored = {0};
    struct sources sources = {.arena = arena,
                              .kernel = kernel,
                              .lines = trace_source_new(arena, kernel->image, &ignored)};
    struct trace_place last = {0};
    uint64_t first = first_kept(listing->seen, LISTING_ROWS);
    print_stretches(listing, &sources, out);
    fprintf(out, "  the last ones:\n");
    for (uint64_t i = first; i < listing->seen; i++) {
        const struct listing_row *row = &listing->rows[i % LISTING_ROWS];
        struct trace_place place = {0};
        if (!row->is_user && sources.lines != NULL)
            place = trace_source_at(sources.lines, row->address);
        if (place.file != NULL && !is_same_place(&place, &last))
            print_line(&sources, &place, out);
        last = place;
        print_row(row, &place, out);
    }
}
