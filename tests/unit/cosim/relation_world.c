#include "relation_world.h"

#include "physical/store.h"
#include "semantics/c0/front.h"
#include "semantics/c0/show.h"

#include <criterion/criterion.h>
#include <string.h>

enum {
    CONTROL_BLOCKS = 0x1000,
    PAGE_COUNTS = 0x1780,
    CURRENT = 0x17D0, /* on one line with globals of the kernel */
    MASK = 0x17D4,
    GLOBALS = 0x17E0,
    GLOBALS_END = 0x2000,
    HEAP = 0x2000,
    HEAP_END = 0x2400,
    TRAP = 1 << 5,
    STEPS = 10000,
    PUSH = 100,
    NOTHING = 101,
};

static const char kernel_text[] =
    "void cvm_reset(unsigned p); void cvm_clone(unsigned d, unsigned s);\n"
    "void cvm_alloc(unsigned p, unsigned n); void cvm_free(unsigned p, unsigned n);\n"
    "void cvm_set_gpr(unsigned p, unsigned r, unsigned v);\n"
    "void cvm_set_word(unsigned p, unsigned a, unsigned v); void cvm_set_mask(unsigned v);\n"
    "struct node { int value; struct node *next; int *of; };\n"
    "struct exchange { unsigned int partner; bool is_request; char kind; };\n"
    "struct process { unsigned int state; struct exchange exchange; };\n"
    "struct kernel { unsigned int living; struct process process[20]; struct node *first;\n"
    "    int *cursor; int numbers[5]; };\n"
    "struct kernel kernel;\n"
    "unsigned int a; unsigned int b; unsigned int c; unsigned int next;\n"
    "static struct node anchor;\n"
    "unsigned int kdispatch(unsigned int eca, unsigned int op)\n"
    "{\n"
    "    struct node *fresh;\n"
    "    if (op == 0u && a != 0u) { cvm_reset(a); }\n"
    "    if (op == 1u) { cvm_clone(a, b); }\n"
    "    if (op == 2u) { cvm_alloc(a, b); }\n"
    "    if (op == 3u) { cvm_free(a, b); }\n"
    "    if (op == 6u) { cvm_set_gpr(a, b, c); }\n"
    "    if (op == 8u) { cvm_set_word(a, b, c); }\n"
    "    if (op == 13u) { cvm_set_mask(a); }\n"
    "    if (op == 100u) {\n"
    "        fresh = new(struct node);\n"
    "        if (fresh != NULL) {\n"
    "            fresh->value = (int)a; fresh->next = kernel.first;\n"
    "            if (fresh->next != NULL) { fresh->of = &fresh->next->value; }\n"
    "            kernel.first = fresh;\n"
    "        }\n"
    "    }\n"
    "    return next;\n"
    "}\n";

/* --- The concrete side --- */

uint32_t world_word(const struct world *world, uint32_t address)
{
    uint32_t word = 0;
    cr_assert(vamp_machine_read(world->processor, address, &word));
    return word;
}

static bool is_left_out(struct world *world)
{
    return world->writes_to_defect != 0 && --world->writes_to_defect == 0;
}

void world_write(struct world *world, uint32_t address, uint32_t word)
{
    if (is_left_out(world))
        return;
    cr_assert(vamp_machine_write(world->processor, address, word));
}

static void put(struct world *world, uint32_t address, uint32_t word)
{
    if (world_word(world, address) != word)
        world_write(world, address, word);
}

uint32_t world_entry_address(uint32_t p, uint32_t v)
{
    return WORLD_TABLES + p * VAMP_PAGE_BYTES + 4 * v;
}

uint32_t world_block(const struct world *world, uint32_t p)
{
    return world->kernel.control_blocks + p * world->kernel.control_block_bytes;
}

void world_write_swap(struct world *world, uint32_t sector, uint32_t offset, uint32_t word)
{
    unsigned char bytes[DEVICE_SECTOR_BYTES];
    if (is_left_out(world))
        return;
    cr_assert(world->swap.read(world->swap.self, sector, bytes));
    for (uint32_t i = 0; i < 4; i++)
        bytes[offset + i] = (unsigned char)(word >> 8 * i);
    relation_note_swap_write(world->relation, sector);
    cr_assert(world->swap.write(world->swap.self, sector, bytes));
}

