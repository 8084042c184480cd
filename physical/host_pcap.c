/* A network of recorded frames: those of one file come in, those that are sent go to another. */
#include "physical/host.h"
#include "physical/host_io.h"
#include "physical/pcap.h"

#include "base/file.h"

#include <fcntl.h>
#include <unistd.h>

enum { FRAME_BYTES = 1518 };

struct pcap_host {
    struct host host;
    struct pcap_reader reader;
    int output; /* -1: none */
    const char *output_name;
};

static uint64_t steps(const struct host *host)
{
    return host->clock.steps != NULL ? host->clock.steps(host->clock.self) : 0;
}

static bool write_out(struct pcap_host *pcap, struct text content)
{
    return host_write_all(pcap->output, content, -1, &pcap->host) == HOST_IO_DONE ||
           host_fault_errno(&pcap->host.failure, pcap->output_name, "write");
}

static void send_frame(void *self, struct text content)
{
    struct pcap_host *pcap = self;
    unsigned char record[PCAP_RECORD_BYTES];
    if (pcap->output < 0 || pcap->host.failure.is_set)
        return;
    pcap_put_record(record, steps(&pcap->host), (uint32_t)content.length);
    if (write_out(pcap, (struct text){(const char *)record, sizeof record}))
        write_out(pcap, content);
}

static bool is_at_end(void *self)
{
    return pcap_is_at_end(&((const struct pcap_host *)self)->reader);
}

/* All records were found right when the file was opened. */
static bool poll_frame(void *self, struct device_event *event)
{
    struct pcap_host *pcap = self;
    *event = (struct device_event){.kind = DEVICE_EVENT_FRAME};
    return !is_at_end(self) &&
           pcap_next(&pcap->reader, FRAME_BYTES, &event->content, &pcap->host.failure);
}

static void close_pcap(struct host *self)
{
    struct pcap_host *pcap = (struct pcap_host *)self;
    if (pcap->output >= 0 && close(pcap->output) != 0)
        host_fault_errno(&pcap->host.failure, pcap->output_name, "write");
}

static bool open_input(struct pcap_host *pcap, struct arena *arena, const char *path,
                       struct fault *fault)
{
    struct text content;
    if (!file_read(arena, path, &content, fault) ||
        !pcap_begin(&pcap->reader, path, content, fault))
        return false;
    struct pcap_reader ahead = pcap->reader;
    struct text frame;
    while (!pcap_is_at_end(&ahead)) {
        if (!pcap_next(&ahead, FRAME_BYTES, &frame, fault))
            return false;
    }
    pcap->host.inlet.self = pcap;
    pcap->host.inlet.poll = poll_frame;
    pcap->host.inlet.is_exhausted = is_at_end;
    return true;
}

static bool open_output(struct pcap_host *pcap, const char *path, struct fault *fault)
{
    unsigned char header[PCAP_HEADER_BYTES];
    pcap->output_name = path;
    pcap->output = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
    if (pcap->output < 0)
        return host_fault_errno(fault, path, "open");
    pcap_put_header(header, FRAME_BYTES);
    if (write_out(pcap, (struct text){(const char *)header, sizeof header}))
        return true;
    *fault = fault->is_set ? *fault : pcap->host.failure;
    close(pcap->output);
    return false;
}

struct host *host_network_pcap(struct arena *arena, const char *input, const char *output,
                               struct fault *fault)
{
    struct pcap_host *pcap = ARENA_NEW(arena, struct pcap_host);
    pcap->output = -1;
    pcap->host.name = output != NULL ? output : input;
    pcap->host.close = close_pcap;
    pcap->host.outlet = (struct device_outlet){.self = pcap, .send = send_frame};
    pcap->host.inlet.descriptor = -1;
    pcap->host.inlet.failure = &pcap->host.failure;
    /* The output last: it is emptied only if all else is right. */
    if ((input != NULL && !open_input(pcap, arena, input, fault)) ||
        (output != NULL && !open_output(pcap, output, fault)))
        return NULL;
    return &pcap->host;
}
