/* Which packet asks for what, and the packets about the conversation itself. */
#include "gdb/answer.h"
#include "gdb/hex.h"

#include <string.h>

void gdb_refuse(struct gdb_session *session, enum gdb_error error)
{
    session->reply.length = 0;
    text_append(&session->reply, "E%02d", error);
}

void gdb_agree(struct gdb_session *session)
{
    text_append(&session->reply, "OK");
}

void gdb_agree_if(struct gdb_session *session, bool is_good)
{
    if (is_good)
        gdb_agree(session);
    else
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
}

bool gdb_take_range(struct text *rest, uint32_t *address, uint32_t *count)
{
    return gdb_take_number(rest, address) && gdb_take(rest, ',') && gdb_take_number(rest, count);
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
    gdb_agree(session);
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
    here = here < GDB_REPLY_BYTES - 1 ? here : GDB_REPLY_BYTES - 1;
    text_append(&session->reply, "%c", offset + here == total ? 'l' : 'm');
    text_append_bytes(&session->reply, session->description.at + offset, here);
}

/* ---- the one thread ---- */

bool gdb_take_thread(struct text *rest)
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
    gdb_agree_if(session, is_known && gdb_take_thread(&arguments) && arguments.length == 0);
}

static void answer_thread_alive(struct gdb_session *session, struct text arguments)
{
    uint32_t number;
    gdb_agree_if(session,
                 gdb_take_number(&arguments, &number) && number == 1 && arguments.length == 0);
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
    gdb_agree_if(session, is_good);
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
    gdb_answer_function *answer;
};

static const struct command commands[] = {
    {"?", ALONE, false, gdb_answer_why_stopped},
    {"g", ALONE, false, gdb_answer_read_registers},
    {"G", FOLLOWED, false, gdb_answer_write_registers},
    {"p", FOLLOWED, false, gdb_answer_read_register},
    {"P", FOLLOWED, false, gdb_answer_write_register},
    {"m", FOLLOWED, false, gdb_answer_read_memory},
    {"M", FOLLOWED, false, gdb_answer_write_memory},
    {"X", FOLLOWED, false, gdb_answer_write_binary},
    {"Z", FOLLOWED, false, gdb_answer_set_point},
    {"z", FOLLOWED, false, gdb_answer_clear_point},
    {"c", FOLLOWED, false, gdb_answer_continue},
    {"C", FOLLOWED, false, gdb_answer_continue_with_signal},
    {"s", FOLLOWED, false, gdb_answer_step},
    {"S", FOLLOWED, false, gdb_answer_step_with_signal},
    {"H", FOLLOWED, false, answer_thread_choice},
    {"T", FOLLOWED, false, answer_thread_alive},
    {"D", WORD, true, gdb_answer_detach},
    {"k", ALONE, true, gdb_answer_kill},
    {"qSupported", WORD, false, answer_supported},
    {"qXfer:features:read:", FOLLOWED, false, answer_features},
    {"qAttached", WORD, false, answer_attached},
    {"qC", ALONE, false, answer_current_thread},
    {"qfThreadInfo", ALONE, false, answer_first_threads},
    {"qsThreadInfo", ALONE, false, answer_more_threads},
    {"qRcmd,", FOLLOWED, false, answer_monitor},
    {"QStartNoAckMode", ALONE, false, answer_no_acknowledgements},
    {"vCont?", ALONE, false, gdb_answer_actions_offered},
    {"vCont", WORD, false, gdb_answer_actions},
    {"vKill", WORD, true, gdb_answer_kill_process},
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
