/* The scene's step on both runs of the machine, with the scene's devices on its bus. */
#include "tests/unit/vamp/scene.h"

#include "semantics/vamp/machine.h"

#include <criterion/criterion.h>
#include <string.h>

struct scene_bus {
    const struct scene *scene;
    struct scene_access access;
};

static bool read_device(void *self, uint32_t address, uint32_t *word)
{
    struct scene_bus *bus = self;
    bus->access = (struct scene_access){bus->access.count + 1, false, address, 0};
    *word = bus->scene->device_word;
    return bus->scene->has_devices;
}

static bool write_device(void *self, uint32_t address, uint32_t word)
{
    struct scene_bus *bus = self;
    bus->access = (struct scene_access){bus->access.count + 1, true, address, word};
    return bus->scene->has_devices;
}

static uint32_t read_lines(void *self)
{
    const struct scene_bus *bus = self;
    return bus->scene->lines;
}

static void check_memory(const struct scene *scene, const struct vamp_machine *machine)
{
    for (unsigned i = 0; i < scene->word_count; i++) {
        uint32_t word;
        cr_assert(vamp_machine_read(machine, scene->words[i].address, &word));
        cr_expect_eq(word, scene->words[i].after, "machine: 0x%08x", scene->words[i].address);
    }
}

static void check(const struct scene *scene,
                  struct vamp_run function(struct vamp_machine *, uint64_t))
{
    struct arena *arena = arena_new();
    struct vamp_machine *machine = vamp_machine_new(arena, (uint32_t)scene->memory_bytes);
    struct scene_bus bus = {.scene = scene};
    for (unsigned i = 0; i < scene->word_count; i++)
        vamp_machine_write(machine, scene->words[i].address, scene->words[i].before);
    vamp_machine_connect(machine, (struct vamp_bus){&bus, read_device, write_device, read_lines});
    *vamp_machine_state(machine) = scene->before;
    struct vamp_run run = function(machine, 1);
    cr_expect_eq(run.status, scene->has_run ? VAMP_RUN_LIMIT : VAMP_RUN_STOPPED);
    cr_expect_eq(run.steps, scene->has_run);
    if (!scene->has_run)
        cr_expect(memcmp(&run.diagnosis, &scene->diagnosis, sizeof run.diagnosis) == 0);
    cr_expect(memcmp(vamp_machine_state(machine), &scene->after, sizeof scene->after) == 0);
    cr_expect(memcmp(&bus.access, &scene->access, sizeof bus.access) == 0);
    check_memory(scene, machine);
    arena_free(arena);
}

void scene_check_machines(const struct scene *scene)
{
    if (scene->memory_bytes > VAMP_DEVICES)
        return;
    check(scene, vamp_machine_run);
    check(scene, vamp_machine_run_plain);
}
