/* What primitives do to devices. */
#include "semantics/cvm/state.h"

enum { PORT_COUNT = BUS_WINDOW_BYTES / 4 };

static uint32_t address_of(uint32_t device, uint32_t port)
{
    return BUS_ADDRESS + device * BUS_WINDOW_BYTES + 4 * port;
}

bool port_exists(const struct cvm *cvm, uint32_t device, uint32_t port)
{
    return device < BUS_DEVICES && device != CVM_HIDDEN_DEVICE &&
           cvm->setup.devices.devices[device] != NULL && port < PORT_COUNT;
}

static bool is_announced(const struct cvm *cvm, uint32_t device, uint32_t port, bool is_write,
                         uint32_t word)
{
    const struct cvm_observer *observer = &cvm->setup.observer;
    return observer->before_access == NULL ||
           observer->before_access(observer->self, device, port, is_write, word);
}

static bool is_reported(const struct cvm *cvm, uint32_t device, uint32_t port, bool is_write,
                        uint32_t word)
{
    const struct cvm_observer *observer = &cvm->setup.observer;
    return observer->after_access == NULL ||
           observer->after_access(observer->self, device, port, is_write, word);
}

bool port_read(struct cvm *cvm, uint32_t device, uint32_t port, uint32_t *word)
{
    return is_announced(cvm, device, port, false, 0) &&
           bus_read(&cvm->setup.devices, address_of(device, port), word) &&
           is_reported(cvm, device, port, false, *word);
}

bool port_write(struct cvm *cvm, uint32_t device, uint32_t port, uint32_t word)
{
    return is_announced(cvm, device, port, true, word) &&
           bus_write(&cvm->setup.devices, address_of(device, port), word) &&
           is_reported(cvm, device, port, true, word);
}
