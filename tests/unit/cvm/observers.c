/* Who runs the machine beside another one is told of primitives and accesses, and can stop it. */
#include "rig.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct rig rig;

static void begin(void)
{
    rig = rig_new();
}

static void end(void)
{
    rig_free(&rig);
}

TestSuite(cvm_observers, .init = begin, .fini = end);

struct log {
    char text[400];
    struct rig *rig;
    const char *stop_at; /* the first call so named stops the machine */
};

static bool enter(struct log *log, const char *name, uint32_t first, uint32_t second)
{
    size_t length = strlen(log->text);
    snprintf(log->text + length, sizeof log->text - length, "%s(%x,%x) ", name, first, second);
    return log->stop_at == NULL || strcmp(log->stop_at, name) != 0;
}

static bool see_begin(void *self, const struct cvm_call *call)
{
    cr_assert_str_eq(call->where.file, "kernel.c0");
    cr_assert_str_eq(call->function, call->primitive < CVM_PRIMITIVE_IN_WORD ? "first" : "second");
    enter(self, cvm_primitive_name(call->primitive), call->arguments[0], call->arguments[1]);
    return enter(self, "begins", call->arguments[2], call->result);
}

static bool see_end(void *self, const struct cvm_call *call)
{
    return enter(self, "ends", call->primitive, call->result);
}

static bool see_before(void *self, unsigned device, uint32_t port, bool is_write, uint32_t word)
{
    struct log *log = self;
    if (device == 2)
        rig_event(log->rig, 2, DEVICE_EVENT_BYTE, 'Q');
    return enter(log, is_write ? "writes" : "reads", port, word);
}

static bool see_after(void *self, unsigned device, uint32_t port, bool is_write, uint32_t word)
{
    return enter(self, is_write ? "written" : "read", device << 16 | port, word);
}

static void observe(struct log *log)
{
    log->rig = &rig;
    rig.setup.observer = (struct cvm_observer){log, see_begin, see_end, see_before, see_after};
    rig = rig_of(&rig);
}

Test(cvm_observers, primitives_are_announced_and_reported)
{
    struct log log = {0};
    observe(&log);
    CALL(&rig, SET_GPR, 1, 2, 3);
    CALL(&rig, GET_GPR, 1, 2);
    cr_assert_str_eq(log.text, "cvm_set_gpr(1,2) begins(3,0) ends(6,0) "
                               "cvm_get_gpr(1,2) begins(0,0) ends(5,3) ");
}

Test(cvm_observers, a_refused_primitive_is_not_announced)
{
    struct log log = {0};
    observe(&log);
    cr_assert_eq(TRY(&rig, SET_GPR, 1, 32, 3).status, CVM_FAULTED);
    cr_assert_str_eq(log.text, "");
}

Test(cvm_observers, accesses_are_announced_and_events_come_before_them)
{
    struct log log = {0};
    observe(&log);
    cr_assert_eq(CALL(&rig, IN_WORD, 2, 0), 'Q');
    CALL(&rig, OUT_WORD, 0, 0, 9);
    cr_assert_str_eq(log.text, "cvm_in_word(2,0) begins(0,0) reads(0,0) read(20000,51) ends(9,51) "
                               "cvm_out_word(0,0) begins(9,0) writes(0,9) written(0,9) ends(a,0) ");
}

Test(cvm_observers, each_word_of_a_block_is_announced)
{
    struct log log = {0};
    observe(&log);
    CALL(&rig, ALLOC, 1, 1);
    log.text[0] = '\0';
    CALL(&rig, OUT_BLOCK, 0, 0, 1, 0, 2);
    CALL(&rig, IN_BLOCK, 0, 1, 1, 8, 1);
    cr_assert_str_eq(log.text, "cvm_out_block(0,0) begins(1,0) writes(0,0) written(0,0) "
                               "writes(0,0) written(0,0) ends(c,0) "
                               "cvm_in_block(0,1) begins(1,0) reads(1,0) read(1,0) ends(b,0) ");
}

Test(cvm_observers, the_observer_stops_the_machine)
{
    static const struct {
        const char *at;
        bool has_effect;
    } cases[] = {{"begins", false}, {"writes", false}, {"written", true}, {"ends", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct log log = {0};
        observe(&log);
        CALL(&rig, OUT_WORD, 0, 0, 1);
        log.stop_at = cases[i].at;
        struct cvm_outcome outcome = TRY(&rig, OUT_WORD, 0, 0, 7);
        cr_assert_eq(outcome.status, CVM_STOPPED, "%s", cases[i].at);
        log.stop_at = NULL;
        cr_assert_eq(CALL(&rig, IN_WORD, 0, 0), cases[i].has_effect ? 7 : 1, "%s", cases[i].at);
    }
}
