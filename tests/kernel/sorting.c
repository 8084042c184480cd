#include "random.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sort.h"
#include "tree.h"

static int compare_keys(const void *a, const void *b)
{
    int left = *(const int *)a, right = *(const int *)b;
    return (left > right) - (left < right);
}

static void fill(struct table *table, uint32_t *seed)
{
    uint32_t kind = random_below(seed, 4);
    for (int i = 0; i < TABLE_SIZE; i++)
        table->key[i] = kind == 0   ? (int)random_below(seed, 5)
                        : kind == 1 ? i
                        : kind == 2 ? -i
                                    : (int)random_word(seed);
}

typedef void sorter(struct table *table, int first, int end);

Test(sort, every_method_agrees_with_qsort_on_any_part)
{
    static sorter *const sorters[] = {sort_insertion, sort_selection, sort_heap, sort_quick,
                                      sort_merge};
    uint32_t seed = 30;
    for (int round = 0; round < 300; round++)
        for (size_t which = 0; which < sizeof sorters / sizeof sorters[0]; which++) {
            struct table table, expected;
            fill(&table, &seed);
            expected = table;
            int first = (int)random_below(&seed, TABLE_SIZE + 20) - 10;
            int end = (int)random_below(&seed, TABLE_SIZE + 20) - 10;
            int low = first < 0 ? 0 : first, high = end > TABLE_SIZE ? TABLE_SIZE : end;
            if (low < high)
                qsort(&expected.key[low], (size_t)(high - low), sizeof(int), compare_keys);
            sorters[which](&table, first, end);
            cr_assert_eq(memcmp(&table, &expected, sizeof table), 0);
            cr_assert(sort_is_sorted(&table, first, end));
        }
}

Test(sort, every_order_of_few_keys_is_sorted)
{
    static sorter *const sorters[] = {sort_insertion, sort_selection, sort_heap, sort_quick,
                                      sort_merge};
    for (int code = 0; code < 4 * 4 * 4 * 4 * 4; code++)
        for (size_t which = 0; which < sizeof sorters / sizeof sorters[0]; which++) {
            struct table table = {
                {code % 4, code / 4 % 4, code / 16 % 4, code / 64 % 4, code / 256}};
            int sum = 0;
            for (int i = 0; i < 5; i++)
                sum += 1 << (4 * table.key[i]);
            sorters[which](&table, 0, 5);
            for (int i = 0; i < 5; i++)
                sum -= 1 << (4 * table.key[i]);
            cr_assert(sum == 0 && sort_is_sorted(&table, 0, 5));
        }
}

Test(sort, selection_by_rank_finds_what_sorting_would_place)
{
    uint32_t seed = 31;
    for (int round = 0; round < 500; round++) {
        struct table table, expected;
        fill(&table, &seed);
        expected = table;
        int rank = (int)random_below(&seed, 100);
        qsort(&expected.key[10], 90, sizeof(int), compare_keys);
        cr_assert_eq(sort_select(&table, 10, 100, rank), rank < 90 ? expected.key[10 + rank] : 0);
    }
}

Test(search, bounds_enclose_exactly_the_equal_keys)
{
    uint32_t seed = 32;
    for (int round = 0; round < 500; round++) {
        struct table table;
        fill(&table, &seed);
        int first = (int)random_below(&seed, 60), end = first + (int)random_below(&seed, 60);
        int key = random_below(&seed, 2) == 0 ? table.key[random_below(&seed, TABLE_SIZE)]
                                              : (int)random_below(&seed, 7);
        int found = -1, smallest = -1;
        for (int i = end; i-- > first;) {
            found = table.key[i] == key ? i : found;
            smallest = smallest < 0 || table.key[i] <= table.key[smallest] ? i : smallest;
        }
        cr_assert_eq(search_linear(&table, first, end, key), found);
        cr_assert_eq(sort_smallest(&table, first, end), smallest);
        sort_heap(&table, first, end);
        int below = 0, equal = 0;
        for (int i = first; i < end; i++) {
            below += table.key[i] < key;
            equal += table.key[i] == key;
        }
        cr_assert_eq(search_lower_bound(&table, first, end, key), first + below);
        cr_assert_eq(search_upper_bound(&table, first, end, key), first + below + equal);
        cr_assert_eq(search_count(&table, first, end, key), equal);
        cr_assert_eq(search_binary(&table, first, end, key), equal != 0 ? first + below : -1);
    }
}

