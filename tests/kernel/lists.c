/* Lists, ready queues, timeouts, pages: random operations beside a plain model in arrays. */
#include "random.h"

#include <criterion/criterion.h>
#include <string.h>

#include "list.h"
#include "pages.h"
#include "ready.h"
#include "timeout.h"

enum { NODES = 12 };

struct sequence {
    unsigned count, id[NODES];
};

static void sequence_insert(struct sequence *sequence, unsigned at, unsigned id)
{
    memmove(&sequence->id[at + 1], &sequence->id[at], (sequence->count - at) * sizeof(unsigned));
    sequence->id[at] = id;
    sequence->count++;
}

static unsigned sequence_find(const struct sequence *sequence, unsigned id)
{
    unsigned at = 0;
    while (at < sequence->count && sequence->id[at] != id)
        at++;
    return at;
}

static bool sequence_remove(struct sequence *sequence, unsigned id)
{
    unsigned at = sequence_find(sequence, id);
    if (at == sequence->count)
        return false;
    sequence->count--;
    memmove(&sequence->id[at], &sequence->id[at + 1], (sequence->count - at) * sizeof(unsigned));
    return true;
}

static void assert_list(struct list *list, const struct sequence *model)
{
    cr_assert(list_is_sound(list));
    cr_assert_eq(list_count(list), model->count);
    for (unsigned i = 0; i < model->count; i++)
        cr_assert_eq(list_at(list, i)->id, model->id[i]);
    cr_assert_null(list_at(list, model->count));
}

Test(list, any_operations_keep_the_order_of_a_plain_sequence)
{
    uint32_t seed = 10;
    struct list list;
    struct list_node node[NODES];
    struct sequence model = {0};
    list_init(&list);
    for (unsigned i = 0; i < NODES; i++)
        list_node_init(&node[i], i, (int)i);
    for (int step = 0; step < 30000; step++) {
        unsigned id = random_below(&seed, NODES), other = random_below(&seed, NODES);
        bool on = sequence_find(&model, id) < model.count;
        unsigned place = sequence_find(&model, other);
        bool other_on = place < model.count;
        int busy = on ? STATUS_BUSY : STATUS_OK;
        switch (random_below(&seed, 9)) {
        case 0:
            cr_assert_eq(list_push_front(&list, &node[id]), busy);
            if (!on)
                sequence_insert(&model, 0, id);
            break;
        case 1:
            cr_assert_eq(list_push_back(&list, &node[id]), busy);
            if (!on)
                sequence_insert(&model, model.count, id);
            break;
        case 2:
            cr_assert_eq(list_insert_before(&node[other], &node[id]),
                         other_on ? busy : STATUS_ABSENT);
            if (!on && other_on)
                sequence_insert(&model, place, id);
            break;
        case 3:
            cr_assert_eq(list_insert_after(&node[other], &node[id]),
                         other_on ? busy : STATUS_ABSENT);
            if (!on && other_on)
                sequence_insert(&model, place + 1, id);
            break;
        case 4:
            cr_assert_eq(list_remove(&node[id]), on ? STATUS_OK : STATUS_ABSENT);
            sequence_remove(&model, id);
            break;
        case 5: {
            struct list_node *first = list_pop_front(&list);
            cr_assert_eq(first, model.count == 0 ? NULL : &node[model.id[0]]);
            sequence_remove(&model, model.id[0]);
            break;
        }
        case 6: {
            struct list_node *last = list_pop_back(&list);
            cr_assert_eq(last, model.count == 0 ? NULL : &node[model.id[model.count - 1]]);
            if (model.count != 0)
                model.count--;
            break;
        }
        case 7:
            list_reverse(&list);
            for (unsigned i = 0; i < model.count / 2; i++) {
                unsigned kept = model.id[i];
                model.id[i] = model.id[model.count - 1 - i];
                model.id[model.count - 1 - i] = kept;
            }
            break;
        default:
            cr_assert_eq(list_rotate(&list), model.count == 0 ? STATUS_EMPTY : STATUS_OK);
            if (model.count != 0) {
                unsigned first = model.id[0];
                sequence_remove(&model, first);
                sequence_insert(&model, model.count, first);
            }
            break;
        }
        assert_list(&list, &model);
        cr_assert_eq(list_find_id(&list, other) != NULL,
                     sequence_find(&model, other) < model.count);
    }
}

Test(list, sorted_insertion_is_stable_and_appending_moves_everything)
{
    struct list list, other;
    struct list_node node[NODES];
    list_init(&list);
    list_init(&other);
    for (unsigned i = 0; i < NODES; i++) {
        list_node_init(&node[i], i, (int)(i * 5 % 4));
        list_insert_sorted(i % 2 == 0 ? &list : &other, &node[i]);
    }
    struct sequence even = {6, {0, 4, 8, 2, 6, 10}}, odd = {6, {1, 5, 9, 3, 7, 11}};
    assert_list(&list, &even);
    assert_list(&other, &odd);
    list_append(&list, &other);
    struct sequence all = {12, {0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11}};
    assert_list(&list, &all);
    cr_assert(list_is_empty(&other));
    list_append(&list, &list);
    assert_list(&list, &all);
    list_append(&other, &list);
    assert_list(&other, &all);
}

