/* The primitives: of each its rule, when it may be called (kernel/cvm/cvm.h), and its effect. All
 * arguments are unsigned words, in the order of the declaration.
 *
 * Outside its precondition a primitive has no effect: the abstract kernel is at fault, and the
 * refusal says which argument is why. */
#include "semantics/cvm/state.h"

#include "base/require.h"

#include <stdio.h>

enum {
    DISK_SECTORS = 1 << 28, /* no disk has more */
    SECTOR_WORDS = DEVICE_SECTOR_BYTES / 4,
    SECTORS_OF_PAGE = VAMP_PAGE_BYTES / DEVICE_SECTOR_BYTES,
};

/* --- Preconditions --- */

/* Always false. The argument has that number, from 0. */
static bool refuse(struct cvm *cvm, const struct cvm_call *call, unsigned argument,
                   const char *reason)
{
    snprintf(cvm->refusal, sizeof cvm->refusal, "%s: argument %u is 0x%x: %s",
             cvm_primitive_name(call->primitive), argument + 1, (unsigned)call->arguments[argument],
             reason);
    return false;
}

static bool takes_process(struct cvm *cvm, const struct cvm_call *call, unsigned argument)
{
    return process_exists(cvm, call->arguments[argument]) ||
           refuse(cvm, call, argument, "no such process");
}

static uint32_t bytes_of(const struct cvm *cvm, uint32_t p)
{
    return cvm->processes[p].pages * VAMP_PAGE_BYTES;
}

/* A process, and an aligned address below the end of its memory in the argument behind it. */
static bool takes_address(struct cvm *cvm, const struct cvm_call *call, unsigned argument)
{
    if (!takes_process(cvm, call, argument))
        return false;
    uint32_t address = call->arguments[argument + 1];
    if (address % 4 != 0)
        return refuse(cvm, call, argument + 1, "not a multiple of 4");
    return address < bytes_of(cvm, call->arguments[argument]) ||
           refuse(cvm, call, argument + 1, "beyond the memory of the process");
}

/* The same, with as many words from there on as the argument `words` says. */
static bool takes_words(struct cvm *cvm, const struct cvm_call *call, unsigned argument,
                        unsigned words)
{
    if (!takes_address(cvm, call, argument))
        return false;
    uint32_t rest = bytes_of(cvm, call->arguments[argument]) - call->arguments[argument + 1];
    return call->arguments[words] <= rest / 4 ||
           refuse(cvm, call, words, "more words than the process's memory has from there on");
}

static bool takes_register(struct cvm *cvm, const struct cvm_call *call)
{
    return takes_process(cvm, call, 0) &&
           (call->arguments[1] < VAMP_GPR_COUNT || refuse(cvm, call, 1, "no such register"));
}

/* A device, and a port of its window in the argument behind it. */
static bool takes_port(struct cvm *cvm, const struct cvm_call *call)
{
    uint32_t device = call->arguments[0];
    if (device == CVM_HIDDEN_DEVICE)
        return refuse(cvm, call, 0, "the swap disk is hidden");
    if (!port_exists(cvm, device, 0))
        return refuse(cvm, call, 0, "no such device");
    return port_exists(cvm, device, call->arguments[1]) || refuse(cvm, call, 1, "no such port");
}

static bool takes_anything(struct cvm *cvm, const struct cvm_call *call)
{
    (void)cvm, (void)call;
    return true;
}

/* --- Processes --- */

/* cvm_reset(p): dpc = 0, pcp = 4, registers 0, no memory. */
static bool may_reset(struct cvm *cvm, const struct cvm_call *call)
{
    return takes_process(cvm, call, 0);
}

static bool do_reset(struct cvm *cvm, struct cvm_call *call)
{
    process_reset(cvm, call->arguments[0]);
    return true;
}

/* cvm_clone(dst, src): dst is another process; its registers and memory become those of src. */
static bool may_clone(struct cvm *cvm, const struct cvm_call *call)
{
    return takes_process(cvm, call, 0) && takes_process(cvm, call, 1) &&
           (call->arguments[0] != call->arguments[1] ||
            refuse(cvm, call, 1, "a process cannot become a copy of itself"));
}

static bool do_clone(struct cvm *cvm, struct cvm_call *call)
{
    process_clone(cvm, call->arguments[0], call->arguments[1]);
    return true;
}

/* cvm_alloc(p, n): n pages of zeros more at the end, if p may have as many. */
static bool may_alloc(struct cvm *cvm, const struct cvm_call *call)
{
    if (!takes_process(cvm, call, 0))
        return false;
    uint32_t left = cvm->setup.virtual_pages - cvm->processes[call->arguments[0]].pages;
    return call->arguments[1] <= left ||
           refuse(cvm, call, 1, "more pages than the process can still have");
}

static bool do_alloc(struct cvm *cvm, struct cvm_call *call)
{
    uint32_t p = call->arguments[0];
    process_resize(cvm, p, cvm->processes[p].pages + call->arguments[1]);
    return true;
}

