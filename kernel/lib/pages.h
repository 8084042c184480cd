/* Page descriptors: which process's page lies in which frame, and which page has to go when a
 * frame is needed.
 *
 * Each frame has a descriptor, and each descriptor is on the free list or on the active list. The
 * active list is kept in the order of loading: its front is the oldest page, the next victim
 * (first in, first out). The page loaded last is never a victim while there is another, for one
 * instruction can fault twice and needs both pages. Pointer parameters must not be NULL. */
#ifndef KERNEL_LIB_PAGES_H
#define KERNEL_LIB_PAGES_H

#include <c0.h>

#include "config.h"
#include "status.h"

enum { PAGE_FREE, PAGE_ACTIVE };

struct page {
    struct page *next;
    struct page *prev;
    int state;
    unsigned int process; /* ACTIVE: whose page it is; 0 while free */
    unsigned int number;  /* ACTIVE: the virtual page number */
    unsigned int frame;   /* the physical page number; never changes */
    bool is_dirty;        /* ACTIVE: differs from its swap slot */
};

struct page_list {
    struct page *first;
    struct page *last;
    unsigned int count;
};

struct page_pool {
    struct page page[FRAME_COUNT];
    struct page_list free;
    struct page_list active;
};

void pages_init(struct page_pool *pool, unsigned int first_frame);

unsigned int pages_free_count(struct page_pool *pool);
struct page *pages_find(struct page_pool *pool, unsigned int process, unsigned int number);
struct page *pages_of_frame(struct page_pool *pool, unsigned int frame);
unsigned int pages_held_by(struct page_pool *pool, unsigned int process);
struct page *pages_victim(struct page_pool *pool);
bool pages_is_sound(struct page_pool *pool);

struct page *pages_load(struct page_pool *pool, unsigned int process, unsigned int number);
int pages_release(struct page_pool *pool, struct page *page);
unsigned int pages_release_from(struct page_pool *pool, unsigned int process,
                                unsigned int first_number);
int pages_mark_dirty(struct page_pool *pool, unsigned int process, unsigned int number);
int pages_move(struct page_pool *pool, unsigned int process, unsigned int number,
               unsigned int new_process);

#endif
