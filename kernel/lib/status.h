/* What a function of the library answers when it can fail. STATUS_OK is 0 and every error is
 * positive, so that a caller may pass a status on unchanged. A function that fails has changed
 * nothing unless its comment says so. */
#ifndef KERNEL_LIB_STATUS_H
#define KERNEL_LIB_STATUS_H

#include <c0.h>

enum {
    STATUS_OK,
    STATUS_RANGE,    /* an index, number or amount outside its table */
    STATUS_FULL,     /* no room for one more */
    STATUS_EMPTY,    /* nothing there to take */
    STATUS_BUSY,     /* already linked, armed or allocated */
    STATUS_ABSENT,   /* not linked, armed, allocated or found */
    STATUS_DENIED,   /* the caller lacks the right */
    STATUS_FORMAT,   /* text that is not what was asked for */
    STATUS_OVERFLOW, /* the value does not fit its type */
    STATUS_MEMORY    /* the heap is exhausted */
};

#endif
