/* The bytes of a trace file, version 1: docs/TRACES.md is the specification, written so that other
 * simulators can write traces too. All numbers are little-endian. */
#ifndef TRACES_FORMAT_H
#define TRACES_FORMAT_H

#include "base/fault.h"
#include "base/text.h"
#include "semantics/vamp/vamp.h"

enum {
    TRACE_VERSION = 1,
    TRACE_MAGIC_BYTES = 8,
    TRACE_DIGEST_BYTES = 32,
    TRACE_RECORDER_BYTES = 32,
    TRACE_REASON_BYTES = 64,
    TRACE_FILE_HEADER_BYTES = 96,
    TRACE_BLOCK_HEADER_BYTES = 32,
    TRACE_TRAILER_BYTES = 16,
    TRACE_BLOCK_BYTES_LIMIT = 1 << 24, /* of a block's content when unpacked */
    TRACE_RUN_WORDS_LIMIT = 1024,      /* of a run in a MEMORY record */
    TRACE_RECORD_BYTES_LIMIT = 8192,   /* no record is longer */
};

extern const unsigned char trace_magic[TRACE_MAGIC_BYTES];
#define TRACE_BLOCK_TAG UINT32_C(0x4B425456)   /* "VTBK" */
#define TRACE_TRAILER_TAG UINT32_C(0x4E455456) /* "VTEN" */

enum trace_block_flag {
    TRACE_BLOCK_SECTION = 1, /* a section begins: nothing before it is needed to read it */
    TRACE_BLOCK_RAW = 2,     /* the content is not compressed */
    TRACE_BLOCK_INDEX = 4,   /* the index, no records */
};

enum trace_record_kind {
    TRACE_RECORD_MEMORY = 1,     /* words that changed: of the next CHECKPOINT */
    TRACE_RECORD_CHECKPOINT = 2, /* the state before a step */
    TRACE_RECORD_READ = 3,       /* the processor read a device */
    TRACE_RECORD_WRITE = 4,      /* the processor wrote a device */
    TRACE_RECORD_LINES = 5,      /* causes from outside, from a step on */
    TRACE_RECORD_END = 6,
};

enum trace_end_flag {
    TRACE_END_STOPPED = 1,    /* the processor cannot execute the next step */
    TRACE_END_HAS_DIGEST = 2, /* 32 bytes follow */
};

/* The registers as a checkpoint numbers them. */
enum {
    TRACE_REGISTER_DPC = 0,
    TRACE_REGISTER_PCP = 1,
    TRACE_REGISTER_GPR = 2,
    TRACE_REGISTER_SPR = TRACE_REGISTER_GPR + VAMP_GPR_COUNT,
    TRACE_REGISTER_LINES = TRACE_REGISTER_SPR + VAMP_SPR_COUNT, /* the causes from outside */
    TRACE_REGISTER_COUNT,
};

/* The causes from outside that there are: reset and eight devices. */
#define TRACE_LINES (UINT32_C(1) | UINT32_C(0xFF) << 13)

/* What the processor holds and sees at a checkpoint. */
struct trace_registers {
    uint32_t at[TRACE_REGISTER_COUNT];
};
struct trace_registers trace_registers_of(const struct vamp_state *state, uint32_t lines);
struct vamp_state trace_registers_state(const struct trace_registers *registers);

/* "dpc", "r5", "SR", "lines" */
void trace_register_name(unsigned number, char name[16]);

struct trace_header {
    uint32_t memory_bytes;
    uint64_t interval_steps;                        /* between checkpoints; 0: it varies */
    unsigned char image_digest[TRACE_DIGEST_BYTES]; /* SHA-256 of the image's file; 0: unknown */
    char recorder[TRACE_RECORDER_BYTES + 1];
};
void trace_header_encode(const struct trace_header *header,
                         unsigned char bytes[TRACE_FILE_HEADER_BYTES]);
/* False: this is no trace, or none that this version reads. */
bool trace_header_decode(const unsigned char bytes[TRACE_FILE_HEADER_BYTES],
                         struct trace_header *header, struct location where, struct fault *fault);

struct trace_block_header {
    uint32_t flags;
    uint32_t stored_bytes; /* in the file */
    uint32_t plain_bytes;  /* unpacked */
    uint64_t step;         /* of records: no record is of an earlier one */
    uint32_t content_crc;  /* of the stored bytes */
};
void trace_block_header_encode(const struct trace_block_header *header,
                               unsigned char bytes[TRACE_BLOCK_HEADER_BYTES]);
/* False: these bytes do not start a block. */
bool trace_block_header_decode(const unsigned char bytes[TRACE_BLOCK_HEADER_BYTES],
                               struct trace_block_header *header);

/* The end of a whole file: where its index is. */
void trace_trailer_encode(uint64_t index_offset, unsigned char bytes[TRACE_TRAILER_BYTES]);
bool trace_trailer_decode(const unsigned char bytes[TRACE_TRAILER_BYTES], uint64_t *index_offset);

/* CRC-32 as in zlib and Ethernet. */
uint32_t trace_crc(const unsigned char *bytes, size_t length);

/* Writing numbers of variable length: seven bits a byte, the lowest first. Each returns the place
 * after what it wrote, at most 10 bytes. */
unsigned char *trace_put_number(unsigned char *at, uint64_t number);
/* The difference of two words, as a signed number with its sign in the lowest bit. */
unsigned char *trace_put_change(unsigned char *at, uint32_t before, uint32_t after);

/* Reading them. Once something was missing or too large, `is_good` is false and all is 0. */
struct trace_input {
    const unsigned char *at, *end;
    bool is_good;
};
uint64_t trace_get_number(struct trace_input *input);
uint32_t trace_get_word(struct trace_input *input);
/* `before`, changed by the difference that comes next. */
uint32_t trace_get_change(struct trace_input *input, uint32_t before);

/* 64 hexadecimal digits to 32 bytes; false: it is something else. */
bool trace_digest_parse(const char *hexadecimal, unsigned char digest[TRACE_DIGEST_BYTES]);
void trace_digest_print(const unsigned char digest[TRACE_DIGEST_BYTES], char hexadecimal[65]);

#endif
