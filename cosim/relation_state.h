/* The inside of the relations, for relation*.c alone.
 *
 *   relation.c            the two ways in: the incremental check and what it is told
 *   relation_changes.c    what the incremental check has to look at, from what was written
 *   relation_pages.c      incremental: page counts, page tables, who has which frame
 *   relation_sweep.c      everything from scratch
 *   relation_machine.c    judges the processor, one register file, one device: for both ways
 *   relation_memory.c     judges one page table entry, one page: for both ways
 *   relation_objects.c    the kernel relation's map of objects, and one cell under it
 *   relation_report.c     says what differs
 *
 * The two ways differ in what they select; what it is to be equal is said once. A function that
 * answers false has filled in the divergence. */
#ifndef COSIM_RELATION_STATE_H
#define COSIM_RELATION_STATE_H

#include "base/array.h"
#include "base/require.h"
#include "cosim/relation.h"

enum {
    WORD_BYTES = 4,
    LINE_WORDS = VAMP_LINE_BYTES / WORD_BYTES,
    PAGE_LINES = VAMP_PAGE_BYTES / VAMP_LINE_BYTES,
    PAGE_SECTORS = VAMP_PAGE_BYTES / DEVICE_SECTOR_BYTES,
    SECTOR_LINES = DEVICE_SECTOR_BYTES / VAMP_LINE_BYTES,
    ALL_LINES = (1 << PAGE_LINES) - 1,
    /* A page table entry (docs/CVM.md, "A page"). */
    ENTRY_FLAGS = 0xFFF,
    ENTRY_VALID = 0x800,
    ENTRY_PROTECTED = 0x400,
    ENTRY_SWAPPED = 1,
    ENTRY_LOST = 0,
};

/* Which concrete object a heap object of the abstract kernel is; injective. */
struct object_map {
    ARRAY(uint32_t) addresses; /* by the number of the abstract object; 0: not met yet */
    uint32_t *cells;           /* by the words of the concrete heap: the abstract cell, or 0 */
    ARRAY(uint32_t) met;       /* numbers of objects whose cells are still to be compared */
};

typedef ARRAY(uint32_t) number_list;

/* Numbers, each once. */
struct number_set {
    number_list list;
    bool *has;
};

struct relation {
    struct arena *arena;
    struct relation_setup setup;
    const struct cosim_kernel *kernel;
    struct vamp_machine *processor;
    const uint32_t *words; /* of its memory */
    struct cvm *cvm;
    struct c0_machine *c0;
    uint32_t process_count, virtual_pages;

    /* The globals that both kernels have: by cell, from 1 to global_cells - 1, the address and
     * whether a pointer is there; by word from `globals` on, the cell, or 0. */
    uint32_t global_cells, globals;
    uint32_t *cell_addresses, *word_cells;
    bool *cell_is_pointer;
    uint32_t word_count;

    /* --- Of the incremental check: what was true when it last looked --- */
    uint32_t in_processor; /* whose registers were there; 0: nobody's */
    uint32_t *counts;      /* pages of each process */
    uint32_t *entries;     /* by page number (page_number): its entry, or ENTRY_NONE */
    uint32_t *owners;      /* by frame from first_frame on: page number + 1; 0: nobody */
    struct object_map objects;

    /* --- And what it has to look at --- */
    struct number_set processes;   /* registers */
    struct number_set counted;     /* page counts */
    struct number_set table_lines; /* lines of page tables, from `tables` on */
    struct number_set frames;      /* written, from first_frame on, ... */
    uint16_t *frame_lines;         /* ... and which of their lines */
    struct number_set pages;       /* by page number, ... */
    uint16_t *page_lines;          /* ... and which of their lines */
    struct number_set cell_blocks; /* of C0_CHANGE_CELLS cells, ... */
    uint64_t *block_cells;         /* ... and which of their cells; globals only */
    number_list heap_cells;        /* of the abstract kernel */
    bool zero_is_written;
    uint32_t devices;  /* bit d: device d has moved */
    number_list moves; /* page numbers whose entries are not as they were */

    /* --- Of the sweep, made anew each time --- */
    uint32_t *sweep_owners;
    struct object_map sweep_objects;

    struct text_builder described[2]; /* of a device, on both sides */
    struct cosim_divergence *divergence;
};

/* What is known of a page that the process does not have. An entry may hold this, too. */
#define ENTRY_NONE UINT32_C(0xFFFFFFFF)

