/* Rights: what each process may do to each other one.
 *
 * A right is a bit; a mask of RIGHTS_WIDTH rights is kept for each pair of a holder and a
 * subject, packed into words. A process passes on only what it holds together with RIGHT_GRANT.
 * Process numbers outside 1 .. PROCESS_COUNT - 1 hold nothing and are answered with
 * STATUS_RANGE. Pointer parameters must not be NULL. */
#ifndef KERNEL_LIB_RIGHTS_H
#define KERNEL_LIB_RIGHTS_H

#include <c0.h>

#include "config.h"
#include "status.h"

#define RIGHT_SEND 1u    /* send messages to the subject */
#define RIGHT_CONTROL 2u /* start, stop and kill it, change its memory and scheduling */
#define RIGHT_INSPECT 4u /* read its state */
#define RIGHT_GRANT 8u   /* pass the rights on */
#define RIGHTS_ALL 15u
#define RIGHTS_NONE 0u

#define RIGHTS_WIDTH 4u
#define RIGHTS_PER_WORD 8u
#define RIGHTS_PER_WORD_SHIFT 3u /* RIGHTS_PER_WORD is 1 << this: the VAMP has no division */
#define RIGHTS_ROW ((PROCESS_COUNT + RIGHTS_PER_WORD - 1u) >> RIGHTS_PER_WORD_SHIFT)

struct rights_table {
    unsigned int row[PROCESS_COUNT][RIGHTS_ROW]; /* by holder, then by subject */
};

bool rights_include(unsigned int mask, unsigned int wanted);
unsigned int rights_passed(unsigned int held, unsigned int asked);

void rights_init(struct rights_table *table);
unsigned int rights_get(struct rights_table *table, unsigned int holder, unsigned int subject);
int rights_set(struct rights_table *table, unsigned int holder, unsigned int subject,
               unsigned int mask);
bool rights_allow(struct rights_table *table, unsigned int holder, unsigned int subject,
                  unsigned int wanted);
int rights_check(struct rights_table *table, unsigned int holder, unsigned int subject,
                 unsigned int wanted);
int rights_grant(struct rights_table *table, unsigned int giver, unsigned int receiver,
                 unsigned int subject, unsigned int mask);
int rights_revoke(struct rights_table *table, unsigned int holder, unsigned int subject,
                  unsigned int mask);
void rights_forget(struct rights_table *table, unsigned int process);
unsigned int rights_holders(struct rights_table *table, unsigned int subject, unsigned int wanted);

#endif
