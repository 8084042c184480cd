#include "cosim/scenario_load.h"

#include "image/digest.h"

static void append_inputs(struct text_builder *all, const struct c0_input *inputs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_append(all, "%s\n%s\n", inputs[i].path, digest_of(all->arena, inputs[i].content));
}

const char *scenario_digest_of_sources(struct arena *arena, const struct cosim_kernel *kernel)
{
    struct text_builder all = {.arena = arena};
    append_inputs(&all, kernel->inputs.sources.at, kernel->inputs.sources.count);
    append_inputs(&all, kernel->inputs.headers.at, kernel->inputs.headers.count);
    for (size_t i = 0; i < kernel->options.count; i++)
        text_append(&all, "%s\n", kernel->options.at[i]);
    return digest_of(arena, (struct text){text_built(&all), all.length});
}
