#include "tests/unit/vamp/scene.h"

#include "semantics/vamp/assemble.h"

#include <criterion/criterion.h>
#include <string.h>

/* --- Building --- */

uint32_t scene_special(enum vamp_spr number)
{
    if (number == VAMP_SPR_SR || number == VAMP_SPR_MODE)
        return 0;
    if (number == VAMP_SPR_PTO)
        return SCENE_TABLE / VAMP_PAGE_BYTES;
    if (number == VAMP_SPR_PTL)
        return SCENE_LAST_PAGE;
    return 0x51000000 + (uint32_t)number;
}

static struct scene scene_new(uint32_t instruction_address, const char *instruction)
{
    struct scene scene = {.memory_bytes = SCENE_BYTES, .has_devices = true, .device_word = 0xD0};
    scene.before.dpc = SCENE_DPC;
    scene.before.pcp = SCENE_PCP;
    for (uint32_t i = 1; i < VAMP_GPR_COUNT; i++)
        scene.before.gpr[i] = 0x11 * i;
    for (unsigned i = 0; i < VAMP_SPR_COUNT; i++)
        scene.before.spr[i] = vamp_spr_exists(i) ? scene_special((enum vamp_spr)i) : 0;
    scene_put(&scene, instruction_address, instruction);
    return scene;
}

struct scene scene_system(const char *instruction)
{
    return scene_new(SCENE_DPC, instruction);
}

struct scene scene_user(const char *instruction)
{
    struct scene scene = scene_new(0x3000 + SCENE_DPC, instruction);
    scene.before.spr[VAMP_SPR_MODE] = 1;
    scene_map(&scene, SCENE_CODE_PAGE, 0x3000 | SCENE_VALID);
    scene_map(&scene, SCENE_DATA_PAGE, 0x4000 | SCENE_VALID);
    scene_map(&scene, SCENE_PROTECTED_PAGE, 0x5000 | SCENE_VALID | SCENE_PROTECTED);
    scene_map(&scene, SCENE_INVALID_PAGE, 0x6000);
    return scene;
}

static struct scene_word *find_word(struct scene *scene, uint32_t address)
{
    for (unsigned i = 0; i < scene->word_count; i++) {
        if (scene->words[i].address == address)
            return &scene->words[i];
    }
    cr_assert_lt(scene->word_count, SCENE_WORDS, "a larger scene is needed");
    scene->words[scene->word_count] = (struct scene_word){.address = address};
    return &scene->words[scene->word_count++];
}

void scene_write(struct scene *scene, uint32_t address, uint32_t word)
{
    struct scene_word *found = find_word(scene, address);
    found->before = found->after = word;
}

uint32_t scene_read(const struct scene *scene, uint32_t address)
{
    for (unsigned i = 0; i < scene->word_count; i++) {
        if (scene->words[i].address == address)
            return scene->words[i].after;
    }
    return 0;
}

void scene_put(struct scene *scene, uint32_t address, const char *instruction)
{
    struct vamp_insn insn;
    struct fault fault = {0};
    struct location where = {0};
    cr_assert(
        vamp_assemble((struct text){instruction, strlen(instruction)}, where, NULL, &insn, &fault),
        "%s", fault.message);
    scene_write(scene, address, vamp_encode(&insn));
}

void scene_map(struct scene *scene, uint32_t page, uint32_t entry)
{
    scene_write(scene, SCENE_TABLE + 4 * page, entry);
}

/* --- Stepping --- */

static bool read_word(void *self, uint32_t address, uint32_t *word)
{
    struct scene *scene = self;
    if (address < scene->memory_bytes) {
        *word = scene_read(scene, address);
        return true;
    }
    scene->access = (struct scene_access){scene->access.count + 1, false, address, 0};
    *word = scene->device_word;
    return scene->has_devices;
}

static bool write_word(void *self, uint32_t address, uint32_t word)
{
    struct scene *scene = self;
    if (address < scene->memory_bytes) {
        find_word(scene, address)->after = word;
        return true;
    }
    scene->access = (struct scene_access){scene->access.count + 1, true, address, word};
    return scene->has_devices;
}

void scene_step(struct scene *scene)
{
    struct vamp_memory memory = {scene, scene->memory_bytes, read_word, write_word};
    scene->after = scene->before;
    scene->access = (struct scene_access){0};
    scene->has_run = vamp_step(&scene->after, &memory, scene->lines, &scene->diagnosis);
    scene_check_machines(scene);
}

