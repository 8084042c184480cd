/* Any bytes are an object or are refused with a fault; what is accepted is linked or refused. */
#include "base/require.h"
#include "compiler/link.h"
#include "compiler/object_file.h"
#include "image/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct fault fault = {0}, link_fault = {0}, image_fault = {0};
    struct text file = {arena_copy(arena, (const char *)data, size), size}, image;
    struct object *object = object_file_parse(arena, "input.o", file, &fault);
    require((object == NULL) == fault.is_set, "refused with a fault, or accepted");
    struct link_input input = {.objects = &object, .object_count = 1, .map = map_default()};
    if (object != NULL) {
        bool is_linked = link_image(arena, &input, &image, &link_fault);
        require(is_linked != link_fault.is_set, "refused with a fault, or linked");
        require(!is_linked || image_parse(arena, "image", image, IMAGE_MACHINE_VAMP, &image_fault),
                "what was linked is an image");
    }
    arena_free(arena);
    return 0;
}
