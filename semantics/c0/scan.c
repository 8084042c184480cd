#include "semantics/c0/scan.h"

#include "base/array.h"

#include <string.h>

struct spelling {
    const char *text;
    enum c0_token_kind kind;
    const char *message; /* foreign ones */
};

static const struct spelling keywords[] = {
#define C0_KEYWORD(kind, spelling) {spelling, C0_TOKEN_##kind, NULL},
#define C0_PUNCTUATOR(kind, spelling)
#define C0_FOREIGN_KEYWORD(spelling, message) {spelling, C0_TOKEN_FOREIGN, message},
#define C0_FOREIGN_PUNCTUATOR(spelling, message)
#include "semantics/c0/tokens.def"
#undef C0_KEYWORD
#undef C0_PUNCTUATOR
#undef C0_FOREIGN_KEYWORD
#undef C0_FOREIGN_PUNCTUATOR
};

static const struct spelling punctuators[] = {
#define C0_KEYWORD(kind, spelling)
#define C0_PUNCTUATOR(kind, spelling) {spelling, C0_TOKEN_##kind, NULL},
#define C0_FOREIGN_KEYWORD(spelling, message)
#define C0_FOREIGN_PUNCTUATOR(spelling, message) {spelling, C0_TOKEN_FOREIGN, message},
#include "semantics/c0/tokens.def"
#undef C0_KEYWORD
#undef C0_PUNCTUATOR
#undef C0_FOREIGN_KEYWORD
#undef C0_FOREIGN_PUNCTUATOR
};

enum {
    KEYWORD_COUNT = sizeof keywords / sizeof *keywords,
    PUNCTUATOR_COUNT = sizeof punctuators / sizeof *punctuators
};

const char *c0_token_kind_name(enum c0_token_kind kind)
{
    for (size_t i = 0; i < PUNCTUATOR_COUNT; i++) {
        if (punctuators[i].kind == kind)
            return punctuators[i].text;
    }
    for (size_t i = 0; i < KEYWORD_COUNT; i++) {
        if (keywords[i].kind == kind)
            return keywords[i].text;
    }
    return kind == C0_TOKEN_IDENTIFIER ? "an identifier" : "a token";
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* A text being read, with the location of its next character. */
struct scanner {
    struct text content;
    size_t at;
    struct location where; /* of the character `at`; the column is at - line_start + 1 */
    size_t line_start;
    struct location comment; /* where the last comment starts */
};

static bool has(const struct scanner *scanner, size_t ahead)
{
    return scanner->content.length - scanner->at > ahead;
}

static bool looks_at(const struct scanner *scanner, const char *string)
{
    size_t length = strlen(string);
    return scanner->content.length - scanner->at >= length &&
           memcmp(scanner->content.at + scanner->at, string, length) == 0;
}

static struct location here(const struct scanner *scanner)
{
    struct location where = scanner->where;
    where.column = (uint32_t)(scanner->at - scanner->line_start) + 1;
    return where;
}

static void step(struct scanner *scanner)
{
    if (scanner->content.at[scanner->at++] == '\n') {
        scanner->where.line++;
        scanner->line_start = scanner->at;
    }
}

/* Blanks within a line, and comments. False: a comment is not closed. */
static bool skip_blanks(struct scanner *scanner)
{
    while (has(scanner, 0)) {
        char c = scanner->content.at[scanner->at];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f') {
            step(scanner);
        } else if (looks_at(scanner, "//")) {
            while (has(scanner, 0) && scanner->content.at[scanner->at] != '\n')
                step(scanner);
        } else if (looks_at(scanner, "/*")) {
            scanner->comment = here(scanner);
            scanner->at += 2;
            while (has(scanner, 0) && !looks_at(scanner, "*/"))
                step(scanner);
            if (!has(scanner, 0))
                return false;
            scanner->at += 2;
        } else {
            break;
        }
    }
    return true;
}

static const struct spelling *keyword_of(struct text text)
{
    for (size_t i = 0; i < KEYWORD_COUNT; i++) {
        if (keywords[i].text[0] == text.at[0] && text_is(text, keywords[i].text))
            return &keywords[i];
    }
    return NULL;
}

static const struct spelling *punctuator_at(const struct scanner *scanner)
{
    char c = scanner->content.at[scanner->at];
    for (size_t i = 0; i < PUNCTUATOR_COUNT; i++) {
        if (punctuators[i].text[0] == c && looks_at(scanner, punctuators[i].text))
            return &punctuators[i];
    }
    return NULL;
}

