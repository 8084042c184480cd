#include "image/digest.h"

#include <nettle/sha2.h>

const char *digest_of(struct arena *arena, struct text content)
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, content.length, (const uint8_t *)content.at);
    sha256_digest(&context, sizeof digest, digest);
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(arena, 2 * sizeof digest + 1);
    for (size_t i = 0; i < sizeof digest; i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 15];
    }
    return text;
}
