/* What each packet asks for. */
#include "gdb/hex.h"
#include "gdb/inside.h"
#include "gdb/registers.h"

#include <string.h>

/* A reply and what stands around it fit a packet. */
enum { REPLY_BYTES = GDB_PACKET_BYTES - 4, MEMORY_READ_BYTES = REPLY_BYTES / 2 };

/* Unread arguments of the packet at hand; all of them must be read. */
typedef void answer(struct gdb_session *session, struct text arguments);

void gdb_refuse(struct gdb_session *session, enum gdb_error error)
{
    session->reply.length = 0;
    text_append(&session->reply, "E%02d", error);
}

static void agree(struct gdb_session *session)
{
    text_append(&session->reply, "OK");
}

/* OK if it is so, else an error of the arguments. */
static void agree_if(struct gdb_session *session, bool is_good)
{
    if (is_good)
        agree(session);
    else
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
}

static void say_constant(struct gdb_session *session, const char *reply)
{
    text_append(&session->reply, "%s", reply);
}

/* ---- agreements ---- */

static bool contains_word(struct text list, const char *word)
{
    size_t length = strlen(word);
    while (list.length >= length) {
        const char *end = memchr(list.at, ';', list.length);
        size_t count = end == NULL ? list.length : (size_t)(end - list.at);
        if (text_is((struct text){list.at, count}, word))
            return true;
        if (end == NULL)
            return false;
        list.length -= count + 1;
        list.at = end + 1;
    }
    return false;
}

static void answer_supported(struct gdb_session *session, struct text arguments)
{
    gdb_take(&arguments, ':');
    session->tells_software = contains_word(arguments, "swbreak+");
    session->tells_hardware = contains_word(arguments, "hwbreak+");
    text_append(&session->reply,
                "PacketSize=%x;qXfer:features:read+;QStartNoAckMode+;swbreak+;hwbreak+;"
                "vContSupported+",
                (unsigned)GDB_PACKET_BYTES);
}

/* The answer is the last to be acknowledged, by the client alone. */
static void answer_no_acknowledgements(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    session->acknowledges = false;
    agree(session);
}

static void answer_features(struct gdb_session *session, struct text arguments)
{
    const char *name = "target.xml:";
    uint32_t offset, count;
    if (!text_starts_with(arguments, name)) {
        say_constant(session, "E00");
        return;
    }
    arguments.at += strlen(name);
    arguments.length -= strlen(name);
    size_t total = session->description.length;
    if (!gdb_take_number(&arguments, &offset) || !gdb_take(&arguments, ',') ||
        !gdb_take_number(&arguments, &count) || arguments.length != 0 || offset > total) {
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
        return;
    }
    size_t here = total - offset < count ? total - offset : count;
    here = here < REPLY_BYTES - 1 ? here : REPLY_BYTES - 1;
    text_append(&session->reply, "%c", offset + here == total ? 'l' : 'm');
    text_append_bytes(&session->reply, session->description.at + offset, here);
}

/* ---- the one thread ---- */

/* "1"; 0 stands for any thread, -1 for all. */
static bool take_thread(struct text *rest)
{
    uint32_t number;
    bool is_negative = gdb_take(rest, '-');
    return gdb_take_number(rest, &number) && (number == 1 || (number == 0 && !is_negative));
}

static void answer_current_thread(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    say_constant(session, "QC1");
}

static void answer_first_threads(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    say_constant(session, "m1");
}

static void answer_more_threads(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    say_constant(session, "l");
}

/* The machine was there before the client: who quits detaches from it. */
static void answer_attached(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    say_constant(session, "1");
}

static void answer_thread_choice(struct gdb_session *session, struct text arguments)
{
    bool is_known = gdb_take(&arguments, 'g') || gdb_take(&arguments, 'c');
    agree_if(session, is_known && take_thread(&arguments) && arguments.length == 0);
}

static void answer_thread_alive(struct gdb_session *session, struct text arguments)
{
    uint32_t number;
    agree_if(session, gdb_take_number(&arguments, &number) && number == 1 && arguments.length == 0);
}

