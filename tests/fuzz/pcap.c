/* pcap files: refused with a fault, or frames that lie within the file. */
#include "physical/pcap.h"

#include "base/require.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    enum { FRAME_BYTES = 1518 };
    struct text frame, content = {(const char *)bytes, length};
    struct pcap_reader reader;
    struct fault fault = {0};
    bool is_good = pcap_begin(&reader, "fuzzed.pcap", content, &fault);
    while (is_good && !pcap_is_at_end(&reader)) {
        is_good = pcap_next(&reader, FRAME_BYTES, &frame, &fault);
        if (!is_good)
            break;
        require(frame.length > 0 && frame.length <= FRAME_BYTES, "frames are of a device's size");
        require(frame.at >= content.at && frame.at + frame.length <= content.at + length,
                "frames lie within the file");
    }
    require(is_good != fault.is_set, "what is refused has a fault");
    return 0;
}
