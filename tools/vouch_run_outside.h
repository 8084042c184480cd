/* What stands behind the devices of vouch run: files, the terminal, sockets; or a recording. */
#ifndef TOOLS_VOUCH_RUN_OUTSIDE_H
#define TOOLS_VOUCH_RUN_OUTSIDE_H

#include "physical/host.h"
#include "physical/recording.h"
#include "tools/vouch_run_options.h"

enum run_device {
    RUN_TIMER = 0,
    RUN_SWAP_DISK = 1,
    RUN_SERIAL = 2,
    RUN_NETWORK = 3,
    RUN_CONTROLLER = 4,
    RUN_SYSTEM_DISK = 5,
};

struct run_outside {
    struct host *hosts[BUS_DEVICES];         /* of serial line, network and bus controller */
    struct device_store stores[BUS_DEVICES]; /* of disks; sector_count is 0 where there is none */
    struct store_file *files[BUS_DEVICES];
};

/* Opens what the options say; with a `recording`, disks hold what they held then and nothing comes
 * in. False, with a fault; run_outside_close is due in any case. */
bool run_outside_open(struct run_outside *outside, struct arena *arena,
                      const struct run_options *options, const struct recording *recording,
                      struct fault *fault);
/* New devices before it. */
struct bus run_outside_bus(const struct run_outside *outside, struct arena *arena);
/* False, with a fault: not all that the machine sent has arrived. */
bool run_outside_close(struct run_outside *outside, struct fault *fault);

#endif
