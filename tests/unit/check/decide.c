/* Certificates written and read back: the verdict does not depend on who wrote them. */
#include "validator/propose/decide.h"

#include "base/file.h"
#include "tests/unit/check/pairing.h"
#include "tests/unit/check/samples.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>

enum { RLIMIT = 4000000, LINES_MAX = 400 };

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

/* Decides with the proofs written to a folder of their own; returns it. */
static const char *proved_to_folder(struct pairing *pairing, const char *name,
                                    enum verdict expected)
{
    char folder[] = P_tmpdir "/decide-XXXXXX";
    cr_assert_not_null(mkdtemp(folder));
    struct decide_options options = {.rlimit = RLIMIT, .proofs = folder};
    struct decision decision;
    struct fault fault = {0};
    cr_assert(decide_function(pairing->arena, &pairing->subject, pairing_function(pairing, name),
                              &options, &decision, &fault),
              "%s", fault.message);
    cr_expect_eq(decision.verdict.verdict, expected, "%s", decision.verdict.reason);
    return arena_copy(pairing->arena, folder, strlen(folder));
}

static const char *certificate_path(struct pairing *pairing, const char *folder, const char *name)
{
    return arena_printf(pairing->arena, "%s/%s/certificate", folder, name);
}

static char *certificate_in(struct pairing *pairing, const char *folder, const char *name)
{
    struct text content;
    struct fault fault = {0};
    cr_assert(file_read(pairing->arena, certificate_path(pairing, folder, name), &content, &fault),
              "%s", fault.message);
    return arena_copy(pairing->arena, content.at, content.length);
}

static enum verdict checked(struct pairing *pairing, const char *folder, const char *name,
                            const char *certificate)
{
    struct fault fault = {0};
    cr_assert(file_write(certificate_path(pairing, folder, name), text_of(certificate), &fault));
    struct decide_options options = {.rlimit = RLIMIT, .certificates = folder};
    struct decision decision;
    cr_assert(decide_function(pairing->arena, &pairing->subject, pairing_function(pairing, name),
                              &options, &decision, &fault),
              "%s", fault.message);
    return decision.verdict.verdict;
}

static void forget(struct pairing *pairing, const char *folder)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    pairing_free(pairing);
}

Test(decide, a_written_certificate_proves_again_byte_for_byte)
{
    struct pairing *pairing = pairing_make(spread_source, NULL);
    const char *folder = proved_to_folder(pairing, "spread", VERDICT_PROVED);
    char *certificate = certificate_in(pairing, folder, "spread");
    cr_expect_eq(checked(pairing, folder, "spread", certificate), VERDICT_PROVED);
    struct relation relation;
    struct fault fault = {0};
    cr_assert(pairing_parse(pairing, "spread", text_of(certificate), &relation, &fault));
    cr_expect_str_eq(pairing_certificate(pairing, &relation), certificate);
    forget(pairing, folder);
}

Test(decide, a_wrong_image_is_not_proved_from_the_right_ones_certificate)
{
    struct pairing *right = pairing_make(sum_source, sum_code);
    struct pairing *wrong = pairing_make(sum_source, sum_wrong_code);
    const char *folder = proved_to_folder(right, "sum", VERDICT_PROVED);
    char *certificate = certificate_in(right, folder, "sum");
    cr_expect_eq(checked(wrong, folder, "sum", certificate), VERDICT_UNDECIDED);
    pairing_free(wrong);
    forget(right, folder);
}

/* The certificate with one line replaced (NULL: dropped). */
static const char *with_line(struct arena *arena, const char *text, size_t number,
                             const char *replacement)
{
    struct text_builder out = {.arena = arena};
    for (size_t i = 0; *text != '\0'; i++) {
        size_t length = strcspn(text, "\n");
        if (i != number)
            text_append(&out, "%.*s\n", (int)length, text);
        else if (replacement != NULL)
            text_append(&out, "%s\n", replacement);
        text += length + 1;
    }
    return text_built(&out);
}

static const char *line_of(struct arena *arena, const char *text, size_t number)
{
    for (size_t i = 0; *text != '\0'; i++) {
        size_t length = strcspn(text, "\n");
        if (i == number)
            return arena_copy(arena, text, length);
        text += length + 1;
    }
    return NULL;
}

/* Spoils each equality: another constant; the same place, but of nothing. What is false at a cut
 * is not proved there. */
