/* The VAMP as the machine that replays counterexamples. */
#ifndef VALIDATOR_VAMP_CONCRETE_H
#define VALIDATOR_VAMP_CONCRETE_H

#include "validator/check/target.h"

extern const struct concrete vamp_concrete;

#endif
