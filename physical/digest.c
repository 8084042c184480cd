/* One digest for all of a machine's state, the same for equal machines on any host. */
#include "physical/physical.h"

#include "base/require.h"

#include <nettle/sha2.h>
#include <string.h>

static void add_word(struct sha256_ctx *sha, uint32_t word)
{
    const uint8_t bytes[4] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16),
                              (uint8_t)(word >> 24)};
    sha256_update(sha, sizeof bytes, bytes);
}

static void add_state(struct sha256_ctx *sha, const struct vamp_state *state)
{
    add_word(sha, state->dpc);
    add_word(sha, state->pcp);
    for (unsigned i = 0; i < VAMP_GPR_COUNT; i++)
        add_word(sha, state->gpr[i]);
    for (unsigned i = 0; i < VAMP_SPR_COUNT; i++)
        add_word(sha, state->spr[i]);
}

/* Words that are not 0, by address, so that large empty memory costs little. */
static void add_memory(struct sha256_ctx *sha, const struct vamp_machine *machine)
{
    uint32_t memory_bytes = vamp_machine_memory_bytes(machine), word = 0;
    add_word(sha, memory_bytes);
    for (uint32_t address = 0; address < memory_bytes; address += 4) {
        vamp_machine_read(machine, address, &word);
        if (word != 0) {
            add_word(sha, address);
            add_word(sha, word);
        }
    }
    add_word(sha, memory_bytes);
}

static void add_device(struct sha256_ctx *sha, const struct device *device)
{
    struct text_builder description = {.arena = arena_new()};
    text_append(&description, "%s\n", device == NULL ? "none" : device->class->name);
    if (device != NULL)
        device->class->describe(device, &description);
    add_word(sha, (uint32_t)description.length);
    sha256_update(sha, description.length, (const uint8_t *)text_built(&description));
    arena_free(description.arena);
}

void physical_digest(const struct physical *physical, char hexadecimal[65])
{
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&sha);
    add_state(&sha, vamp_machine_state(physical_processor(physical)));
    add_memory(&sha, physical_processor(physical));
    for (unsigned d = 0; d < BUS_DEVICES; d++)
        add_device(&sha, physical_bus(physical)->devices[d]);
    sha256_digest(&sha, sizeof digest, digest);
    for (unsigned i = 0; i < sizeof digest; i++)
        snprintf(hexadecimal + 2 * (size_t)i, 3, "%02x", digest[i]);
}
