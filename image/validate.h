/* The checks that an ELF file must pass before libelf may see it. */
#ifndef IMAGE_VALIDATE_H
#define IMAGE_VALIDATE_H

#include "base/fault.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* A little-endian ELF32 executable of `machine` whose program headers, section headers, section
 * contents, string tables, names and symbols lie in the file. Refusals name the defect. */
bool elf_validate(struct text file, const char *path, uint16_t machine, struct fault *fault);

#endif
