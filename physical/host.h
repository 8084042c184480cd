/* What stands on the host behind the serial line, the network and the bus controller: each gives
 * the device's outlet and the oracle's inlet (docs/DEVICES.md).
 *
 * What breaks while the machine runs is recorded in `failure`, which is the inlet's too, so that
 * the oracle ends the run with it; host_close tells it to who has no oracle. */
#ifndef PHYSICAL_HOST_H
#define PHYSICAL_HOST_H

#include "semantics/devices/oracle.h"

/* Steps of the processor done so far, for what carries times. */
struct host_clock {
    void *self;
    uint64_t (*steps)(void *self);
};

/* Whether the user wants the run to end: asked while the machine has to wait for others. */
struct host_interrupter {
    void *self;
    bool (*is_interrupted)(void *self);
};

struct host {
    struct device_outlet outlet;
    struct oracle_inlet inlet; /* poll is NULL where nothing comes in */
    struct fault failure;
    const char *name;        /* what was opened, to be told to the user: a pty's /dev/pts/N */
    struct host_clock clock; /* to be set once there is a machine; without, it is always step 0 */
    struct host_interrupter interrupter; /* may be set; without, nobody wants that */
    void (*close)(struct host *self);
};

/* Gives all back: terminal settings, files, sockets. Not to be used any more. False, with a fault:
 * not all that was sent has arrived, or it broke before. */
bool host_close(struct host *host, struct fault *fault);

/* As the user writes them; NULL, with a fault: nothing of the kind, or it cannot be opened.
 *   serial:     none | stdio | pty | file:INPUT,OUTPUT
 *   network:    none | pcap:INPUT,OUTPUT | socket:OWN,PEER | tap:NAME
 *   controller: none | group:DIRECTORY,NODE,NODES[,SECONDS]
 * INPUT or OUTPUT may be empty: nothing comes in, nothing is kept. */
struct host *host_open_serial(struct arena *arena, const char *text, struct fault *fault);
struct host *host_open_network(struct arena *arena, const char *text, struct fault *fault);
struct host *host_open_controller(struct arena *arena, const char *text, struct fault *fault);

/* Nothing comes in, what is sent is lost. */
struct host *host_none(struct arena *arena);

/* The standard input and output. A terminal gives its keys at once, without echo, until host_close,
 * exit or a deadly signal; its interrupt key still interrupts. */
struct host *host_serial_stdio(struct arena *arena, struct fault *fault);

/* Both may be NULL, or files of any kind; OUTPUT is made or emptied. Input waits outside as long as
 * the device has no room for it. */
struct host *host_serial_files(struct arena *arena, const char *input, const char *output,
                               struct fault *fault);

/* A new pseudo-terminal; `name` is the end for others. What nobody reads for a second is lost. */
struct host *host_serial_pty(struct arena *arena, struct fault *fault);

/* Frames from and to files in the classic format of libpcap (pcap.h). Both may be NULL. All of the
 * input is checked here; the times in the output are steps, as microseconds. */
struct host *host_network_pcap(struct arena *arena, const char *input, const char *output,
                               struct fault *fault);

/* A cable: datagrams from the socket `own`, made here, to the socket `peer`. Frames that find
 * nobody there, or no room, are lost. */
struct host *host_network_socket(struct arena *arena, const char *own, const char *peer,
                                 struct fault *fault);

/* An interface of the host, made here (which takes the right to). */
struct host *host_network_tap(struct arena *arena, const char *name, struct fault *fault);

/* Node `node` of `nodes`, which meet in a directory. At each slot start all wait for all; one that
 * does not come within `timeout_milliseconds` is a failure, one whose machine ended is not waited
 * for any more. Two that send in one slot destroy each other's message. */
enum { HOST_GROUP_NODES = 64 };
struct host *host_controller_group(struct arena *arena, const char *directory, unsigned node,
                                   unsigned nodes, unsigned timeout_milliseconds,
                                   struct fault *fault);

#endif
