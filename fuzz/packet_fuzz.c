// A packet that is read is written as it was.
#include <string.h>

#include "serve/owner/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char room[WF_PACKET_MAX];
    wf_packet packet;
    if (!wf_packet_read(data, size, &packet))
        return 0;
    WF_ASSERT(packet.first.size + packet.second.size == size - WF_PACKET_HEAD);
    WF_ASSERT(wf_packet_write(&packet, room) == size);
    WF_ASSERT(memcmp(room, data, size) == 0);
    return 0;
}
