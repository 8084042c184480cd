/* SHA-256 of a content, in hexadecimal: how inputs are named in audits. */
#ifndef IMAGE_DIGEST_H
#define IMAGE_DIGEST_H

#include "base/arena.h"
#include "base/text.h"

const char *digest_of(struct arena *arena, struct text content);

#endif