/* ---- registers ---- */

static void answer_read_registers(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    const struct vamp_state *state = vamp_machine_state(session->machine);
    for (unsigned i = 0; i < GDB_REGISTER_COUNT; i++)
        gdb_append_word(&session->reply, gdb_register_read(state, i));
}

static void answer_write_registers(struct gdb_session *session, struct text arguments)
{
    struct vamp_state state = *vamp_machine_state(session->machine);
    bool is_good = true;
    for (unsigned i = 0; i < GDB_REGISTER_COUNT && is_good; i++) {
        uint32_t word;
        is_good = gdb_take_word(&arguments, &word);
        if (is_good)
            gdb_register_write(&state, i, word);
    }
    is_good = is_good && arguments.length == 0;
    if (is_good)
        *vamp_machine_state(session->machine) = state;
    agree_if(session, is_good);
}

static bool take_register(struct text *rest, uint32_t *number)
{
    return gdb_take_number(rest, number) && *number < GDB_REGISTER_COUNT;
}

static void answer_read_register(struct gdb_session *session, struct text arguments)
{
    uint32_t number;
    if (take_register(&arguments, &number) && arguments.length == 0)
        gdb_append_word(&session->reply,
                        gdb_register_read(vamp_machine_state(session->machine), number));
    else
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
}

static void answer_write_register(struct gdb_session *session, struct text arguments)
{
    uint32_t number, word;
    bool is_good = take_register(&arguments, &number) && gdb_take(&arguments, '=') &&
                   gdb_take_word(&arguments, &word) && arguments.length == 0;
    if (is_good)
        gdb_register_write(vamp_machine_state(session->machine), number, word);
    agree_if(session, is_good);
}

/* ---- memory ---- */

static bool take_range(struct text *rest, uint32_t *address, uint32_t *count)
{
    return gdb_take_number(rest, address) && gdb_take(rest, ',') && gdb_take_number(rest, count);
}

/* A reply may be shorter than what was asked for. */
static void answer_read_memory(struct gdb_session *session, struct text arguments)
{
    uint32_t address, count;
    char bytes[MEMORY_READ_BYTES];
    if (!take_range(&arguments, &address, &count) || arguments.length != 0 || count == 0) {
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
        return;
    }
    count = count < sizeof bytes ? count : (uint32_t)sizeof bytes;
    size_t length = gdb_memory_read(session->machine, address, count, bytes);
    if (length == 0)
        gdb_refuse(session, GDB_ERROR_MEMORY);
    else
        gdb_append_bytes(&session->reply, (struct text){bytes, length});
}

static void write_memory(struct gdb_session *session, uint32_t address, struct text bytes)
{
    if (gdb_memory_write(session->machine, address, bytes))
        agree(session);
    else
        gdb_refuse(session, GDB_ERROR_MEMORY);
}

static void answer_write_memory(struct gdb_session *session, struct text arguments)
{
    uint32_t address, count;
    char bytes[GDB_PACKET_BYTES / 2];
    size_t length = 0;
    bool is_good = take_range(&arguments, &address, &count) && gdb_take(&arguments, ':') &&
                   arguments.length % 2 == 0 && arguments.length / 2 == count;
    while (is_good && arguments.length != 0)
        is_good = gdb_take_byte(&arguments, (unsigned char *)&bytes[length++]);
    if (is_good)
        write_memory(session, address, (struct text){bytes, length});
    else
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
}

static void answer_write_binary(struct gdb_session *session, struct text arguments)
{
    uint32_t address, count;
    if (take_range(&arguments, &address, &count) && gdb_take(&arguments, ':') &&
        arguments.length == count)
        write_memory(session, address, arguments);
    else
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
}

/* ---- breakpoints and watchpoints ---- */

