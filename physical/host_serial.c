/* A serial line on descriptors: the standard input and output, or files. */
#include "physical/host.h"
#include "physical/host_io.h"
#include "physical/host_terminal.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

struct stream {
    struct host host;
    int input, output; /* -1: none */
    const char *input_name, *output_name;
    bool has_ended, is_owner, is_terminal;
};

static void send_bytes(void *self, struct text content)
{
    struct stream *stream = self;
    if (stream->output < 0 || stream->host.failure.is_set)
        return;
    if (host_write_all(stream->output, content, -1, &stream->host) != HOST_IO_DONE)
        host_fault_errno(&stream->host.failure, stream->output_name, "write");
}

/* Byte by byte: what is not read yet is still there for whoever waits for the descriptor. */
static bool poll_byte(void *self, struct device_event *event)
{
    struct stream *stream = self;
    unsigned char byte;
    if (stream->has_ended)
        return false;
    switch (host_read_byte(stream->input, &byte)) {
    case HOST_IO_DONE:
        *event = (struct device_event){.kind = DEVICE_EVENT_BYTE, .number = byte};
        return true;
    case HOST_IO_LATER:
        return false;
    case HOST_IO_FAILED:
        host_fault_errno(&stream->host.failure, stream->input_name, "read");
        break;
    case HOST_IO_ENDED:
        break;
    }
    stream->has_ended = true;
    return false;
}

static bool has_ended(void *self)
{
    return ((const struct stream *)self)->has_ended;
}

static void close_stream(struct host *self)
{
    struct stream *stream = (struct stream *)self;
    if (stream->is_terminal)
        host_terminal_restore();
    if (stream->is_owner && stream->input >= 0)
        close(stream->input);
    if (stream->is_owner && stream->output >= 0 && close(stream->output) != 0)
        host_fault_errno(&stream->host.failure, stream->output_name, "write");
}

static struct stream *new_stream(struct arena *arena)
{
    struct stream *stream = ARENA_NEW(arena, struct stream);
    *stream = (struct stream){.input = -1, .output = -1};
    stream->host.outlet = (struct device_outlet){.self = stream, .send = send_bytes};
    stream->host.close = close_stream;
    stream->host.inlet.failure = &stream->host.failure;
    stream->host.inlet.descriptor = -1;
    /* A reader that is gone is an error of the write, and not the end of the process. */
    signal(SIGPIPE, SIG_IGN);
    return stream;
}

static void open_inlet(struct stream *stream)
{
    stream->host.inlet = (struct oracle_inlet){.self = stream,
                                               .poll = poll_byte,
                                               .is_exhausted = has_ended,
                                               .descriptor = stream->input,
                                               .failure = &stream->host.failure};
}

struct host *host_serial_stdio(struct arena *arena, struct fault *fault)
{
    struct stream *stream = new_stream(arena);
    stream->input = STDIN_FILENO;
    stream->output = STDOUT_FILENO;
    stream->input_name = "<stdin>";
    stream->output_name = "<stdout>";
    stream->host.name = "stdio";
    stream->is_terminal = true;
    open_inlet(stream);
    if (!host_terminal_make_raw(STDIN_FILENO)) {
        host_fault_errno(fault, "<stdin>", "set the terminal");
        return NULL;
    }
    return &stream->host;
}

static bool open_files(struct stream *stream, struct fault *fault)
{
    if (stream->input_name != NULL) {
        stream->input = open(stream->input_name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (stream->input < 0)
            return host_fault_errno(fault, stream->input_name, "open");
        open_inlet(stream);
    }
    if (stream->output_name != NULL) {
        stream->output =
            open(stream->output_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
        if (stream->output < 0)
            return host_fault_errno(fault, stream->output_name, "open");
    }
    return true;
}

struct host *host_serial_files(struct arena *arena, const char *input, const char *output,
                               struct fault *fault)
{
    struct stream *stream = new_stream(arena);
    stream->is_owner = true;
    stream->input_name = input;
    stream->output_name = output;
    stream->host.name = output != NULL ? output : input;
    if (open_files(stream, fault))
        return &stream->host;
    close_stream(&stream->host);
    return NULL;
}
