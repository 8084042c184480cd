/* Struct types of several files: those of one tag and one shape become one type. Shapes are
 * compared by tags, field names and types, through pointers and however recursive; a struct that
 * its file only declares is taken for the first one of its tag that is defined. */
#ifndef SEMANTICS_C0_MERGE_H
#define SEMANTICS_C0_MERGE_H

#include "semantics/c0/types.h"

/* Decides which structs are one. */
void c0_merge_structs(struct c0_types *types);

/* The type that stands for this one: itself unless structs were merged. */
const struct c0_type *c0_merge_type(struct c0_types *types, const struct c0_type *type);

/* Puts the types that stand for others in their place. */
void c0_merge_in_variable(struct c0_types *types, struct c0_variable *variable);
void c0_merge_in_function(struct c0_types *types, struct c0_function *function);

#endif
