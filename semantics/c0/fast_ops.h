/* What each instruction of the fast machine does (private to the machine; fast.def lists them).
 *
 * `m` are the memory's words, `r` the current window. A plain instruction answers nothing, a
 * checked one whether the run goes on, a branch whether it goes to c. */
#ifndef SEMANTICS_C0_FAST_OPS_H
#define SEMANTICS_C0_FAST_OPS_H

#include "semantics/c0/fast_code.h"
#include "semantics/c0/machine_word.h"

#include <string.h>

#define FAST_ARGUMENTS                                                                             \
    struct c0_machine *machine, uint32_t *m, uint32_t *r, const struct c0_instr *i

/* Not every instruction needs all of them. */
#define FAST_UNUSED (void)machine, (void)m, (void)r, (void)i

#define FAST_WORD(name)                                                                            \
    static inline void fast_##name(FAST_ARGUMENTS)                                                 \
    {                                                                                              \
        FAST_UNUSED;                                                                               \
        r[i->a] = c0_word_compute(C0_WORD_##name, r[i->b], r[i->c]);                               \
    }                                                                                              \
    static inline void fast_##name##K(FAST_ARGUMENTS)                                              \
    {                                                                                              \
        FAST_UNUSED;                                                                               \
        r[i->a] = c0_word_compute(C0_WORD_##name, r[i->b], i->c);                                  \
    }
#define FAST_COMPARE(name, op, is_swapped, inverse, mirror)                                        \
    static inline uint32_t fast_is_##name(uint32_t left, uint32_t right)                           \
    {                                                                                              \
        return c0_word_compute(C0_WORD_##op, (is_swapped) ? right : left,                          \
                               (is_swapped) ? left : right);                                       \
    }                                                                                              \
    static inline void fast_SET_##name(FAST_ARGUMENTS)                                             \
    {                                                                                              \
        FAST_UNUSED;                                                                               \
        r[i->a] = fast_is_##name(r[i->b], r[i->c]);                                                \
    }                                                                                              \
    static inline void fast_SETK_##name(FAST_ARGUMENTS)                                            \
    {                                                                                              \
        FAST_UNUSED;                                                                               \
        r[i->a] = fast_is_##name(r[i->b], i->c);                                                   \
    }                                                                                              \
    static inline bool fast_BR_##name(FAST_ARGUMENTS)                                              \
    {                                                                                              \
        FAST_UNUSED;                                                                               \
        return fast_is_##name(r[i->a], r[i->b]);                                                   \
    }                                                                                              \
    static inline bool fast_BRK_##name(FAST_ARGUMENTS)                                             \
    {                                                                                              \
        FAST_UNUSED;                                                                               \
        return fast_is_##name(r[i->a], i->b);                                                      \
    }
#include "semantics/c0/fast.def"

/* The instructions whose meaning is one expression. */
#define FAST_PLAIN_IS(name, expression)                                                            \
    static inline void fast_##name(FAST_ARGUMENTS)                                                 \
    {                                                                                              \
        FAST_UNUSED;                                                                               \
        expression;                                                                                \
    }
#define FAST_CHECKED_IS(name, condition)                                                           \
    static inline bool fast_##name(FAST_ARGUMENTS)                                                 \
    {                                                                                              \
        FAST_UNUSED;                                                                               \
        return condition;                                                                          \
    }

/* The marks of the window's cells. */
static inline uint8_t *fast_marks(const struct c0_machine *machine, const uint32_t *r)
{
    return machine->fast->unset + (r - machine->fast->words);
}

FAST_PLAIN_IS(MOVE, r[i->a] = r[i->b])
FAST_PLAIN_IS(MOVEK, r[i->a] = i->b)
FAST_PLAIN_IS(LOADM0, r[i->a] = m[i->c])
FAST_PLAIN_IS(LOADM1, r[i->a] = m[r[i->b] + i->c])
FAST_PLAIN_IS(LOADM2, r[i->a] = m[r[i->b] + r[i->c] + i->d])
FAST_PLAIN_IS(LOADF1, r[i->a] = r[r[i->b] + i->c])
FAST_PLAIN_IS(STOREM0, m[i->c] = r[i->a])
FAST_PLAIN_IS(STOREM1, m[r[i->b] + i->c] = r[i->a])
FAST_PLAIN_IS(STOREM2, m[r[i->b] + r[i->c] + i->d] = r[i->a])
FAST_PLAIN_IS(STOREF1, r[r[i->b] + i->c] = r[i->a])
FAST_PLAIN_IS(STOREKM0, m[i->c] = i->a)
FAST_PLAIN_IS(STOREKM1, m[r[i->b] + i->c] = i->a)
FAST_PLAIN_IS(STOREKM2, m[r[i->b] + r[i->c] + i->d] = i->a)
FAST_PLAIN_IS(STOREKF1, r[r[i->b] + i->c] = i->a)
FAST_PLAIN_IS(MARKM0, machine->unset[i->c] = 0)
FAST_PLAIN_IS(MARKM1, machine->unset[r[i->b] + i->c] = 0)
FAST_PLAIN_IS(MARKF0, fast_marks(machine, r)[i->c] = 0)
FAST_PLAIN_IS(MARKF1, fast_marks(machine, r)[r[i->b] + i->c] = 0)
FAST_PLAIN_IS(CLEARF, (memset(fast_marks(machine, r) + i->b, 1, i->c),
                       memset(r + i->b, 0, i->c * sizeof *r)))
FAST_PLAIN_IS(NEW, r[i->a] = c0_machine_new_object(machine, machine->fast->types.at[i->c]))
FAST_PLAIN_IS(COUNT, machine->counts[i->a]++)
FAST_PLAIN_IS(CHANGEM0, machine->changed[i->c / C0_CHANGE_CELLS] = 1)
FAST_PLAIN_IS(CHANGEM1, machine->changed[(r[i->b] + i->c) / C0_CHANGE_CELLS] = 1)
FAST_PLAIN_IS(CHANGEM2, machine->changed[(r[i->b] + r[i->c] + i->d) / C0_CHANGE_CELLS] = 1)
FAST_PLAIN_IS(CHANGEMC, c0_machine_note_change(machine, r[i->a], i->c))

FAST_CHECKED_IS(FAULT, false)
FAST_CHECKED_IS(NONZERO, r[i->a] != 0)
FAST_CHECKED_IS(BELOWK, r[i->a] < i->b)
FAST_CHECKED_IS(AT_MOSTK, r[i->a] <= i->b)
FAST_CHECKED_IS(SETM0, machine->unset[i->c] == 0)
FAST_CHECKED_IS(SETM1, machine->unset[r[i->b] + i->c] == 0)
FAST_CHECKED_IS(SETF0, fast_marks(machine, r)[i->c] == 0)
FAST_CHECKED_IS(SETF1, fast_marks(machine, r)[r[i->b] + i->c] == 0)

/* The objects of a copy are the same one or apart: C0's typing has no others. */
static inline void fast_copy(uint32_t *to, uint8_t *to_marks, const uint32_t *from,
                             const uint8_t *from_marks, uint32_t cells)
{
    memmove(to, from, (size_t)cells * sizeof *to);
    memmove(to_marks, from_marks, cells);
}

FAST_PLAIN_IS(COPYMM, fast_copy(m + r[i->a], machine->unset + r[i->a], m + r[i->b],
                                machine->unset + r[i->b], i->c))
FAST_PLAIN_IS(COPYMF, fast_copy(m + r[i->a], machine->unset + r[i->a], r + r[i->b],
                                fast_marks(machine, r) + r[i->b], i->c))
FAST_PLAIN_IS(COPYFM, fast_copy(r + r[i->a], fast_marks(machine, r) + r[i->a], m + r[i->b],
                                machine->unset + r[i->b], i->c))
FAST_PLAIN_IS(COPYFF, fast_copy(r + r[i->a], fast_marks(machine, r) + r[i->a], r + r[i->b],
                                fast_marks(machine, r) + r[i->b], i->c))

#endif
