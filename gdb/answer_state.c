/* Registers and memory. */
#include "gdb/answer.h"
#include "gdb/hex.h"
#include "gdb/registers.h"

enum { MEMORY_READ_BYTES = GDB_REPLY_BYTES / 2 };

/* ---- registers ---- */

void gdb_answer_read_registers(struct gdb_session *session, struct text arguments)
{
    (void)arguments;
    const struct vamp_state *state = vamp_machine_state(session->machine);
    for (unsigned i = 0; i < GDB_REGISTER_COUNT; i++)
        gdb_append_word(&session->reply, gdb_register_read(state, i));
}

void gdb_answer_write_registers(struct gdb_session *session, struct text arguments)
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
    gdb_agree_if(session, is_good);
}

static bool take_register(struct text *rest, uint32_t *number)
{
    return gdb_take_number(rest, number) && *number < GDB_REGISTER_COUNT;
}

void gdb_answer_read_register(struct gdb_session *session, struct text arguments)
{
    uint32_t number;
    if (take_register(&arguments, &number) && arguments.length == 0)
        gdb_append_word(&session->reply,
                        gdb_register_read(vamp_machine_state(session->machine), number));
    else
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
}

void gdb_answer_write_register(struct gdb_session *session, struct text arguments)
{
    uint32_t number, word;
    bool is_good = take_register(&arguments, &number) && gdb_take(&arguments, '=') &&
                   gdb_take_word(&arguments, &word) && arguments.length == 0;
    if (is_good)
        gdb_register_write(vamp_machine_state(session->machine), number, word);
    gdb_agree_if(session, is_good);
}

/* ---- memory ---- */

/* A reply may be shorter than what was asked for. */
void gdb_answer_read_memory(struct gdb_session *session, struct text arguments)
{
    uint32_t address, count;
    char bytes[MEMORY_READ_BYTES];
    if (!gdb_take_range(&arguments, &address, &count) || arguments.length != 0 || count == 0) {
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
        gdb_agree(session);
    else
        gdb_refuse(session, GDB_ERROR_MEMORY);
}

void gdb_answer_write_memory(struct gdb_session *session, struct text arguments)
{
    uint32_t address, count;
    char bytes[GDB_PACKET_BYTES / 2];
    size_t length = 0;
    bool is_good = gdb_take_range(&arguments, &address, &count) && gdb_take(&arguments, ':') &&
                   arguments.length % 2 == 0 && arguments.length / 2 == count;
    while (is_good && arguments.length != 0)
        is_good = gdb_take_byte(&arguments, (unsigned char *)&bytes[length++]);
    if (is_good)
        write_memory(session, address, (struct text){bytes, length});
    else
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
}

void gdb_answer_write_binary(struct gdb_session *session, struct text arguments)
{
    uint32_t address, count;
    if (gdb_take_range(&arguments, &address, &count) && gdb_take(&arguments, ':') &&
        arguments.length == count)
        write_memory(session, address, arguments);
    else
        gdb_refuse(session, GDB_ERROR_ARGUMENT);
}