static inline uint32_t page_number(const struct relation *relation, uint32_t p, uint32_t v)
{
    return p * relation->virtual_pages + v;
}

static inline void relation_count(struct relation *relation, enum cosim_conjunct conjunct,
                                  uint64_t values)
{
    relation->setup.counts->compared[conjunct] += values;
}

/* A word of physical memory. What the kernel's description names has been found to lie there. */
static inline uint32_t relation_word(const struct relation *relation, uint32_t address)
{
    require(address < relation->kernel->parameters.memory_bytes, "an address in memory");
    return relation->words[address / WORD_BYTES];
}

/* --- relation_machine.c --- */

/* Who runs has its registers in the processor, but in the kernel; 0: nobody has. */
uint32_t registers_in_processor(const struct relation *relation, enum cosim_point point);
bool judge_current(struct relation *relation);
bool judge_control(struct relation *relation, enum cosim_point point);
bool judge_mask(struct relation *relation, enum cosim_point point);
/* PTO and PTL are those of who runs. */
bool judge_table_registers(struct relation *relation, enum cosim_point point);
bool judge_registers(struct relation *relation, uint32_t p, enum cosim_point point);
bool judge_device(struct relation *relation, unsigned d);

/* --- relation_memory.c --- */

bool judge_page_count(struct relation *relation, uint32_t p);
/* The entry of page v, or of what is no page of p. */
bool judge_entry(struct relation *relation, uint32_t p, uint32_t v, uint32_t entry);
/* A process without pages has a table of one entry, which is not valid. */
bool judge_empty_table(struct relation *relation, uint32_t p);
/* `owners`: of the frames, as they were found so far. Page v takes its frame. */
bool judge_frame(struct relation *relation, uint32_t *owners, uint32_t p, uint32_t v,
                 uint32_t entry);
bool judge_zero_page(struct relation *relation);
/* Bit i of `lines`: the i-th line of page v. */
bool judge_page(struct relation *relation, uint32_t p, uint32_t v, uint32_t lines);

static inline uint32_t entry_of(const struct relation *relation, uint32_t p, uint32_t v)
{
    return relation_word(relation, relation->kernel->tables + p * VAMP_PAGE_BYTES + v * WORD_BYTES);
}

/* --- relation_objects.c --- */

void objects_init(struct relation *relation);
void objects_clear(struct relation *relation, struct object_map *objects);
/* The concrete place of an abstract cell; 0: a heap object that was not met. */
uint32_t cell_address(const struct relation *relation, const struct object_map *objects,
                      uint32_t cell);
/* One cell. A pointer may lead to an object that was not met: it is then. */
bool judge_cell(struct relation *relation, struct object_map *objects, uint32_t cell,
                uint32_t address, bool is_pointer);
/* All cells of objects that were met, and of those met thereby. */
bool judge_met_objects(struct relation *relation, struct object_map *objects);

/* --- relation_sweep.c --- */

/* All globals, and all that they lead to: `sweep_objects` afterwards. */
bool sweep_kernel(struct relation *relation);

/* --- relation_changes.c --- */

void changes_init(struct relation *relation);
/* Everything is to be looked at. */
void changes_note_all(struct relation *relation);
/* What was written since it was last called. */
void changes_collect(struct relation *relation);
void number_set_init(struct relation *relation, struct number_set *set, size_t size);
void number_set_add(struct relation *relation, struct number_set *set, uint32_t number);
/* In ascending order; afterwards the set is empty, and the list lasts until the next addition. */
size_t number_set_take(struct number_set *set);
void note_page_lines(struct relation *relation, uint32_t page, uint32_t lines);

/* --- relation_pages.c --- */

/* Counts, tables and frames; pages that are elsewhere now are noted. */
bool pages_check(struct relation *relation);
bool tables_check(struct relation *relation);
bool frames_check(struct relation *relation);

/* --- relation_report.c: always false --- */

struct difference {
    enum cosim_conjunct conjunct;
    uint32_t process;
    bool has_address;
    uint32_t address;
    uint32_t abstract, concrete;
};
bool report(struct relation *relation, struct difference difference, const char *place,
            const char *format, ...) __attribute__((format(printf, 4, 5)));
/* "kernel.process[3].state", "heap object 2 (struct node).next" */
const char *cell_path(const struct relation *relation, uint32_t cell);
/* "resident at 0x00185000", "in sector 2056 of the swap disk" ... */
const char *page_state(const struct relation *relation, uint32_t p, uint32_t v);

#endif
