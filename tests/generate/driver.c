/* The C program that runs a generated program through c0.h and shows what came out (runtime.h). */
#include "tests/generate/model.h"

static const char *const kind_names[] = {
    [TYPE_INT] = "SHAPE_INT",         [TYPE_UNSIGNED] = "SHAPE_UNSIGNED",
    [TYPE_CHAR] = "SHAPE_CHAR",       [TYPE_BOOL] = "SHAPE_BOOL",
    [TYPE_POINTER] = "SHAPE_POINTER", [TYPE_ARRAY] = "SHAPE_ARRAY",
    [TYPE_STRUCT] = "SHAPE_STRUCT",
};

static void print_fields(struct program *program, const struct type *type, struct text_builder *out)
{
    text_append(out, "static const struct shape_field fields_%u[] = {", (unsigned)type->number);
    for (uint32_t i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        text_append(out, "{\"%s\", &shape_%u, __builtin_offsetof(%s, %s)}, ", field->name,
                    (unsigned)field->type->number, declare(program, type, ""), field->name);
    }
    text_append(out, "};\n");
}

static void print_shapes(struct program *program, struct text_builder *out)
{
    for (size_t i = 0; i < program->types.count; i++)
        text_append(out, "static const struct shape shape_%u;\n", (unsigned)i);
    for (size_t i = 0; i < program->types.count; i++) {
        const struct type *type = program->types.at[i];
        const char *name = declare(program, type, "");
        const char *fields = "0", *element = "0";
        if (type->kind == TYPE_STRUCT) {
            print_fields(program, type, out);
            fields = arena_printf(program->arena, "fields_%u", (unsigned)i);
        }
        if (type->element != NULL)
            element = arena_printf(program->arena, "&shape_%u", (unsigned)type->element->number);
        text_append(out, "static const struct shape shape_%u = {%s, sizeof(%s), %s, %s, %u};\n",
                    (unsigned)i, kind_names[type->kind], name, element, fields,
                    (unsigned)(type->kind == TYPE_ARRAY ? type->length : type->field_count));
    }
}

static void print_tables(struct program *program, struct text_builder *out)
{
    text_append(out, "static const struct shown_global globals[] = {\n");
    for (size_t i = 0; i < program->globals.count; i++) {
        const struct variable *global = program->globals.at[i];
        text_append(out, "    {\"%s\", &%s, &shape_%u},\n", global->name, global->name,
                    (unsigned)global->type->number);
    }
    text_append(out, "};\nstatic const struct shape_name names[] = {\n");
    for (size_t i = 0; i < program->types.count; i++)
        text_append(out, "    {\"%s\", &shape_%u},\n", declare(program, program->types.at[i], ""),
                    (unsigned)i);
    text_append(out, "};\n");
}

void print_driver(struct program *program, const char *source, struct text_builder *out)
{
    text_append(out,
                "#include \"runtime.h\"\n#include <c0.h>\n#undef new\n"
                "#define new(T) runtime_new(sizeof(T), #T)\n#include \"%s\"\n",
                source);
    print_shapes(program, out);
    print_tables(program, out);
    text_append(out, "int main()\n{\n    int result = run();\n"
                     "    runtime_show(result, globals, sizeof(globals) / sizeof(globals[0]), "
                     "names,\n                 sizeof(names) / sizeof(names[0]));\n"
                     "    return 0;\n}\n");
}
