#include "validator/check/contract_certificate.h"

#include <string.h>

static void lemma_print(const struct target *target, const struct contract_lemma *lemma,
                        struct text_builder *out)
{
    text_append(out, "  lemma ");
    contract_condition_print(target, &lemma->condition, out);
    if (lemma->is_by_cases) {
        text_append(out, " for ");
        place_print(target, lemma->place, out);
        text_append(out, " from %lu to %lu", (unsigned long)lemma->low, (unsigned long)lemma->high);
    }
    text_append(out, "\n");
}

static void law_print(const struct target *target, const struct contract_law *law,
                      struct text_builder *out)
{
    text_append(out, "  law ");
    contract_word_print(target, law->whole, out);
    if (law->whole->kind != CONTRACT_WORD_UREM) {
        text_append(out, " by ");
        contract_word_print(target, law->half, out);
        text_append(out, " , ");
        contract_word_print(target, law->bit, out);
    }
    text_append(out, "\n");
}

static void cut_print(const struct target *target, const struct contract_cut *cut,
                      struct text_builder *out)
{
    for (size_t i = 0; i < cut->equalities.count; i++) {
        text_append(out, "  ");
        place_print(target, cut->equalities.at[i].place, out);
        text_append(out, " = ");
        contract_word_print(target, cut->equalities.at[i].value, out);
        text_append(out, "\n");
    }
    for (size_t i = 0; i < cut->invariants.count; i++) {
        text_append(out, "  invariant ");
        contract_condition_print(target, &cut->invariants.at[i], out);
        text_append(out, "\n");
    }
    for (size_t i = 0; i < cut->lemmas.count; i++)
        lemma_print(target, &cut->lemmas.at[i], out);
    for (size_t i = 0; i < cut->laws.count; i++)
        law_print(target, &cut->laws.at[i], out);
    if (cut->measure == NULL)
        return;
    text_append(out, "  measure ");
    contract_word_print(target, cut->measure, out);
    text_append(out, "\n");
}

void contract_certificate_print(const struct target *target, const struct contract *contract,
                                const struct contract_relation *relation, struct text_builder *out)
{
    text_append(out, "contract 1\nroutine %s\nframe %lu\n", contract->symbol,
                (unsigned long)relation->frame_bytes);
    for (size_t i = 0; i < relation->laws.count; i++)
        law_print(target, &relation->laws.at[i], out);
    for (size_t i = 0; i < relation->cuts.count; i++) {
        const struct contract_cut *cut = &relation->cuts.at[i];
        text_append(out, "cut %zu at 0x%08lx 0x%08lx\n", i + 1, (unsigned long)cut->point.pc,
                    (unsigned long)cut->point.next);
        cut_print(target, cut, out);
    }
    text_append(out, "end\n");
}

/* ---- reading: lines of tokens ---- */

enum { TOKENS_MAX = 256, DEPTH_MAX = 32 };

struct reader {
    struct arena *arena;
    const struct target *target;
    const struct contract *contract;
    const char *file;
    struct text rest;
    uint32_t line;
    struct fault *fault;
    struct text tokens[TOKENS_MAX]; /* of the current line */
    uint32_t columns[TOKENS_MAX];
    size_t token_count;
    size_t next; /* token to be read */
};

static bool reject(struct reader *reader, const char *message)
{
    uint32_t column = reader->next < reader->token_count ? reader->columns[reader->next] : 1;
    return fault_at(reader->fault, (struct location){reader->file, reader->line, column}, "%s",
                    message);
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '@';
}

/* A name or number, one of the operators of two bytes, or a single byte. */
static size_t token_length(struct text text)
{
    static const char *const pairs[] = {"<<", ">>", "<=", "==", "!="};
    size_t length = 0;
    while (length < text.length && is_word_byte(text.at[length]))
        length++;
    if (length > 0)
        return length;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (text_starts_with(text, pairs[i]))
            return 2;
    return 1;
}

