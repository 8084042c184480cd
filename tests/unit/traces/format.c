/* The file as docs/TRACES.md describes it: a trace of another simulator is read, and each thing
 * that the page forbids is refused. */
#include "tests/unit/traces/made.h"
#include "traces/player.h"

#include <criterion/criterion.h>
#include <string.h>

/* A register's change, coded: its sign in the lowest bit. */
#define PLUS(n) (2 * (uint64_t)(n))
#define MINUS(n) (2 * (uint64_t)(n)-1)
#define ADDI(rd, rs1, imm)                                                                         \
    (UINT32_C(9) << 26 | (uint32_t)(rs1) << 21 | (uint32_t)(rd) << 16 | ((imm)&0xFFFF))
#define LW(rd, rs1, imm)                                                                           \
    (UINT32_C(35) << 26 | (uint32_t)(rs1) << 21 | (uint32_t)(rd) << 16 | ((imm)&0xFFFF))

/* The first state: two instructions at address 0, of which the second reads port 1 of device 2,
 * and a third one; pcp is 4. */
static void begin(struct made *made)
{
    made_block(made, 1, 0);
    MADE(made, 1, 0, 3); /* MEMORY, at word 0, 3 words */
    MADE(made, PLUS(ADDI(1, 0, 5)), (uint64_t)(uint32_t) ~(LW(2, 0, 0xA004) << 1));
    MADE(made, PLUS(ADDI(1, 1, 1)));
    MADE(made, 2, 0, 1, 1, PLUS(4)); /* CHECKPOINT, 0 steps on, 1 register, number 1 */
}

static struct made whole(struct arena *arena)
{
    struct made made = made_new(arena, 4096);
    begin(&made);
    MADE(&made, 3, 1, PLUS(2 * 1024 + 1), 0x99); /* READ in step 1, port 1 of device 2, 0x99 */
    MADE(&made, 5, 1, UINT64_C(1) << 15);        /* LINES from step 2 on, device 2 */
    /* CHECKPOINT before step 3: dpc 12, pcp 16, r1 6, r2 0x99 */
    MADE(&made, 2, 1, 4, 0, PLUS(12), 0, PLUS(12), 1, PLUS(6), 0, PLUS(0x99));
    MADE(&made, 6, 0, 0, 2, 'o', 'k'); /* END, no flags, "ok" */
    return made;
}

/* Opens and plays to the end; NULL if all of it was good, else the fault's message. */
static const char *play(struct arena *arena, struct text file, struct trace_player **out)
{
    struct fault fault = {0};
    struct trace_step step;
    enum trace_player_status status = TRACE_PLAYER_FAULT;
    struct trace *trace = trace_open_bytes(arena, "made", file, &fault);
    struct trace_player *player = trace == NULL ? NULL : trace_player_new(arena, trace, &fault);
    while (player != NULL &&
           (status = trace_player_next(player, &step, &fault)) == TRACE_PLAYER_STEP)
        ;
    cr_assert_eq(fault.is_set, status == TRACE_PLAYER_FAULT);
    if (out != NULL)
        *out = player;
    return fault.is_set ? arena_printf(arena, "%s", fault.message) : NULL;
}

static void expect_refused(struct arena *arena, struct text file, const char *why)
{
    const char *message = play(arena, file, NULL);
    cr_assert(message != NULL, "accepted, but should be refused: %s", why);
    cr_assert(strstr(message, why) != NULL, "refused with '%s' instead of '%s'", message, why);
}

Test(trace_format, a_trace_written_from_the_specification_is_read)
{
    struct arena *arena = arena_new();
    struct made made = whole(arena);
    struct trace_player *player;
    const char *message = play(arena, made_end(&made), &player);
    cr_assert_null(message, "%s", message);
    cr_assert_eq(trace_player_step(player), 3);
    cr_assert_eq(trace_player_state(player)->gpr[1], 6);
    cr_assert_eq(trace_player_state(player)->gpr[2], 0x99);
    cr_assert_eq(trace_player_lines(player), UINT32_C(1) << 15);
    cr_assert_str_eq(trace_player_ending(player)->reason, "ok");
    arena_free(arena);
}

Test(trace_format, crc_is_the_one_of_zlib)
{
    cr_assert_eq(trace_crc((const unsigned char *)"123456789", 9), 0xCBF43926);
    cr_assert_eq(made_crc("123456789", 9), 0xCBF43926);
    static unsigned char bytes[20000];
    for (uint32_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * i >> 5);
    for (size_t length = 16380; length < 16400; length++)
        cr_assert_eq(trace_crc(bytes, length), made_crc((const char *)bytes, length));
    cr_assert_eq(trace_crc(bytes, sizeof bytes), made_crc((const char *)bytes, sizeof bytes));
}