/* cvm_free(p, n): n pages less at the end, if p has as many. */
static bool may_free(struct cvm *cvm, const struct cvm_call *call)
{
    return takes_process(cvm, call, 0) &&
           (call->arguments[1] <= cvm->processes[call->arguments[0]].pages ||
            refuse(cvm, call, 1, "more pages than the process has"));
}

static bool do_free(struct cvm *cvm, struct cvm_call *call)
{
    uint32_t p = call->arguments[0];
    process_resize(cvm, p, cvm->processes[p].pages - call->arguments[1]);
    return true;
}

/* cvm_get_gpr(p, r), cvm_set_gpr(p, r, v): register r, 0 to 31, of p; register 0 stays 0. */
static bool do_get_gpr(struct cvm *cvm, struct cvm_call *call)
{
    call->result = cvm->processes[call->arguments[0]].registers.gpr[call->arguments[1]];
    return true;
}

static bool do_set_gpr(struct cvm *cvm, struct cvm_call *call)
{
    process_set_gpr(cvm, call->arguments[0], call->arguments[1], call->arguments[2]);
    return true;
}

/* --- Memory --- */

/* cvm_copy(p1, a1, p2, a2, words): one word after the other, in ascending order, from a2 of p2 to
 * a1 of p1. */
static bool may_copy(struct cvm *cvm, const struct cvm_call *call)
{
    return takes_words(cvm, call, 0, 4) && takes_words(cvm, call, 2, 4);
}

static bool do_copy(struct cvm *cvm, struct cvm_call *call)
{
    const uint32_t *argument = call->arguments;
    for (uint32_t i = 0; i < argument[4]; i++)
        process_write(cvm, argument[0], argument[1] + 4 * i,
                      process_read(cvm, argument[2], argument[3] + 4 * i));
    return true;
}

/* cvm_get_word(p, a), cvm_set_word(p, a, v): the word at a of p. */
static bool may_word(struct cvm *cvm, const struct cvm_call *call)
{
    return takes_address(cvm, call, 0);
}

static bool do_get_word(struct cvm *cvm, struct cvm_call *call)
{
    call->result = process_read(cvm, call->arguments[0], call->arguments[1]);
    return true;
}

static bool do_set_word(struct cvm *cvm, struct cvm_call *call)
{
    process_write(cvm, call->arguments[0], call->arguments[1], call->arguments[2]);
    return true;
}

/* --- Devices --- */

/* cvm_in_word(d, port), cvm_out_word(d, port, v): an access to a port of d. */
static bool do_in_word(struct cvm *cvm, struct cvm_call *call)
{
    return port_read(cvm, call->arguments[0], call->arguments[1], &call->result);
}

static bool do_out_word(struct cvm *cvm, struct cvm_call *call)
{
    return port_write(cvm, call->arguments[0], call->arguments[1], call->arguments[2]);
}

/* cvm_in_block(d, port, p, a, n): n times a word from the port to p's memory, from a on. */
static bool may_block(struct cvm *cvm, const struct cvm_call *call)
{
    return takes_port(cvm, call) && takes_words(cvm, call, 2, 4);
}

static bool do_in_block(struct cvm *cvm, struct cvm_call *call)
{
    const uint32_t *argument = call->arguments;
    for (uint32_t i = 0; i < argument[4]; i++) {
        uint32_t word;
        if (!port_read(cvm, argument[0], argument[1], &word))
            return false;
        process_write(cvm, argument[2], argument[3] + 4 * i, word);
    }
    return true;
}

/* cvm_out_block(d, port, p, a, n): n times a word from p's memory, from a on, to the port. */
static bool do_out_block(struct cvm *cvm, struct cvm_call *call)
{
    const uint32_t *argument = call->arguments;
    for (uint32_t i = 0; i < argument[4]; i++) {
        uint32_t word = process_read(cvm, argument[2], argument[3] + 4 * i);
        if (!port_write(cvm, argument[0], argument[1], word))
            return false;
    }
    return true;
}

/* cvm_set_mask(v), cvm_get_mask(): bit d: the line of device d interrupts. Bits of no device, and
 * of the hidden one, stay 0. */
static bool do_set_mask(struct cvm *cvm, struct cvm_call *call)
{
    cvm->mask = call->arguments[0] & ((1u << BUS_DEVICES) - 1) & ~(1u << CVM_HIDDEN_DEVICE);
    return true;
}

static bool do_get_mask(struct cvm *cvm, struct cvm_call *call)
{
    call->result = cvm->mask;
    return true;
}

/* --- Images of processes --- */

/* cvm_load(p, sector, pages): the first `pages` pages of p become the sectors of the system disk
 * from `sector` on, up to the first that cannot be read, or to a page that is lost; what is behind
 * stays as it is. */
