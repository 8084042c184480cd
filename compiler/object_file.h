/* Object files: objects as relocatable ELF, with the sections and relocations of docs/C0C.md. */
#ifndef COMPILER_OBJECT_FILE_H
#define COMPILER_OBJECT_FILE_H

#include "base/fault.h"
#include "compiler/object.h"

struct text object_file_bytes(const struct object *object);

/* Refuses, with a fault at the path, whatever object_file_bytes could not have written: nothing
 * is believed that lies outside the file or names what is not there. */
struct object *object_file_read(struct arena *arena, const char *path, struct fault *fault);
struct object *object_file_parse(struct arena *arena, const char *path, struct text file,
                                 struct fault *fault);

#endif