Test(sort, records_keep_the_order_of_equal_keys)
{
    uint32_t seed = 33;
    struct record_table table = {.count = TABLE_SIZE};
    for (int i = 0; i < TABLE_SIZE; i++)
        table.record[i] = (struct record){(int)random_below(&seed, 9), (unsigned)i, i % 3 == 0};
    sort_records(&table);
    for (int i = 1; i < TABLE_SIZE; i++) {
        struct record a = table.record[i - 1], b = table.record[i];
        cr_assert(a.key < b.key || (a.key == b.key && a.process < b.process));
        cr_assert_eq(b.is_marked, b.process % 3 == 0);
    }
    for (int key = -1; key < 10; key++) {
        int at = search_record(&table, key);
        cr_assert(at < 0
                      ? key < 0 || key >= 9
                      : table.record[at].key == key && (at == 0 || table.record[at - 1].key < key));
    }
}

Test(tree, insertion_and_removal_agree_with_a_set)
{
    enum { KEYS = 60 };
    uint32_t seed = 34;
    struct tree tree;
    bool present[KEYS] = {false};
    unsigned value[KEYS];
    int count = 0;
    tree_init(&tree);
    for (int step = 0; step < 20000; step++) {
        int key = (int)random_below(&seed, KEYS);
        unsigned new_value = random_word(&seed), sum = 0;
        if (random_below(&seed, 2) == 0) {
            cr_assert_eq(tree_insert(&tree, key, new_value),
                         present[key] ? STATUS_BUSY : STATUS_OK);
            count += !present[key];
            present[key] = true;
            value[key] = new_value;
        } else {
            cr_assert_eq(tree_remove(&tree, key), present[key] ? STATUS_OK : STATUS_ABSENT);
            count -= present[key];
            present[key] = false;
        }
        int floor = key, rank = 0, wanted = (int)random_below(&seed, KEYS);
        while (floor >= 0 && !present[floor])
            floor--;
        for (int i = 0; i < KEYS; i++)
            sum += present[i] ? value[i] : 0;
        struct tree_node *found = tree_floor(&tree, key);
        cr_assert(floor < 0 ? found == NULL : found->key == floor);
        cr_assert_eq(tree_find(&tree, wanted) != NULL, present[wanted]);
        cr_assert_eq(tree_find_below(tree.root, wanted), tree_find(&tree, wanted));
        cr_assert_eq(tree_sum(tree.root), sum);
        cr_assert(tree.count == count && tree_count_below(tree.root) == count);
        cr_assert_eq(tree_count_even_levels(tree.root) + tree_count_odd_levels(tree.root), count);
        cr_assert(tree_is_search_tree(tree.root, 0, KEYS - 1));
        for (int i = 0; i < wanted; i++)
            rank += present[i];
        if (present[wanted])
            cr_assert_eq(tree_nth(tree.root, rank)->key, wanted);
        cr_assert_null(tree_nth(tree.root, count));
    }
    struct table table;
    cr_assert_eq(tree_list_keys(tree.root, &table, 5), 5 + count);
    for (int i = 0, at = 5; i < KEYS; i++)
        if (present[i])
            cr_assert_eq(table.key[at++], i);
    struct tree_node *mirror = tree_mirror(tree.root);
    cr_assert_eq(tree_height(mirror), tree_height(tree.root));
    cr_assert_eq(tree_min(mirror)->key, tree_max(tree.root)->key);
    cr_assert_eq(tree_max(mirror)->key, tree_min(tree.root)->key);
    cr_assert_not(tree_is_search_tree(mirror, 0, KEYS - 1));
}

Test(tree, extreme_keys_do_not_confuse_the_check_of_order)
{
    struct tree tree;
    tree_init(&tree);
    tree_insert(&tree, INT_MIN, 1);
    tree_insert(&tree, INT_MAX, 2);
    tree_insert(&tree, 0, 3);
    cr_assert(tree_is_search_tree(tree.root, INT_MIN, INT_MAX));
    cr_assert_eq(tree_height(tree.root), 3);
    cr_assert_eq(tree_floor(&tree, -1)->key, INT_MIN);
    tree_find(&tree, 0)->key = INT_MIN;
    cr_assert_not(tree_is_search_tree(tree.root, INT_MIN, INT_MAX));
}
