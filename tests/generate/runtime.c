#include "runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct heap_object {
    const char *address;
    unsigned size_bytes;
    const char *type_name;
};

static struct heap_object *heap;
static unsigned heap_count, heap_capacity;
static const struct shown_global *globals;
static unsigned global_count;
static const struct shape_name *names;
static unsigned name_count;

void *runtime_new(unsigned size_bytes, const char *type_name)
{
    if (heap_count == heap_capacity) {
        heap_capacity = heap_capacity * 2 + 64;
        heap = realloc(heap, heap_capacity * sizeof *heap);
    }
    char *address = calloc(1, size_bytes);
    if (heap == NULL || address == NULL)
        abort();
    heap[heap_count++] = (struct heap_object){address, size_bytes, type_name};
    return address;
}

/* As semantics/c0/show.c: the outermost part of the wanted type that starts there. */
static void show_path(const struct shape *shape, unsigned long offset, const struct shape *wanted)
{
    const char *plus = "+";
    while ((offset != 0 || shape != wanted) &&
           (shape->kind == SHAPE_ARRAY || shape->kind == SHAPE_STRUCT)) {
        if (shape->kind == SHAPE_ARRAY) {
            printf("%s[%lu]", plus, offset / shape->element->size_bytes);
            offset %= shape->element->size_bytes;
            shape = shape->element;
        } else {
            const struct shape_field *field = shape->fields;
            while (offset >= field->offset_bytes + field->shape->size_bytes)
                field++;
            printf("%s.%s", plus, field->name);
            offset -= field->offset_bytes;
            shape = field->shape;
        }
        plus = "";
    }
}

static const struct shape *shape_named(const char *name)
{
    for (unsigned i = 0; i < name_count; i++) {
        if (strcmp(names[i].name, name) == 0)
            return names[i].shape;
    }
    abort();
}

static void show_pointer(const char *pointer, const struct shape *wanted)
{
    if (pointer == NULL) {
        printf("null");
        return;
    }
    for (unsigned i = 0; i < global_count; i++) {
        const char *start = globals[i].address;
        if (pointer >= start && pointer < start + globals[i].shape->size_bytes) {
            printf("\"%s", globals[i].name);
            show_path(globals[i].shape, (unsigned long)(pointer - start), wanted);
            printf("\"");
            return;
        }
    }
    for (unsigned i = 0; i < heap_count; i++) {
        const char *start = heap[i].address;
        if (pointer >= start && pointer < start + heap[i].size_bytes) {
            printf("\"heap#%u", i);
            show_path(shape_named(heap[i].type_name), (unsigned long)(pointer - start), wanted);
            printf("\"");
            return;
        }
    }
    printf("\"invalid\"");
}

static void show_value(const char *address, const struct shape *shape)
{
    switch (shape->kind) {
    case SHAPE_INT:
        printf("%d", *(const int *)address);
        break;
    case SHAPE_UNSIGNED:
        printf("%u", *(const unsigned *)address);
        break;
    case SHAPE_CHAR:
        printf("%d", *(const signed char *)address);
        break;
    case SHAPE_BOOL:
        printf("%s", *(const unsigned char *)address != 0 ? "true" : "false");
        break;
    case SHAPE_POINTER:
        show_pointer(*(const char *const *)address, shape->element);
        break;
    case SHAPE_ARRAY:
        for (unsigned i = 0; i < shape->count; i++) {
            printf("%s", i == 0 ? "[" : ", ");
            show_value(address + i * shape->element->size_bytes, shape->element);
        }
        printf("]");
        break;
    case SHAPE_STRUCT:
        for (unsigned i = 0; i < shape->count; i++) {
            printf("%s\"%s\": ", i == 0 ? "{" : ", ", shape->fields[i].name);
            show_value(address + shape->fields[i].offset_bytes, shape->fields[i].shape);
        }
        printf("}");
        break;
    }
}

void runtime_show(int result, const struct shown_global *shown, unsigned shown_count,
                  const struct shape_name *shape_names, unsigned shape_name_count)
{
    globals = shown;
    global_count = shown_count;
    names = shape_names;
    name_count = shape_name_count;
    printf("{\"result\": %d, \"globals\": {", result);
    for (unsigned i = 0; i < global_count; i++) {
        printf("%s\"%s\": ", i == 0 ? "" : ", ", globals[i].name);
        show_value(globals[i].address, globals[i].shape);
    }
    printf("}}\n");
}
