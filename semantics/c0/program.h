/* A checked C0 program: types, globals, functions with typed bodies. It is what the front end
 * makes (front.h) and what the C0 machine, the compiler and the validator read. Nothing in it
 * depends on a target: sizes are counted in *cells*, one for each elementary value; a target's
 * layout (bytes) is its own affair. Names are those of docs/C0.md. */
#ifndef SEMANTICS_C0_PROGRAM_H
#define SEMANTICS_C0_PROGRAM_H

#include "base/location.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum c0_type_kind {
    C0_TYPE_VOID, /* result types only */
    C0_TYPE_INT,
    C0_TYPE_UNSIGNED,
    C0_TYPE_CHAR,
    C0_TYPE_BOOL,
    C0_TYPE_POINTER,
    C0_TYPE_ARRAY,
    C0_TYPE_STRUCT,
};

/* Types are unique within a program: equal types are the same pointer. */
struct c0_type {
    enum c0_type_kind kind;
    uint32_t size_cells;           /* 0 for void and for a struct that is only declared */
    const struct c0_type *element; /* of a pointer or an array */
    uint32_t length;               /* of an array, in elements, at least 1 */
    const char *tag;               /* of a struct */
    const struct c0_field *fields; /* of a struct, in order */
    uint32_t field_count;
    bool is_complete; /* false for a struct that is only declared */
};

struct c0_field {
    const char *name;
    const struct c0_type *type;
    uint32_t offset_cells, index;
};

enum c0_scope { C0_SCOPE_GLOBAL, C0_SCOPE_PARAMETER, C0_SCOPE_LOCAL };

/* The initial value of one cell of a global: a word, or the address of a (part of a) global. */
struct c0_initial {
    uint32_t word;
    const struct c0_variable *target; /* NULL for a word */
    uint32_t target_cell;             /* the cell of `target` that is pointed to */
};

struct c0_variable {
    const char *name;
    const struct c0_type *type;
    enum c0_scope scope;
    uint32_t index; /* among the program's globals, or among the function's variables */
    struct location where;
    bool is_static;                   /* globals: private to its file */
    bool is_defined;                  /* globals: false if only declared `extern` */
    const struct c0_initial *initial; /* globals: type->size_cells of them; NULL means all zero */
};

enum c0_unary {
    C0_UNARY_MINUS,      /* -  int, unsigned */
    C0_UNARY_COMPLEMENT, /* ~  int, unsigned */
    C0_UNARY_NOT,        /* !  bool */
};

enum c0_binary {
    C0_BINARY_ADD,
    C0_BINARY_SUB,
    C0_BINARY_MUL,
    C0_BINARY_DIV,
    C0_BINARY_REM,
    C0_BINARY_AND,
    C0_BINARY_OR,
    C0_BINARY_XOR,
    C0_BINARY_SHL,
    C0_BINARY_SHR,
    C0_BINARY_EQ,
    C0_BINARY_NE,
    C0_BINARY_LT,
    C0_BINARY_LE,
    C0_BINARY_GT,
    C0_BINARY_GE,
    C0_BINARY_LAZY_AND,
    C0_BINARY_LAZY_OR,
};

enum c0_expr_kind {
    C0_EXPR_CONSTANT, /* literals, enum constants, sizeof, NULL (word 0, a pointer type) */
    C0_EXPR_SIZEOF,   /* sizeof(operand_type), an unsigned constant that the layout decides */
    C0_EXPR_VARIABLE,
    C0_EXPR_FIELD, /* base.field; p->f is the field of a DEREF */
    C0_EXPR_INDEX, /* base[index] */
    C0_EXPR_DEREF, /* *base */
    C0_EXPR_ADDRESS,
    C0_EXPR_UNARY,
    C0_EXPR_BINARY,
    C0_EXPR_CAST, /* to `type` */
};

/* An expression, typed. Places (lvalues) are VARIABLE, FIELD, INDEX and DEREF. A place of
 * elementary type in an operand position stands for its value. */
struct c0_expr {
    enum c0_expr_kind kind;
    const struct c0_type *type;
    struct location where;
    uint32_t word;                      /* CONSTANT: the value's 32 bits (char sign-extended) */
    const struct c0_type *operand_type; /* SIZEOF */
    const struct c0_variable *variable; /* VARIABLE */
    const struct c0_field *field;       /* FIELD */
    enum c0_unary unary;                /* UNARY */
    enum c0_binary binary;              /* BINARY */
    const struct c0_expr *base;         /* FIELD INDEX DEREF ADDRESS UNARY CAST, left of BINARY */
    const struct c0_expr *index;        /* INDEX, right of BINARY */
};

/* C0A: an operand of an instruction in an asm block, as it is written. Names of registers and
 * labels are the assembler's affair (assembler.h). */