Test(trace_format, numbers_of_every_length_come_back)
{
    for (unsigned shift = 0; shift < 64; shift++) {
        unsigned char bytes[10];
        uint64_t number = (UINT64_C(1) << shift) + shift;
        unsigned char *end = trace_put_number(bytes, number);
        struct trace_input input = {bytes, end, true};
        cr_assert_eq(trace_get_number(&input), number);
        cr_assert(input.is_good && input.at == end);
        input = (struct trace_input){bytes, end - 1, true};
        cr_assert_eq(trace_get_number(&input), 0);
        cr_assert_not(input.is_good);
    }
    static const uint32_t words[] = {0, 1, 2, 0x7FFFFFFF, 0x80000000, 0x80000001, UINT32_MAX};
    for (unsigned a = 0; a < 7; a++) {
        for (unsigned b = 0; b < 7; b++) {
            unsigned char bytes[10];
            struct trace_input input = {bytes, trace_put_change(bytes, words[a], words[b]), true};
            cr_assert_eq(trace_get_change(&input, words[a]), words[b]);
        }
    }
}

Test(trace_format, a_number_that_is_too_large_is_no_number)
{
    unsigned char eleven[11] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0};
    unsigned char wide[10] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2};
    unsigned char word[5] = {0x80, 0x80, 0x80, 0x80, 0x10};
    struct trace_input input = {eleven, eleven + 11, true};
    trace_get_number(&input);
    cr_assert_not(input.is_good);
    input = (struct trace_input){wide, wide + 10, true};
    trace_get_number(&input);
    cr_assert_not(input.is_good);
    input = (struct trace_input){word, word + 5, true};
    trace_get_word(&input);
    cr_assert_not(input.is_good);
}

/* --- What does not follow from the semantics --- */

#define END(made) MADE(made, 6, 0, 0, 0)

Test(trace_check, a_changed_register_is_refused_with_its_interval)
{
    struct arena *arena = arena_new();
    struct made made = made_new(arena, 4096);
    begin(&made);
    MADE(&made, 2, 1, 3, 0, PLUS(4), 0, PLUS(4), 1, PLUS(6)); /* r1 is 6 instead of 5 */
    END(&made);
    expect_refused(arena, made_end(&made),
                   "does not follow from the processor's semantics between steps 0 and 1: "
                   "r1 is 0x00000005, recorded as 0x00000006");
    arena_free(arena);
}

Test(trace_check, a_changed_word_of_memory_is_refused)
{
    struct arena *arena = arena_new();
    struct made made = made_new(arena, 4096);
    begin(&made);
    MADE(&made, 1, 100, 1, PLUS(7)); /* nothing stores there */
    MADE(&made, 2, 1, 3, 0, PLUS(4), 0, PLUS(4), 1, PLUS(5));
    END(&made);
    expect_refused(arena, made_end(&made), "between steps 0 and 1: the word at 0x00000190");
    arena_free(arena);
}

Test(trace_check, a_device_word_that_is_missing_is_refused)
{
    struct arena *arena = arena_new();
    struct made made = made_new(arena, 4096);
    begin(&made);
    MADE(&made, 2, 2, 3, 0, PLUS(8), 0, PLUS(8), 1, PLUS(5));
    END(&made);
    expect_refused(arena, made_end(&made), "between steps 0 and 2: bus-error");
    arena_free(arena);
}

Test(trace_check, a_device_word_of_another_port_or_step_is_refused)
{
    struct arena *arena = arena_new();
    struct made made = made_new(arena, 4096);
    begin(&made);
    MADE(&made, 3, 1, PLUS(2 * 1024 + 2), 0x99);
    END(&made);
    expect_refused(arena, made_end(&made), "between steps 0 and 2: bus-error");
    made = made_new(arena, 4096);
    begin(&made);
    MADE(&made, 3, 0, PLUS(2 * 1024 + 1), 0x99);
    MADE(&made, 6, 1, 0, 0);
    expect_refused(arena, made_end(&made), "between steps 0 and 1: a recorded access is not made");
    made = made_new(arena, 4096);
    begin(&made);
    MADE(&made, 3, 1, PLUS(2 * 1024 + 1), 0x99, 3, 0, PLUS(0), 0x99);
    MADE(&made, 6, 1, 0, 0);
    expect_refused(arena, made_end(&made), "between steps 0 and 2: a record is late");
    arena_free(arena);
}

