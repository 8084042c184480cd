/* The section within an audit that vouch check has written, or by itself. */
#include "cosim/section_runs.h"

#include "base/file.h"
#include "base/require.h"
#include "image/digest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { AUDIT_FORMAT = 3 };

static struct location in_audit(const char *path)
{
    return (struct location){path, 0, 0};
}

/* --- An audit that is there --- */

static const char *text_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static bool has_digest(const json_t *files, const char *digest)
{
    for (size_t i = 0; i < json_array_size(files); i++) {
        const char *found = text_at(json_array_get(files, i), "sha256");
        if (found != NULL && strcmp(found, digest) == 0)
            return true;
    }
    return false;
}

/* The audit is about this image, made of these sources. They may have been called otherwise. */
static bool is_of_kernel(struct arena *arena, const json_t *audit,
                         const struct cosim_kernel *kernel, const char *path, struct fault *fault)
{
    const json_t *inputs = json_object_get(audit, "inputs");
    const char *image = text_at(json_object_get(inputs, "image"), "sha256");
    if (image == NULL)
        return fault_at(fault, in_audit(path), "this is no audit: it names no image");
    if (strcmp(image, kernel->image->digest) != 0)
        return fault_at(fault, in_audit(path), "this audit is of another image than %s",
                        kernel->image->path);
    for (size_t i = 0; i < kernel->inputs.sources.count; i++) {
        const struct c0_input *source = &kernel->inputs.sources.at[i];
        if (!has_digest(json_object_get(inputs, "sources"), digest_of(arena, source->content)))
            return fault_at(fault, in_audit(path), "this audit is not of %s as it is now",
                            source->path);
    }
    return true;
}

/* The members that decide what the audit says; the schema is for the rest. */
static bool is_audit(const json_t *audit, const char *path, struct fault *fault)
{
    const json_t *format = json_object_get(audit, "format");
    const json_t *section = json_object_get(audit, "cosim");
    if (!json_is_integer(format) || text_at(audit, "scope") == NULL ||
        !json_is_boolean(json_object_get(audit, "accepted")))
        return fault_at(fault, in_audit(path), "this is no audit");
    if (json_integer_value(format) != AUDIT_FORMAT)
        return fault_at(fault, in_audit(path), "this is an audit of format %lld, not %d",
                        (long long)json_integer_value(format), AUDIT_FORMAT);
    if (section != NULL && !json_is_boolean(json_object_get(section, "accepted_by_check")))
        return fault_at(fault, in_audit(path),
                        "its cosim section does not say whether the audit was accepted before");
    return true;
}

/* NULL, with a fault; `*is_there` is false, and no fault, if there is no file to read. */
static json_t *read_audit(struct arena *arena, const struct cosim_kernel *kernel, const char *path,
                          bool *is_there, struct fault *fault)
{
    struct stat status;
    struct text content;
    json_error_t error;
    *is_there = stat(path, &status) == 0 && S_ISREG(status.st_mode);
    if (!*is_there || !file_read(arena, path, &content, fault))
        return NULL;
    json_t *audit = json_loadb(content.at, content.length, JSON_REJECT_DUPLICATES, &error);
    if (audit == NULL) {
        fault_at(fault, in_audit(path), "this is no audit: %s", error.text);
        return NULL;
    }
    if (is_audit(audit, path, fault) && is_of_kernel(arena, audit, kernel, path, fault))
        return audit;
    json_decref(audit);
    return NULL;
}

/* What is written in one step needs a directory where files can be made (base/file.h). */
static bool can_be_made(struct arena *arena, const char *path, struct fault *fault)
{
    const char *slash = strrchr(path, '/');
    const char *directory = slash == NULL   ? "."
                            : slash == path ? "/"
                                            : arena_copy(arena, path, (size_t)(slash - path));
    struct stat status;
    bool is_file = stat(path, &status) != 0 || S_ISREG(status.st_mode);
    return access(is_file ? directory : path, W_OK) == 0 ||
           fault_at(fault, in_audit(path), "cannot write: %s", strerror(errno));
}

bool cosim_section_fits(struct arena *arena, const struct cosim_kernel *kernel, const char *path,
                        struct fault *fault)
{
    bool is_there;
    json_t *audit = read_audit(arena, kernel, path, &is_there, fault);
    bool fits = !is_there || audit != NULL;
    json_decref(audit);
    return fits && can_be_made(arena, path, fault);
}

/* --- An audit of runs alone --- */

static json_t *files_json(struct arena *arena, const struct c0_input *files, size_t count)
{
    json_t *json = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(json,
                              section_file_json(files[i].path, digest_of(arena, files[i].content)));
    return json;
}

static json_t *inputs_json(struct arena *arena, const struct cosim_kernel *kernel)
{
    const struct c0_inputs *inputs = &kernel->inputs;
    json_t *json = json_object(), *options = json_array();
    for (size_t i = 0; i < kernel->options.count; i++)
        json_array_append_new(options, section_text(kernel->options.at[i]));
    section_set(json, "image", section_file_json(kernel->image->path, kernel->image->digest));
    section_set(json, "sources", files_json(arena, inputs->sources.at, inputs->sources.count));
    section_set(json, "headers", files_json(arena, inputs->headers.at, inputs->headers.count));
    section_set(json, "preprocessor_arguments", options);
    return json;
}

static json_t *new_audit(struct arena *arena, const struct cosim_kernel *kernel)
{
    json_t *json = json_object(), *tools = json_object();
    section_set_text(tools, "vouch", VOUCH_VERSION);
    section_set_number(json, "format", AUDIT_FORMAT);
    section_set_text(json, "scope", "runs");
    section_set(json, "accepted", json_false());
    section_set_text(json, "target", "vamp");
    section_set(json, "tools", tools);
    section_set(json, "inputs", inputs_json(arena, kernel));
    return json;
}

/* --- Both --- */

/* What the proofs alone say: a section that was there before has kept it. */
static bool is_accepted_by_check(const json_t *audit)
{
    const json_t *section = json_object_get(audit, "cosim");
    return json_is_true(section != NULL ? json_object_get(section, "accepted_by_check")
                                        : json_object_get(audit, "accepted"));
}

bool cosim_section_write(struct arena *arena, const struct cosim_section *section,
                         const struct cosim_coverage *coverage, const char *path,
                         struct fault *fault)
{
    const struct cosim_kernel *kernel = section->kernel;
    bool is_there;
    json_t *audit = read_audit(arena, kernel, path, &is_there, fault);
    if (is_there && audit == NULL)
        return false;
    if (audit == NULL)
        audit = new_audit(arena, kernel);
    bool by_check = is_accepted_by_check(audit);
    json_t *runs = section_json(section, coverage);
    section_set(runs, "kernel", section_file_json(kernel->path, kernel->digest));
    section_set(runs, "accepted_by_check", json_boolean(by_check));
    section_set(audit, "accepted", json_boolean(by_check && cosim_section_agrees(section)));
    section_set(audit, "cosim", runs);
    char *dumped = json_dumps(audit, JSON_SORT_KEYS | JSON_INDENT(2));
    require(dumped, "the audit can be printed");
    struct text content = text_of(arena_printf(arena, "%s\n", dumped));
    free(dumped);
    json_decref(audit);
    return file_write(path, content, fault);
}
