#include "validator/check/certificate.h"

#include "base/array.h"

#include <string.h>

void certificate_print(const struct target *target, const struct relation *relation,
                       struct text_builder *out)
{
    const struct c0_function *function = relation->function;
    text_append(out, "certificate 1\nfunction %s\nframe %lu\n", function->name,
                (unsigned long)relation->frame_bytes);
    for (size_t i = 0; i < relation->home_count; i++)
        text_append(out, "home %s at %ld\n", function->variables[relation->homes[i].variable]->name,
                    (long)relation->homes[i].offset);
    for (size_t i = 1; i < relation->cut_count; i++) {
        const struct cut *cut = &relation->cuts[i];
        text_append(out, "cut %zu %s node %lu at 0x%08lx 0x%08lx\n", i, cut_kind_name(cut->kind),
                    (unsigned long)cut->node, (unsigned long)cut->point.pc,
                    (unsigned long)cut->point.next);
        for (size_t k = 0; k < cut->bound_count; k++) {
            text_append(out, "  ");
            bound_print(target, function, &cut->bounds[k], out);
            text_append(out, "\n");
        }
        for (size_t k = 0; k < cut->equality_count; k++) {
            text_append(out, "  ");
            equality_print(target, function, &cut->equalities[k], out);
            text_append(out, "\n");
        }
    }
    text_append(out, "end\n");
}

/* ---- reading ---- */

enum { TOKENS_MAX = 128 };

struct reader {
    struct arena *arena;
    const struct target *target;
    const struct c0_function *function;
    const char *file;
    struct text rest;
    uint32_t line;
    struct fault *fault;
    struct text tokens[TOKENS_MAX]; /* of the current line */
    uint32_t columns[TOKENS_MAX];
    size_t token_count;
};

static bool reject(struct reader *reader, size_t token, const char *message)
{
    uint32_t column = token < reader->token_count ? reader->columns[token] : 1;
    return fault_at(reader->fault, (struct location){reader->file, reader->line, column}, "%s",
                    message);
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '@' || c == '%' || c == '-';
}

/* Splits the next line that is not empty into words and single punctuation bytes. */
static bool next_line(struct reader *reader)
{
    while (reader->rest.length > 0) {
        const char *end = memchr(reader->rest.at, '\n', reader->rest.length);
        size_t length = end == NULL ? reader->rest.length : (size_t)(end - reader->rest.at);
        struct text line = {reader->rest.at, length};
        size_t used = end == NULL ? length : length + 1;
        reader->rest = (struct text){reader->rest.at + used, reader->rest.length - used};
        reader->line++;
        reader->token_count = 0;
        for (size_t i = 0; i < line.length;) {
            if (line.at[i] == ' ' || line.at[i] == '\t' || line.at[i] == '\r') {
                i++;
                continue;
            }
            if (reader->token_count == TOKENS_MAX)
                return reject(reader, 0, "the line is too long");
            size_t start = i++;
            if (is_word_byte(line.at[start]))
                while (i < line.length && is_word_byte(line.at[i]))
                    i++;
            reader->columns[reader->token_count] = (uint32_t)start + 1;
            reader->tokens[reader->token_count++] = (struct text){line.at + start, i - start};
        }
        if (reader->token_count > 0)
            return true;
    }
    return reject(reader, 0, "the certificate ends before 'end'");
}

static bool expect(struct reader *reader, size_t token, const char *word)
{
    if (token < reader->token_count && text_is(reader->tokens[token], word))
        return true;
    char message[64];
    snprintf(message, sizeof message, "expected '%s'", word);
    return reject(reader, token, message);
}

static bool read_word(struct reader *reader, size_t token, uint32_t *word)
{
    if (token < reader->token_count && text_to_word(reader->tokens[token], word))
        return true;
    return reject(reader, token, "expected a number");
}

static bool expect_end(struct reader *reader, size_t token)
{
    return token >= reader->token_count || reject(reader, token, "unexpected text");
}

static bool is_line_of(const struct reader *reader, const char *keyword)
{
    return reader->token_count > 0 && text_is(reader->tokens[0], keyword);
}

static bool find_register(const struct reader *reader, struct text name, unsigned *number)
{
    for (unsigned i = 0; i < reader->target->register_count; i++)
        if (text_is(name, reader->target->register_name(i))) {
            *number = i;
            return true;
        }
    return false;
}

static bool find_variable(const struct reader *reader, struct text name, uint32_t *index)
{
    for (uint32_t i = 0; i < reader->function->variable_count; i++)
        if (text_is(name, reader->function->variables[i]->name)) {
            *index = i;
            return true;
        }
    return false;
}

