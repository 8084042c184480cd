/* Scenario files: what arrives of them, and each way in which they can be wrong. */
#include "scenario_rig.h"

#include "cosim/scenario_disk.h"

#include <criterion/criterion.h>
#include <string.h>

static uint32_t word_on_disk(const struct scenario *scenario, size_t at)
{
    uint32_t word = 0;
    for (unsigned i = 0; i < 4; i++)
        word |= (uint32_t)(unsigned char)scenario->disk.at[at + i] << 8 * i;
    return word;
}

Test(scenario_load, what_is_not_said_is_as_documented)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario =
        scenario_rig_load(&rig, "good/short.json",
                          "{\"scenario\": 1, \"programs\": [{\"name\": \"a\", \"words\": []}]}");
    cr_expect_eq(scenario->oracle.tick_steps, 10000);
    cr_expect_eq(scenario->oracle.done_steps, 1000);
    cr_expect_eq(scenario->oracle.poll_steps, 10000);
    cr_expect_not(scenario->oracle.is_jittered);
    cr_expect_not(scenario->oracle.has_reset);
    cr_expect(scenario->checks.at_primitives);
    cr_expect_eq(scenario->checks.sweep_checks, 64);
    cr_expect_eq(scenario->max_steps, 10000000);
    cr_expect_not(scenario->has_events);
    cr_expect_not(scenario->has_expectation);
    cr_expect_eq(scenario->programs[0].sector, 8);
    cr_expect_eq(scenario->programs[0].pages, 1);
    scenario_rig_free(&rig);
}

Test(scenario_load, everything_that_is_said_arrives)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = scenario_rig_load(
        &rig, "good/long.json",
        "{\"scenario\": 1, \"name\": \"all\", \"comment\": \"of it\",\n"
        " \"programs\": [{\"name\": \"first\", \"words\": [\"00000001 89abcdef\", \"@10 "
        "00000005\"],\n"
        "   \"memory_pages\": 3, \"pages\": 2, \"priority\": 2, \"started\": true},\n"
        "  {\"name\": \"second\", \"seed\": 7, \"deeds\": 3, \"driver\": true},\n"
        "  {\"name\": \"third\", \"words\": [], \"sector\": 64}],\n"
        " \"oracle\": {\"seed\": 5, \"tick_steps\": 11, \"done_steps\": 12, \"poll_steps\": 13,\n"
        "   \"jitter\": true, \"reset_step\": 14},\n"
        " \"inputs\": {\"text\": \"ps\\r\", \"serial_bytes\": 1, \"network_frames\": 2,\n"
        "   \"controller_messages\": 3},\n"
        " \"defects\": {\"swap\": [{\"first\": 9}, {\"first\": 1, \"count\": 2, \"read\": "
        "false}],\n"
        "   \"system\": [{\"first\": 10, \"write\": false}]},\n"
        " \"checks\": {\"primitives\": false, \"user_steps\": 21, \"sweep\": 22, \"consis\": "
        "true,\n"
        "   \"plain\": true},\n"
        " \"limits\": {\"steps\": 31}, \"expect\": {\"conjunct\": \"frames\", \"step\": 30}}\n");
    cr_expect_str_eq(scenario->name, "all");
    cr_expect_eq(scenario->program_count, 3);
    const struct scenario_program *first = &scenario->programs[0];
    const uint32_t words[] = {1, 0x89abcdef, 0, 0, 5};
    cr_expect_eq(first->word_count, 5);
    cr_expect_arr_eq(first->words, words, sizeof words);
    cr_expect_eq(first->sector, 8);
    cr_expect_eq(first->pages, 2);
    cr_expect_eq(first->memory_pages, 3);
    cr_expect_eq(first->priority, 2);
    cr_expect_eq(first->flags, SCENARIO_STARTED);
    cr_expect_eq(scenario->programs[1].sector, 24);
    cr_expect_eq(scenario->programs[1].flags, SCENARIO_DRIVER);
    cr_expect_gt(scenario->programs[1].word_count, 3);
    cr_expect_eq(scenario->programs[2].sector, 64);
    cr_expect_eq(scenario->oracle.seed, 5);
    cr_expect_eq(scenario->oracle.tick_steps, 11);
    cr_expect_eq(scenario->oracle.done_steps, 12);
    cr_expect_eq(scenario->oracle.poll_steps, 13);
    cr_expect(scenario->oracle.is_jittered && scenario->oracle.has_reset);
    cr_expect_eq(scenario->oracle.reset_step, 14);
    cr_expect(text_is(scenario->serial, "ps\r"));
    cr_expect_eq(scenario->inputs.serial_bytes, 1);
    cr_expect_eq(scenario->inputs.network_frames, 2);
    cr_expect_eq(scenario->inputs.controller_messages, 3);
    cr_expect_eq(scenario->swap_defect_count, 2);
    cr_expect_eq(scenario->swap_defects[0].count, 1);
    cr_expect(scenario->swap_defects[0].fails_read && scenario->swap_defects[0].fails_write);
    cr_expect_not(scenario->swap_defects[1].fails_read);
    cr_expect_eq(scenario->system_defect_count, 1);
    cr_expect_not(scenario->system_defects[0].fails_write);
    cr_expect_not(scenario->checks.at_primitives);
    cr_expect_eq(scenario->checks.user_steps, 21);
    cr_expect_eq(scenario->checks.sweep_checks, 22);
    cr_expect(scenario->checks.consis && scenario->checks.is_plain);
    cr_expect_eq(scenario->max_steps, 31);
    cr_expect(scenario->has_expectation);
    cr_expect_eq(scenario->expected_conjunct, COSIM_FRAMES);
    cr_expect_eq(scenario->expected_step, 30);
    scenario_rig_free(&rig);
}

