/* Rights to processes, and the privilege (calls.h). Each function checks all that it is given, for
 * p, who runs and is to be told the result. */
#ifndef KERNEL_ABSTRACT_PRIVILEGES_H
#define KERNEL_ABSTRACT_PRIVILEGES_H

#include <c0.h>

unsigned int call_set_rights(unsigned int p, unsigned int holder, unsigned int subject,
                             unsigned int rights);
unsigned int call_set_privilege(unsigned int p, unsigned int subject, unsigned int is);

#endif