/* "kind,address,size", and behind a breakpoint conditions, which were never offered. */
static bool take_point(struct text *rest, struct gdb_point *point)
{
    uint32_t kind;
    if (!gdb_take_number(rest, &kind) || kind >= GDB_POINT_KINDS || !gdb_take(rest, ',') ||
        !take_range(rest, &point->address, &point->size_bytes) || rest->length != 0)
        return false;
    point->kind = (enum gdb_point_kind)kind;
    bool is_breakpoint = point->kind <= GDB_POINT_HARDWARE;
    return is_breakpoint || (point->size_bytes != 0 &&
                             (uint64_t)point->address + point->size_bytes <= UINT64_C(1) << 32);
}

/* A kind that there is not would be an empty reply, but there are all that the protocol has. */
static void answer_set_point(struct gdb_session *session, struct text arguments)
{
    struct gdb_point point;
    if (!take_point(&arguments, &point))
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
    else if (gdb_points_add(&session->points, point))
        agree(session);
    else
        gdb_refuse(session, GDB_ERROR_SPACE);
}

static void answer_clear_point(struct gdb_session *session, struct text arguments)
{
    struct gdb_point point;
    bool is_good = take_point(&arguments, &point);
    if (is_good)
        gdb_points_remove(&session->points, point);
    agree_if(session, is_good);
}

/* ---- running ---- */

static void answer_why_stopped(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    text_append_bytes(&session->reply, session->stop.at, session->stop.length);
}

/* The reply comes with the stop. */
static void resume(struct gdb_session *session, bool is_stepping)
{
    session->has_reply = false;
    session->is_stepping = is_stepping;
    session->is_starting = true;
    session->state = GDB_SESSION_RUNNING;
}

/* "[address]" of c and s, behind "signal;" in C and S. No signal means anything to the machine. */
static void answer_resume(struct gdb_session *session, struct text arguments, bool is_stepping)
{
    uint32_t address;
    if (arguments.length != 0) {
        if (!gdb_take_number(&arguments, &address) || arguments.length != 0) {
            gdb_refuse(session, GDB_ERROR_ARGUMENT);
            return;
        }
        struct vamp_state *state = vamp_machine_state(session->machine);
        state->dpc = address;
        state->pcp = address + 4;
    }
    resume(session, is_stepping);
}

static void answer_signal(struct gdb_session *session, struct text arguments, bool is_stepping)
{
    unsigned char signal;
    bool is_good = gdb_take_byte(&arguments, &signal) &&
                   (arguments.length == 0 || (gdb_take(&arguments, ';') && arguments.length != 0));
    if (is_good)
        answer_resume(session, arguments, is_stepping);
    else
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
}

static void answer_continue(struct gdb_session *session, struct text arguments)
{
    answer_resume(session, arguments, false);
}

static void answer_step(struct gdb_session *session, struct text arguments)
{
    answer_resume(session, arguments, true);
}

static void answer_continue_with_signal(struct gdb_session *session, struct text arguments)
{
    answer_signal(session, arguments, false);
}

static void answer_step_with_signal(struct gdb_session *session, struct text arguments)
{
    answer_signal(session, arguments, true);
}

static void answer_actions_offered(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    say_constant(session, "vCont;c;C;s;S");
}

/* One action of vCont: what it does, and whether it is for our thread. */
static bool take_action(struct text *rest, bool *is_stepping)
{
    unsigned char signal;
    bool has_signal = rest->length != 0 && (rest->at[0] == 'C' || rest->at[0] == 'S');
    *is_stepping = gdb_take(rest, 's') || gdb_take(rest, 'S');
    if (!*is_stepping && !gdb_take(rest, 'c') && !gdb_take(rest, 'C'))
        return false;
    return (!has_signal || gdb_take_byte(rest, &signal)) &&
           (!gdb_take(rest, ':') || take_thread(rest)) && (rest->length == 0 || rest->at[0] == ';');
}

/* ";action[:thread]..." The first that is for a thread counts, and all are for the only one. */
static void answer_actions(struct gdb_session *session, struct text arguments)
{
    bool is_stepping = false, is_later_stepping, is_good;
    is_good = gdb_take(&arguments, ';') && take_action(&arguments, &is_stepping);
    while (is_good && arguments.length != 0)
        is_good = gdb_take(&arguments, ';') && take_action(&arguments, &is_later_stepping);
    if (is_good)
        resume(session, is_stepping);
    else
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
}