enum c0_asm_operand_kind {
    C0_ASM_NAME,     /* a register, a special register, a label */
    C0_ASM_NUMBER,   /* 32 bits */
    C0_ASM_VARIABLE, /* [x]: the memory word of a variable of elementary type */
    C0_ASM_ADDRESS,  /* &g: the address of a global */
    C0_ASM_INDEXED,  /* number(name) */
};

struct c0_asm_operand {
    enum c0_asm_operand_kind kind;
    struct location where;
    const char *name;                   /* NAME, INDEXED */
    uint32_t word;                      /* NUMBER, INDEXED */
    const struct c0_variable *variable; /* VARIABLE, ADDRESS */
};

/* A label, an instruction, or both. */
struct c0_asm_line {
    struct location where;
    const char *label;    /* NULL: none */
    const char *mnemonic; /* NULL: a label alone */
    const struct c0_asm_operand *operands;
    uint32_t operand_count;
};

enum c0_asm_step_kind {
    C0_ASM_STEP_NEXT,   /* an instruction, then step `next` */
    C0_ASM_STEP_BRANCH, /* a test: `next` if control is to go elsewhere, else `otherwise` */
    C0_ASM_STEP_END,    /* the kernel's run ends here (rfe) */
};

/* A step of the block's execution. An instruction in a delay slot is a step of its own on each
 * path that runs through it. The step with the number `step_count` is where the block is left. */
struct c0_asm_step {
    enum c0_asm_step_kind kind;
    uint32_t instruction; /* which one of the assembler's `code` */
    uint32_t next, otherwise;
    const struct c0_variable
        *variable; /* [x]: whose word the instruction reads or writes; or NULL */
};

struct c0_asm {
    const struct c0_asm_line *lines;
    uint32_t line_count;
    /* What the assembler made of them. */
    const struct c0_asm_step *steps;
    uint32_t step_count;
    const void *code; /* the assembler's own */
};

enum c0_stmt_kind {
    C0_STMT_ASSIGN, /* place = value; of elementary, struct or (inside structs) array type */
    C0_STMT_CALL,   /* [place =] callee(arguments); */
    C0_STMT_NEW,    /* place = new(allocated); */
    C0_STMT_IF,
    C0_STMT_WHILE,
    C0_STMT_BLOCK,
    C0_STMT_RETURN, /* the last statement of a non-void function, and only there */
    C0_STMT_ASM,    /* asm { ... } */
};

struct c0_stmt {
    enum c0_stmt_kind kind;
    struct location where;
    const struct c0_expr *place;      /* ASSIGN, NEW; CALL (NULL if the result is dropped) */
    const struct c0_expr *value;      /* ASSIGN; RETURN; condition of IF, WHILE */
    const struct c0_function *callee; /* CALL */
    const struct c0_expr *const *arguments;
    uint32_t argument_count;
    const struct c0_type *allocated;    /* NEW */
    const struct c0_stmt *body;         /* IF (then), WHILE: a BLOCK */
    const struct c0_stmt *otherwise;    /* IF: a BLOCK, or NULL */
    const struct c0_stmt *const *stmts; /* BLOCK */
    uint32_t stmt_count;
    const struct c0_asm *assembly; /* ASM */
};

struct c0_function {
    const char *name;
    const struct c0_type *result;
    struct c0_variable *const *variables; /* the parameters in order, then the locals */
    uint32_t variable_count, parameter_count;
    const struct c0_stmt *body; /* a BLOCK; NULL if only declared */
    struct location where;
    uint32_t index; /* among the program's functions */
    bool is_static; /* private to its file */
};

struct c0_program {
    const struct c0_function *const *functions; /* in the order first seen */
    uint32_t function_count;
    struct c0_variable *const *globals;
    uint32_t global_count;
    const struct c0_type *type_int, *type_unsigned, *type_char, *type_bool, *type_void;
};

static inline bool c0_type_is_elementary(const struct c0_type *type)
{
    return type->kind >= C0_TYPE_INT && type->kind <= C0_TYPE_POINTER;
}

static inline bool c0_expr_is_place(const struct c0_expr *expr)
{
    return expr->kind == C0_EXPR_VARIABLE || expr->kind == C0_EXPR_FIELD ||
           expr->kind == C0_EXPR_INDEX || expr->kind == C0_EXPR_DEREF;
}

/* The function of that name that is not private to a file, else the only static one; NULL if
 * there is none. `file` (may be NULL) asks for the static one of that file first. */
const struct c0_function *c0_program_function(const struct c0_program *program, const char *name,
                                              const char *file);
struct c0_variable *c0_program_global(const struct c0_program *program, const char *name,
                                      const char *file);

#endif
