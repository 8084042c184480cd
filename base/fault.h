/* What went wrong with an input. The caller owns the fault; the first one wins, later ones are
 * dropped, so that a function may report without looking whether an inner one did. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/location.h"

#include <stdbool.h>
#include <stdio.h>

enum { FAULT_MESSAGE_BYTES = 512, FAULT_FILE_BYTES = 256 };

struct fault {
    bool is_set;
    char file[FAULT_FILE_BYTES]; /* empty where there is none */
    uint32_t line, column;       /* 0 where there is none */
    char message[FAULT_MESSAGE_BYTES];
};

/* Records the fault unless one is recorded already. Always false: `return fault_at(...);`. */
bool fault_at(struct fault *fault, struct location where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "file:line:column: error: message" and a newline, with what is known of the location. */
void fault_print(const struct fault *fault, FILE *out);

#endif
