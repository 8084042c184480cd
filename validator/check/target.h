/* What the validator must know of a machine: a small table of functions and facts. Everything in
 * validator/check is written against this table, so that a second machine is a second table.
 *
 * A machine here has word registers, a program counter, and the address of the next instruction
 * (`struct point`): machines with delay slots need both, the others have next = pc + 4. */
#ifndef VALIDATOR_CHECK_TARGET_H
#define VALIDATOR_CHECK_TARGET_H

#include "image/image.h"
#include "smt/term.h"

enum { TARGET_REGISTERS_MAX = 64 };

struct point {
    uint32_t pc, next;
};

/* Where an instruction hands control, as its bytes tell. Control passes after `delay` further
 * instructions (0 or 1): the point that follows is (next, target) on machines with a delay slot. */
enum control {
    CONTROL_NEXT,
    CONTROL_BRANCH,        /* to target or on, by a condition */
    CONTROL_JUMP,          /* to target */
    CONTROL_JUMP_INDIRECT, /* to a register's value */
    CONTROL_CALL,          /* to target, leaving a return address */
    CONTROL_CALL_INDIRECT,
    CONTROL_LEAVE,   /* the kernel's run ends: all that the processor holds is the process's */
    CONTROL_REFUSED, /* undecodable, or not modelled: `refusal` says which */
};

struct decoded {
    enum control control;
    uint32_t target;
    const char *refusal;
    /* Not NULL: only the code of a function with asm blocks may do this, and why others may not. */
    const char *system;
};

enum access { ACCESS_NONE, ACCESS_LOAD, ACCESS_STORE };

/* One instruction's effect on symbolic registers; memory and control are the caller's. */
struct effect {
    bool writes_register;
    unsigned destination; /* from register_count on: a special register */
    term value; /* what is written, unless access is LOAD */

    enum access access;
    unsigned size_bytes; /* 1, 2, 4 */
    bool is_signed;
    term address, data;

    term taken;  /* CONTROL_BRANCH: a Boolean */
    term target; /* where control goes if taken, 32 bits */
};

/* Where the calling convention puts a parameter. */
struct parameter_place {
    bool in_register;
    unsigned number;     /* the register */
    int32_t frame_offset; /* else: bytes from the callee's frame base */
};

struct base_register {
    unsigned number;
    const char *symbol; /* whose value it holds at every function's entry and exit */
};

struct region_symbols {
    const char *start, *end;
};

/* How a concrete run ended. */
enum run_end { RUN_ARRIVED, RUN_LIMIT, RUN_STOPPED };

struct concrete_machine; /* the target's own */

/* The executable machine, for replaying counterexamples. */
struct concrete {
    /* Memory holds the image; everything else is zero. */
    struct concrete_machine *(*machine_new)(struct arena *arena, const struct image *image,
                                            uint32_t memory_bytes);
    bool (*read)(const struct concrete_machine *machine, uint32_t address, uint32_t *word);
    bool (*write)(struct concrete_machine *machine, uint32_t address, uint32_t word);
    uint32_t (*get_register)(const struct concrete_machine *machine, unsigned number);
    void (*set_register)(struct concrete_machine *machine, unsigned number, uint32_t word);
    /* Runs from `start` until control comes to `stop`, counting `steps`. `trouble` says why it
     * STOPPED. */
    enum run_end (*run)(struct concrete_machine *machine, struct arena *arena, uint32_t start,
                        uint32_t stop, uint64_t max_steps, uint64_t *steps,
                        const char **trouble);
};

struct c0_asm;

struct target {
    const char *name;
    uint16_t elf_machine;
    unsigned register_count;
    /* Special registers count on from the general ones, in the arrays of registers and in effects.
     * Only functions with asm blocks know them. */
    unsigned special_count;
    const char *(*special_name)(unsigned number); /* from 0; NULL: it means nothing and is 0 */
    /* 0 at each function's entry, and it has to stay so: what the code means depends on it. */
    bool (*special_stays_zero)(unsigned number);
    bool has_delay_slot;

    struct decoded (*decode)(const struct image *image, uint32_t pc);
    /* Of a decodable instruction that is not REFUSED. */
    struct effect (*step)(struct terms *terms, const struct image *image, struct point point,
                          const term *registers);
    /* The same of a step of an asm block on the source's side, which is not one that leaves. The
     * access of a step with a variable is to that variable and has no address. */
    struct effect (*block_step)(struct terms *terms, const struct c0_asm *block, uint32_t step,
                                const uint32_t *global_addresses, const term *registers);
    const char *(*register_name)(unsigned number);
    /* Prints one instruction, for messages. */
    void (*print)(const struct image *image, uint32_t pc, char *buffer, size_t size_bytes);

    const struct concrete *concrete;

    /* The ABI */
    int zero_register; /* -1: none */
    unsigned frame_register, return_register, result_register;
    bool frame_grows_up;
    const struct base_register *bases;
    size_t base_count;
    const unsigned *preserved; /* besides frame and bases: callee-saved registers */
    size_t preserved_count;
    struct parameter_place (*parameter)(unsigned index);

    struct region_symbols code, globals, heap, stack;
    uint32_t memory_end; /* from there on, addresses are no memory: devices, or nothing */
    const struct contract *contracts;
    size_t contract_count;
};

/* What a function with asm blocks shares with its code besides memory: the special registers, and
 * behind them the devices, one word for all that was ever asked of them (block.h). */
static inline unsigned target_devices(const struct target *target)
{
    return target->register_count + target->special_count;
}

static inline unsigned target_state_count(const struct target *target, bool has_blocks)
{
    return has_blocks ? target_devices(target) + 1 : target->register_count;
}

/* A runtime routine with a meaning. The arguments lie where parameters lie. */
enum contract_kind {
    CONTRACT_MUL,
    CONTRACT_UDIV,
    CONTRACT_UREM,
    CONTRACT_SDIV,
    CONTRACT_SREM,
    CONTRACT_NEW, /* argument: bytes; the heap's first word is the cursor (docs/ABI.md) */
};

struct contract {
    enum contract_kind kind;
    const char *symbol;
    const char *text; /* for the audit */
    unsigned parameter_count;
};

#endif
