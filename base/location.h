/* A place in a source text. Lines and columns count from 1; 0 means "not known". */
#ifndef BASE_LOCATION_H
#define BASE_LOCATION_H

#include <stdint.h>

struct location {
    const char *file; /* as the user named it; NULL where there is none */
    uint32_t line, column;
};

#endif