static uint32_t swap_word(const struct world *world, uint32_t p, uint32_t v, uint32_t offset)
{
    unsigned char bytes[DEVICE_SECTOR_BYTES], *at = bytes + offset % DEVICE_SECTOR_BYTES;
    uint32_t sector = cosim_swap_sector(&world->kernel, p, v) + offset / DEVICE_SECTOR_BYTES;
    cr_assert(world->swap.read(world->swap.self, sector, bytes));
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* --- The layer --- */

static uint32_t *owner_of(struct world *world, uint32_t entry)
{
    return &world->owners[entry / VAMP_PAGE_BYTES - WORLD_FIRST_FRAME];
}

static bool is_resident(uint32_t entry)
{
    return (entry & 0x800) != 0 && entry != WORLD_ENTRY_ZERO;
}

void world_evict(struct world *world, uint32_t p, uint32_t v)
{
    uint32_t entry = world_word(world, world_entry_address(p, v));
    if (!is_resident(entry))
        return;
    for (uint32_t offset = 0; offset < VAMP_PAGE_BYTES; offset += 4)
        world_write_swap(
            world, cosim_swap_sector(&world->kernel, p, v) + offset / DEVICE_SECTOR_BYTES,
            offset % DEVICE_SECTOR_BYTES, world_word(world, (entry & ~0xFFFu) + offset));
    *owner_of(world, entry) = 0;
    world_write(world, world_entry_address(p, v), 1);
}

/* A free frame, or that of the next one in turn. */
static uint32_t take_frame(struct world *world)
{
    for (uint32_t i = 0; i < WORLD_FRAMES; i++) {
        if (world->owners[i] == 0)
            return i;
    }
    uint32_t frame = world->next_victim++ % WORLD_FRAMES, page = world->owners[frame] - 1;
    world_evict(world, page / WORLD_PAGES, page % WORLD_PAGES);
    return frame;
}

void world_bring(struct world *world, uint32_t p, uint32_t v)
{
    uint32_t entry = world_word(world, world_entry_address(p, v));
    if (is_resident(entry) || entry == 0)
        return;
    uint32_t frame = take_frame(world), first = (WORLD_FIRST_FRAME + frame) * VAMP_PAGE_BYTES;
    for (uint32_t offset = 0; offset < VAMP_PAGE_BYTES; offset += 4)
        world_write(world, first + offset,
                    entry == WORLD_ENTRY_ZERO ? 0 : swap_word(world, p, v, offset));
    world->owners[frame] = p * WORLD_PAGES + v + 1;
    world_write(world, world_entry_address(p, v), first | 0x800);
}

void world_lose(struct world *world, uint32_t p, uint32_t v)
{
    uint32_t entry = world_word(world, world_entry_address(p, v));
    if (is_resident(entry))
        *owner_of(world, entry) = 0;
    world_write(world, world_entry_address(p, v), 0);
    cvm_lose_page(world->cvm, p, v);
}

static void resize(struct world *world, uint32_t p, uint32_t pages)
{
    uint32_t before = world_word(world, PAGE_COUNTS + 4 * p);
    for (uint32_t v = pages; v < before; v++) {
        uint32_t entry = world_word(world, world_entry_address(p, v));
        if (is_resident(entry))
            *owner_of(world, entry) = 0;
        world_write(world, world_entry_address(p, v), 0);
    }
    for (uint32_t v = before; v < pages; v++)
        world_write(world, world_entry_address(p, v), WORLD_ENTRY_ZERO);
    world_write(world, PAGE_COUNTS + 4 * p, pages);
}

static void set_word(struct world *world, uint32_t p, uint32_t address, uint32_t word)
{
    uint32_t v = address / VAMP_PAGE_BYTES;
    world_bring(world, p, v);
    uint32_t entry = world_word(world, world_entry_address(p, v));
    if (is_resident(entry))
        world_write(world, (entry & ~0xFFFu) + address % VAMP_PAGE_BYTES, word);
}

static void clear_block(struct world *world, uint32_t p)
{
    for (uint32_t at = 0; at < world->kernel.control_block_bytes; at += 4)
        world_write(world, world_block(world, p) + at, at == world->kernel.pcp_offset ? 4 : 0);
}

static void clone(struct world *world, uint32_t dst, uint32_t src)
{
    uint32_t pages = world_word(world, PAGE_COUNTS + 4 * src);
    resize(world, dst, 0);
    resize(world, dst, pages);
    for (uint32_t at = 0; at < world->kernel.control_block_bytes; at += 4)
        world_write(world, world_block(world, dst) + at,
                    world_word(world, world_block(world, src) + at));
    for (uint32_t address = 0; address < pages * VAMP_PAGE_BYTES; address += 4) {
        uint32_t word = 0;
        cr_assert(cvm_read(world->cvm, dst, address, &word));
        if (word != 0)
            set_word(world, dst, address, word);
    }
}

/* What the layer does for a primitive. */
static void play(struct world *world, enum cvm_primitive primitive, const uint32_t *with)
{
    uint32_t count = with[0] < WORLD_PROCESSES ? world_word(world, PAGE_COUNTS + 4 * with[0]) : 0;
    if (primitive == CVM_PRIMITIVE_RESET) {
        resize(world, with[0], 0);
        clear_block(world, with[0]);
    } else if (primitive == CVM_PRIMITIVE_CLONE) {
        clone(world, with[0], with[1]);
    } else if (primitive == CVM_PRIMITIVE_ALLOC) {
        resize(world, with[0], count + with[1]);
    } else if (primitive == CVM_PRIMITIVE_FREE) {
        resize(world, with[0], count - with[1]);
    } else if (primitive == CVM_PRIMITIVE_SET_GPR) {
        world_write(world, world_block(world, with[0]) + world->kernel.gpr_offset + 4 * with[1],
                    with[1] == 0 ? 0 : with[2]);
    } else if (primitive == CVM_PRIMITIVE_SET_WORD) {
        set_word(world, with[0], with[1], with[2]);
    } else if (primitive == CVM_PRIMITIVE_SET_MASK) {
        world_write(world, MASK, with[0]);
    }
}

/* --- The kernel --- */

/* Objects lie in another order than they were made in, and with gaps. */
static uint32_t place_of_object(const struct c0_object *object)
{
    return HEAP + 0x200 +
           (object->heap_number % 2 == 0 ? 0x20 : (uint32_t)-0x20) * (object->heap_number + 1);
}

static uint32_t global_address(const struct world *world, const struct c0_variable *global)
{
    for (size_t i = 0; i < world->kernel.global_count; i++) {
        if (world->kernel.globals[i].abstract == global)
            return world->kernel.globals[i].address;
    }
    return 0;
}

static uint32_t concrete_cell(const struct world *world, uint32_t cell)
{
    struct c0_object object;
    if (!c0_machine_object(cvm_kernel(world->cvm), cell, &object))
        return 0;
    uint32_t first =
        object.global != NULL ? global_address(world, object.global) : place_of_object(&object);
    return first + 4 * (cell - object.first_cell);
}

/* Writes what is not there yet. */
static void play_cells(struct world *world, uint32_t first, uint32_t count)
{
    const struct c0_machine *c0 = cvm_kernel(world->cvm);
    for (uint32_t cell = first; cell < first + count; cell++) {
        uint32_t word = c0_machine_read(c0, cell);
        if (c0_machine_cell_type(c0, cell)->kind == C0_TYPE_POINTER)
            word = concrete_cell(world, word);
        put(world, concrete_cell(world, cell), word);
    }
}

static void play_kernel(struct world *world)
{
    const struct c0_machine *c0 = cvm_kernel(world->cvm);
    struct c0_object object;
    for (uint32_t cell = 1; c0_machine_object(c0, cell, &object);
         cell = object.first_cell + object.type->size_cells)
        play_cells(world, object.first_cell, object.type->size_cells);
}

static uint32_t cell_of(const struct world *world, const char *path)
{
    const struct c0_variable *global;
    const struct c0_type *type;
    uint32_t offset;
    cr_assert(c0_resolve_path(world->kernel.abstract, text_of(path), &global, &offset, &type), "%s",
              path);
    return c0_machine_global_cell(cvm_kernel(world->cvm), global) + offset;
}

uint32_t world_address(const struct world *world, const char *path)
{
    return concrete_cell(world, cell_of(world, path));
}

void world_set(struct world *world, const char *path, uint32_t word)
{
    c0_machine_write(cvm_kernel(world->cvm), cell_of(world, path), word);
    play_kernel(world);
}

static void run_kernel(struct world *world, uint32_t op)
{
    struct cvm_outcome outcome = cvm_run_kernel(world->cvm, TRAP, op, STEPS);
    cr_assert_eq(outcome.status, CVM_DECIDED, "%s", outcome.message);
    play_kernel(world);
}

static void set_arguments(struct world *world, const uint32_t with[3])
{
    static const char *const names[] = {"a", "b", "c"};
    for (unsigned i = 0; i < 3; i++)
        c0_machine_write(cvm_kernel(world->cvm), cell_of(world, names[i]), with[i]);
    c0_machine_write(cvm_kernel(world->cvm), cell_of(world, "next"), cvm_current(world->cvm));
}

void world_call(struct world *world, enum cvm_primitive primitive, uint32_t a, uint32_t b,
                uint32_t c)
{
    const uint32_t with[] = {a, b, c};
    world_move_to(world, COSIM_IN_KERNEL);
    set_arguments(world, with);
    run_kernel(world, primitive);
    play(world, primitive, with);
}

void world_push(struct world *world, uint32_t value)
{
    world_move_to(world, COSIM_IN_KERNEL);
    set_arguments(world, (const uint32_t[]){value, 0, 0});
    run_kernel(world, PUSH);
}

void world_pop(struct world *world)
{
    uint32_t first = c0_machine_read(cvm_kernel(world->cvm), cell_of(world, "kernel.first"));
    if (first != 0)
        world_set(world, "kernel.first", c0_machine_read(cvm_kernel(world->cvm), first + 1));
}

void world_dispatch(struct world *world, uint32_t p)
{
    world_move_to(world, COSIM_IN_KERNEL);
    c0_machine_write(cvm_kernel(world->cvm), cell_of(world, "next"), p);
    run_kernel(world, NOTHING);
    world_write(world, CURRENT, p);
    world_move_to(world, COSIM_AT_EXIT);
}

/* --- Where control is --- */

static void save_registers(struct world *world)
{
    uint32_t p = cvm_current(world->cvm), block = world_block(world, p);
    const struct cosim_kernel *kernel = &world->kernel;
    if (p == CVM_IDLE)
        return;
    const struct vamp_state state = cvm_registers(world->cvm, p);
    for (uint32_t r = 0; r < VAMP_GPR_COUNT; r++)
        put(world, block + kernel->gpr_offset + 4 * r, state.gpr[r]);
    put(world, block + kernel->dpc_offset, state.dpc);
    put(world, block + kernel->pcp_offset, state.pcp);
    put(world, block + kernel->rm_offset, state.spr[VAMP_SPR_RM]);
    put(world, block + kernel->ieeef_offset, state.spr[VAMP_SPR_IEEEF]);
    put(world, block + kernel->fcc_offset, state.spr[VAMP_SPR_FCC]);
}

/* The processor as it is at the point, with the registers of who runs. */
static void set_processor(struct world *world, enum cosim_point point)
{
    struct vamp_state *state = vamp_machine_state(world->processor);
    uint32_t p = cvm_current(world->cvm), pages = p == CVM_IDLE ? 0 : cvm_pages(world->cvm, p);
    struct vamp_state of = {.dpc = 8, .pcp = 12};
    uint32_t status = cvm_mask(world->cvm) << 13 | (p != CVM_IDLE ? 0x40 : 0);
    if (p != CVM_IDLE)
        of = cvm_registers(world->cvm, p);
    *state = of;
    state->spr[VAMP_SPR_PTO] = WORLD_TABLES / VAMP_PAGE_BYTES + p;
    state->spr[VAMP_SPR_PTL] = pages == 0 ? 0 : pages - 1;
    if (point == COSIM_IN_PROCESS) {
        state->spr[VAMP_SPR_MODE] = p != CVM_IDLE;
        state->spr[VAMP_SPR_SR] = status;
        return;
    }
    state->dpc = point == COSIM_AT_ENTRY ? 0 : world->kernel.exit;
    state->pcp = state->dpc + 4;
    state->spr[VAMP_SPR_EMODE] = p != CVM_IDLE;
    state->spr[VAMP_SPR_ESR] = status;
    state->spr[VAMP_SPR_EDPC] = of.dpc;
    state->spr[VAMP_SPR_EPC] = of.pcp;
}

void world_move_to(struct world *world, enum cosim_point point)
{
    bool is_entered = world->point != COSIM_IN_KERNEL && point == COSIM_IN_KERNEL;
    if (is_entered)
        save_registers(world);
    if (point == COSIM_IN_KERNEL)
        *vamp_machine_state(world->processor) = (struct vamp_state){.dpc = 0x400, .pcp = 0x404};
    else
        set_processor(world, point);
    world->point = point;
}

void world_run(struct world *world, uint32_t steps)
{
    world_move_to(world, COSIM_IN_PROCESS);
    struct cvm_outcome outcome = cvm_run_process(world->cvm, steps);
    cr_assert_eq(outcome.status, CVM_GOES_ON);
    set_processor(world, COSIM_IN_PROCESS);
}

void world_tick(struct world *world)
{
    const struct device_event tick = {.kind = DEVICE_EVENT_TICK};
    struct fault fault = {0};
    cr_assert(cvm_device_event(world->cvm, 0, &tick, &fault));
    cr_assert(bus_input(&world->devices, 0, &tick, &fault));
    relation_note_device(world->relation, 0);
}

void world_set_period(struct world *world, uint32_t period)
{
    struct bus *abstract = cvm_devices(world->cvm);
    cr_assert(bus_write(abstract, BUS_ADDRESS, period));
    if (!is_left_out(world))
        cr_assert(bus_write(&world->devices, BUS_ADDRESS, period));
    relation_note_device(world->relation, 0);
}

/* --- Making it --- */

static void send_nowhere(void *self, struct text content)
{
    (void)self, (void)content;
}

static struct bus make_bus(struct arena *arena)
{
    const struct device_outlet nobody = {NULL, send_nowhere};
    return (struct bus){.devices = {[0] = device_new_timer(arena),
                                    [2] = device_new_serial(arena, nobody),
                                    [5] = device_new_disk(arena, store_memory_new(arena, 64))}};
}

/* In the reverse order of the program, with a gap behind each. */
static void place_globals(struct world *world)
{
    const struct c0_program *program = world->kernel.abstract;
    struct cosim_global *globals =
        ARENA_ARRAY(world->arena, struct cosim_global, program->global_count);
    uint32_t address = GLOBALS;
    for (uint32_t i = program->global_count; i-- > 0;) {
        globals[i] = (struct cosim_global){program->globals[i], address};
        address += 4 * program->globals[i]->type->size_cells + 8;
    }
    cr_assert_leq(address, GLOBALS_END);
    world->kernel.globals = globals;
    world->kernel.global_count = program->global_count;
}

static void make_kernel(struct world *world)
{
    const struct c0_front_options options = {.may_lack_definitions = true};
    world->kernel = (struct cosim_kernel){
        .abstract = c0_load_text(world->arena, "k.c0", text_of(kernel_text), &options, stderr),
        .parameters = {WORLD_PROCESSES, WORLD_PAGES, WORLD_FRAMES, WORLD_MEMORY_BYTES,
                       WORLD_KERNEL_BYTES},
        .exit = 0x500,
        .idle = 8,
        .globals_end = GLOBALS_END,
        .heap = HEAP,
        .heap_end = HEAP_END,
        .control_blocks = CONTROL_BLOCKS,
        .control_block_bytes = 38 * 4,
        .gpr_offset = 4,
        .dpc_offset = 33 * 4,
        .pcp_offset = 34 * 4,
        .rm_offset = 35 * 4,
        .ieeef_offset = 36 * 4,
        .fcc_offset = 37 * 4,
        .current = CURRENT,
        .page_counts = PAGE_COUNTS,
        .mask = MASK,
        .tables = WORLD_TABLES,
        .zero_frame = WORLD_ZERO_FRAME,
        .first_frame = WORLD_FIRST_FRAME,
    };
    cr_assert_not_null(world->kernel.abstract);
    place_globals(world);
}

struct world *world_new(void)
{
    struct arena *arena = arena_new();
    struct world *world = ARENA_NEW(arena, struct world);
    struct fault fault = {0};
    world->arena = arena;
    make_kernel(world);
    struct cvm_setup setup = {.process_count = WORLD_PROCESSES,
                              .virtual_pages = WORLD_PAGES,
                              .kernel = world->kernel.abstract,
                              .limits = {.heap_cells = 24, .stack_cells = 256},
                              .devices = make_bus(arena),
                              .system_disk = store_memory_new(arena, 64)};
    world->cvm = cvm_new(arena, &setup, &fault);
    cr_assert_not_null(world->cvm, "%s", fault.message);
    world->processor = vamp_machine_new(arena, WORLD_MEMORY_BYTES);
    world->devices = make_bus(arena);
    world->swap = store_memory_new(arena, WORLD_PROCESSES * WORLD_PAGES * 8);
    world->point = COSIM_IN_KERNEL;
    struct relation_setup relation = {&world->kernel,  world->cvm,  world->processor,
                                      &world->devices, world->swap, &world->counts};
    world->relation = relation_new(arena, &relation);
    cr_assert_eq(cvm_reset(world->cvm, STEPS).status, CVM_DECIDED);
    for (uint32_t p = 0; p < WORLD_PROCESSES; p++)
        clear_block(world, p);
    play_kernel(world);
    return world;
}

static void fill(struct world *world, uint32_t p, uint32_t pages, uint32_t written)
{
    world_call(world, CVM_PRIMITIVE_ALLOC, p, pages, 0);
    for (uint32_t r = 1; r < VAMP_GPR_COUNT; r++)
        world_call(world, CVM_PRIMITIVE_SET_GPR, p, r, p << 16 | r);
    for (uint32_t v = 0; v < written; v++) {
        world_call(world, CVM_PRIMITIVE_SET_WORD, p, v * VAMP_PAGE_BYTES + 0x804, p << 8 | v);
        world_call(world, CVM_PRIMITIVE_SET_WORD, p, v * VAMP_PAGE_BYTES + 0xFFC, v << 8 | p);
    }
}

struct world *world_new_busy(void)
{
    struct world *world = world_new();
    fill(world, 1, 4, 3);
    fill(world, 2, 3, 2);
    fill(world, 3, 18, 4);
    world_push(world, 11);
    world_push(world, 12);
    world_push(world, 13);
    world_set(world, "kernel.process[2].exchange.kind", 'x');
    world_set(world, "kernel.cursor", cell_of(world, "kernel.numbers[3]"));
    world_call(world, CVM_PRIMITIVE_SET_MASK, 0x25, 0, 0);
    world_dispatch(world, 2);
    return world;
}

void world_free(struct world *world)
{
    arena_free(world->arena);
}

/* --- Checks --- */

bool world_check(struct world *world)
{
    world->divergence = (struct cosim_divergence){0};
    return relation_check(world->relation, world->point, &world->divergence);
}

bool world_sweep(struct world *world)
{
    world->divergence = (struct cosim_divergence){0};
    return relation_sweep(world->relation, world->point, &world->divergence);
}

void world_agrees(struct world *world)
{
    cr_assert(world_check(world), "check: %s", world->divergence.text);
    cr_assert(world_sweep(world), "sweep: %s", world->divergence.text);
}

static void is_found(const struct world *world, bool holds, enum cosim_conjunct conjunct,
                     const char *place, const char *way)
{
    const struct cosim_divergence *found = &world->divergence;
    cr_expect_not(holds, "the %s does not see it", way);
    cr_expect_eq(found->conjunct, conjunct, "the %s finds %s: %s", way,
                 cosim_conjunct_name(found->conjunct), found->text);
    cr_expect(place == NULL || (found->place != NULL && strcmp(found->place, place) == 0),
              "the %s finds %s: %s", way, found->place, found->text);
}

void world_differs(struct world *world, enum cosim_conjunct conjunct, const char *place)
{
    bool sweep = world_sweep(world);
    is_found(world, sweep, conjunct, place, "sweep");
    bool check = world_check(world);
    is_found(world, check, conjunct, place, "check");
}
