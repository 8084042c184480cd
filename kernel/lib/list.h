/* Doubly linked lists whose links stand inside the things they link.
 *
 * Who wants to be on a list embeds a `struct list_node` and writes into `id` which thing it is (a
 * process number, a frame number). A node is on at most one list at a time, and knows which. All
 * operations but those that search or count by walking take constant time and no memory.
 *
 * Pointer parameters must not be NULL unless a comment says so. */
#ifndef KERNEL_LIB_LIST_H
#define KERNEL_LIB_LIST_H

#include <c0.h>

#include "status.h"

struct list;

struct list_node {
    struct list_node *next;
    struct list_node *prev;
    struct list *owner; /* the list that it is on, or NULL */
    unsigned int id;    /* what it stands for */
    int key;            /* its rank in a list kept by list_insert_sorted */
};

struct list {
    struct list_node *first;
    struct list_node *last;
    unsigned int count;
};

void list_init(struct list *list);
void list_node_init(struct list_node *node, unsigned int id, int key);

bool list_is_empty(struct list *list);
unsigned int list_count(struct list *list);
bool list_holds(struct list *list, struct list_node *node);
struct list_node *list_at(struct list *list, unsigned int position);
struct list_node *list_find_id(struct list *list, unsigned int id);
bool list_is_sound(struct list *list);

int list_push_front(struct list *list, struct list_node *node);
int list_push_back(struct list *list, struct list_node *node);
int list_insert_before(struct list_node *place, struct list_node *node);
int list_insert_after(struct list_node *place, struct list_node *node);
int list_insert_sorted(struct list *list, struct list_node *node);
int list_remove(struct list_node *node);
struct list_node *list_pop_front(struct list *list);
struct list_node *list_pop_back(struct list *list);
int list_rotate(struct list *list);
void list_append(struct list *list, struct list *other);
void list_reverse(struct list *list);

#endif