Test(scenario_load, programs_are_on_the_disk_and_in_its_directory)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario = scenario_rig_load(
        &rig, "good/disk.json",
        "{\"scenario\": 1, \"programs\": [{\"name\": \"abcdefghijklmnop\", \"words\": "
        "[\"0000002a\"],\n"
        " \"memory_pages\": 4, \"priority\": 2, \"driver\": true, \"sector\": 16}]}");
    cr_expect_eq(word_on_disk(scenario, 0), 0x4b534944);
    cr_expect_eq(word_on_disk(scenario, 4), 1);
    cr_expect_eq(memcmp(scenario->disk.at + 8, "abcdefghijklmnop", 16), 0);
    cr_expect_eq(word_on_disk(scenario, 24), 16); /* sector, pages, memory, priority, flags */
    cr_expect_eq(word_on_disk(scenario, 28), 1);
    cr_expect_eq(word_on_disk(scenario, 32), 4);
    cr_expect_eq(word_on_disk(scenario, 36), 2);
    cr_expect_eq(word_on_disk(scenario, 40), 2);
    cr_expect_eq(word_on_disk(scenario, 16 * 512), 42);
    scenario_rig_free(&rig);
}

Test(scenario_load, a_program_is_added_to_a_disk_and_to_both_its_directories)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario =
        scenario_rig_load(&rig, "good/added.json",
                          "{\"scenario\": 1, \"disk\": \"../../kernel-small/system.img\",\n"
                          " \"programs\": [{\"name\": \"fresh\", \"words\": [\"0000002a\"]}]}");
    uint32_t count = word_on_disk(scenario, 4);
    size_t init = word_on_disk(scenario, 24), pages = word_on_disk(scenario, 28);
    size_t copy = init * 512 + (pages - 1) * 4096, entry = 8 + (count - 1) * 36;
    cr_expect_eq(memcmp(scenario->disk.at + entry, "fresh\0\0\0", 8), 0);
    cr_expect_eq(memcmp(scenario->disk.at + copy, scenario->disk.at, 4096), 0);
    uint32_t sector = word_on_disk(scenario, entry + 16);
    cr_expect_eq(sector * 512, scenario->base.length);
    cr_expect_eq(word_on_disk(scenario, sector * 512), 42);
    scenario_rig_free(&rig);
}

