/* The scanner: a preprocessed text becomes a list of tokens that ends in C0_TOKEN_END. */
#ifndef SEMANTICS_C0_SCAN_H
#define SEMANTICS_C0_SCAN_H

#include "semantics/c0/source.h"

enum c0_token_kind {
    C0_TOKEN_END,
    C0_TOKEN_BAD,        /* what no token starts with */
    C0_TOKEN_FOREIGN,    /* a keyword or punctuator of C that C0 lacks; `message` says so */
    C0_TOKEN_IDENTIFIER, /* `name` */
    C0_TOKEN_NUMBER,     /* `word`; `is_unsigned` */
    C0_TOKEN_CHARACTER,  /* `word`, sign-extended */
    C0_TOKEN_STRING,
#define C0_KEYWORD(kind, spelling) C0_TOKEN_##kind,
#define C0_PUNCTUATOR(kind, spelling) C0_TOKEN_##kind,
#define C0_FOREIGN_KEYWORD(spelling, message)
#define C0_FOREIGN_PUNCTUATOR(spelling, message)
#include "semantics/c0/tokens.def"
#undef C0_KEYWORD
#undef C0_PUNCTUATOR
#undef C0_FOREIGN_KEYWORD
#undef C0_FOREIGN_PUNCTUATOR
};

struct c0_token {
    enum c0_token_kind kind;
    struct location where;
    struct text text;
    const char *name;    /* IDENTIFIER: interned */
    const char *message; /* FOREIGN, and what is malformed: the error to report */
    uint32_t word;
    bool is_unsigned;
};

struct c0_tokens {
    struct c0_token *at;
    size_t count, capacity;
};

/* Scans the text. What is wrong with a token is said in its `message`, for the parser to report
 * when it comes there. `identifiers` interns the names. */
struct c0_tokens c0_scan(struct arena *arena, const struct c0_preprocessed *text,
                         struct c0_names *identifiers);

/* Splits the part of a line from `column` on into tokens, with kind, text and column only. A
 * comment that the line does not close ends it. */
struct c0_tokens c0_scan_line(struct arena *arena, struct text line, uint32_t column);

/* "';'", "an identifier": the kind of token as messages name it. */
const char *c0_token_kind_name(enum c0_token_kind kind);

#endif