Test(trace_check, a_processor_that_is_said_to_stop_and_goes_on_is_refused)
{
    struct arena *arena = arena_new();
    struct made made = made_new(arena, 4096);
    begin(&made);
    MADE(&made, 6, 0, 1, 0);
    expect_refused(arena, made_end(&made), "the processor goes on where it is said to stop");
    arena_free(arena);
}

Test(trace_check, a_line_that_would_interrupt_is_refused_if_it_did_not)
{
    struct arena *arena = arena_new();
    struct made made = made_new(arena, 4096);
    begin(&made);
    MADE(&made, 5, 0, 1); /* reset */
    MADE(&made, 2, 1, 3, 0, PLUS(4), 0, PLUS(4), 1, PLUS(5));
    END(&made);
    expect_refused(arena, made_end(&made), "between steps 0 and 1: dpc is 0x00000000");
    arena_free(arena);
}

/* --- What no trace may hold --- */

Test(trace_check, malformed_records_are_refused)
{
    static const struct {
        size_t count;
        uint64_t numbers[12];
    } records[] = {
        {1, {0}},                                    /* there is no such record */
        {1, {7}},                                    /* nor this one */
        {3, {1, 1025, 1}},                           /* MEMORY beyond the end */
        {3, {1, 0, 1025}},                           /* a run that is too long */
        {3, {1, 0, 0}},                              /* an empty run */
        {4, {1, 0, 1, UINT64_C(1) << 32}},           /* not a word */
        {3, {2, 0, 68}},                             /* more registers than there are */
        {5, {2, 0, 1, 67, 2}},                       /* a register that is not there */
        {5, {2, 0, 1, 66, PLUS(1)}},                 /* lines change by LINES only */
        {5, {2, 0, 1, 2, PLUS(1)}},                  /* r0 */
        {5, {2, 0, 1, 34 + 12, PLUS(1)}},            /* a special register that is not there */
        {2, {2, UINT64_MAX}},                        /* ends within the record */
        {4, {3, 0, PLUS(8192), 0}},                  /* a port beyond the devices */
        {4, {4, 0, MINUS(1), 0}},                    /* or before them */
        {4, {3, 0, 0, UINT64_C(1) << 32}},           /* not a word */
        {3, {5, 0, 2}},                              /* no cause from outside */
        {4, {6, 0, 4, 0}},                           /* unknown flags of the end */
        {4, {6, 0, 0, 65}},                          /* a reason that is too long */
        {5, {6, 0, 0, 1, 10}},                       /* one that cannot be printed */
        {4, {6, 0, 2, 0}},                           /* no digest */
        {5, {6, 0, 0, 0, 6}},                        /* something after the end */
        {7, {1, 0, 1, 2, 3, 0, 0}},                  /* MEMORY without its CHECKPOINT */
        {8, {3, UINT64_MAX, 0, 0, 3, UINT64_MAX, 0}} /* steps beyond 2^64 */
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        struct made made = made_new(arena, 4096);
        struct fault fault = {0};
        struct trace_reader reader;
        struct trace_item item;
        begin(&made);
        made_numbers(&made, records[i].count, records[i].numbers);
        struct trace *trace = trace_open_bytes(arena, "made", made_end(&made), &fault);
        cr_assert(trace != NULL);
        trace_reader_init(&reader, arena, trace, true);
        trace_reader_start(&reader, &trace->sections[0]);
        bool is_read;
        do
            is_read = trace_reader_next(&reader, &item, &fault);
        while (is_read && item.kind != TRACE_ITEM_END && item.kind != TRACE_ITEM_CUT);
        cr_assert(!is_read && strstr(fault.message, "malformed record") != NULL, "record %zu: '%s'",
                  i, fault.message);
        cr_assert(strstr(fault.message, "at offset 0x60") != NULL);
    }
    arena_free(arena);
}

Test(trace_check, blocks_out_of_place_are_refused)
{
    struct arena *arena = arena_new();
    struct made made = made_new(arena, 4096);
    made_block(&made, 0, 0); /* no section */
    MADE(&made, 2, 0, 0);
    END(&made);
    expect_refused(arena, made_end(&made), "has no first state");

    made = made_new(arena, 4096);
    begin(&made);
    made_block(&made, 0, 7); /* of step 7 */
    END(&made);
    expect_refused(arena, made_end(&made), "of another step");

    made = made_new(arena, 4096);
    begin(&made);
    made_block(&made, 1, 0); /* another section, with another state */
    MADE(&made, 2, 0, 0);
    END(&made);
    expect_refused(arena, made_end(&made), "the section has other registers");

    made = made_new(arena, 4096);
    begin(&made);
    made_block(&made, 1, 0);
    MADE(&made, 2, 0, 1, 1, PLUS(4));
    END(&made);
    expect_refused(arena, made_end(&made), "the section has other memory");

    made = made_new(arena, 4096);
    begin(&made);
    MADE(&made, 5, 1, 1 << 13);
    made_block(&made, 1, 1); /* a section after no checkpoint */
    MADE(&made, 2, 0, 0);
    END(&made);
    expect_refused(arena, made_end(&made), "does not follow a checkpoint");

    made = made_new(arena, 4096);
    begin(&made);
    expect_refused(arena, made_end(&made), "the records end without an end of the run");
    arena_free(arena);
}

