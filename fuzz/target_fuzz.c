// The target of a request: whatever is taken lies in its room, decoded as it promises.
#include <stdlib.h>
#include <string.h>

#include "serve/http/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *room, size_t room_size, wf_text text, bool in_path)
{
    WF_ASSERT(text.bytes != NULL);
    WF_ASSERT(text.size == 0 ||
              (text.bytes >= room && text.bytes + text.size < room + room_size));
    WF_ASSERT(text.bytes[text.size] == '\0' && wf_text_is_utf8(text));
    for (size_t i = 0; i < text.size; i++) {
        WF_ASSERT((unsigned char)text.bytes[i] >= ' ' && text.bytes[i] != 0x7f);
        WF_ASSERT(!in_path || (text.bytes[i] != '/' && text.bytes[i] != '\\'));
    }
    WF_ASSERT(!in_path || (text.size > 0 && !wf_text_equal(text, WF_TEXT(".."))));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_target target;
    char *room = malloc(size + 1); // no byte more than it asks for
    WF_ASSERT(room != NULL);
    if (wf_target_read((wf_text){(const char *)data, size}, room, &target) ==
        WF_TARGET_GOOD) {
        for (size_t i = 0; i < target.segments_count; i++)
            check(room, size + 1, target.segments[i], true);
        for (size_t i = 0; i < target.pairs_count; i++) {
            check(room, size + 1, target.pairs[i].name, false);
            check(room, size + 1, target.pairs[i].value, false);
            WF_ASSERT(wf_target_pair(&target, target.pairs[i].name).bytes != NULL);
        }
    }
    free(room);
    return 0;
}