static bool split_line(struct reader *reader, struct text line)
{
    reader->token_count = 0;
    reader->next = 0;
    for (size_t i = 0; i < line.length;) {
        struct text rest = {line.at + i, line.length - i};
        if (*rest.at == ' ' || *rest.at == '\t' || *rest.at == '\r') {
            i++;
            continue;
        }
        if (reader->token_count == TOKENS_MAX)
            return reject(reader, "the line is too long");
        size_t length = token_length(rest);
        reader->columns[reader->token_count] = (uint32_t)i + 1;
        reader->tokens[reader->token_count++] = (struct text){rest.at, length};
        i += length;
    }
    return true;
}

/* The next line that is not empty. */
static bool next_line(struct reader *reader)
{
    while (reader->rest.length > 0) {
        const char *end = memchr(reader->rest.at, '\n', reader->rest.length);
        size_t length = end == NULL ? reader->rest.length : (size_t)(end - reader->rest.at);
        size_t used = end == NULL ? length : length + 1;
        struct text line = {reader->rest.at, length};
        reader->rest = (struct text){reader->rest.at + used, reader->rest.length - used};
        reader->line++;
        if (!split_line(reader, line))
            return false;
        if (reader->token_count > 0)
            return true;
    }
    reader->token_count = 0;
    return reject(reader, "the certificate ends before 'end'");
}

static bool sees(const struct reader *reader, const char *word)
{
    return reader->next < reader->token_count && text_is(reader->tokens[reader->next], word);
}

static bool accept(struct reader *reader, const char *word)
{
    if (!sees(reader, word))
        return false;
    reader->next++;
    return true;
}

static bool expect(struct reader *reader, const char *word)
{
    if (accept(reader, word))
        return true;
    char message[64];
    snprintf(message, sizeof message, "expected '%s'", word);
    return reject(reader, message);
}

/* Of the line. */
static bool expect_end(struct reader *reader)
{
    return reader->next == reader->token_count || reject(reader, "unexpected text");
}

static bool read_number(struct reader *reader, uint32_t *number)
{
    if (reader->next == reader->token_count || !text_to_word(reader->tokens[reader->next], number))
        return reject(reader, "expected a number");
    reader->next++;
    return true;
}

/* ---- reading: words ---- */

static bool find_register(const struct reader *reader, struct text name, unsigned *number)
{
    for (unsigned i = 0; i < reader->target->register_count; i++)
        if (text_is(name, reader->target->register_name(i))) {
            *number = i;
            return true;
        }
    return false;
}

/* place := register | "[" number "]" */
static bool read_place(struct reader *reader, struct place *place)
{
    *place = (struct place){.kind = PLACE_REGISTER};
    if (accept(reader, "[")) {
        place->kind = PLACE_SLOT;
        bool is_negative = accept(reader, "-");
        uint32_t offset;
        if (!read_number(reader, &offset) || !expect(reader, "]"))
            return false;
        place->offset = (int32_t)(is_negative ? -offset : offset);
        return true;
    }
    if (reader->next == reader->token_count ||
        !find_register(reader, reader->tokens[reader->next], &place->number))
        return reject(reader, "expected a place: no such register");
    reader->next++;
    return true;
}

static bool preserved_register(const struct reader *reader, struct text name, unsigned *number)
{
    if (!find_register(reader, name, number))
        return false;
    for (size_t i = 0; i < reader->target->preserved_count; i++)
        if (reader->target->preserved[i] == *number)
            return true;
    return false;
}

/* symbol := "@frame" | "@return" | "@" number | "@" register */
static bool read_symbol(struct reader *reader, struct contract_word *word)
{
    struct text token = reader->tokens[reader->next];
    struct text name = {token.at + 1, token.length - 1};
    uint32_t number;
    *word = (struct contract_word){.kind = CONTRACT_WORD_FRAME};
    if (text_is(name, "return")) {
        word->kind = CONTRACT_WORD_RETURN;
    } else if (text_to_word(name, &number)) {
        if (number == 0 || number > reader->contract->parameter_count)
            return reject(reader, "the routine has no such argument");
        word->kind = CONTRACT_WORD_ARGUMENT;
        word->number = number - 1;
    } else if (preserved_register(reader, name, &word->number)) {
        word->kind = CONTRACT_WORD_PRESERVED;
    } else if (!text_is(name, "frame")) {
        return reject(reader, "no such symbol");
    }
    reader->next++;
    return true;
}

