#include "tests/unit/traces/made.h"

uint32_t made_crc(const char *bytes, size_t length)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < length; i++) {
        crc ^= (unsigned char)bytes[i];
        for (unsigned bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
    }
    return ~crc;
}

static void put(struct text_builder *into, uint64_t number, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char byte = (char)(number >> 8 * i);
        text_append_bytes(into, &byte, 1);
    }
}

static void put_number(struct text_builder *into, uint64_t number)
{
    for (; number >= 128; number /= 128)
        put(into, number % 128 + 128, 1);
    put(into, number, 1);
}

struct made made_new(struct arena *arena, uint32_t memory_bytes)
{
    struct made made = {.file.arena = arena, .block.arena = arena, .index.arena = arena};
    text_append(&made.file, "VAMPTRC\n");
    put(&made.file, 1, 4);
    put(&made.file, memory_bytes, 4);
    put(&made.file, 0, 8);
    for (unsigned i = 0; i < 32; i++)
        put(&made.file, 0, 1);
    text_append(&made.file, "%s", "another simulator");
    while (made.file.length < 92)
        put(&made.file, 0, 1);
    put(&made.file, made_crc(made.file.at, 92), 4);
    return made;
}

static void end_block(struct made *made, const struct text_builder *content)
{
    size_t start = made->file.length;
    put(&made->file, 0x4B425456, 4);
    put(&made->file, made->block_flags | 2, 4); /* as it is */
    put(&made->file, content->length, 4);
    put(&made->file, content->length, 4);
    put(&made->file, made->block_step, 8);
    put(&made->file, made_crc(content->at, content->length), 4);
    put(&made->file, made_crc(made->file.at + start, 28), 4);
    if ((made->block_flags & 1) != 0) {
        put_number(&made->index, made->block_step - made->section_step);
        put_number(&made->index, start - made->section_offset);
        made->section_step = made->block_step;
        made->section_offset = start;
    }
    text_append_bytes(&made->file, content->at, content->length);
}

void made_block(struct made *made, uint32_t flags, uint64_t step)
{
    if (made->block.length != 0)
        end_block(made, &made->block);
    made->block = (struct text_builder){.arena = made->block.arena};
    made->block_flags = flags;
    made->block_step = step;
}

void made_number(struct made *made, uint64_t number)
{
    put_number(&made->block, number);
}

void made_numbers(struct made *made, size_t count, const uint64_t *numbers)
{
    for (size_t i = 0; i < count; i++)
        made_number(made, numbers[i]);
}

struct text made_cut(struct made *made)
{
    made_block(made, 0, 0);
    return (struct text){made->file.at, made->file.length};
}

struct text made_end(struct made *made)
{
    made_block(made, 4, 0);
    size_t index = made->file.length;
    end_block(made, &made->index);
    size_t start = made->file.length;
    put(&made->file, 0x4E455456, 4);
    put(&made->file, index, 8);
    put(&made->file, made_crc(made->file.at + start, 12), 4);
    return (struct text){made->file.at, made->file.length};
}
