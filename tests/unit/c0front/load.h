/* What the tests of the front end share: one text in, what was reported out. */
#ifndef TESTS_UNIT_C0FRONT_LOAD_H
#define TESTS_UNIT_C0FRONT_LOAD_H

#include "semantics/c0/front.h"

/* The program of a text named "t.c0"; `*report` (may be NULL) is what was printed. */
const struct c0_program *load(struct arena *arena, const char *text, const char **report);
const struct c0_program *load_with(struct arena *arena, struct text text,
                                   const struct c0_front_options *options, const char **report);

/* The text is a correct program. */
void accepts(const char *text);
/* The text is refused, and this is the first line of the report, without "t.c0:". */
void rejects(const char *text, const char *expected);
/* The same for one statement in the body of f, on line 2 of the text, where these are declared:
 *     struct s { int a; struct s *next; }; struct w { int e[4]; struct s s; }; globals
 *     int gi; unsigned gu; char gc; bool gb; int *gp; struct s gs, *gps; struct w gw, *gpw;
 *     int ga[3]; functions int inc(int n); void act(void); parameters int n, bool b; locals
 *     int i; unsigned u; char c; bool d; int *p; struct s s; struct s *q; int a[3]; all assigned.
 */
void accepts_stmt(const char *stmt);
void rejects_stmt(const char *stmt, const char *expected);

/* A definition at file scope behind the same declarations, on line 2. */
void accepts_after(const char *definition);
void rejects_after(const char *definition, const char *expected);

/* The initial value of `int x = <expression>;` */
uint32_t constant(const char *expression);

/* Files written to a directory of their own, which becomes the working directory. */
struct source {
    const char *path, *text;
};
/* Loads them by c0_load; c0.h is that of the source tree. Files named *.h are only written. */
const struct c0_program *load_files(struct arena *arena, const struct source *sources, size_t count,
                                    const struct c0_front_options *options, const char **report);

#endif