static void spoiled_equalities(const char *source, const char *code, const char *name)
{
    struct pairing *pairing = pairing_make(source, code);
    const char *folder = proved_to_folder(pairing, name, VERDICT_PROVED);
    char *certificate = certificate_in(pairing, folder, name);
    size_t spoiled = 0;
    const char *line;
    for (size_t i = 0; (line = line_of(pairing->arena, certificate, i)) != NULL; i++) {
        if (strstr(line, " = ") == NULL || strstr(line, "..") != NULL)
            continue;
        const char *other = arena_printf(pairing->arena, "%s + 4", line);
        cr_expect_neq(
            checked(pairing, folder, name, with_line(pairing->arena, certificate, i, other)),
            VERDICT_PROVED, "%s: %s", name, other);
        spoiled++;
    }
    cr_expect(spoiled >= 4, "%s has equalities", name);
    cr_expect_eq(checked(pairing, folder, name, certificate), VERDICT_PROVED);
    forget(pairing, folder);
}

Test(decide, no_equality_can_be_changed)
{
    spoiled_equalities(sum_source, sum_code, "sum");
    spoiled_equalities(sum_source, NULL, "sum");
    spoiled_equalities(spread_source, NULL, "spread");
}

static bool is_one_of(const char *line, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(line, *list) == 0)
            return true;
    return false;
}

/* Drops each line; only those named may be missing. */
static void needed_lines(const char *source, const char *code, const char *name,
                         const char *const *superfluous)
{
    struct pairing *pairing = pairing_make(source, code);
    const char *folder = proved_to_folder(pairing, name, VERDICT_PROVED);
    char *certificate = certificate_in(pairing, folder, name);
    const char *line;
    for (size_t i = 0; (line = line_of(pairing->arena, certificate, i)) != NULL; i++)
        if (strstr(line, " = ") != NULL) {
            enum verdict verdict =
                checked(pairing, folder, name, with_line(pairing->arena, certificate, i, NULL));
            cr_expect_eq(verdict == VERDICT_PROVED, is_one_of(line, superfluous), "%s: %s", name,
                         line);
        }
    forget(pairing, folder);
}

Test(decide, an_equality_is_missed_unless_nothing_needs_it)
{
    /* n is in r2 as well, so its parameter word is not read again. */
    static const char *const of_sum[] = {"  [4] = n", NULL};
    needed_lines(sum_source, sum_code, "sum", of_sum);
}

Test(decide, an_equality_too_many_must_hold_as_well)
{
    struct pairing *pairing = pairing_make(sum_source, sum_code);
    const char *folder = proved_to_folder(pairing, "sum", VERDICT_PROVED);
    char *certificate = certificate_in(pairing, folder, "sum");
    static const char *const lines[] = {"  r5 = i",   "  r9 = 0x0", "  r3 = s",      "  r3 = n",
                                        "  r3 = 0x0", "  [0] = n",  "  r31 = @frame"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char *end = strstr(certificate, "end\n");
        const char *more = arena_printf(pairing->arena, "%.*s%s\nend\n", (int)(end - certificate),
                                        certificate, lines[i]);
        cr_expect_neq(checked(pairing, folder, "sum", more), VERDICT_PROVED, "%s", lines[i]);
    }
    forget(pairing, folder);
}

Test(decide, a_missing_certificate_is_an_error)
{
    struct pairing *pairing = pairing_make(sum_source, sum_code);
    struct decide_options options = {.rlimit = RLIMIT, .certificates = "no/such/folder"};
    struct decision decision;
    struct fault fault = {0};
    cr_expect_not(decide_function(pairing->arena, &pairing->subject,
                                  pairing_function(pairing, "sum"), &options, &decision, &fault));
    cr_expect_str_eq(fault.file, "no/such/folder/sum/certificate");
    pairing_free(pairing);
}

Test(decide, the_certificate_of_another_function_is_refused)
{
    struct pairing *pairing = pairing_make(spread_source, NULL);
    const char *folder = proved_to_folder(pairing, "spread", VERDICT_PROVED);
    char *certificate = certificate_in(pairing, folder, "spread");
    struct fault fault = {0};
    struct relation relation;
    cr_expect_not(pairing_parse(pairing, "twice", text_of(certificate), &relation, &fault));
    cr_expect_eq(fault.line, 2);
    forget(pairing, folder);
}