/* The length of 'x' or "x", up to the end of the line where it is not closed. */
static size_t quoted_length(const struct scanner *scanner)
{
    const char *at = scanner->content.at + scanner->at;
    size_t left = scanner->content.length - scanner->at;
    size_t length = 1;
    while (length < left && at[length] != at[0] && at[length] != '\n')
        length += at[length] == '\\' && length + 1 < left && at[length + 1] != '\n' ? 2 : 1;
    return length < left && at[length] == at[0] ? length + 1 : length;
}

/* The extent and kind of the token at the scanner; what it means is decided later. */
static struct c0_token cut(struct scanner *scanner)
{
    struct c0_token token = {.where = here(scanner)};
    const char *at = scanner->content.at + scanner->at;
    size_t left = scanner->content.length - scanner->at;
    size_t length = 1;
    if (is_letter(*at) || is_digit(*at)) {
        while (length < left && (is_letter(at[length]) || is_digit(at[length]) ||
                                 (at[length] == '.' && is_digit(*at))))
            length++;
        token.kind = is_digit(*at) ? C0_TOKEN_NUMBER : C0_TOKEN_IDENTIFIER;
    } else if (*at == '\'' || *at == '"') {
        length = quoted_length(scanner);
        token.kind = *at == '"' ? C0_TOKEN_STRING : C0_TOKEN_CHARACTER;
    } else {
        const struct spelling *punctuator = punctuator_at(scanner);
        token.kind = punctuator == NULL ? C0_TOKEN_BAD : punctuator->kind;
        token.message = punctuator == NULL ? NULL : punctuator->message;
        length = punctuator == NULL ? 1 : strlen(punctuator->text);
    }
    token.text = (struct text){at, length};
    scanner->at += length;
    return token;
}

struct c0_tokens c0_scan_line(struct arena *arena, struct text line, uint32_t column)
{
    struct scanner scanner = {.content = line};
    struct c0_tokens tokens = {0};
    while (skip_blanks(&scanner) && has(&scanner, 0)) {
        struct c0_token token = cut(&scanner);
        token.where.column += column - 1;
        ARRAY_PUSH(arena, &tokens, token);
    }
    return tokens;
}

static int digit_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* Marks the token as malformed: the parser reports the message when it comes to the token. */
static void malformed(struct arena *arena, struct c0_token *token, const char *message)
{
    int shown = token->text.length > 40 ? 40 : (int)token->text.length;
    token->message = arena_printf(arena, "%s: %.*s%s", message, shown, token->text.at,
                                  token->text.length > 40 ? "..." : "");
}

/* number ::= ( decimal digits without a leading 0 | 0 | 0x hexadecimal digits ) [ u | U ]
 * Without the u it must fit int, with it unsigned int. */
static void read_number(struct arena *arena, struct c0_token *token)
{
    const char *at = token->text.at;
    size_t end = token->text.length;
    bool is_hexadecimal = end > 2 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X');
    token->is_unsigned = at[end - 1] == 'u' || at[end - 1] == 'U';
    end -= token->is_unsigned ? 1 : 0;
    int base = is_hexadecimal ? 16 : 10;
    size_t first = is_hexadecimal ? 2 : 0;
    uint64_t value = 0;
    for (size_t i = first; i < end; i++) {
        if (at[i] == '.') {
            malformed(arena, token, "floating point is not part of C0");
            return;
        }
        if (digit_value(at[i]) >= base) {
            malformed(arena, token, "malformed number");
            return;
        }
        if (value <= UINT32_MAX)
            value = value * (unsigned)base + (unsigned)digit_value(at[i]);
    }
    if (end == first)
        malformed(arena, token, "malformed number");
    else if (!is_hexadecimal && end > 1 && at[0] == '0')
        malformed(arena, token, "octal numbers are not part of C0");
    else if (value > UINT32_MAX)
        malformed(arena, token, "the number does not fit 32 bits");
    else if (value > INT32_MAX && !token->is_unsigned)
        malformed(arena, token, "the number does not fit int (an unsigned one ends in u)");
    token->word = (uint32_t)value;
}

/* The value of the escape sequence after a backslash, or -1. */
static int escape_value(struct text escape)
{
    static const char letters[] = "ntrabfv\\'\"?";
    static const char values[] = "\n\t\r\a\b\f\v\\'\"?";
    const char *letter =
        escape.length == 1 ? memchr(letters, escape.at[0], sizeof letters - 1) : NULL;
    if (letter != NULL)
        return (unsigned char)values[letter - letters];
    bool is_hexadecimal = escape.length >= 2 && escape.length <= 3 && escape.at[0] == 'x';
    int base = is_hexadecimal ? 16 : 8;
    int value = 0;
    for (size_t i = is_hexadecimal ? 1 : 0; i < escape.length; i++) {
        if (digit_value(escape.at[i]) >= base)
            return -1;
        value = value * base + digit_value(escape.at[i]);
    }
    return escape.length == 0 || escape.length > 3 || value > 255 ? -1 : value;
}