/* A variable, or "%" and a register of the function's asm blocks. */
static bool find_value(const struct reader *reader, struct text name, uint32_t *index)
{
    unsigned number;
    if (name.length < 2 || name.at[0] != '%')
        return find_variable(reader, name, index);
    if (!find_register(reader, (struct text){name.at + 1, name.length - 1}, &number))
        return false;
    *index = reader->function->variable_count + number;
    return true;
}

static bool read_symbol(struct reader *reader, size_t token, struct symbol *symbol)
{
    if (token >= reader->token_count)
        return reject(reader, token, "expected a variable");
    struct text name = reader->tokens[token];
    if (text_is(name, "@frame"))
        *symbol = (struct symbol){SYMBOL_FRAME, 0};
    else if (text_is(name, "@return"))
        *symbol = (struct symbol){SYMBOL_RETURN, 0};
    else if (name.length > 1 && name.at[0] == '@') {
        unsigned number;
        if (!find_register(reader, (struct text){name.at + 1, name.length - 1}, &number))
            return reject(reader, token, "no such register");
        *symbol = (struct symbol){SYMBOL_PRESERVED, number};
    } else {
        uint32_t index;
        if (!find_value(reader, name, &index))
            return reject(reader, token, "the function has no such variable");
        *symbol = (struct symbol){SYMBOL_LOCAL, index};
    }
    return true;
}

/* place := register | "[" offset "]" | "[" offset "." "." offset "]" | "local" variable */
static bool read_place(struct reader *reader, size_t *token, struct place *place)
{
    uint32_t variable;
    if (text_is(reader->tokens[*token], "local")) {
        if (*token + 1 >= reader->token_count ||
            !find_value(reader, reader->tokens[*token + 1], &variable))
            return reject(reader, *token + 1, "the function has no such variable");
        *place = (struct place){.kind = PLACE_LOCAL, .number = variable};
        *token += 2;
        return true;
    }
    if (!text_is(reader->tokens[*token], "[")) {
        place->kind = PLACE_REGISTER;
        if (!find_register(reader, reader->tokens[*token], &place->number))
            return reject(reader, *token, "no such register");
        *token += 1;
        return true;
    }
    uint32_t start, end;
    if (!read_word(reader, *token + 1, &start))
        return false;
    place->offset = (int32_t)start;
    if (*token + 2 < reader->token_count && text_is(reader->tokens[*token + 2], ".")) {
        if (!expect(reader, *token + 3, ".") || !read_word(reader, *token + 4, &end) ||
            !expect(reader, *token + 5, "]"))
            return false;
        if ((int32_t)end <= (int32_t)start)
            return reject(reader, *token + 4, "an empty block");
        place->kind = PLACE_BLOCK;
        place->size_bytes = end - start;
        *token += 6;
        return true;
    }
    place->kind = PLACE_SLOT;
    *token += 3;
    return expect(reader, *token - 1, "]");
}

typedef ARRAY(struct addend) addend_array;

/* addend := number | symbol | number "*" symbol */
static bool read_addend(struct reader *reader, size_t *token, struct equality *equality,
                        addend_array *addends)
{
    uint32_t number;
    struct symbol symbol;
    if (*token >= reader->token_count)
        return reject(reader, *token, "expected a term");
    if (!text_to_word(reader->tokens[*token], &number)) {
        if (!read_symbol(reader, *token, &symbol))
            return false;
        ARRAY_PUSH(reader->arena, addends, (struct addend){1, symbol});
        *token += 1;
        return true;
    }
    if (*token + 1 < reader->token_count && text_is(reader->tokens[*token + 1], "*")) {
        if (!read_symbol(reader, *token + 2, &symbol))
            return false;
        ARRAY_PUSH(reader->arena, addends, (struct addend){number, symbol});
        *token += 3;
        return true;
    }
    equality->constant += number;
    *token += 1;
    return true;
}

/* equality := place "=" addend { "+" addend } */
static bool read_equality(struct reader *reader, struct equality *equality)
{
    *equality = (struct equality){0};
    size_t token = 0;
    addend_array addends = {0};
    if (!read_place(reader, &token, &equality->place) || !expect(reader, token, "="))
        return false;
    do {
        token++;
        if (!read_addend(reader, &token, equality, &addends))
            return false;
    } while (token < reader->token_count && text_is(reader->tokens[token], "+"));
    if (token != reader->token_count)
        return reject(reader, token, "unexpected text after the equality");
    equality->addends = addends.at;
    equality->addend_count = addends.count;
    return true;
}

/* bound := "bound" value low bits */
static bool read_bound(struct reader *reader, struct bound *bound)
{
    uint32_t bits;
    if (reader->token_count < 2 || !find_value(reader, reader->tokens[1], &bound->value))
        return reject(reader, 1, "the function has no such variable");
    if (!read_word(reader, 2, &bound->low) || !read_word(reader, 3, &bits) ||
        !expect_end(reader, 4))
        return false;
    if (bits < 1 || bits > 31)
        return reject(reader, 3, "a bound is 1 to 31 bits wide");
    bound->bits = bits;
    return true;
}

