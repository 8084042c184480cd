/* Messages, and the copying of them from sender to receiver.
 *
 * A message is a header and up to WORDS_SIZE words. A receiver offers room for so many words and
 * names from whom it will take a message; the kernel delivers at once or not at all. Pointer
 * parameters must not be NULL. */
#ifndef KERNEL_LIB_MESSAGE_H
#define KERNEL_LIB_MESSAGE_H

#include <c0.h>

#include "config.h"
#include "status.h"
#include "words.h"

#define MESSAGE_FROM_ANY 0u /* a receiver takes from whoever sends */
#define MESSAGE_LABEL_MAX 0xffffu

enum {
    MESSAGE_REQUEST,
    MESSAGE_REPLY,
    MESSAGE_INTERRUPT /* sent by the kernel for a device; `label` is its number */
};

struct message_header {
    unsigned int sender;
    unsigned int receiver;
    unsigned int label; /* what it is about: 0 .. MESSAGE_LABEL_MAX */
    unsigned int length;
    int kind;
};

struct message {
    struct message_header header;
    struct words payload;
};

/* What a process waits for. */
struct message_offer {
    struct message *into;
    unsigned int from; /* a process number or MESSAGE_FROM_ANY */
    unsigned int room; /* words that it takes at most */
    bool is_open;
};

void message_init(struct message *message, unsigned int sender, unsigned int receiver, int kind);
int message_append(struct message *message, unsigned int word);
unsigned int message_word(struct message *message, unsigned int position);
int message_copy(struct message *to, struct message *from);
bool message_is_equal(struct message *a, struct message *b);
unsigned int message_pack_header(struct message_header *header);
int message_unpack_header(struct message_header *header, unsigned int packed);
int message_reply(struct message *reply, struct message *request);
void message_interrupt(struct message *message, unsigned int receiver, unsigned int device,
                       unsigned int count);

int message_offer_open(struct message_offer *offer, struct message *into, unsigned int from,
                       unsigned int room);
bool message_offer_accepts(struct message_offer *offer, struct message *message);
int message_deliver(struct message_offer *offer, struct message *message);

#endif