void scene_step_on(struct scene *scene)
{
    scene->before = scene->after;
    for (unsigned i = 0; i < scene->word_count; i++)
        scene->words[i].before = scene->words[i].after;
    scene_step(scene);
}

/* --- Expecting --- */

void scene_expect_interrupt(const struct scene *scene, uint32_t causes,
                            const struct vamp_state *saved)
{
    const uint32_t *spr = scene->after.spr;
    cr_expect(scene->has_run);
    cr_expect_eq(scene->diagnosis.stop, VAMP_STOP_NONE);
    cr_expect_eq(scene->diagnosis.interrupts, causes);
    cr_expect_eq(spr[VAMP_SPR_ECA], causes, "ECA is 0x%08x", spr[VAMP_SPR_ECA]);
    cr_expect_eq(spr[VAMP_SPR_SR], 0);
    cr_expect_eq(spr[VAMP_SPR_MODE], 0);
    cr_expect_eq(scene->after.dpc, 0);
    cr_expect_eq(scene->after.pcp, 4);
    cr_expect_eq(spr[VAMP_SPR_EMODE], saved->spr[VAMP_SPR_MODE]);
    cr_expect_eq(spr[VAMP_SPR_ESR], saved->spr[VAMP_SPR_SR]);
    cr_expect_eq(spr[VAMP_SPR_EDPC], saved->dpc, "EDPC is 0x%08x", spr[VAMP_SPR_EDPC]);
    cr_expect_eq(spr[VAMP_SPR_EPC], saved->pcp, "EPC is 0x%08x", spr[VAMP_SPR_EPC]);
}

/* The registers that no interrupt changes by itself. */
static const enum vamp_spr untouched[] = {VAMP_SPR_RM, VAMP_SPR_IEEEF, VAMP_SPR_FCC, VAMP_SPR_PTO,
                                          VAMP_SPR_PTL};

void scene_expect_without_effect(const struct scene *scene, uint32_t causes, uint32_t data)
{
    scene_expect_interrupt(scene, causes, &scene->before);
    cr_expect_eq(scene->after.spr[VAMP_SPR_EDATA], data, "EDATA is 0x%08x",
                 scene->after.spr[VAMP_SPR_EDATA]);
    cr_expect_arr_eq(scene->after.gpr, scene->before.gpr, sizeof scene->before.gpr);
    for (size_t i = 0; i < sizeof untouched / sizeof untouched[0]; i++)
        cr_expect_eq(scene->after.spr[untouched[i]], scene->before.spr[untouched[i]]);
    for (unsigned i = 0; i < scene->word_count; i++)
        cr_expect_eq(scene->words[i].after, scene->words[i].before);
    cr_expect_eq(scene->access.count, 0, "no device is asked");
}

void scene_expect_completed(const struct scene *scene, uint32_t causes)
{
    struct vamp_state saved = scene->before;
    saved.dpc = SCENE_PCP;
    saved.pcp = SCENE_PCP + 4;
    scene_expect_interrupt(scene, causes, &saved);
}

void scene_expect_no_interrupt(const struct scene *scene)
{
    cr_expect(scene->has_run);
    cr_expect_eq(scene->diagnosis.stop, VAMP_STOP_NONE);
    cr_expect_eq(scene->diagnosis.interrupts, 0, "causes 0x%08x", scene->diagnosis.interrupts);
    cr_expect_eq(scene->after.dpc, scene->before.pcp);
}

void scene_expect_stop(const struct scene *scene, enum vamp_stop stop, uint32_t address)
{
    cr_expect_not(scene->has_run);
    cr_expect_eq(scene->diagnosis.stop, stop, "%s", vamp_stop_name(scene->diagnosis.stop));
    cr_expect_eq(scene->diagnosis.address, address, "0x%08x", scene->diagnosis.address);
    cr_expect_eq(scene->diagnosis.dpc, scene->before.dpc);
    cr_expect_eq(scene->diagnosis.interrupts, 0);
    cr_expect(memcmp(&scene->after, &scene->before, sizeof scene->after) == 0);
    for (unsigned i = 0; i < scene->word_count; i++)
        cr_expect_eq(scene->words[i].after, scene->words[i].before);
}