Test(scenario_load, events_arrive_in_all_their_kinds)
{
    struct scenario_rig rig = scenario_rig_new();
    struct scenario *scenario =
        scenario_rig_load(&rig, "good/events.json",
                          "{\"scenario\": 1, \"programs\": [{\"name\": \"a\", \"words\": []}],\n"
                          " \"oracle\": {\"until\": 99, \"drawn_devices\": [1, 5], \"events\": [\n"
                          "  [0, \"tick\", 0], [3, \"done\", 2], [3, \"byte\", 2, 1089], [4, "
                          "\"frame\", 3, \"00ff\"],\n"
                          "  [5, \"message\", 4, 2, \"01020304\"], [6, \"reset\"]]}}");
    const struct oracle_event *events = scenario->events;
    cr_expect(scenario->has_events);
    cr_expect_eq(scenario->event_count, 6);
    cr_expect_eq(scenario->events_end, 99);
    cr_expect_eq(scenario->drawn_devices, 1u << 1 | 1u << 5);
    cr_expect_eq(events[0].event.kind, DEVICE_EVENT_TICK);
    cr_expect_eq(events[1].step, 3);
    cr_expect_eq(events[1].device, 2);
    cr_expect_eq(events[1].event.kind, DEVICE_EVENT_DONE);
    cr_expect_eq(events[2].event.number, 1089);
    cr_expect_eq(events[3].event.content.length, 2);
    cr_expect_eq((unsigned char)events[3].event.content.at[1], 0xff);
    cr_expect_eq(events[4].event.kind, DEVICE_EVENT_MESSAGE);
    cr_expect_eq(events[4].event.number, 2);
    cr_expect_eq(events[4].event.content.at[3], 4);
    cr_expect(events[5].is_reset);
    scenario_rig_free(&rig);
}

/* --- What is wrong --- */

#define HEAD "{\"scenario\": 1,\n \"programs\": [{\"name\": \"a\", \"words\": []}]"
#define PROGRAM(text) "{\"scenario\": 1,\n \"programs\": [" text "]}"
#define ORACLE(text) HEAD ",\n \"oracle\": {" text "}}"