Test(list, a_damaged_list_is_not_sound)
{
    struct list list;
    struct list_node node[3];
    list_init(&list);
    for (unsigned i = 0; i < 3; i++) {
        list_node_init(&node[i], i, 0);
        list_push_back(&list, &node[i]);
    }
    node[2].next = &node[0];
    cr_assert_not(list_is_sound(&list));
    node[2].next = NULL;
    node[1].prev = NULL;
    cr_assert_not(list_is_sound(&list));
}

Test(ready, scheduling_agrees_with_one_sequence_for_each_priority)
{
    uint32_t seed = 11;
    static struct ready ready;
    struct sequence model[PRIORITY_COUNT] = {{0}};
    unsigned priority[NODES], slice[NODES], left[NODES];
    ready_init(&ready);
    for (unsigned i = 0; i < NODES; i++) {
        priority[i] = PRIORITY_COUNT - 1;
        slice[i] = left[i] = READY_SLICE_DEFAULT;
    }
    for (int step = 0; step < 30000; step++) {
        unsigned process = 1 + random_below(&seed, NODES - 1);
        struct sequence *queue = &model[priority[process]];
        bool on = sequence_find(queue, process) < queue->count;
        unsigned best = 0;
        while (best < PRIORITY_COUNT && model[best].count == 0)
            best++;
        cr_assert_eq(ready_best_priority(&ready), best);
        cr_assert_eq(ready_preempts(&ready, process), best < priority[process]);
        cr_assert_eq(ready_preempts(&ready, 0), best < PRIORITY_COUNT);
        cr_assert_eq(ready_is_queued(&ready, process), on);
        switch (random_below(&seed, 7)) {
        case 0:
            cr_assert_eq(ready_enqueue(&ready, process), on ? STATUS_BUSY : STATUS_OK);
            if (!on)
                sequence_insert(queue, queue->count, process);
            break;
        case 1:
            cr_assert_eq(ready_enqueue_first(&ready, process), on ? STATUS_BUSY : STATUS_OK);
            if (!on)
                sequence_insert(queue, 0, process);
            break;
        case 2:
            cr_assert_eq(ready_dequeue(&ready, process), on ? STATUS_OK : STATUS_ABSENT);
            sequence_remove(queue, process);
            break;
        case 3: {
            unsigned chosen = best < PRIORITY_COUNT ? model[best].id[0] : 0;
            cr_assert_eq(ready_choose(&ready), chosen);
            if (chosen != 0)
                sequence_remove(&model[best], chosen);
            break;
        }
        case 4: {
            unsigned wanted = random_below(&seed, PRIORITY_COUNT + 1);
            unsigned ticks = random_below(&seed, 4);
            bool fine = wanted < PRIORITY_COUNT && ticks != 0;
            cr_assert_eq(ready_configure(&ready, process, wanted, ticks),
                         fine ? STATUS_OK : STATUS_RANGE);
            if (fine) {
                if (sequence_remove(queue, process))
                    sequence_insert(&model[wanted], model[wanted].count, process);
                priority[process] = wanted;
                slice[process] = left[process] = ticks;
            }
            break;
        }
        case 5:
            cr_assert_eq(ready_yield(&ready, process), on ? STATUS_BUSY : STATUS_OK);
            if (!on) {
                sequence_insert(queue, queue->count, process);
                left[process] = slice[process];
            }
            break;
        default:
            if (!on) {
                bool expires = left[process] <= 1;
                cr_assert_eq(ready_tick(&ready, process), expires);
                left[process] = expires ? slice[process] : left[process] - 1;
                if (expires)
                    sequence_insert(queue, queue->count, process);
            }
            break;
        }
        cr_assert(ready_is_sound(&ready));
    }
    cr_assert_eq(ready_enqueue(&ready, 0), STATUS_RANGE);
    cr_assert_eq(ready_enqueue(&ready, PROCESS_COUNT), STATUS_RANGE);
    cr_assert_eq(ready_dequeue(&ready, 0xffffffffu), STATUS_RANGE);
    ready.slot[5].next = 5;
    ready.slot[5].is_queued = true;
    cr_assert_not(ready_is_sound(&ready));
}