static bool read_word(struct reader *reader, unsigned depth, const struct contract_word **word);

/* atom := number | symbol | place | "(" word ")" */
static bool read_atom(struct reader *reader, unsigned depth, const struct contract_word **atom)
{
    if (depth == DEPTH_MAX)
        return reject(reader, "the term is nested too deeply");
    if (reader->next == reader->token_count)
        return reject(reader, "expected a term");
    if (accept(reader, "("))
        return read_word(reader, depth + 1, atom) && expect(reader, ")");
    struct contract_word *word = ARENA_NEW(reader->arena, struct contract_word);
    *atom = word;
    struct text token = reader->tokens[reader->next];
    if (token.at[0] == '@')
        return read_symbol(reader, word);
    if (text_to_word(token, &word->number)) {
        word->kind = CONTRACT_WORD_NUMBER;
        reader->next++;
        return true;
    }
    word->kind = CONTRACT_WORD_PLACE;
    return read_place(reader, &word->place);
}

/* word := atom | atom operator atom */
static bool read_word(struct reader *reader, unsigned depth, const struct contract_word **word)
{
    const struct contract_word *right;
    if (!read_atom(reader, depth, word))
        return false;
    for (int kind = CONTRACT_WORD_ADD; kind <= CONTRACT_WORD_XOR; kind++)
        if (accept(reader, contract_word_operator((enum contract_word_kind)kind))) {
            if (!read_atom(reader, depth, &right))
                return false;
            *word =
                contract_word_operate(reader->arena, (enum contract_word_kind)kind, *word, right);
            return true;
        }
    return true;
}

/* condition := word ("==" | "!=" | "<" | "<=") word */
static bool read_condition(struct reader *reader, struct contract_condition *condition)
{
    if (!read_word(reader, 0, &condition->left))
        return false;
    for (int comparison = CONTRACT_EQ; comparison <= CONTRACT_LE; comparison++)
        if (accept(reader, contract_comparison_name((enum contract_comparison)comparison))) {
            condition->comparison = (enum contract_comparison)comparison;
            return read_word(reader, 0, &condition->right);
        }
    return reject(reader, "expected a comparison");
}

/* ---- reading: cuts ---- */

static bool read_equality(struct reader *reader, struct contract_cut *cut)
{
    struct contract_equality equality;
    size_t start = reader->next;
    if (!read_place(reader, &equality.place) || !expect(reader, "=") ||
        !read_word(reader, 0, &equality.value) || !expect_end(reader))
        return false;
    reader->next = start;
    if (!contract_word_is_constant(equality.value))
        return reject(reader, "a place can only equal what is known from entry on");
    for (size_t i = 0; i < cut->equalities.count; i++)
        if (place_same(cut->equalities.at[i].place, equality.place))
            return reject(reader, "a second equality for the place");
    ARRAY_PUSH(reader->arena, &cut->equalities, equality);
    return true;
}

/* "law" word ["by" word "," word] */
static bool read_law(struct reader *reader, struct contract_law *law)
{
    *law = (struct contract_law){0};
    if (!expect(reader, "law") || !read_word(reader, 0, &law->whole))
        return false;
    if (law->whole->kind == CONTRACT_WORD_UREM)
        return expect_end(reader);
    if (law->whole->kind != CONTRACT_WORD_MUL && law->whole->kind != CONTRACT_WORD_UDIV)
        return reject(reader, "a law is about a product, a quotient or a remainder");
    return expect(reader, "by") && read_word(reader, 0, &law->half) && expect(reader, ",") &&
           read_word(reader, 0, &law->bit) && expect_end(reader);
}

static bool read_invariant(struct reader *reader, struct contract_cut *cut)
{
    struct contract_condition invariant;
    if (!read_condition(reader, &invariant) || !expect_end(reader))
        return false;
    ARRAY_PUSH(reader->arena, &cut->invariants, invariant);
    return true;
}