/* `name` with an underscore in front: the schema cannot know that it is wrong. */
static const struct {
    const char *name, *text;
    uint32_t line, column;
    const char *message;
} wrong[] = {
    {"_empty", "", 1, 1, "unexpected token near end of file"},
    {"_cut", "{\"scenario\": 1,", 1, 15, "string or '}' expected near end of file"},
    {"_twice", "{\"scenario\": 1,\n \"name\": \"a\", \"name\": \"b\"}", 2, 20,
     "duplicate object key near '\"name\"'"},
    {"no-object", "[1]", 1, 1, "an object is wanted here"},
    {"number", "17", 1, 1, "an object is wanted here"},
    {"no-version", "{\"programs\": []}", 1, 1, "\"scenario\": 1 is missing"},
    {"other-version", "{\n\"scenario\": 2}", 2, 13, "a number from 1 to 1 is wanted here"},
    {"unknown-key", "{\"scenario\": 1, \"kernle\": \"k\"}", 1, 17, "there is no key 'kernle' here"},
    {"name-no-string", "{\"scenario\": 1, \"name\": 5}", 1, 25, "a string is wanted here"},
    {"nothing-to-run", "{\"scenario\": 1}", 1, 1, "\"disk\" or \"programs\" is missing"},
    {"_no-such-disk", "{\"scenario\": 1, \"disk\": \"nowhere.img\"}", 0, 0, "No such file"},
    {"programs-no-list", "{\"scenario\": 1, \"programs\": {}}", 1, 29, "a list is wanted here"},
    {"_no-programs", "{\"scenario\": 1, \"programs\": []}", 1, 29, "a disk without programs"},
    {"program-without-name", PROGRAM("{\"words\": []}"), 2, 15,
     "a name of 1 to 16 bytes is wanted here"},
    {"program-empty-name", PROGRAM("{\"name\": \"\", \"words\": []}"), 2, 24,
     "a name of 1 to 16 bytes is wanted here"},
    {"program-long-name", PROGRAM("{\"name\": \"12345678901234567\", \"words\": []}"), 2, 24,
     "a name of 1 to 16 bytes is wanted here"},
    {"program-without-content", PROGRAM("{\"name\": \"a\"}"), 2, 15,
     "one of \"image\", \"words\" and \"seed\" is wanted here"},
    {"program-with-two", PROGRAM("{\"name\": \"a\", \"words\": [], \"seed\": 1}"), 2, 15,
     "one of \"image\", \"words\" and \"seed\" is wanted here"},
    {"deeds-of-words", PROGRAM("{\"name\": \"a\", \"words\": [], \"deeds\": 1}"), 2, 51,
     "\"deeds\" are those of a \"seed\""},
    {"_no-such-image", PROGRAM("{\"name\": \"a\", \"image\": \"nowhere.elf\"}"), 0, 0,
     "No such file"},
    {"word-short", PROGRAM("{\"name\": \"a\",\n  \"words\": [\"00000000\", \"0000000\"]}"), 3, 25,
     "words of eight hexadecimal digits"},
    {"word-long", PROGRAM("{\"name\": \"a\", \"words\": [\"000000000\"]}"), 2, 39,
     "words of eight hexadecimal digits"},
    {"word-other", PROGRAM("{\"name\": \"a\", \"words\": [\"0000000g\"]}"), 2, 39,
     "words of eight hexadecimal digits"},
    {"word-no-string", PROGRAM("{\"name\": \"a\", \"words\": [5]}"), 2, 39,
     "a string is wanted here"},
    {"word-no-address", PROGRAM("{\"name\": \"a\", \"words\": [\"@\"]}"), 2, 39,
     "words of eight hexadecimal digits"},
    {"_word-backwards", PROGRAM("{\"name\": \"a\", \"words\": [\"00000001 00000001 @4\"]}"), 2, 39,
     "words of eight hexadecimal digits"},
    {"_word-odd", PROGRAM("{\"name\": \"a\", \"words\": [\"@6 00000001\"]}"), 2, 39,
     "words of eight hexadecimal digits"},
    {"_word-far", PROGRAM("{\"name\": \"a\", \"words\": [\"@fffffffc\"]}"), 2, 39,
     "words of eight hexadecimal digits"},
    {"_program-too-long",
     PROGRAM("{\"name\": \"a\", \"words\": [\"@1000 00000001\"], \"pages\": 1}"), 2, 15,
     "the program's words do not fit its pages"},
    {"sector-of-directory", PROGRAM("{\"name\": \"a\", \"words\": [], \"sector\": 7}"), 2, 52,
     "a number from 8 to 65536 is wanted here"},
    {"_memory-too-small",
     PROGRAM("{\"name\": \"a\", \"words\": [], \"pages\": 2, \"memory_pages\": 1}"), 2, 70,
     "a number from 2 to 16 is wanted here"},
    {"priority-negative", PROGRAM("{\"name\": \"a\", \"words\": [], \"priority\": -1}"), 2, 54,
     "a number from 0 to 4294967295 is wanted here"},
    {"started-no-flag", PROGRAM("{\"name\": \"a\", \"words\": [], \"started\": 1}"), 2, 53,
     "true or false is wanted here"},
    {"oracle-no-object", HEAD ", \"oracle\": 5}", 2, 54, "an object is wanted here"},
    {"tick-of-nothing", ORACLE("\"tick_steps\": 0"), 3, 27,
     "a number from 1 to 1073741824 is wanted here"},
    {"tick-of-a-fraction", ORACLE("\"tick_steps\": 1.5"), 3, 27, "a whole number is wanted here"},
    {"events-without-end", ORACLE("\"events\": []"), 3, 12, "\"events\" need an \"until\""},
    {"end-without-events", ORACLE("\"until\": 5"), 3, 22, "this needs \"events\""},
    {"end-of-words", ORACLE("\"events\": [], \"until\": \"never\""), 3, 36,
     "a number of steps or \"forever\" is wanted here"},
    {"events-and-reset", ORACLE("\"events\": [], \"until\": 5, \"reset_step\": 5"), 3, 12,
     "the list has a reset among its events, or none"},
    {"events-and-recording", ORACLE("\"events\": [], \"until\": 5, \"recording\": \"r\""), 3, 23,
     "\"recording\" is such a list already"},
    {"_no-such-recording", ORACLE("\"recording\": \"nowhere.rec\""), 0, 0, "No such file"},
    {"events-and-inputs", HEAD ", \"oracle\": {\"events\": [], \"until\": 5},\n \"inputs\": {}}", 3,
     12, "a listed oracle has its inputs among its events"},
    {"event-empty", ORACLE("\"until\": 9, \"events\": [[]]"), 3, 36,
     "an event begins with its step and its kind"},
    {"event-unknown", ORACLE("\"until\": 9, \"events\": [[1, \"tock\", 0]]"), 3, 40,
     "there are no events 'tock'"},
    {"_events-disordered", ORACLE("\"until\": 9, \"events\": [[2, \"tick\", 0], [1, \"tick\", 0]]"),
     3, 53, "a number from 2 to "},
    {"event-of-no-device", ORACLE("\"until\": 9, \"events\": [[1, \"tick\", 8]]"), 3, 48,
     "a number from 0 to 7 is wanted here"},
    {"event-without-device", ORACLE("\"until\": 9, \"events\": [[1, \"tick\"]]"), 3, 36,
     "an event of this kind has 3 parts"},
    {"frame-without-content", ORACLE("\"until\": 9, \"events\": [[1, \"frame\", 3]]"), 3, 36,
     "an event of this kind has 4 parts"},
    {"frame-of-half-bytes", ORACLE("\"until\": 9, \"events\": [[1, \"frame\", 3, \"012\"]]"), 3, 52,
     "bytes in hexadecimal are wanted here"},
    {"frame-of-numbers", ORACLE("\"until\": 9, \"events\": [[1, \"frame\", 3, 7]]"), 3, 52,
     "bytes in hexadecimal are wanted here"},
    {"drawn-device", ORACLE("\"until\": 9, \"events\": [], \"drawn_devices\": [8]"), 3, 57,
     "a number from 0 to 7 is wanted here"},
    {"inputs-unknown", HEAD ", \"inputs\": {\"bytes\": 5}}", 2, 55, "there is no key 'bytes' here"},
    {"inputs-too-many", HEAD ", \"inputs\": {\"serial_bytes\": 1000001}}", 2, 71,
     "a number from 0 to 1000000 is wanted here"},
    {"defect-of-nothing", HEAD ", \"defects\": {\"swap\": [{}]}}", 2, 65, "\"first\" is missing"},
    {"defect-far", HEAD ", \"defects\": {\"swap\": [{\"first\": 268435456}]}}", 2, 75,
     "a number from 0 to 268435455 is wanted here"},
    {"defect-elsewhere", HEAD ", \"defects\": {\"tape\": []}}", 2, 56,
     "there is no key 'tape' here"},
    {"check-unknown", HEAD ", \"checks\": {\"all\": true}}", 2, 55, "there is no key 'all' here"},
    {"steps-none", HEAD ", \"limits\": {\"steps\": 0}}", 2, 64, "a number from 1 to "},
    {"expect-half", HEAD ", \"expect\": {\"step\": 5}}", 2, 54,
     "\"conjunct\" and \"step\" are wanted here"},
    {"expect-unknown", HEAD ", \"expect\": {\"conjunct\": \"luck\", \"step\": 5}}", 2, 67,
     "there is no conjunct 'luck'"},
    {"_other-image", HEAD ", \"digests\": {\"image\": \"00\"}}", 2, 65,
     "this was made with another image: its digest is "},
};

