/* Inside the smt room: Z3 as ask.c sees it. solver.c alone knows what the wall is made of. */
#ifndef SMT_WALL_H
#define SMT_WALL_H

#include "smt/prepare.h"

struct wall;

/* Nothing of Z3 is made before the first question. */
struct wall *wall_new(struct arena *arena, struct terms *terms);
/* PROVED as Z3 says; REFUTED with a model that was evaluated; or one of the other three. */
struct reply wall_ask(struct wall *wall, const struct prepared *asked, uint32_t rlimit);
void wall_free(struct wall *wall);

#endif
