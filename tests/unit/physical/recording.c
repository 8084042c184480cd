/* Runs are recorded in files and repeated from them, bit for bit; other files are refused. */
#include "physical/recording.h"
#include "tests/unit/physical/host_rig.h"
#include "tests/unit/physical/run_rig.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

static struct run_rig *rig;
static struct host_rig *files;
static const char *path;

static void set_up(void)
{
    rig = run_rig_new();
    files = host_rig_new();
    path = host_rig_path(files, "recording");
}

static void tear_down(void)
{
    host_rig_free(files);
    run_rig_free(rig);
}

TestSuite(recording, .init = set_up, .fini = tear_down);

/* --- A machine with something of everything --- */

enum { DISK = 1, LIMIT = 60000 };

/* Bytes come over the serial line; each is sent back by an interrupt, and counted. The timer
 * interrupts as well. In between, sector after sector is read from the disk, and one is written. */
static void place_program(void)
{
    run_rig_code(rig, 0x00,
                 "movs2i r20,ECA\nandi r21,r20,1\nbnez r21,244\nnop\n"
                 "addi r22,r20,0\nj 104\nnop");
    run_rig_code(rig, 0x80,
                 "lhgi r23,1\nsrli r23,r23,1\nand r21,r22,r23\nbeqz r21,20\nnop\n" /* device 2? */
                 "lw r24,0(r10)\nsw r24,0(r10)\nadd r25,r25,r24\nrfe\nnop\n"
                 "sw r0,8(r11)\naddi r26,r26,1\nrfe\nnop");
    run_rig_code(rig, 0x100,
                 "addi r10,r0,-24576\naddi r11,r0,-32768\naddi r12,r0,-28672\n"
                 "addi r1,r0,3\nsw r1,12(r10)\naddi r1,r0,1\nsw r1,4(r10)\n"
                 "sw r1,0(r11)\n"
                 "lhgi r1,0\nxori r1,r1,0x2000\nlhgi r2,1\nsrli r2,r2,1\nor r1,r1,r2\n"
                 "movi2s SR,r1\n");
    run_rig_code(rig, 0x138,
                 "addi r1,r0,1\nsw r1,8(r12)\nsw r5,12(r12)\nsw r0,16(r12)\nsw r0,20(r12)\n"
                 "addi r1,r0,224\nsw r1,24(r12)\naddi r1,r0,32\nsw r1,28(r12)\n"
                 /* 0x15C: until neither BSY nor not DRQ */
                 "lw r1,32(r12)\nandi r1,r1,0x88\nseqi r1,r1,8\nbeqz r1,-16\nnop\n"
                 /* 0x170: its words */
                 "addi r2,r0,128\n"
                 "lw r3,0(r12)\nadd r4,r4,r3\nsubi r2,r2,1\nbnez r2,-16\nnop\n"
                 "addi r5,r5,1\nandi r5,r5,7\nj -84\nnop");
}

struct source {
    const char *bytes;
};

static bool source_poll(void *self, struct device_event *event)
{
    struct source *source = self;
    if (*source->bytes == '\0')
        return false;
    *event =
        (struct device_event){.kind = DEVICE_EVENT_BYTE, .number = (unsigned char)*source->bytes++};
    return true;
}

static bool source_is_exhausted(void *self)
{
    return *((const struct source *)self)->bytes == '\0';
}

static struct device_store new_disk(void)
{
    struct device_store store = store_memory_new(rig->arena, 8);
    static const struct store_defect defect = {.first = 6, .count = 1, .fails_read = true};
    for (uint32_t sector = 0; sector < 8; sector++) {
        unsigned char bytes[DEVICE_SECTOR_BYTES];
        for (unsigned i = 0; i < DEVICE_SECTOR_BYTES; i++)
            bytes[i] = (unsigned char)(i * 7 + sector * 31);
        store.write(store.self, sector, bytes);
    }
    return store_defective_new(rig->arena, store, &defect, 0);
}

static struct recording_setup describe(void)
{
    struct recording_setup setup = {.memory_bytes = RUN_RIG_MEMORY};
    memset(setup.image_digest, 'a', 64);
    strcpy(setup.devices[0].name, "timer");
    strcpy(setup.devices[1].name, "disk");
    strcpy(setup.devices[2].name, "serial");
    setup.devices[1].sector_count = 8;
    return setup;
}

struct made {
    struct recording_end end;
    const char *sent;
};

static struct made outcome(struct physical_outcome of)
{
    struct made made = {.end = {.status = of.status, .steps = physical_steps(rig->physical)},
                        .sent = arena_copy(rig->arena, text_built(&rig->sent), rig->sent.length)};
    physical_digest(rig->physical, made.end.digest);
    return made;
}