Test(scenario_load, each_defect_is_found_where_it_is)
{
    struct scenario_rig rig = scenario_rig_new();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *name = arena_printf(rig.arena, "bad/%s.json", wrong[i].name);
        const char *path = scenario_rig_put(&rig, name, wrong[i].text);
        struct fault fault = {0};
        cr_expect_null(scenario_load(rig.arena, path, rig.kernel, stderr, &fault), "%s", name);
        cr_expect(strstr(fault.message, wrong[i].message), "%s: %s", name, fault.message);
        cr_expect(fault.line == wrong[i].line && fault.column == wrong[i].column,
                  "%s: %u:%u instead of %u:%u", name, fault.line, fault.column, wrong[i].line,
                  wrong[i].column);
    }
    scenario_rig_free(&rig);
}

/* Whatever is cut off or changed, there is an answer. */
Test(scenario_load, damaged_files_are_answered)
{
    struct scenario_rig rig = scenario_rig_new();
    const char *text =
        "{\"scenario\": 1, \"programs\": [{\"name\": \"a\", \"words\": [\"@8 0000002a\"],"
        " \"seed\\u0031\": [[{}]]}], \"oracle\": {\"until\": 9, \"events\":"
        " [[1, \"frame\", 3, \"01\"], [2, \"byte\", 2, 5]]}}";
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        char *damaged = arena_copy(rig.arena, text, length);
        damaged[i] = "{}[]\",:0"[i % 8];
        struct fault fault = {0};
        const char *path = scenario_rig_put(&rig, "damaged.json", damaged);
        struct scenario *scenario = scenario_load(rig.arena, path, rig.kernel, stderr, &fault);
        cr_expect_eq(scenario == NULL, fault.is_set);
        damaged = arena_copy(rig.arena, text, i);
        fault = (struct fault){0};
        path = scenario_rig_put(&rig, "damaged.json", damaged);
        cr_expect_null(scenario_load(rig.arena, path, rig.kernel, stderr, &fault));
        cr_expect(fault.is_set);
    }
    scenario_rig_free(&rig);
}