Test(timeout, expiry_follows_the_clock_even_when_it_wraps)
{
    uint32_t seed = 12;
    struct timeout_list list;
    struct timeout timeout[NODES];
    uint64_t now = 0xffffff00ull, wake[NODES], order[NODES], next_order = 0;
    bool armed[NODES] = {false};
    timeout_list_init(&list, (uint32_t)now);
    for (unsigned i = 0; i < NODES; i++)
        timeout_init(&timeout[i], i);
    for (int step = 0; step < 30000; step++) {
        unsigned at = random_below(&seed, NODES), delay = random_below(&seed, 60);
        switch (random_below(&seed, 4)) {
        case 0:
            cr_assert_eq(timeout_arm(&list, &timeout[at], delay),
                         armed[at] ? STATUS_BUSY : STATUS_OK);
            if (!armed[at]) {
                armed[at] = true;
                wake[at] = now + delay;
                order[at] = next_order++;
            }
            break;
        case 1:
            cr_assert_eq(timeout_cancel(&list, &timeout[at]),
                         armed[at] ? STATUS_OK : STATUS_ABSENT);
            armed[at] = false;
            break;
        case 2:
            cr_assert_eq(timeout_postpone(&list, &timeout[at], delay), STATUS_OK);
            armed[at] = true;
            wake[at] = now + delay;
            order[at] = next_order++;
            break;
        default: {
            unsigned ticks = random_below(&seed, 20), expired = 0;
            now += ticks;
            for (unsigned i = 0; i < NODES; i++)
                expired += armed[i] && wake[i] <= now;
            cr_assert_eq(timeout_advance(&list, ticks), expired);
            for (; expired > 0; expired--) {
                unsigned first = NODES;
                for (unsigned i = 0; i < NODES; i++)
                    if (armed[i] && (first == NODES || wake[i] < wake[first] ||
                                     (wake[i] == wake[first] && order[i] < order[first])))
                        first = i;
                cr_assert_eq(timeout_take_expired(&list), &timeout[first]);
                armed[first] = false;
            }
            cr_assert_null(timeout_take_expired(&list));
            break;
        }
        }
        cr_assert(timeout_list_is_sound(&list));
        uint64_t next = TIMEOUT_FAR;
        for (unsigned i = 0; i < NODES; i++)
            if (armed[i] && wake[i] - now < next)
                next = wake[i] > now ? wake[i] - now : 0;
        cr_assert_eq(timeout_next(&list), next);
        cr_assert_eq(timeout_left(&list, &timeout[at]),
                     armed[at] && wake[at] > now ? wake[at] - now : 0);
    }
    struct timeout far;
    timeout_init(&far, 0);
    cr_assert_eq(timeout_arm(&list, &far, 0x80000000u), STATUS_RANGE);
    cr_assert_eq(timeout_postpone(&list, &far, 0x80000000u), STATUS_RANGE);
}

Test(pages, victims_go_in_the_order_of_loading_and_the_last_page_stays)
{
    uint32_t seed = 13;
    static struct page_pool pool;
    struct {
        unsigned process, number;
    } loaded[FRAME_COUNT];
    unsigned count = 0;
    pages_init(&pool, 100);
    for (int step = 0; step < 20000; step++) {
        unsigned process = 1 + random_below(&seed, 4), number = random_below(&seed, 40);
        unsigned at = 0, held = 0;
        for (unsigned i = 0; i < count; i++)
            held += loaded[i].process == process;
        while (at < count && (loaded[at].process != process || loaded[at].number != number))
            at++;
        cr_assert_eq(pages_held_by(&pool, process), held);
        cr_assert_eq(pages_free_count(&pool), FRAME_COUNT - count);
        struct page *page = pages_find(&pool, process, number);
        cr_assert_eq(page != NULL, at < count);
        struct page *victim = pages_victim(&pool);
        cr_assert_eq(victim != NULL, count > 1);
        if (victim != NULL)
            cr_assert(victim->process == loaded[0].process && victim->number == loaded[0].number);
        if (page == NULL) {
            if (count == FRAME_COUNT) {
                cr_assert_null(pages_load(&pool, process, number));
                cr_assert_eq(pages_release(&pool, victim), STATUS_OK);
                memmove(&loaded[0], &loaded[1], --count * sizeof loaded[0]);
            }
            page = pages_load(&pool, process, number);
            cr_assert(page->process == process && page->number == number && !page->is_dirty);
            cr_assert_eq(pages_of_frame(&pool, page->frame), page);
            loaded[count].process = process;
            loaded[count++].number = number;
        } else if (random_below(&seed, 20) == 0) {
            unsigned released = 0, kept = 0;
            for (unsigned i = 0; i < count; i++)
                if (loaded[i].process == process && loaded[i].number >= number)
                    released++;
                else
                    loaded[kept++] = loaded[i];
            count = kept;
            cr_assert_eq(pages_release_from(&pool, process, number), released);
        } else if (random_below(&seed, 2) == 0) {
            unsigned other = 1 + random_below(&seed, 4);
            bool busy = pages_find(&pool, other, number) != NULL;
            cr_assert_eq(pages_move(&pool, process, number, other), busy ? STATUS_BUSY : STATUS_OK);
            if (!busy)
                loaded[at].process = other;
        } else {
            cr_assert_eq(pages_mark_dirty(&pool, process, number), STATUS_OK);
            cr_assert(page->is_dirty);
        }
        if (step % 50 == 0)
            cr_assert(pages_is_sound(&pool));
    }
    cr_assert_null(pages_of_frame(&pool, 99));
    cr_assert_null(pages_of_frame(&pool, 100 + FRAME_COUNT));
    cr_assert_eq(pages_mark_dirty(&pool, 77, 0), STATUS_ABSENT);
    cr_assert_eq(pages_release(&pool, &(struct page){.state = PAGE_FREE}), STATUS_ABSENT);
    pool.active.count++;
    cr_assert_not(pages_is_sound(&pool));
}
