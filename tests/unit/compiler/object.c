/* Fields of relocations, and objects through files. */
#include "compiler/object.h"
#include "compiler/object_file.h"
#include "machine.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

Test(compiler_object, the_halves_of_an_address_meet_in_xori)
{
    static const uint32_t values[] = {0,          1,          0x7FFF,     0x8000,     0xFFFF,
                                      0x10000,    0x12345678, 0x1234F678, 0x7FFF8000, 0x80007FFF,
                                      0xFFFF7FFF, 0xFFFFFFFF, 0x80000000, 0xFFFF8000};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct arena *arena = arena_new();
        struct object *object = object_new(arena, "test", "test");
        object_add_word(object, OBJECT_TEXT, 0x3C010000); /* lhgi r1, 0 */
        object_add_word(object, OBJECT_TEXT, 0x5BE00000); /* jr r31 */
        object_add_word(object, OBJECT_TEXT, 0x38210000); /* xori r1, r1, 0 */
        object_symbol_named(object, "x");
        struct object_reloc high = {.place = OBJECT_TEXT, .kind = OBJECT_RELOC_HI16};
        struct object_reloc low = {.place = OBJECT_TEXT, .kind = OBJECT_RELOC_LO16, .offset = 8};
        cr_assert(object_patch(object, &high, values[i]));
        cr_assert(object_patch(object, &low, values[i]));
        cr_expect_eq(run_object(object, 0, 0), values[i], "0x%x", (unsigned)values[i]);
        arena_free(arena);
    }
}

Test(compiler_object, a_field_refuses_what_it_cannot_hold)
{
    struct arena *arena = arena_new();
    struct object *object = object_new(arena, "test", "test");
    object_add_word(object, OBJECT_TEXT, 0x0C000000);
    struct object_reloc reloc = {.place = OBJECT_TEXT, .kind = OBJECT_RELOC_GLOBAL16};
    cr_expect(object_patch(object, &reloc, 32767));
    cr_expect(object_patch(object, &reloc, (uint32_t)-32768));
    cr_expect_eq(object_word(object, OBJECT_TEXT, 0), 0x0C008000);
    cr_expect_not(object_patch(object, &reloc, 32768));
    cr_expect_not(object_patch(object, &reloc, (uint32_t)-32769));
    reloc.kind = OBJECT_RELOC_J26;
    cr_expect(object_patch(object, &reloc, (uint32_t)-4));
    cr_expect_eq(object_word(object, OBJECT_TEXT, 0), 0x0FFFFFFC);
    cr_expect_not(object_patch(object, &reloc, UINT32_C(1) << 25));
    cr_expect_eq(object_word(object, OBJECT_TEXT, 0), 0x0FFFFFFC, "a refused field is unchanged");
    arena_free(arena);
}

static struct object *sample(struct arena *arena)
{
    struct object *object = object_new(arena, "in.c0", "in.c0");
    object_add_word(object, OBJECT_TEXT, 0x0C000000);
    object_add_word(object, OBJECT_TEXT, 0x34210000);
    object_add_word(object, OBJECT_DATA, 0);
    object->bss_bytes = 40;
    object->alignment = 8;
    object_symbol_named(object, "wanted");
    object_add_symbol(object, (struct object_symbol){.name = "own",
                                                     .place = OBJECT_TEXT,
                                                     .kind = OBJECT_SYMBOL_FUNCTION,
                                                     .size_bytes = 8,
                                                     .is_local = true});
    object_add_symbol(object, (struct object_symbol){.name = "room",
                                                     .place = OBJECT_BSS,
                                                     .kind = OBJECT_SYMBOL_OBJECT,
                                                     .value = 8,
                                                     .size_bytes = 32});
    object_add_reloc(object, (struct object_reloc){.place = OBJECT_TEXT,
                                                   .kind = OBJECT_RELOC_J26,
                                                   .symbol = 0,
                                                   .addend = (uint32_t)-8});
    object_add_reloc(object, (struct object_reloc){
                                 .place = OBJECT_DATA, .kind = OBJECT_RELOC_WORD32, .symbol = 1});
    text_append(&object->declarations, "int own(void);\n");
    text_append(&object->news, "own@in.c0+0x8 int\n");
    return object;
}

static const struct object_symbol *named(const struct object *object, const char *name)
{
    for (size_t i = 0; i < object->symbols.count; i++) {
        if (strcmp(object->symbols.at[i].name, name) == 0)
            return &object->symbols.at[i];
    }
    cr_assert(false, "there is a symbol %s", name);
    return NULL;
}

Test(compiler_object, what_is_written_is_read_back)
{
    struct arena *arena = arena_new();
    struct fault fault = {0};
    struct text file = object_file_bytes(sample(arena));
    const struct object *read = object_file_parse(arena, "in.o", file, &fault);
    cr_assert_not_null(read, "%s", fault.message);
    cr_expect_str_eq(read->path, "in.o");
    cr_expect_str_eq(read->source, "in.c0");
    cr_expect_eq(read->text.length, 8);
    cr_expect_eq(read->data.length, 4);
    cr_expect_eq(read->bss_bytes, 40);
    cr_expect_eq(read->alignment, 8);
    cr_expect_eq(read->symbols.count, 3);
    cr_expect(named(read, "own")->is_local && named(read, "own")->size_bytes == 8);
    cr_expect_eq(named(read, "wanted")->place, OBJECT_UNDEFINED);
    cr_expect(named(read, "room")->place == OBJECT_BSS && named(read, "room")->value == 8);
    cr_expect_eq(read->relocs.count, 2);
    const struct object_reloc *jump = &read->relocs.at[0], *word = &read->relocs.at[1];
    cr_expect(jump->kind == OBJECT_RELOC_J26 && jump->addend == (uint32_t)-8);
    cr_expect_str_eq(read->symbols.at[jump->symbol].name, "wanted");
    cr_expect(word->place == OBJECT_DATA && word->kind == OBJECT_RELOC_WORD32);
    cr_expect_str_eq(read->symbols.at[word->symbol].name, "own");
    cr_expect_str_eq(text_built(&read->news), "own@in.c0+0x8 int\n");
    cr_expect_str_eq(text_built(&read->declarations), "int own(void);\n");
    arena_free(arena);
}

Test(compiler_object, every_truncation_and_every_changed_byte_is_read_or_refused)
{
    struct arena *arena = arena_new();
    struct text file = object_file_bytes(sample(arena));
    static const unsigned char changes[] = {0x01, 0x80, 0xFF};
    for (size_t i = 0; i < file.length; i++) {
        struct arena *scratch = arena_new();
        struct fault fault = {0};
        char *cut = malloc(i + 1); /* exactly as long, so that reading beyond it shows */
        memcpy(cut, file.at, i);
        cr_expect_null(object_file_parse(scratch, "cut.o", (struct text){cut, i}, &fault));
        free(cut);
        for (size_t k = 0; k < sizeof changes; k++) {
            struct fault changed = {0};
            char *bytes = malloc(file.length);
            memcpy(bytes, file.at, file.length);
            bytes[i] = (char)(bytes[i] ^ changes[k]);
            const struct object *read =
                object_file_parse(scratch, "bad.o", (struct text){bytes, file.length}, &changed);
            cr_expect((read == NULL) == changed.is_set);
            free(bytes);
        }
        arena_free(scratch);
    }
    arena_free(arena);
}
