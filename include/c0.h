/* What makes a C0 source (docs/C0.md) an ordinary C source: include it first.
 *
 * Compile with -fwrapv -fno-strict-aliasing (and -fsigned-char where char is unsigned): then C
 * computes what C0 does wherever C0 does not fault. For the C0 front end this file is empty. */
#ifndef C0_H
#define C0_H
#ifndef __C0__

/* A stored bool is 0 or 1, whatever was computed. */
#define bool _Bool
#define true ((_Bool)1)
#define false ((_Bool)0)

#undef NULL
#define NULL ((void *)0)

/* sizeof(T) is an unsigned int in C0, not a size_t. (A char or bool takes less room in C than the
 * word it takes in C0, so the values agree only for types made of the others.) */
#define sizeof(T) ((unsigned int)sizeof(T))

/* p = new(T): a zeroed object that is never freed, or NULL. */
#define new(T) __builtin_calloc(1u, sizeof(T))

#endif
#endif
