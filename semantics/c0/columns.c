#include "semantics/c0/columns.h"

/* The tokens of one preprocessed line (made) beside those of the original line (written). */
struct pair_of_lines {
    struct c0_token *made;
    const struct c0_token *written;
    size_t made_count, written_count;
};

static bool is_same(const struct c0_token *made, const struct c0_token *written)
{
    return text_equals(made->text, written->text);
}

/* The number of the token behind the macro `at`, and behind its arguments if it has some. */
static size_t behind_macro(const struct pair_of_lines *lines, size_t at)
{
    size_t i = at + 1, depth = 0;
    if (i == lines->written_count || lines->written[i].kind != C0_TOKEN_OPEN)
        return i;
    do {
        if (lines->written[i].kind == C0_TOKEN_OPEN)
            depth++;
        else if (lines->written[i].kind == C0_TOKEN_CLOSE)
            depth--;
        i++;
    } while (depth != 0 && i < lines->written_count);
    return i;
}

/* What stands between the equal beginning and the equal end of two lines: where the lines differ
 * a macro is written, and what it made reaches to the token behind it. */
static void align_middle(struct pair_of_lines lines)
{
    size_t at = 0;
    for (size_t i = 0; i < lines.made_count;) {
        if (at == lines.written_count) {
            lines.made[i].where.column = at == 0 ? 1 : lines.written[at - 1].where.column;
            i++;
        } else if (is_same(&lines.made[i], &lines.written[at])) {
            lines.made[i++].where.column = lines.written[at++].where.column;
        } else {
            size_t behind = behind_macro(&lines, at);
            do {
                lines.made[i++].where.column = lines.written[at].where.column;
            } while (i < lines.made_count && (behind == lines.written_count ||
                                              !is_same(&lines.made[i], &lines.written[behind])));
            at = behind;
        }
    }
}

/* The line behind the end of a comment that an earlier line began. */
static size_t comment_tail(struct text line)
{
    for (size_t i = 0; i + 1 < line.length; i++) {
        if (line.at[i] == '/' && line.at[i + 1] == '*')
            return 0;
        if (line.at[i] == '*' && line.at[i + 1] == '/')
            return i + 2;
    }
    return 0;
}

static void align(struct pair_of_lines lines)
{
    while (lines.made_count != 0 && lines.written_count != 0 &&
           is_same(lines.made, lines.written)) {
        lines.made->where.column = lines.written->where.column;
        lines.made++, lines.made_count--;
        lines.written++, lines.written_count--;
    }
    while (lines.made_count != 0 && lines.written_count != 0 &&
           is_same(&lines.made[lines.made_count - 1], &lines.written[lines.written_count - 1])) {
        lines.made[--lines.made_count].where.column =
            lines.written[--lines.written_count].where.column;
    }
    align_middle(lines);
}

void c0_columns_restore(struct c0_tokens *tokens, struct c0_sources *sources)
{
    struct arena *scratch = arena_new();
    for (size_t start = 0; start + 1 < tokens->count;) {
        struct location where = tokens->at[start].where;
        size_t end = start + 1;
        while (end + 1 < tokens->count && tokens->at[end].where.line == where.line &&
               tokens->at[end].where.file == where.file)
            end++;
        struct text line;
        if (c0_source_original_line(sources, where.file, where.line, &line)) {
            size_t tail = comment_tail(line);
            struct c0_tokens written = c0_scan_line(
                scratch, (struct text){line.at + tail, line.length - tail}, (uint32_t)tail + 1);
            align(
                (struct pair_of_lines){tokens->at + start, written.at, end - start, written.count});
        }
        start = end;
    }
    arena_free(scratch);
    if (tokens->count > 1) {
        const struct c0_token *last = &tokens->at[tokens->count - 2];
        tokens->at[tokens->count - 1].where = last->where;
        tokens->at[tokens->count - 1].where.column += (uint32_t)last->text.length;
    }
}