/* condition ["for" place "from" number "to" number] */
static bool read_lemma(struct reader *reader, struct contract_cut *cut)
{
    struct contract_lemma lemma = {0};
    if (!read_condition(reader, &lemma.condition))
        return false;
    lemma.is_by_cases = accept(reader, "for");
    if (lemma.is_by_cases) {
        if (!read_place(reader, &lemma.place) || !expect(reader, "from") ||
            !read_number(reader, &lemma.low) || !expect(reader, "to") ||
            !read_number(reader, &lemma.high))
            return false;
        if (lemma.low > lemma.high || lemma.high - lemma.low >= CONTRACT_CASES_MAX)
            return reject(reader, "no case, or too many");
    }
    ARRAY_PUSH(reader->arena, &cut->lemmas, lemma);
    return expect_end(reader);
}

/* equality | "invariant" condition | "lemma" ... | "law" ... | "measure" word */
static bool read_fact(struct reader *reader, struct contract_cut *cut)
{
    if (accept(reader, "invariant"))
        return read_invariant(reader, cut);
    if (accept(reader, "lemma"))
        return read_lemma(reader, cut);
    if (sees(reader, "law")) {
        struct contract_law law;
        if (!read_law(reader, &law))
            return false;
        ARRAY_PUSH(reader->arena, &cut->laws, law);
        return true;
    }
    if (!sees(reader, "measure"))
        return read_equality(reader, cut);
    if (cut->measure != NULL)
        return reject(reader, "a second measure");
    return accept(reader, "measure") && read_word(reader, 0, &cut->measure) && expect_end(reader);
}

/* "cut" number "at" pc next */
static bool read_cut_head(struct reader *reader, size_t number, struct contract_cut *cut)
{
    uint32_t given;
    *cut = (struct contract_cut){0};
    if (!expect(reader, "cut") || !read_number(reader, &given))
        return false;
    if (given != number)
        return reject(reader, "cuts are numbered from 1 in order");
    return expect(reader, "at") && read_number(reader, &cut->point.pc) &&
           read_number(reader, &cut->point.next) && expect_end(reader);
}

static bool nothing_follows(struct reader *reader)
{
    for (size_t i = 0; i < reader->rest.length; i++)
        if (strchr(" \t\r\n", reader->rest.at[i]) == NULL || reader->rest.at[i] == '\0')
            return reject(reader, "text follows 'end'");
    return true;
}

static bool read_entry_laws(struct reader *reader, struct contract_relation *relation)
{
    while (sees(reader, "law")) {
        struct contract_law law;
        if (!read_law(reader, &law) || !next_line(reader))
            return false;
        ARRAY_PUSH(reader->arena, &relation->laws, law);
    }
    return true;
}

static bool read_cuts(struct reader *reader, struct contract_relation *relation)
{
    while (!sees(reader, "end")) {
        struct contract_cut cut;
        if (!read_cut_head(reader, relation->cuts.count + 1, &cut) || !next_line(reader))
            return false;
        while (!sees(reader, "cut") && !sees(reader, "end"))
            if (!read_fact(reader, &cut) || !next_line(reader))
                return false;
        ARRAY_PUSH(reader->arena, &relation->cuts, cut);
    }
    return expect(reader, "end") && expect_end(reader) && nothing_follows(reader);
}

bool contract_certificate_parse(struct arena *arena, const struct target *target,
                                const struct contract *contract, const char *file,
                                struct text content, struct contract_relation *relation,
                                struct fault *fault)
{
    struct reader reader = {
        .arena = arena,
        .target = target,
        .contract = contract,
        .file = file,
        .rest = content,
        .fault = fault,
    };
    *relation = (struct contract_relation){0};
    return next_line(&reader) && expect(&reader, "contract") && expect(&reader, "1") &&
           expect_end(&reader) && next_line(&reader) && expect(&reader, "routine") &&
           expect(&reader, contract->symbol) && expect_end(&reader) && next_line(&reader) &&
           expect(&reader, "frame") && read_number(&reader, &relation->frame_bytes) &&
           expect_end(&reader) && next_line(&reader) && read_entry_laws(&reader, relation) &&
           read_cuts(&reader, relation);
}
