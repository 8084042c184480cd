/* The programs of a scenario's file: images, words, or drawn ones. */
#include "cosim/scenario_load.h"

#include "base/array.h"
#include "cosim/programs.h"
#include "cosim/scenario_disk.h"
#include "image/image.h"

#include <string.h>

enum {
    PAGE_WORDS = VAMP_PAGE_BYTES / 4,
    DEEDS = 8, /* of a drawn program, if nothing else is said */
    PRIORITY = 1,
};

/* --- Words --- */

static int digit_of(char c)
{
    const char *digits = "0123456789abcdef", *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

/* The number that `string` begins with, of at most eight digits. */
static const char *read_hexadecimal(const char *string, uint32_t *number, unsigned *digits)
{
    *number = 0;
    for (*digits = 0; *digits < 8 && digit_of(*string) >= 0; (*digits)++)
        *number = *number << 4 | (uint32_t)digit_of(*string++);
    return string;
}

typedef ARRAY(uint32_t) words_array;

static bool read_line(struct arena *arena, const char *line, words_array *words)
{
    while (*line != '\0') {
        bool is_place = *line == '@';
        uint32_t number;
        unsigned digits;
        line = read_hexadecimal(line + is_place, &number, &digits);
        bool is_good = (*line == ' ' || *line == '\0') && (is_place ? digits > 0 : digits == 8);
        if (!is_good || words->count >= SCENARIO_PROGRAM_WORDS)
            return false;
        line += *line == ' ';
        if (!is_place) {
            ARRAY_PUSH(arena, words, number);
            continue;
        }
        if (number % 4 != 0 || number / 4 < words->count || number / 4 > SCENARIO_PROGRAM_WORDS)
            return false;
        while (words->count < number / 4)
            ARRAY_PUSH(arena, words, 0);
    }
    return true;
}

bool load_words(const struct loading *loading, const struct place *list,
                struct scenario_program *program)
{
    words_array words = {0};
    if (!place_is_list(&loading->file, list))
        return false;
    for (size_t i = 0; i < json_array_size(list->value); i++) {
        struct place element = place_element(list, i);
        const char *line = "";
        if (!place_string(&loading->file, &element, &line))
            return false;
        if (!read_line(loading->file.arena, line, &words))
            return place_refuse(&loading->file, &element,
                                "words of eight hexadecimal digits, one space between, or '@' and "
                                "a byte address further on are wanted here");
    }
    program->words = words.at;
    program->word_count = (uint32_t)words.count;
    return true;
}

/* --- Images --- */

static bool put_segment(uint32_t *words, const struct image_segment *segment)
{
    const uint32_t limit = SCENARIO_PROGRAM_WORDS * 4;
    if (segment->address > limit || segment->content.length > limit - segment->address)
        return false;
    for (size_t i = 0; i < segment->content.length; i++) {
        uint32_t at = segment->address + (uint32_t)i;
        words[at / 4] |= (uint32_t)(unsigned char)segment->content.at[i] << at % 4 * 8;
    }
    return true;
}

static bool load_image(const struct loading *loading, const struct place *place, const char *path,
                       struct scenario_program *program)
{
    struct arena *arena = loading->file.arena;
    const struct image *image =
        image_load(arena, loading_path(loading, path), IMAGE_MACHINE_VAMP, loading->file.fault);
    if (image == NULL)
        return false;
    uint32_t *words = ARENA_ARRAY(arena, uint32_t, SCENARIO_PROGRAM_WORDS + 1);
    if (image->entry != 0)
        return place_refuse(&loading->file, place, "a program that does not start at 0");
    for (size_t i = 0; i < image->segment_count; i++) {
        if (!put_segment(words, &image->segments[i]))
            return place_refuse(&loading->file, place, "a program of too many pages");
    }
    program->words = words;
    program->word_count = SCENARIO_PROGRAM_WORDS;
    while (program->word_count != 0 && words[program->word_count - 1] == 0)
        program->word_count--;
    return true;
}

/* --- A program --- */

struct drawing {
    bool is_drawn;
    uint64_t seed;
    uint32_t deeds;
};

static bool load_content(const struct loading *loading, const struct place *object,
                         struct scenario_program *program, struct drawing *drawing)
{
    struct place image = place_member(object, "image"), words = place_member(object, "words");
    struct place seed = place_member(object, "seed"), deeds = place_member(object, "deeds");
    const char *path = NULL;
    unsigned count = (image.value != NULL) + (words.value != NULL) + (seed.value != NULL);
    if (count != 1)
        return place_refuse(&loading->file, object,
                            "one of \"image\", \"words\" and \"seed\" is wanted here");
    if (deeds.value != NULL && seed.value == NULL)
        return place_refuse(&loading->file, &deeds, "\"deeds\" are those of a \"seed\"");
    drawing->is_drawn = seed.value != NULL;
    if (drawing->is_drawn)
        return place_number(&loading->file, &seed, 0, INT64_MAX, &drawing->seed) &&
               place_word(&loading->file, &deeds, 1, 1000, &drawing->deeds);
    if (words.value != NULL)
        return load_words(loading, &words, program);
    return place_string(&loading->file, &image, &path) &&
           load_image(loading, &image, path, program);
}

static bool load_flag(const struct loading *loading, const struct place *object, const char *key,
                      uint32_t flag, struct scenario_program *program)
{
    struct place place = place_member(object, key);
    bool is = false;
    if (!place_flag(&loading->file, &place, &is))
        return false;
    program->flags |= is ? flag : 0;
    return true;
}

static uint32_t pages_of(uint32_t words)
{
    return words == 0 ? 1 : (words + PAGE_WORDS - 1) / PAGE_WORDS;
}

/* `next`: the first sector that is free for a program that names none. */
static bool load_place(const struct loading *loading, const struct place *object, uint32_t next,
                       struct scenario_program *program)
{
    enum { PLACES_MAX = 1 << 16 }; /* sectors: 32 MiB */
    struct place sector = place_member(object, "sector"), pages = place_member(object, "pages");
    struct place memory = place_member(object, "memory_pages");
    program->sector = next;
    program->pages = program->word_count == 0 ? 1 : pages_of(program->word_count);
    if (!place_word(&loading->file, &sector, SCENARIO_FIRST_SECTOR, PLACES_MAX, &program->sector) ||
        !place_word(&loading->file, &pages, 1, pages_of(SCENARIO_PROGRAM_WORDS), &program->pages))
        return false;
    program->memory_pages = program->pages;
    if (pages_of(program->word_count) > program->pages)
        return place_refuse(&loading->file, object, "the program's words do not fit its pages");
    if (program->sector > PLACES_MAX)
        return place_refuse(&loading->file, object, "there is no room for the program");
    return place_word(&loading->file, &memory, program->pages,
                      loading->scenario->kernel->parameters.virtual_pages, &program->memory_pages);
}

static bool load_program(const struct loading *loading, const struct place *object, uint32_t next,
                         struct scenario_program *program, struct drawing *drawing)
{
    static const char *const keys[] = {"name",     "image",   "words",  "seed",
                                       "deeds",    "sector",  "pages",  "memory_pages",
                                       "priority", "started", "driver", NULL};
    if (!place_is_object(&loading->file, object, keys))
        return false;
    struct place name = place_member(object, "name"), priority = place_member(object, "priority");
    program->priority = PRIORITY;
    if (!place_string(&loading->file, &name, &program->name) ||
        !place_word(&loading->file, &priority, 0, UINT32_MAX, &program->priority))
        return false;
    if (program->name == NULL || program->name[0] == '\0' ||
        strlen(program->name) > SCENARIO_NAME_BYTES)
        return place_refuse(&loading->file, name.value == NULL ? object : &name,
                            "a name of 1 to %d bytes is wanted here", SCENARIO_NAME_BYTES);
    return load_content(loading, object, program, drawing) &&
           load_flag(loading, object, "started", SCENARIO_STARTED, program) &&
           load_flag(loading, object, "driver", SCENARIO_DRIVER, program) &&
           load_place(loading, object, next, program);
}

/* --- Drawn programs know where the others are --- */

static struct program_world world_of(struct arena *arena, const struct cosim_kernel *kernel,
                                     const struct scenario_program *programs, size_t count)
{
    uint32_t *sectors = ARENA_ARRAY(arena, uint32_t, count);
    uint32_t *pages = ARENA_ARRAY(arena, uint32_t, count);
    for (size_t i = 0; i < count; i++) {
        sectors[i] = programs[i].sector;
        pages[i] = programs[i].pages;
    }
    return (struct program_world){.processes = (uint32_t)count,
                                  .process_count = kernel->parameters.process_count,
                                  .frame_count = kernel->parameters.frame_count,
                                  .virtual_pages = kernel->parameters.virtual_pages,
                                  .sectors = sectors,
                                  .pages = pages,
                                  .image_count = (uint32_t)count};
}

static void draw(struct arena *arena, const struct scenario *scenario, size_t count, size_t i,
                 const struct drawing *drawing, struct scenario_program *programs)
{
    struct program_world world = world_of(arena, scenario->kernel, programs, count);
    struct random random = {drawing->seed * UINT64_C(0xD1342543DE82EF95)};
    struct program_code code = {.words = ARENA_ARRAY(arena, uint32_t, PROGRAM_CODE_WORDS),
                                .limit = PROGRAM_CODE_WORDS};
    world.device = random_between(&random, 2, 4);
    if (i == 0 && scenario->base.length == 0)
        program_draw_first(&code, &random, &world, drawing->deeds);
    else
        program_draw(&code, &random, &world, drawing->deeds);
    programs[i].words = code.words;
    programs[i].word_count = code.count;
}

bool load_programs(struct loading *loading, const struct place *list)
{
    struct scenario *scenario = loading->scenario;
    if (list->value == NULL)
        return true;
    if (!place_is_list(&loading->file, list))
        return false;
    size_t count = json_array_size(list->value);
    if (!scenario_disk_has_room(scenario->base, count))
        return place_refuse(&loading->file, list, "the disk's directory has no room for these");
    if (count == 0 && scenario->base.length == 0)
        return place_refuse(&loading->file, list, "a disk without programs");
    struct scenario_program *programs =
        ARENA_ARRAY(loading->file.arena, struct scenario_program, count);
    struct drawing *drawings = ARENA_ARRAY(loading->file.arena, struct drawing, count);
    uint32_t next = scenario_disk_end(scenario->base);
    for (size_t i = 0; i < count; i++) {
        struct place element = place_element(list, i);
        drawings[i].deeds = DEEDS;
        if (!load_program(loading, &element, next, &programs[i], &drawings[i]))
            return false;
        uint32_t end = programs[i].sector + programs[i].pages * SECTORS_OF_PAGE;
        next = end > next ? end : next;
    }
    for (size_t i = 0; i < count; i++) {
        if (drawings[i].is_drawn)
            draw(loading->file.arena, scenario, count, i, &drawings[i], programs);
    }
    scenario->programs = programs;
    scenario->program_count = count;
    return true;
}