/* ---- leaving ---- */

static void answer_detach(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    gdb_points_clear(&session->points);
    session->state = GDB_SESSION_DETACHED;
    agree(session);
}

static void answer_kill(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    session->state = GDB_SESSION_KILLED;
    session->has_reply = false;
}

static void answer_kill_process(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    session->state = GDB_SESSION_KILLED;
    agree(session);
}

/* ---- the user's own commands ---- */

static void answer_monitor(struct gdb_session *session, struct text arguments)
{
    char line[GDB_PACKET_BYTES / 2];
    size_t length = 0;
    bool is_good = true;
    while (is_good && arguments.length != 0)
        is_good = gdb_take_byte(&arguments, (unsigned char *)&line[length++]);
    if (is_good)
        gdb_monitor(session, (struct text){line, length});
    agree_if(session, is_good);
}

/* ---- which is which ---- */

enum form {
    ALONE,    /* nothing follows */
    FOLLOWED, /* anything may follow */
    WORD,     /* nothing, or a separator and more */
};

struct command {
    const char *name;
    enum form form;
    bool is_for_runs; /* taken also while the machine runs */
    answer *answer;
};

static const struct command commands[] = {
    {"?", ALONE, false, answer_why_stopped},
    {"g", ALONE, false, answer_read_registers},
    {"G", FOLLOWED, false, answer_write_registers},
    {"p", FOLLOWED, false, answer_read_register},
    {"P", FOLLOWED, false, answer_write_register},
    {"m", FOLLOWED, false, answer_read_memory},
    {"M", FOLLOWED, false, answer_write_memory},
    {"X", FOLLOWED, false, answer_write_binary},
    {"Z", FOLLOWED, false, answer_set_point},
    {"z", FOLLOWED, false, answer_clear_point},
    {"c", FOLLOWED, false, answer_continue},
    {"C", FOLLOWED, false, answer_continue_with_signal},
    {"s", FOLLOWED, false, answer_step},
    {"S", FOLLOWED, false, answer_step_with_signal},
    {"H", FOLLOWED, false, answer_thread_choice},
    {"T", FOLLOWED, false, answer_thread_alive},
    {"D", WORD, true, answer_detach},
    {"k", ALONE, true, answer_kill},
    {"qSupported", WORD, false, answer_supported},
    {"qXfer:features:read:", FOLLOWED, false, answer_features},
    {"qAttached", WORD, false, answer_attached},
    {"qC", ALONE, false, answer_current_thread},
    {"qfThreadInfo", ALONE, false, answer_first_threads},
    {"qsThreadInfo", ALONE, false, answer_more_threads},
    {"qRcmd,", FOLLOWED, false, answer_monitor},
    {"QStartNoAckMode", ALONE, false, answer_no_acknowledgements},
    {"vCont?", ALONE, false, answer_actions_offered},
    {"vCont", WORD, false, answer_actions},
    {"vKill", WORD, true, answer_kill_process},
};

static bool matches(const struct command *command, struct text packet)
{
    size_t length = strlen(command->name);
    if (!text_starts_with(packet, command->name))
        return false;
    switch (command->form) {
    case ALONE:
        return packet.length == length;
    case FOLLOWED:
        return true;
    case WORD:
        return packet.length == length || packet.at[length] == ';' || packet.at[length] == ':';
    }
    return false;
}

/* A packet that is not known gets an empty reply: the client then does without. */
void gdb_answer(struct gdb_session *session, struct text packet)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const struct command *command = &commands[i];
        size_t length = strlen(command->name);
        if (!matches(command, packet))
            continue;
        if (session->state == GDB_SESSION_RUNNING && !command->is_for_runs)
            gdb_refuse(session, GDB_ERROR_BUSY);
        else
            command->answer(session, (struct text){packet.at + length, packet.length - length});
        return;
    }
}
