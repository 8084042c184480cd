/* Gives one of the two machines a patched copy of a device (variants.py). The linker sends the
 * calls of device_new_<DEVICE> here: where the machines are made, the physical one's devices come
 * before those of the abstract one (cosim/lockstep_machines.c), and it has one disk more. */
#include "semantics/devices/device.h"

#if defined DEFECTIVE_DISK
enum { PHYSICAL = 2, ALL = 3 };
#else
enum { PHYSICAL = 1, ALL = 2 };
#endif

static bool is_for_defective_side(void)
{
    static unsigned calls;
    bool is_physical = calls++ % ALL < PHYSICAL;
#ifdef ON_PHYSICAL_SIDE
    return is_physical;
#else
    return !is_physical;
#endif
}

#define CHOICE(name, type)                                                                         \
    struct device *__real_device_new_##name(struct arena *arena, type given);                      \
    struct device *defective_device_new_##name(struct arena *arena, type given);                   \
    struct device *__wrap_device_new_##name(struct arena *arena, type given);                      \
    struct device *__wrap_device_new_##name(struct arena *arena, type given)                       \
    {                                                                                              \
        return is_for_defective_side() ? defective_device_new_##name(arena, given)                 \
                                       : __real_device_new_##name(arena, given);                   \
    }

#if defined DEFECTIVE_DISK
CHOICE(disk, struct device_store)
#elif defined DEFECTIVE_SERIAL
CHOICE(serial, struct device_outlet)
#elif defined DEFECTIVE_NETWORK
CHOICE(network, struct device_outlet)
#elif defined DEFECTIVE_CONTROLLER
CHOICE(controller, struct device_outlet)
#elif defined DEFECTIVE_TIMER
struct device *__real_device_new_timer(struct arena *arena);
struct device *defective_device_new_timer(struct arena *arena);
struct device *__wrap_device_new_timer(struct arena *arena);
struct device *__wrap_device_new_timer(struct arena *arena)
{
    return is_for_defective_side() ? defective_device_new_timer(arena)
                                   : __real_device_new_timer(arena);
}
#endif
