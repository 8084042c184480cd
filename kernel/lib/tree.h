/* A binary search tree on the heap: keys with a value each.
 *
 * The heap only grows, so nodes that were removed are kept on the tree's spare list and used
 * again first. A tree is not balanced: its height depends on the order of insertion, and the
 * recursive functions use a frame for each level. Pointer parameters must not be NULL, except
 * that a `node` may be: it then stands for an empty subtree. */
#ifndef KERNEL_LIB_TREE_H
#define KERNEL_LIB_TREE_H

#include <c0.h>

#include "sort.h"
#include "status.h"

struct tree_node {
    int key;
    unsigned int value;
    struct tree_node *left;  /* smaller keys */
    struct tree_node *right; /* greater keys; the next one on the spare list */
};

struct tree {
    struct tree_node *root;
    struct tree_node *spare;
    int count;
};

void tree_init(struct tree *tree);
int tree_insert(struct tree *tree, int key, unsigned int value);
int tree_remove(struct tree *tree, int key);
struct tree_node *tree_find(struct tree *tree, int key);
struct tree_node *tree_floor(struct tree *tree, int key);
struct tree_node *tree_min(struct tree_node *node);
struct tree_node *tree_max(struct tree_node *node);

struct tree_node *tree_find_below(struct tree_node *node, int key);
int tree_count_below(struct tree_node *node);
int tree_height(struct tree_node *node);
unsigned int tree_sum(struct tree_node *node);
int tree_count_even_levels(struct tree_node *node);
int tree_count_odd_levels(struct tree_node *node);
struct tree_node *tree_nth(struct tree_node *node, int rank);
int tree_list_keys(struct tree_node *node, struct table *table, int at);
bool tree_is_search_tree(struct tree_node *node, int low, int high);
struct tree_node *tree_mirror(struct tree_node *node);

#endif
