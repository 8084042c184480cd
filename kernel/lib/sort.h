/* Sorting and searching of tables of keys.
 *
 * Every function works on the part first .. end - 1 of a table and first cuts `end` at
 * TABLE_SIZE and `first` at 0, so no bounds can make it leave the table; an empty part is fine.
 * The keys of the part must have been written. Order is ascending. Pointer parameters must not
 * be NULL. */
#ifndef KERNEL_LIB_SORT_H
#define KERNEL_LIB_SORT_H

#include <c0.h>

#include "config.h"

struct table {
    int key[TABLE_SIZE];
};

/* A table of records, sorted as a whole by key: what the kernel prints of its processes. */
struct record {
    int key;
    unsigned int process;
    bool is_marked;
};

struct record_table {
    int count; /* 0 .. TABLE_SIZE */
    struct record record[TABLE_SIZE];
};

int sort_cut(int bound);
bool sort_is_sorted(struct table *table, int first, int end);
int sort_smallest(struct table *table, int first, int end);
void sort_swap(struct table *table, int i, int j);
void sort_reverse(struct table *table, int first, int end);
void sort_insertion(struct table *table, int first, int end);
void sort_selection(struct table *table, int first, int end);
void sort_heap(struct table *table, int first, int end);
void sort_quick(struct table *table, int first, int end);
void sort_merge(struct table *table, int first, int end);
int sort_select(struct table *table, int first, int end, int rank);

int search_linear(struct table *table, int first, int end, int key);
int search_lower_bound(struct table *table, int first, int end, int key);
int search_upper_bound(struct table *table, int first, int end, int key);
int search_binary(struct table *table, int first, int end, int key);
int search_count(struct table *table, int first, int end, int key);

void sort_records(struct record_table *table);
int search_record(struct record_table *table, int key);

#endif