/* A run of the program, recorded in `path`. */
static struct made record(void)
{
    static struct source source;
    struct recording_setup setup = describe();
    source.bytes = "a few words";
    rig->seed.is_jittered = true;
    rig->seed.poll_steps = 700;
    rig->seed.inlets[2] =
        (struct oracle_inlet){&source, source_poll, source_is_exhausted, -1, false, NULL};
    struct recorder *recorder = recorder_new(rig->arena, path, &setup, &rig->fault);
    cr_assert_not_null(recorder);
    rig->setup.oracle = recorder_oracle(recorder, oracle_new_seeded(rig->arena, &rig->seed));
    rig->setup.bus.devices[DISK] = device_new_disk(
        rig->arena, store_observed_new(rig->arena, new_disk(), recorder_store(recorder, DISK)));
    run_rig_start(rig);
    struct made made = outcome(run_rig_run(rig, LIMIT));
    cr_assert(recorder_close(recorder, &made.end, &rig->fault));
    return made;
}

static struct recording *parse(struct text content)
{
    struct fault fault = {0};
    struct recording *recording = recording_parse(rig->arena, path, content, &fault);
    cr_assert_eq(recording == NULL, fault.is_set, "refused with a fault, or not");
    return recording;
}

static struct made replay(struct recording *recording, bool is_plain)
{
    rig->setup.oracle = recording_oracle(recording);
    rig->setup.bus.devices[DISK] =
        device_new_disk(rig->arena, recording_store(recording, rig->arena, DISK));
    run_rig_start(rig);
    return outcome(physical_run(rig->physical, UINT64_MAX, is_plain, &rig->fault));
}

/* --- Repeating --- */

Test(recording, run_repeats_bit_for_bit)
{
    place_program();
    struct made first = record();
    cr_assert_str_eq(first.sent, "a few words");
    cr_assert_gt(run_rig_register(rig, 26), 100, "the timer interrupted");
    cr_assert_gt(run_rig_register(rig, 4), 0, "the disk was read");
    for (int is_plain = 0; is_plain <= 1; is_plain++) {
        struct recording *recording = parse(host_rig_get(files, path));
        const struct recording_end *end = recording_end(recording);
        struct made again = replay(recording, is_plain);
        cr_assert_eq(again.end.status, PHYSICAL_ORACLE_END, "%s: %s",
                     physical_status_name(again.end.status), rig->fault.message);
        cr_assert_eq(end->status, PHYSICAL_LIMIT);
        cr_assert_eq(end->steps, LIMIT);
        cr_assert_eq(again.end.steps, LIMIT);
        cr_assert_str_eq(end->digest, first.end.digest);
        cr_assert_str_eq(again.end.digest, first.end.digest);
        cr_assert_str_eq(again.sent, first.sent);
    }
}

Test(recording, equal_runs_are_equal_files)
{
    place_program();
    record();
    struct text first = host_rig_get(files, path);
    record();
    cr_assert(text_equals(host_rig_get(files, path), first));
}

Test(recording, machine_is_described)
{
    place_program();
    record();
    struct recording_setup wanted = describe();
    const struct recording_setup *setup = recording_setup(parse(host_rig_get(files, path)));
    cr_assert_eq(memcmp(setup, &wanted, sizeof wanted), 0);
}

Test(recording, halted_run_halts_by_itself_when_repeated)
{
    run_rig_code(rig, 0, "addi r1,r0,1\nj -4\nnop");
    struct made first = record();
    cr_assert_eq(first.end.status, PHYSICAL_HALTED);
    struct made again = replay(parse(host_rig_get(files, path)), false);
    cr_assert_eq(again.end.status, PHYSICAL_HALTED);
    cr_assert_eq(again.end.steps, 1);
}

Test(recording, idle_run_is_idle_when_repeated)
{
    run_rig_code(rig, 0, "addi r1,r0,0x2000\nmovi2s SR,r1\nj -4\nnop");
    struct made first = record();
    cr_assert_eq(first.end.status, PHYSICAL_IDLE);
    cr_assert_eq(first.end.steps, 2, "one byte came, and for more there is no room");
    struct made again = replay(parse(host_rig_get(files, path)), false);
    cr_assert_eq(again.end.status, PHYSICAL_IDLE);
    cr_assert_eq(again.end.steps, first.end.steps);
    cr_assert_str_eq(again.end.digest, first.end.digest);
}

Test(recording, stopped_run_stops_when_repeated)
{
    run_rig_code(rig, 0, "addi r1,r0,-4\nlw r2,0(r1)");
    cr_assert_eq(record().end.status, PHYSICAL_STOPPED);
    cr_assert_eq(replay(parse(host_rig_get(files, path)), false).end.status, PHYSICAL_STOPPED);
}

Test(recording, program_that_goes_on_beyond_the_recorded_end_is_stopped)
{
    run_rig_code(rig, 0, "addi r1,r0,1\nj -4\nnop");
    record();
    run_rig_code(rig, 8, "addi r1,r1,1"); /* no halt any more */
    struct made again = replay(parse(host_rig_get(files, path)), false);
    cr_assert_eq(again.end.status, PHYSICAL_ORACLE_END);
    cr_assert_gt(again.end.steps, 1);
}