static bool may_load(struct cvm *cvm, const struct cvm_call *call)
{
    uint32_t pages = call->arguments[2];
    if (!takes_process(cvm, call, 0))
        return false;
    if (pages > cvm->processes[call->arguments[0]].pages)
        return refuse(cvm, call, 2, "more pages than the process has");
    return call->arguments[1] <= DISK_SECTORS - pages * SECTORS_OF_PAGE ||
           refuse(cvm, call, 1, "no disk has as many sectors");
}

static uint32_t little_endian(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static bool load_sector(struct cvm *cvm, uint32_t p, uint32_t address, uint32_t sector)
{
    const struct device_store *disk = &cvm->setup.system_disk;
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    if (sector >= disk->sector_count || !disk->read(disk->self, sector, bytes))
        return false;
    for (uint32_t i = 0; i < SECTOR_WORDS; i++)
        process_write(cvm, p, address + 4 * i, little_endian(bytes + 4 * i));
    return true;
}

static bool do_load(struct cvm *cvm, struct cvm_call *call)
{
    uint32_t p = call->arguments[0], sectors = call->arguments[2] * SECTORS_OF_PAGE;
    bool goes_on = true;
    for (uint32_t i = 0; goes_on && i < sectors; i++)
        goes_on = !process_page_is_lost(&cvm->processes[p], i / SECTORS_OF_PAGE) &&
                  load_sector(cvm, p, i * DEVICE_SECTOR_BYTES, call->arguments[1] + i);
    return true;
}

/* --- The call --- */

struct primitive {
    /* False: refused. */
    bool (*may_be_called)(struct cvm *cvm, const struct cvm_call *call);
    /* False: the observer stops the machine. */
    bool (*have_effect)(struct cvm *cvm, struct cvm_call *call);
};

static const struct primitive primitives[CVM_PRIMITIVE_COUNT] = {
    [CVM_PRIMITIVE_RESET] = {may_reset, do_reset},
    [CVM_PRIMITIVE_CLONE] = {may_clone, do_clone},
    [CVM_PRIMITIVE_ALLOC] = {may_alloc, do_alloc},
    [CVM_PRIMITIVE_FREE] = {may_free, do_free},
    [CVM_PRIMITIVE_COPY] = {may_copy, do_copy},
    [CVM_PRIMITIVE_GET_GPR] = {takes_register, do_get_gpr},
    [CVM_PRIMITIVE_SET_GPR] = {takes_register, do_set_gpr},
    [CVM_PRIMITIVE_GET_WORD] = {may_word, do_get_word},
    [CVM_PRIMITIVE_SET_WORD] = {may_word, do_set_word},
    [CVM_PRIMITIVE_IN_WORD] = {takes_port, do_in_word},
    [CVM_PRIMITIVE_OUT_WORD] = {takes_port, do_out_word},
    [CVM_PRIMITIVE_IN_BLOCK] = {may_block, do_in_block},
    [CVM_PRIMITIVE_OUT_BLOCK] = {may_block, do_out_block},
    [CVM_PRIMITIVE_SET_MASK] = {takes_anything, do_set_mask},
    [CVM_PRIMITIVE_GET_MASK] = {takes_anything, do_get_mask},
    [CVM_PRIMITIVE_LOAD] = {may_load, do_load},
};

static struct cvm_call call_of(const struct cvm *cvm, const struct c0_function *function,
                               const uint32_t *arguments)
{
    struct cvm_call call = {.primitive = cvm->primitive_of[function->index]};
    require(call.primitive != CVM_PRIMITIVE_COUNT, "cvm_new has looked at what is not defined");
    for (unsigned i = 0; i < cvm_primitive_arguments(call.primitive); i++)
        call.arguments[i] = arguments[i];
    return call;
}

static bool is_announced(const struct cvm *cvm, const struct cvm_call *call)
{
    const struct cvm_observer *observer = &cvm->setup.observer;
    return observer->primitive_begins == NULL || observer->primitive_begins(observer->self, call);
}

static bool is_reported(const struct cvm *cvm, const struct cvm_call *call)
{
    const struct cvm_observer *observer = &cvm->setup.observer;
    return observer->primitive_ends == NULL || observer->primitive_ends(observer->self, call);
}

/* 5. The kernel calls a primitive: one step, all or nothing. */
enum c0_external_outcome primitive_call(void *self, const struct c0_function *function,
                                        const uint32_t *arguments, const struct c0_function *caller,
                                        struct location where, uint32_t *result)
{
    struct cvm *cvm = self;
    struct cvm_call call = call_of(cvm, function, arguments);
    const struct primitive *primitive = &primitives[call.primitive];
    call.where = where;
    call.function = caller->name;
    if (!primitive->may_be_called(cvm, &call))
        return C0_EXTERNAL_FAULTS;
    if (!is_announced(cvm, &call) || !primitive->have_effect(cvm, &call))
        return C0_EXTERNAL_STOPS;
    cvm->transitions[CVM_PRIMITIVE_STEP]++;
    cvm->primitive_calls[call.primitive]++;
    *result = call.result;
    return is_reported(cvm, &call) ? C0_EXTERNAL_RETURNS : C0_EXTERNAL_STOPS;
}