/* "cut" number kind "node" number "at" pc next */
static bool read_cut_head(struct reader *reader, size_t number, struct cut *cut)
{
    uint32_t given;
    *cut = (struct cut){0};
    if (!read_word(reader, 1, &given))
        return false;
    if (given != number)
        return reject(reader, 1, "cuts are numbered from 1 in order");
    if (reader->token_count < 3)
        return reject(reader, 2, "expected 'loop' or 'call'");
    if (text_is(reader->tokens[2], "loop"))
        cut->kind = CUT_LOOP;
    else if (text_is(reader->tokens[2], "call"))
        cut->kind = CUT_CALL;
    else
        return reject(reader, 2, "expected 'loop' or 'call'");
    return expect(reader, 3, "node") && read_word(reader, 4, &cut->node) &&
           expect(reader, 5, "at") && read_word(reader, 6, &cut->point.pc) &&
           read_word(reader, 7, &cut->point.next) && expect_end(reader, 8);
}

static bool read_header(struct reader *reader, struct relation *relation)
{
    if (!next_line(reader) || !expect(reader, 0, "certificate") || !expect(reader, 1, "1") ||
        !expect_end(reader, 2))
        return false;
    if (!next_line(reader) || !expect(reader, 0, "function") ||
        !expect(reader, 1, reader->function->name) || !expect_end(reader, 2))
        return false;
    return next_line(reader) && expect(reader, 0, "frame") &&
           read_word(reader, 1, &relation->frame_bytes) && expect_end(reader, 2) &&
           next_line(reader);
}

static bool read_homes(struct reader *reader, struct relation *relation)
{
    ARRAY(struct home) homes = {0};
    while (is_line_of(reader, "home")) {
        struct home home = {0};
        uint32_t offset;
        if (reader->token_count < 2 || !find_variable(reader, reader->tokens[1], &home.variable))
            return reject(reader, 1, "the function has no such variable");
        if (!expect(reader, 2, "at") || !read_word(reader, 3, &offset) || !expect_end(reader, 4))
            return false;
        home.offset = (int32_t)offset;
        ARRAY_PUSH(reader->arena, &homes, home);
        if (!next_line(reader))
            return false;
    }
    relation->homes = homes.at;
    relation->home_count = homes.count;
    return true;
}

static bool read_cuts(struct reader *reader, struct relation *relation)
{
    ARRAY(struct cut) cuts = {0};
    ARRAY_PUSH(reader->arena, &cuts, (struct cut){.kind = CUT_ENTRY});
    while (is_line_of(reader, "cut")) {
        struct cut cut;
        if (!read_cut_head(reader, cuts.count, &cut) || !next_line(reader))
            return false;
        ARRAY(struct bound) bounds = {0};
        while (is_line_of(reader, "bound")) {
            struct bound bound;
            if (!read_bound(reader, &bound) || !next_line(reader))
                return false;
            ARRAY_PUSH(reader->arena, &bounds, bound);
        }
        cut.bounds = bounds.at;
        cut.bound_count = bounds.count;
        ARRAY(struct equality) equalities = {0};
        while (!is_line_of(reader, "cut") && !is_line_of(reader, "end")) {
            struct equality equality;
            if (!read_equality(reader, &equality) || !next_line(reader))
                return false;
            ARRAY_PUSH(reader->arena, &equalities, equality);
        }
        cut.equalities = equalities.at;
        cut.equality_count = equalities.count;
        ARRAY_PUSH(reader->arena, &cuts, cut);
    }
    relation->cuts = cuts.at;
    relation->cut_count = cuts.count;
    return expect(reader, 0, "end") && expect_end(reader, 1);
}

static bool nothing_follows(struct reader *reader)
{
    struct fault no_line = {0}, *fault = reader->fault;
    reader->fault = &no_line;
    reader->token_count = 0;
    next_line(reader);
    reader->fault = fault;
    return reader->token_count == 0 || reject(reader, 0, "unexpected text");
}

bool certificate_parse(struct arena *arena, const struct target *target,
                       const struct c0_function *function, const char *file, struct text content,
                       struct relation *relation, struct fault *fault)
{
    struct reader reader = {
        .arena = arena,
        .target = target,
        .function = function,
        .file = file,
        .rest = content,
        .fault = fault,
    };
    *relation = (struct relation){.function = function};
    return read_header(&reader, relation) && read_homes(&reader, relation) &&
           read_cuts(&reader, relation) && nothing_follows(&reader);
}