Test(recording, event_that_comes_too_late_is_a_fault)
{
    place_program();
    record();
    struct recording *recording = parse(host_rig_get(files, path));
    struct oracle *oracle = recording_oracle(recording);
    struct oracle_event event;
    struct fault fault = {0};
    cr_assert_eq(oracle->next(oracle->self, LIMIT, NULL, &event, &fault), ORACLE_FAILED);
    cr_assert(fault.is_set);
}

/* --- Files that were not finished, or not written by a recorder --- */

Test(recording, killed_run_repeats_as_far_as_it_was_written)
{
    place_program();
    struct made first = record();
    struct text whole = host_rig_get(files, path);
    unsigned kept = 0;
    for (size_t length = 0; length < whole.length; length++) {
        struct recording *recording = parse((struct text){whole.at, length});
        if (recording == NULL)
            continue;
        kept++;
        cr_assert_null(recording_end(recording));
        struct made again = replay(recording, false);
        cr_assert_eq(again.end.status, PHYSICAL_ORACLE_END);
        cr_assert_lt(again.end.steps, first.end.steps);
    }
    cr_assert_geq(kept, 1, "it can be cut between blocks, and only there");
    cr_assert_leq(kept, 4);
}

Test(recording, flipped_bits_are_noticed)
{
    run_rig_code(rig, 0, "addi r1,r0,0x2000\nmovi2s SR,r1\nj -4\nnop");
    struct made first = record();
    struct text whole = host_rig_get(files, path);
    char *bytes = arena_copy(rig->arena, whole.at, whole.length);
    unsigned accepted = 0;
    for (size_t bit = 0; bit < 8 * whole.length; bit++) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        struct fault fault = {0};
        struct recording *recording =
            recording_parse(rig->arena, path, (struct text){bytes, whole.length}, &fault);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        if (recording == NULL)
            continue;
        accepted++; /* zstd has bits that mean nothing, or the same */
        cr_assert_str_eq(recording_end(recording)->digest, first.end.digest);
        cr_assert_str_eq(replay(recording, false).end.digest, first.end.digest);
    }
    cr_assert_lt(accepted, whole.length / 8);
}

Test(recording, files_of_other_kinds_are_refused)
{
    cr_assert_null(parse(text_of("")));
    cr_assert_null(parse(text_of("VOUCHRUN")));
    cr_assert_null(parse(text_of("something else entirely, and long enough")));
    static const char newer[] = "VOUCHRUN\2\0\0\0";
    cr_assert_null(parse((struct text){newer, 12}));
}

Test(recording, file_that_cannot_be_written_ends_the_run)
{
    place_program();
    struct recording_setup setup = describe();
    cr_assert_null(recorder_new(rig->arena, host_rig_path(files, "no/where"), &setup, &rig->fault));
    rig->fault = (struct fault){0};
    struct recorder *recorder = recorder_new(rig->arena, "/dev/full", &setup, &rig->fault);
    cr_assert_null(recorder, "the header does not go there");
    cr_assert(rig->fault.is_set);
}

static enum oracle_answer nothing_comes(void *self, uint64_t now, const struct bus *bus,
                                        struct oracle_event *event, struct fault *fault)
{
    (void)self, (void)now, (void)bus, (void)event, (void)fault;
    return ORACLE_NEVER;
}

/* READ VERIFY reads 256 sectors within one event; writing fails at an early one, and the oracle
 * says so only after the last. */
Test(recording, file_that_becomes_full_during_an_access_ends_the_run)
{
    const struct rlimit limit = {1000, 1000};
    struct recording_setup setup = {.memory_bytes = 4096};
    struct oracle inner = {.next = nothing_comes};
    struct oracle_event event;
    struct store_record record = {0};
    setup.devices[5] = (struct recording_device){"disk", 256};
    memset(setup.image_digest, 'a', sizeof setup.image_digest - 1);
    struct recorder *recorder =
        recorder_new(rig->arena, host_rig_path(files, "full"), &setup, &rig->fault);
    cr_assert_not_null(recorder);
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    struct store_observer observer = recorder_store(recorder, 5);
    for (uint32_t i = 0; i < 256; i++) {
        record.sector = i;
        for (unsigned j = 0; j < sizeof record.bytes; j++)
            record.bytes[j] = (unsigned char)((i * 512 + j) * 2654435769u >> 24);
        observer.record(observer.self, &record);
        record.operation++;
    }
    struct oracle *oracle = recorder_oracle(recorder, &inner);
    cr_assert_eq(oracle->next(oracle->self, 0, NULL, &event, &rig->fault), ORACLE_FAILED);
    cr_assert_not(recorder_close(recorder, NULL, &rig->fault));
}