Test(trace_check, headers_out_of_bounds_are_refused)
{
    struct arena *arena = arena_new();
    struct made made = made_new(arena, 4098);
    begin(&made);
    expect_refused(arena, made_end(&made), "4098 bytes of memory");
    made = made_new(arena, UINT32_C(0x40000004));
    begin(&made);
    expect_refused(arena, made_end(&made), "bytes of memory; the limit");
    expect_refused(arena, (struct text){"", 0}, "no trace");
    expect_refused(arena, text_of("VAMPTRC\n"), "no trace");
    made = whole(arena);
    struct text file = made_end(&made);
    char *bytes = arena_copy(arena, file.at, file.length);
    bytes[8] = 2;
    expect_refused(arena, (struct text){bytes, file.length}, "version 2");
    arena_free(arena);
}

/* A block that says it has 4 GiB, or that unpacks to something else. */
Test(trace_check, sizes_are_bounded_before_anything_is_allocated)
{
    struct arena *arena = arena_new();
    struct made made = whole(arena);
    struct text file = made_end(&made);
    for (unsigned at = 96 + 8; at <= 96 + 12; at += 4) {
        char *bytes = arena_copy(arena, file.at, file.length);
        memset(bytes + at, 0xFF, 4);
        uint32_t crc = made_crc(bytes + 96, 28);
        for (unsigned i = 0; i < 4; i++)
            bytes[96 + 28 + i] = (char)(crc >> 8 * i);
        expect_refused(arena, (struct text){bytes, file.length}, "at offset 0x60");
    }
    cr_assert_lt(arena_used_bytes(arena), 100 * 1024 * 1024);
    arena_free(arena);
}

/* --- Cut and damaged files --- */

Test(trace_cut, a_file_without_its_end_is_read_as_far_as_it_goes)
{
    struct arena *arena = arena_new();
    struct made made = made_new(arena, 4096);
    struct trace_player *player;
    begin(&made);
    made_block(&made, 0, 0);
    MADE(&made, 3, 1, PLUS(2 * 1024 + 1), 0x99);
    MADE(&made, 2, 1, 4, 0, PLUS(8), 0, PLUS(8), 1, PLUS(5), 0, PLUS(0x99));
    struct text file = made_cut(&made);
    cr_assert_null(play(arena, file, &player));
    cr_assert_eq(trace_player_step(player), 2);
    struct trace_step step;
    struct fault fault = {0};
    cr_assert_eq(trace_player_next(player, &step, &fault), TRACE_PLAYER_CUT);
    /* Within the second block: the first is what there is. */
    cr_assert_null(play(arena, (struct text){file.at, file.length - 1}, &player));
    cr_assert_eq(trace_player_step(player), 0);
    arena_free(arena);
}

Test(trace_cut, a_file_is_good_up_to_the_last_whole_block_wherever_it_is_cut)
{
    struct arena *arena = arena_new();
    struct made made = whole(arena);
    struct text file = made_end(&made);
    size_t block = 96 + 32 + (unsigned char)file.at[96 + 8];
    for (size_t length = 0; length < file.length; length++) {
        struct text cut = {arena_copy(arena, file.at, length), length};
        const char *message = play(arena, cut, NULL);
        cr_assert_eq(message == NULL, length >= block, "%zu bytes: %s", length,
                     message == NULL ? "good" : message);
    }
    arena_free(arena);
}

Test(trace_cut, a_changed_byte_is_noticed)
{
    struct arena *arena = arena_new();
    struct made made = whole(arena);
    struct text file = made_end(&made);
    size_t trailer = file.length - TRACE_TRAILER_BYTES;
    for (size_t at = 0; at < file.length; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            char *bytes = arena_copy(arena, file.at, file.length);
            bytes[at] = (char)(bytes[at] ^ 1 << bit);
            const char *message = play(arena, (struct text){bytes, file.length}, NULL);
            /* Without its trailer it is a file that was cut off behind the last record. */
            cr_assert_eq(message == NULL, at >= trailer, "byte %zu, bit %u", at, bit);
        }
    }
    arena_free(arena);
}
