/* The VAMP as a target of the validator: its decoder and symbolic step, and docs/ABI.md as data. */
#ifndef VALIDATOR_VAMP_TARGET_H
#define VALIDATOR_VAMP_TARGET_H

#include "validator/check/target.h"

extern const struct target vamp_target;

#endif