/* character ::= ' one printable ASCII character but ' and \, or an escape sequence of C ' */
static void read_character(struct arena *arena, struct c0_token *token)
{
    const char *at = token->text.at;
    size_t length = token->text.length;
    int value = -1;
    if (length >= 3 && at[length - 1] == '\'') {
        if (at[1] == '\\')
            value = escape_value((struct text){at + 2, length - 3});
        else if (length == 3 && at[1] >= 0x20 && at[1] < 0x7f)
            value = at[1];
    }
    if (value < 0)
        malformed(arena, token, "malformed character literal");
    else
        token->word = value >= 128 ? (uint32_t)value - 256u : (uint32_t)value;
}

static void read_identifier(struct c0_token *token, struct c0_names *identifiers)
{
    const struct spelling *keyword = keyword_of(token->text);
    if (keyword != NULL) {
        token->kind = keyword->kind;
        token->message = keyword->message;
    } else {
        token->name = c0_names_intern(identifiers, token->text);
    }
}

static void read_token(struct arena *arena, struct c0_token *token, struct c0_names *identifiers)
{
    if (token->kind == C0_TOKEN_IDENTIFIER)
        read_identifier(token, identifiers);
    else if (token->kind == C0_TOKEN_NUMBER)
        read_number(arena, token);
    else if (token->kind == C0_TOKEN_CHARACTER)
        read_character(arena, token);
    else if (token->kind == C0_TOKEN_STRING)
        malformed(arena, token, "strings are not part of C0");
    else if (token->kind == C0_TOKEN_BAD && token->text.at[0] > 0x20 && token->text.at[0] < 0x7f)
        malformed(arena, token, "no token of C0 starts with this character");
    else if (token->kind == C0_TOKEN_BAD)
        token->message = arena_printf(arena, "no token of C0 starts with the byte 0x%02x",
                                      (unsigned)(unsigned char)token->text.at[0]);
}

/* A line that starts with '#': a line marker moves the location; C0 gives no other a meaning. */
static void read_directive(struct arena *arena, struct scanner *scanner,
                           struct c0_names *identifiers, struct c0_tokens *tokens)
{
    struct location where = here(scanner);
    size_t start = scanner->at;
    while (has(scanner, 0) && scanner->content.at[scanner->at] != '\n')
        scanner->at++;
    struct text line = {scanner->content.at + start, scanner->at - start};
    uint32_t number;
    struct text file;
    bool is_marker = c0_source_line_marker(arena, line, &number, &file);
    if (has(scanner, 0))
        step(scanner);
    if (is_marker) {
        scanner->where.line = number;
        scanner->where.file = c0_names_intern(identifiers, file);
    } else {
        struct c0_token token = {.kind = C0_TOKEN_BAD, .where = where, .text = line};
        token.message = "C0 gives this preprocessor directive no meaning";
        ARRAY_PUSH(arena, tokens, token);
    }
}

static bool at_line_start(const struct scanner *scanner)
{
    for (size_t i = scanner->line_start; i < scanner->at; i++) {
        if (scanner->content.at[i] != ' ' && scanner->content.at[i] != '\t')
            return false;
    }
    return true;
}

struct c0_tokens c0_scan(struct arena *arena, const struct c0_preprocessed *text,
                         struct c0_names *identifiers)
{
    struct scanner scanner = {.content = text->content, .where = {text->name, 1, 1}};
    struct c0_tokens tokens = {0};
    struct location end = scanner.where;
    for (;;) {
        bool is_closed = skip_blanks(&scanner);
        if (!is_closed)
            ARRAY_PUSH(arena, &tokens,
                       (struct c0_token){.kind = C0_TOKEN_BAD,
                                         .where = scanner.comment,
                                         .text = {"/*", 2},
                                         .message = "this comment is not closed"});
        if (!has(&scanner, 0))
            break;
        char c = scanner.content.at[scanner.at];
        if (c == '\n') {
            step(&scanner);
        } else if (c == '#' && at_line_start(&scanner)) {
            read_directive(arena, &scanner, identifiers, &tokens);
        } else {
            struct c0_token token = cut(&scanner);
            read_token(arena, &token, identifiers);
            ARRAY_PUSH(arena, &tokens, token);
            end = here(&scanner);
        }
    }
    ARRAY_PUSH(arena, &tokens, (struct c0_token){.kind = C0_TOKEN_END, .where = end});
    return tokens;
}
